package org.jackfield.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jackfield.api.journal.JournalRecord;

/** A journal that writes at once, on the caller's thread. */
record Opened(FileJournal journal, MemoryFiles files) {
  static final int SEGMENT = 8_192;
  static Instant now = Samples.NOON;

  static Opened on(MemoryFiles files) {
    return on(files, Level.POWER_SAFE);
  }

  static Opened on(MemoryFiles files, Level level) {
    try {
      return new Opened(
          FileJournal.open(
              files,
              new FileJournal.Settings(level, SEGMENT, () -> now),
              Runnable::run,
              Runnable::run),
          files);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Appends, and says whether it is durable. */
  boolean append(JournalRecord journalRecord) {
    return !journal.append(journalRecord).toCompletableFuture().isCompletedExceptionally();
  }

  List<JournalRecord> kept() {
    List<JournalRecord> kept = new ArrayList<>();
    journal.replay(kept::add);
    return kept;
  }

  /** What a journal that is opened on these files knows. */
  static List<JournalRecord> kept(MemoryFiles files) {
    return on(files).kept();
  }
}
