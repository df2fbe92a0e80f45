package org.jackfield.core.session;

import org.jackfield.api.journal.Journal;
import org.jackfield.api.journal.JournalRecord;
import org.jackfield.api.session.SessionId;
import org.jackfield.core.event.Teller;
import org.jackfield.core.run.Environment;
import org.jackfield.core.run.Recent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the lanes put what others see.
 *
 * @param environment time, threads, ids
 * @param index the snapshots
 * @param teller the events
 * @param journal what must outlive the process
 * @param merges where a session went that was merged into another
 */
public record Published(
    Environment environment,
    SessionIndex index,
    Teller teller,
    Journal journal,
    Recent<SessionId, SessionId> merges) {
  private static final Logger LOG = LoggerFactory.getLogger(Published.class);

  /** Writes a record on which nothing waits. */
  void journal(JournalRecord journalRecord) {
    journal
        .append(journalRecord)
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                LOG.warn("the journal did not take {}", journalRecord, failure);
              }
            });
  }
}
