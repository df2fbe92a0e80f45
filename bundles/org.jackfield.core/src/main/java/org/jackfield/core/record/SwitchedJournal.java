package org.jackfield.core.record;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jackfield.api.journal.Journal;
import org.jackfield.api.journal.JournalRecord;

/** The journal that is there now: a service's, else our own. */
public final class SwitchedJournal implements Journal {
  private final Journal own;
  private volatile Journal current;

  public SwitchedJournal(Journal own) {
    this.own = own;
    this.current = own;
  }

  /** A better one has come. */
  public void use(Journal better) {
    current = better;
  }

  /** That one goes; another may have taken its place already. */
  public synchronized void leave(Journal gone) {
    if (current == gone) {
      current = own;
    }
  }

  @Override
  public CompletionStage<Void> append(JournalRecord journalRecord) {
    try {
      return current.append(journalRecord);
    } catch (RuntimeException | LinkageError broken) {
      // A journal that goes while it is asked: as one that could not write.
      return CompletableFuture.failedStage(broken);
    }
  }
}
