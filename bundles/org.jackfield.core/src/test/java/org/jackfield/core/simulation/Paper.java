package org.jackfield.core.simulation;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jackfield.api.journal.Journal;
import org.jackfield.api.journal.JournalRecord;
import org.jackfield.api.transfer.Transfer;

/** The journal of a run: it may be slow, and it may fail. */
final class Paper implements Journal {
  private final Clockwork clock;
  private final Acting acting;
  private final Consumer<Transfer> ended;
  private final Consumer<Transfer> accepted;
  private Duration late = Duration.ZERO;
  private int fails;
  private int waiting;
  private long lastDue;

  Paper(Clockwork clock, Acting acting, Consumer<Transfer> ended, Consumer<Transfer> accepted) {
    this.clock = clock;
    this.acting = acting;
    this.ended = ended;
    this.accepted = accepted;
  }

  void late(Duration late) {
    this.late = late;
  }

  /** So many records more are not written. */
  void fail(int records) {
    fails = records;
  }

  void heal() {
    late = Duration.ZERO;
    fails = 0;
  }

  boolean isBusy() {
    return waiting > 0;
  }

  @Override
  public CompletionStage<Void> append(JournalRecord entry) {
    if (entry instanceof JournalRecord.TransferStands
        || entry instanceof JournalRecord.SessionsRelated) {
      // Nothing waits for it; what its loss would mean is for the tests of recovery.
      return CompletableFuture.completedFuture(null);
    }
    acting.intended(entry);
    switch (entry) {
      case JournalRecord.TransferAccepted a -> accepted.accept(a.transfer());
      case JournalRecord.TransferEnded e -> ended.accept(e.transfer());
      default -> {}
    }
    if (fails > 0) {
      fails--;
      acting.notWritten(entry);
      return CompletableFuture.failedFuture(new IOException("the disk is full"));
    }
    long due = Math.max(lastDue, clock.nanos() + late.toNanos());
    if (due == clock.nanos() && waiting == 0) {
      acting.durable(entry);
      return CompletableFuture.completedFuture(null);
    }
    lastDue = due;
    waiting++;
    CompletableFuture<Void> written = new CompletableFuture<>();
    clock.after(
        Duration.ofNanos(due - clock.nanos()),
        () -> {
          waiting--;
          acting.durable(entry);
          written.complete(null);
        });
    return written;
  }
}
