package org.jackfield.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jackfield.api.journal.JournalDamaged;
import org.jackfield.api.journal.JournalRecord;
import org.jackfield.api.journal.Remembered;
import org.jackfield.api.transfer.TransferId;

/** Writes what survives of closed segments into one file that takes their place. */
final class Compaction {
  private Compaction() {}

  /** Reads what a frame holds. */
  static JournalRecord decode(Frame frame) {
    if (frame.version() > RecordText.VERSION || frame.version() == 0) {
      throw new Segment.UnknownVersion(
          "record " + frame.sequence(), frame.version(), RecordText.VERSION);
    }
    try {
      return RecordText.read(frame.bytes());
    } catch (IllegalArgumentException unreadable) {
      throw new JournalDamaged(
          "record "
              + frame.sequence()
              + " of the journal is whole and cannot be understood: "
              + unreadable.getMessage());
    }
  }

  /** A record of a newer server is not looked into: whoever decodes it says so. */
  private static Optional<RecordText.OfTransfer> ofTransfer(Frame frame) {
    return frame.version() == RecordText.VERSION
        ? RecordText.ofTransfer(frame.bytes())
        : Optional.empty();
  }

  /**
   * Compacts. Of a transfer that is over its outcome matters at most; what led to it, most of any
   * journal, is told by its first bytes and not read any further.
   *
   * @param names closed files, oldest first
   * @param limit the number of the first record that is not in them
   */
  static Segment compact(JournalFiles files, List<String> names, long limit, Instant now)
      throws IOException {
    SequencedSet<TransferId> over = new LinkedHashSet<>();
    readAll(
        files,
        names,
        limit,
        frame ->
            ofTransfer(frame)
                .filter(RecordText.OfTransfer::last)
                .ifPresent(its -> over.addLast(its.transfer())));
    int old = Math.max(0, over.size() - Remembered.OUTCOMES);
    Set<TransferId> newest = over.stream().skip(old).collect(Collectors.toSet());
    Remembered remembered = new Remembered(now);
    readAll(
        files,
        names,
        limit,
        frame -> {
          boolean isPast =
              ofTransfer(frame)
                  .filter(
                      its ->
                          (its.last()
                              ? !newest.contains(its.transfer())
                              : over.contains(its.transfer())))
                  .isPresent();
          if (!isPast) {
            remembered.take(frame.sequence(), decode(frame));
          }
        });
    Set<Long> matters = remembered.numbers();
    List<Frame> frames = new ArrayList<>(matters.size());
    readAll(
        files,
        names,
        limit,
        frame -> {
          if (matters.contains(frame.sequence())) {
            frames.add(frame);
          }
        });
    return write(files, frames, Segment.ordinal(names.getLast()), limit - 1);
  }

  private static void readAll(
      JournalFiles files, List<String> names, long limit, Consumer<Frame> records)
      throws IOException {
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      long end = limit;
      if (i < names.size() - 1) {
        String next = names.get(i + 1);
        end = Segment.header(next, files.read(next)).map(Segment::first).orElse(limit);
      }
      Segment.Content content =
          Segment.read(
              name, files.read(name), Segment.isCompacted(name) ? Long.MAX_VALUE : end, records);
      if (!(content instanceof Segment.Content.Whole)) {
        throw new JournalDamaged("the journal is damaged: " + content);
      }
    }
  }

  static Segment write(JournalFiles files, List<Frame> frames, long ordinal, long last)
      throws IOException {
    long size = 0;
    for (Frame frame : frames) {
      size += Frame.HEAD + frame.payload().limit();
    }
    Segment segment = Segment.of(ordinal, 1, last, size, true);
    segment.create(
        files,
        (out, begin) -> {
          long at = begin;
          ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
          for (Frame frame : frames) {
            int needed = Frame.HEAD + frame.payload().limit();
            if (buffer.remaining() < needed) {
              at = flush(out, buffer, at);
              buffer = needed > buffer.capacity() ? ByteBuffer.allocate(needed) : buffer;
            }
            Frame.write(
                buffer, frame.sequence(), last, Frame.Kind.RECORD, frame.version(), frame.bytes());
          }
          at = flush(out, buffer, at);
          Frame.write(buffer, last, last, Frame.Kind.TRAILER, Segment.VERSION, new byte[0]);
          flush(out, buffer, at);
        });
    return segment;
  }

  private static long flush(JournalFiles.Output out, ByteBuffer buffer, long at)
      throws IOException {
    int length = buffer.flip().remaining();
    out.write(buffer, at);
    buffer.clear();
    return at + length;
  }
}
