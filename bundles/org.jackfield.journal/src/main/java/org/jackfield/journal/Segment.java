package org.jackfield.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One file of the journal, as its header says.
 *
 * @param name its file's name
 * @param ordinal its place among the segments
 * @param first the number of its first record; those before it that have that number or a greater
 *     one were never made durable, and are void
 * @param last of a compacted one, the number of the last record that it stands for
 * @param size how long the file was made, in bytes
 * @param compacted whether it stands for all segments up to its ordinal
 */
record Segment(String name, long ordinal, long first, long last, long size, boolean compacted) {
  static final int VERSION = 1;

  /** What a file is called while it is being made. */
  static final String NEW = ".new";

  private static final Pattern NAME = Pattern.compile("([0-9a-f]{12})\\.(segment|compacted)");
  private static final Pattern HEADER =
      Pattern.compile("journal first=(\\d+) last=(\\d+) size=(\\d+) compacted=(true|false)");

  static Segment of(long ordinal, long first, long last, long size, boolean compacted) {
    String name =
        String.format(Locale.ROOT, "%012x", ordinal) + (compacted ? ".compacted" : ".segment");
    return new Segment(name, ordinal, first, last, size, compacted);
  }

  static boolean isOne(String name) {
    return NAME.matcher(name).matches();
  }

  static boolean isCompacted(String name) {
    return name.endsWith(".compacted");
  }

  static long ordinal(String name) {
    return Long.parseLong(name.substring(0, 12), 16);
  }

  byte[] header() {
    return ("journal first="
            + first
            + " last="
            + last
            + " size="
            + size
            + " compacted="
            + compacted)
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** How a file of the journal is. */
  sealed interface Content {
    /** Whole as far as it was written. */
    record Whole(Segment segment, int end, long lastRecord, boolean sealed) implements Content {}

    /**
     * Not whole from {@code at} on. Nothing says that what is missing was ever durable.
     *
     * @param bytes how many bytes there are that are none of a frame
     */
    record Torn(Segment segment, int at, long lastRecord, int bytes) implements Content {}

    /** What was durable is not there, or not as it was. */
    record Damaged(String name, int at, long lastRecord, String what) implements Content {}
  }

  /**
   * Reads a file and hands over its records in order, as far as it is whole.
   *
   * @param limit the number of the first record that is void
   */
  static Content read(String name, ByteBuffer bytes, long limit, Consumer<Frame> records) {
    Optional<Segment> header = header(name, bytes);
    if (header.isEmpty()) {
      return new Content.Damaged(name, 0, 0, "its header cannot be read");
    }
    Segment segment = header.get();
    int at = Frame.read(bytes, 0).orElseThrow().end();
    long last = segment.compacted ? 0 : segment.first - 1;
    while (true) {
      if (last + 1 >= limit) {
        return new Content.Whole(segment, at, last, false);
      }
      Optional<Frame> next = Frame.read(bytes, at);
      if (next.isEmpty()) {
        return end(segment, bytes, at, last, limit);
      }
      Frame frame = next.get();
      boolean follows = segment.compacted ? frame.sequence() > last : frame.sequence() == last + 1;
      if (frame.kind() == Frame.Kind.TRAILER) {
        return trailer(segment, bytes, frame, last);
      }
      if (frame.kind() != Frame.Kind.RECORD || !follows) {
        return new Content.Damaged(name, at, last, "record " + (last + 1) + " is not there");
      }
      last = frame.sequence();
      records.accept(frame);
      at = frame.end();
    }
  }

  /** The header of a file, if it can be read. */
  static Optional<Segment> header(String name, ByteBuffer bytes) {
    Optional<Frame> frame = Frame.read(bytes, 0).filter(f -> f.kind() == Frame.Kind.HEADER);
    if (frame.isEmpty()) {
      return Optional.empty();
    }
    if (frame.get().version() != VERSION) {
      throw new UnknownVersion(name, frame.get().version(), VERSION);
    }
    Matcher said = HEADER.matcher(new String(frame.get().bytes(), StandardCharsets.US_ASCII));
    return said.matches()
        ? Optional.of(
            new Segment(
                name,
                ordinal(name),
                Long.parseLong(said.group(1)),
                Long.parseLong(said.group(2)),
                Long.parseLong(said.group(3)),
                said.group(4).equals("true")))
        : Optional.empty();
  }

  private static Content trailer(Segment segment, ByteBuffer bytes, Frame frame, long last) {
    long said = frame.sequence();
    if (said != last && !segment.compacted || !isZero(bytes, frame.end())) {
      return new Content.Damaged(
          segment.name, frame.at(), last, "its end does not fit what is before it");
    }
    return new Content.Whole(segment, frame.end(), last, true);
  }

  /** No whole frame is there: is it the end of what was written, or is something lost? */
  private static Content end(Segment segment, ByteBuffer bytes, int at, long last, long limit) {
    long missing = last + 1;
    if (segment.compacted) {
      return new Content.Damaged(segment.name, at, last, "it does not go on to its end");
    }
    if (limit < Long.MAX_VALUE) {
      return new Content.Damaged(
          segment.name, at, last, "records " + missing + " to " + (limit - 1) + " are not there");
    }
    for (Optional<Frame> later = Frame.next(bytes, at + 1);
        later.isPresent();
        later = Frame.next(bytes, later.get().end())) {
      if (later.get().durable() >= missing && later.get().sequence() >= last) {
        return new Content.Damaged(
            segment.name,
            at,
            last,
            "record " + missing + " cannot be read and was durable when later ones were written");
      }
    }
    if (bytes.limit() < segment.size) {
      return new Content.Damaged(
          segment.name, at, last, "it is shorter than it was made, " + segment.size + " bytes");
    }
    return isZero(bytes, at)
        ? new Content.Whole(segment, at, last, false)
        : new Content.Torn(segment, at, last, used(bytes) - at);
  }

  private static boolean isZero(ByteBuffer bytes, int from) {
    return used(bytes) <= from;
  }

  /** How many bytes there are up to the last that is not zero. */
  private static int used(ByteBuffer bytes) {
    int end = bytes.limit();
    while (end > 0 && bytes.get(end - 1) == 0) {
      end--;
    }
    return end;
  }

  /** A file that is there, whole and durable, when this returns. */
  void create(JournalFiles files, Filling filling) throws IOException {
    String unfinished = name + NEW;
    try (JournalFiles.Output out = files.open(unfinished)) {
      ByteBuffer head = ByteBuffer.allocate(512);
      Frame.write(head, first - 1, first - 1, Frame.Kind.HEADER, VERSION, header());
      out.write(head.flip(), 0);
      filling.fill(out, head.limit());
      out.sync();
    } catch (IOException | RuntimeException failed) {
      try {
        files.delete(unfinished);
      } catch (IOException alsoFailed) {
        failed.addSuppressed(alsoFailed);
      }
      throw failed;
    }
    files.rename(unfinished, name);
    files.syncFolder();
  }

  /** Where records begin in a file with this header. */
  int begin() {
    return Frame.HEAD + header().length;
  }

  /** Writes what a new file has behind its header. */
  @FunctionalInterface
  interface Filling {
    void fill(JournalFiles.Output out, long at) throws IOException;
  }

  /** Zeros to the end, so that a sync need not note how the file has grown. */
  void zeros(JournalFiles.Output out, long from) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(1 << 20, Math.max(1, size)));
    for (long at = from; at < size; at += zeros.capacity()) {
      out.write(zeros.clear().limit((int) Math.min(zeros.capacity(), size - at)), at);
    }
  }

  /** A journal of a newer server. */
  static final class UnknownVersion extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnknownVersion(String name, int version, int known) {
      super(
          name
              + " is of version "
              + version
              + ", and this server knows versions up to "
              + known
              + "; start it with the newer server");
    }
  }
}
