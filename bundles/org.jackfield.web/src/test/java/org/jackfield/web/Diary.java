package org.jackfield.web;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jackfield.api.journal.Journal;
import org.jackfield.api.journal.JournalRecord;

/** A journal that outlives the servers of a test. */
final class Diary implements Journal {
  final List<JournalRecord> records = new CopyOnWriteArrayList<>();
  volatile boolean full;

  @Override
  public CompletionStage<Void> append(JournalRecord journalRecord) {
    if (full) {
      return CompletableFuture.failedStage(new IOException("the disk is full"));
    }
    records.add(journalRecord);
    // As from the thread that writes.
    return CompletableFuture.runAsync(() -> {});
  }

  @Override
  public void replay(Consumer<JournalRecord> reader) {
    records.forEach(reader);
  }
}
