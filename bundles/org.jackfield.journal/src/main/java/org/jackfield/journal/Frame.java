package org.jackfield.journal;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * One frame of a segment: 4 bytes of payload length, 4 of CRC32C over all that follows and the
 * length, 8 of sequence, 8 of the sequence that was durable when it was written, 1 of kind, 1 of
 * the payload's version, then the payload. Numbers are big-endian.
 *
 * @param sequence the record's number, from 1; of a header or a trailer that of the last record
 *     before it
 * @param durable all records up to that one were durable when this frame was written
 * @param at where it begins
 */
record Frame(long sequence, long durable, Kind kind, int version, int at, ByteBuffer payload) {
  static final int HEAD = 26;
  static final int MOST_PAYLOAD = 8 << 20;

  /** What a frame is. */
  enum Kind {
    RECORD('R'),
    /** The first frame of a segment. */
    HEADER('H'),
    /** The last frame of a segment that is whole. */
    TRAILER('T');

    private final byte code;

    Kind(char code) {
      this.code = (byte) code;
    }
  }

  /** Appends a frame. */
  static void write(
      ByteBuffer out, long sequence, long durable, Kind kind, int version, byte[] payload) {
    int at = out.position();
    out.putInt(payload.length).putInt(0).putLong(sequence).putLong(durable);
    out.put(kind.code).put((byte) version).put(payload);
    out.putInt(at + 4, crc(out, at, payload.length));
  }

  private static int crc(ByteBuffer bytes, int at, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.slice(at, 4));
    crc.update(bytes.slice(at + 8, HEAD - 8 + length));
    return (int) crc.getValue();
  }

  /** The frame that begins there, if a whole one does. */
  static Optional<Frame> read(ByteBuffer bytes, int at) {
    if (bytes.limit() - at < HEAD) {
      return Optional.empty();
    }
    int length = bytes.getInt(at);
    if (length < 0 || length > MOST_PAYLOAD || length > bytes.limit() - at - HEAD) {
      return Optional.empty();
    }
    Optional<Kind> kind = kind(bytes.get(at + 24));
    if (kind.isEmpty() || bytes.getInt(at + 4) != crc(bytes, at, length)) {
      return Optional.empty();
    }
    return Optional.of(
        new Frame(
            bytes.getLong(at + 8),
            bytes.getLong(at + 16),
            kind.get(),
            bytes.get(at + 25) & 0xFF,
            at,
            bytes.slice(at + HEAD, length)));
  }

  private static Optional<Kind> kind(byte code) {
    for (Kind kind : Kind.values()) {
      if (kind.code == code) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  /** The first whole frame at or after that place. */
  static Optional<Frame> next(ByteBuffer bytes, int from) {
    for (int at = from; at <= bytes.limit() - HEAD; at++) {
      Optional<Frame> frame = bytes.get(at + 24) == 0 ? Optional.empty() : read(bytes, at);
      if (frame.isPresent()) {
        return frame;
      }
    }
    return Optional.empty();
  }

  int end() {
    return at + HEAD + payload.limit();
  }

  byte[] bytes() {
    byte[] bytes = new byte[payload.limit()];
    payload.get(0, bytes);
    return bytes;
  }
}
