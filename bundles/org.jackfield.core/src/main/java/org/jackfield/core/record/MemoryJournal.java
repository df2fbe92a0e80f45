package org.jackfield.core.record;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jackfield.api.journal.Journal;
import org.jackfield.api.journal.JournalRecord;

/** A journal that keeps nothing: what was promised lives as long as the process. */
public final class MemoryJournal implements Journal {
  private final AtomicLong records = new AtomicLong();

  @Override
  public CompletionStage<Void> append(JournalRecord journalRecord) {
    records.incrementAndGet();
    return CompletableFuture.completedStage(null);
  }

  /** How many records it was given. */
  public long records() {
    return records.get();
  }
}
