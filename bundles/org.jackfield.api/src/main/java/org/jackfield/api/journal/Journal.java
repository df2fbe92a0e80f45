package org.jackfield.api.journal;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
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

  /**
   * Hands over what was kept, in its order: all records that still matter, perhaps others. May
   * block; to be called before what is appended could matter to the reader.
   *
   * @throws JournalDamaged if what was kept cannot be proved whole; then nothing was guessed
   */
  default void replay(Consumer<JournalRecord> reader) {}

  /** Why no record can be made durable now, for a person; empty while all is well. */
  default Optional<String> trouble() {
    return Optional.empty();
  }
}
