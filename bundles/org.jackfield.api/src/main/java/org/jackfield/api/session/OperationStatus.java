package org.jackfield.api.session;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jackfield.api.capability.Operation;

/**
 * Where a single operation stands. It is done when a fact of the PBX shows its effect, never
 * because the PBX acknowledged it.
 *
 * @param id its identity
 * @param operation what was asked
 * @param session the session it is about; of a new call, the session that it will be
 * @param state how far it is
 * @param acceptedAt when it was taken on
 * @param cause why it failed, when it has
 */
public record OperationStatus(
    OperationId id,
    Operation operation,
    SessionId session,
    State state,
    Instant acceptedAt,
    Optional<Cause> cause) {
  /** How far an operation is. */
  public enum State {
    PENDING,
    DONE,
    FAILED;

    /** The name used in JSON. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
