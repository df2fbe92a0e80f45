package org.jackfield.history;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * One file of the backlog: a line for each item, its CRC-32 in hexadecimal, a space, the item as
 * JSON. Written at the end, read from the beginning. Not thread-safe.
 */
final class Segment implements Closeable {
  private static final int BLOCK = 1 << 16;
  private static final ByteBuffer NONE = ByteBuffer.allocate(0);

  private final Path path;
  private final FileChannel channel;
  private long written;
  private long read;
  private long lines;

  /** What was read at once, and where it begins. */
  private ByteBuffer block = NONE;

  private long blockAt;

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
    segment.block = NONE; // what was cut off is in it
    return segment;
  }

  static byte[] framed(byte[] json) {
    ByteArrayOutputStream line = new ByteArrayOutputStream(json.length + 10);
    line.writeBytes(sum(json).getBytes(StandardCharsets.US_ASCII));
    line.write(' ');
    line.writeBytes(json);
    line.write('\n');
    return line.toByteArray();
  }

  private static String sum(byte[] json) {
    CRC32 crc = new CRC32();
    crc.update(json);
    return HexFormat.of().toHexDigits((int) crc.getValue());
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
    long at = read;
    while (at < written) {
      if (at < blockAt || at >= blockAt + block.limit()) {
        fill(at);
      }
      byte[] bytes = block.array();
      int start = (int) (at - blockAt);
      int end = start;
      while (end < block.limit() && bytes[end] != '\n') {
        end++;
      }
      line.write(bytes, start, end - start);
      at = blockAt + end;
      if (end < block.limit()) {
        read = at + 1;
        return line.toByteArray();
      }
    }
    return null;
  }

  /** Takes what is written from a place on into the block: many lines for one reading. */
  private void fill(long at) throws IOException {
    if (block == NONE) {
      block = ByteBuffer.allocate(BLOCK);
    }
    block.clear().limit((int) Math.min(BLOCK, written - at));
    blockAt = at;
    for (long end = at; block.hasRemaining(); end = at + block.position()) {
      if (channel.read(block, end) < 0) {
        block.limit(0);
        throw new EOFException(path + " is shorter than what was written");
      }
    }
  }

  /** The JSON of a line; null if the line is damaged. */
  static byte @Nullable [] json(byte[] line) {
    if (line.length < 10 || line[8] != ' ') {
      return null;
    }
    byte[] json = Arrays.copyOfRange(line, 9, line.length);
    String sum = new String(line, 0, 8, StandardCharsets.US_ASCII);
    return sum(json).equals(sum) ? json : null;
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
