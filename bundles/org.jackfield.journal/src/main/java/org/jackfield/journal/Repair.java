package org.jackfield.journal;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jackfield.api.journal.JournalDamaged;

/**
 * Mends a damaged journal while the server is down: keeps each record whose checksum proves it,
 * sets the files aside as they were, and writes a report of what is missing. {@code bin/jackfield
 * journal repair}.
 */
public final class Repair {
  private final JournalFiles files;
  private final Instant now;
  private final List<String> report = new ArrayList<>();
  private final List<Frame> kept = new ArrayList<>();
  private long last;

  private Repair(JournalFiles files, Instant now) {
    this.files = files;
    this.now = now;
  }

  /** Arguments: {@code repair} or {@code verify}, and the journal's folder. */
  public static void main(String[] args) {
    System.exit(run(args, System.out, InstantSource.system().instant()));
  }

  static int run(String[] args, PrintStream out, Instant now) {
    if (args.length != 2 || !args[0].equals("repair") && !args[0].equals("verify")) {
      out.println("usage: journal repair|verify");
      return 64;
    }
    try (JournalFiles files = JournalFiles.in(Path.of(args[1]))) {
      Optional<String> damage = damage(files);
      if (damage.isEmpty()) {
        out.println("the journal is whole");
        return 0;
      }
      out.println(damage.get());
      if (args[0].equals("verify")) {
        return 1;
      }
      new Repair(files, now).repair().forEach(out::println);
      return 0;
    } catch (IOException failed) {
      out.println("the journal cannot be repaired: " + failed.getMessage());
      return 2;
    }
  }

  /** What is wrong, if anything is. */
  static Optional<String> damage(JournalFiles files) throws IOException {
    try {
      Layout.read(files, Compaction::decode);
      return Optional.empty();
    } catch (JournalDamaged damaged) {
      return Optional.of(String.valueOf(damaged.getMessage()));
    }
  }

  /** Repairs, and says what was done. */
  static List<String> repair(JournalFiles files, Instant now) throws IOException {
    return new Repair(files, now).repair();
  }

  private List<String> repair() throws IOException {
    List<String> names = Layout.current(files);
    long ordinal = 1;
    for (String name : names) {
      salvage(name, files.read(name));
      ordinal = Math.max(ordinal, Segment.ordinal(name));
    }
    String stamp = now.toString().replace(":", "").replaceAll("\\..*", "Z").replace("ZZ", "Z");
    Compaction.write(files, kept, ordinal + 1, last);
    for (String name : names) {
      files.rename(name, "damaged-" + stamp + "/" + name);
    }
    report.add(kept.size() + " records are kept; the files as they were are in damaged-" + stamp);
    writeReport("repair-" + stamp + ".txt");
    return report;
  }

  private void writeReport(String name) throws IOException {
    try (JournalFiles.Output out = files.open(name)) {
      String text = String.join("\n", report) + "\n";
      out.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
      out.sync();
    }
    files.syncFolder();
    report.add("this report: " + name);
  }

  /** Keeps whatever proves itself; says what is missing between. */
  private void salvage(String name, ByteBuffer bytes) {
    int end = 0;
    for (Optional<Frame> frame = Frame.next(bytes, 0);
        frame.isPresent();
        frame = Frame.next(bytes, frame.get().end())) {
      Frame found = frame.get();
      if (found.at() > end && !isZero(bytes, end, found.at())) {
        report.add(name + ": bytes " + end + " to " + found.at() + " cannot be read");
      }
      end = found.end();
      if (found.kind() == Frame.Kind.RECORD) {
        keep(name, found);
      }
    }
    if (!isZero(bytes, end, bytes.limit())) {
      report.add(name + ": bytes " + end + " to " + bytes.limit() + " cannot be read");
    }
  }

  private void keep(String name, Frame found) {
    if (found.sequence() <= last) {
      // A segment that was begun after a failed write starts over where that one was not durable.
      kept.removeIf(earlier -> earlier.sequence() >= found.sequence());
    } else if (found.sequence() > last + 1 && !Segment.isCompacted(name)) {
      report.add(
          name + ": records " + (last + 1) + " to " + (found.sequence() - 1) + " are missing");
    }
    try {
      Compaction.decode(found);
      kept.add(found);
    } catch (JournalDamaged unreadable) {
      report.add(name + ": " + unreadable.getMessage());
    }
    last = found.sequence();
  }

  private static boolean isZero(ByteBuffer bytes, int from, int to) {
    for (int at = from; at < to; at++) {
      if (bytes.get(at) != 0) {
        return false;
      }
    }
    return true;
  }
}
