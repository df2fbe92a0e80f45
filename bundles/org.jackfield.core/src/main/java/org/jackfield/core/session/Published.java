package org.jackfield.core.session;

import java.util.concurrent.CompletionStage;
import org.jackfield.api.journal.Journal;
import org.jackfield.api.journal.JournalRecord;
import org.jackfield.core.event.Teller;
import org.jackfield.core.run.Environment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the lanes put what others see.
 *
 * @param environment time, threads, ids
 * @param index the snapshots
 * @param teller the events
 * @param journal what must outlive the process
 * @param genealogy which session came of which
 */
public record Published(
    Environment environment,
    SessionIndex index,
    Teller teller,
    Journal journal,
    Genealogy genealogy) {
  private static final Logger LOG = LoggerFactory.getLogger(Published.class);

  /** Writes a record; done when it is durable. */
  public CompletionStage<Void> journal(JournalRecord journalRecord) {
    return journal
        .append(journalRecord)
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                LOG.warn("the journal did not take {}", journalRecord, failure);
              }
            });
  }
}
