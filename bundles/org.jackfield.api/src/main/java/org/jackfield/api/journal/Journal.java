package org.jackfield.api.journal;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/** A durable log. Any thread; {@code append} never blocks. */
@ConsumerType
public interface Journal {
  /**
   * Appends a record. Records of one thread become durable in their order.
   *
   * @return completes when the record is durable, at the journal's level; exceptionally when it
   *     cannot be made so, and then nothing that depends on it may be done
   */
  CompletionStage<Void> append(JournalRecord journalRecord);
}
