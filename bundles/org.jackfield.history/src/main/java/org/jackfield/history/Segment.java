package org.jackfield.history;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * One file of the backlog: a line for each item, its CRC-32 in hexadecimal, a space, the item as
 * JSON. Written at the end, read from the beginning. Not thread-safe.
 */
final class Segment implements Closeable {
  private static final int BLOCK = 1 << 16;

  private final Path path;
  private final FileChannel channel;
  private long written;
  private long read;
  private long lines;

  private Segment(Path path, FileChannel channel, long written) {
    this.path = path;
    this.channel = channel;
    this.written = written;
  }

  /** Opens or creates; a line that was torn at the end is cut off. */
  static Segment open(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    Segment segment = new Segment(path, channel, channel.size());
    long whole = 0;
    for (byte[] line = segment.line(); line != null; line = segment.line()) {
      whole = segment.read;
      segment.lines++;
    }
    channel.truncate(whole);
    segment.written = whole;
    segment.read = 0;
    return segment;
  }

  static byte[] framed(byte[] json) {
    CRC32 crc = new CRC32();
    crc.update(json);
    ByteArrayOutputStream line = new ByteArrayOutputStream(json.length + 10);
    line.writeBytes(
        String.format("%08x ", crc.getValue())
            .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    line.writeBytes(json);
    line.write('\n');
    return line.toByteArray();
  }

  /** All of these lines or none. */
  void append(byte[] framed, int count) throws IOException {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(framed);
      for (long at = written; bytes.hasRemaining(); ) {
        at += channel.write(bytes, at);
      }
    } catch (IOException e) {
      channel.truncate(written);
      throw e;
    }
    written += framed.length;
    lines += count;
  }

  /** The next line without its end; null if there is none, or only the beginning of one. */
  byte @Nullable [] line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    ByteBuffer block = ByteBuffer.allocate(BLOCK);
    long at = read;
    while (at < written) {
      block.clear().limit((int) Math.min(BLOCK, written - at));
      int n = channel.read(block, at);
      if (n < 0) {
        return null;
      }
      byte[] bytes = block.array();
      int end = 0;
      while (end < n && bytes[end] != '\n') {
        end++;
      }
      line.write(bytes, 0, end);
      at += end;
      if (end < n) {
        read = at + 1;
        return line.toByteArray();
      }
    }
    return null;
  }

  /** The JSON of a line; null if the line is damaged. */
  static byte @Nullable [] json(byte[] line) {
    if (line.length < 10 || line[8] != ' ') {
      return null;
    }
    byte[] json = java.util.Arrays.copyOfRange(line, 9, line.length);
    CRC32 crc = new CRC32();
    crc.update(json);
    String sum = new String(line, 0, 8, java.nio.charset.StandardCharsets.US_ASCII);
    return String.format("%08x", crc.getValue()).equals(sum) ? json : null;
  }

  boolean drained() {
    return read == written;
  }

  long bytes() {
    return written;
  }

  /** How many lines it has, the damaged ones too. */
  long lines() {
    return lines;
  }

  void delete() throws IOException {
    channel.close();
    Files.deleteIfExists(path);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
