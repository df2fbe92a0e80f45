package org.jackfield.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jackfield.api.journal.JournalDamaged;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files that make up the journal, in order: what is compacted, then the segments after it.
 * Immutable.
 *
 * @param names the files
 * @param last the number of the last record
 * @param ordinal the ordinal of the last segment
 * @param open the last segment, where it was not closed in order
 */
record Layout(List<String> names, long last, long ordinal, Optional<Unsealed> open) {
  static final String REPAIR = "bin/jackfield journal repair";

  private static final Logger LOG = LoggerFactory.getLogger(Layout.class);

  /** A segment without its trailer, and where that belongs. */
  record Unsealed(String name, int end, long lastRecord) {}

  Layout {
    names = List.copyOf(names);
  }

  /**
   * Looks at all files, cuts nothing, deletes what is replaced already.
   *
   * @param records is given all records that still stand, in order
   * @throws JournalDamaged if anything that was durable is not there
   */
  static Layout read(JournalFiles files, Consumer<Frame> records) throws IOException {
    List<String> names = current(files);
    long last = 0;
    Optional<Unsealed> open = Optional.empty();
    ByteBuffer bytes = names.isEmpty() ? ByteBuffer.allocate(0) : files.read(names.getFirst());
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      boolean isLast = i == names.size() - 1;
      checkStart(name, bytes, last, i == 0);
      ByteBuffer next = isLast ? bytes : files.read(names.get(i + 1));
      long limit =
          isLast || Segment.isCompacted(name)
              ? Long.MAX_VALUE
              : header(names.get(i + 1), next).first();
      Segment.Content content = Segment.read(name, bytes, limit, records);
      switch (content) {
        case Segment.Content.Whole whole -> {
          last = whole.segment().compacted() ? whole.segment().last() : whole.lastRecord();
          if (isLast && !whole.sealed()) {
            open = Optional.of(new Unsealed(name, whole.end(), last));
          }
        }
        case Segment.Content.Torn torn -> {
          LOG.warn(
              "the journal's last write was torn: {} bytes behind record {} in {} are cut;"
                  + " nothing that was durable is lost",
              torn.bytes(),
              torn.lastRecord(),
              name);
          last = torn.lastRecord();
          open = Optional.of(new Unsealed(name, torn.at(), last));
        }
        case Segment.Content.Damaged damaged -> throw damaged(name, damaged.at(), damaged.what());
      }
      bytes = next;
    }
    long ordinal = names.isEmpty() ? 0 : Segment.ordinal(names.getLast());
    return new Layout(names, last, ordinal, open);
  }

  private static JournalDamaged damaged(String name, int at, String what) {
    return new JournalDamaged(
        "the journal is damaged: "
            + name
            + ", byte "
            + at
            + ": "
            + what
            + "; nothing is guessed: run "
            + REPAIR);
  }

  /** Nothing may be missing between two files. */
  private static void checkStart(String name, ByteBuffer bytes, long last, boolean isFirst) {
    Segment segment = header(name, bytes);
    if (!segment.compacted() && segment.first() > last + 1) {
      throw damaged(
          name, 0, "records " + (last + 1) + " to " + (segment.first() - 1) + " are not there");
    }
    if (segment.compacted() && !isFirst) {
      throw damaged(name, 0, "it is not where it belongs");
    }
  }

  private static Segment header(String name, ByteBuffer bytes) {
    return Segment.header(name, bytes)
        .orElseThrow(() -> damaged(name, 0, "its header cannot be read"));
  }

  /** The files that count, in order; the others are deleted. */
  static List<String> current(JournalFiles files) throws IOException {
    List<String> all = new ArrayList<>(files.list());
    long compacted =
        all.stream()
            .filter(Segment::isOne)
            .filter(Segment::isCompacted)
            .mapToLong(Segment::ordinal)
            .max()
            .orElse(0);
    List<String> current = new ArrayList<>();
    for (String name : all) {
      boolean isOne = Segment.isOne(name);
      if (isOne
          && (Segment.isCompacted(name)
              ? Segment.ordinal(name) == compacted
              : Segment.ordinal(name) > compacted)) {
        current.add(name);
      } else if (isOne || name.endsWith(Segment.NEW)) {
        files.delete(name);
      }
    }
    current.sort(Comparator.comparingLong(Segment::ordinal));
    return current;
  }
}
