package org.jackfield.api.history;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jackfield.api.transfer.Transfer;

/**
 * One transfer as the history knows it.
 *
 * @param state whether it has an outcome
 * @param endedAt when it had
 * @param transfer its last snapshot, with plan, timeline and outcome
 */
public record TransferRecord(State state, Optional<Instant> endedAt, Transfer transfer) {
  /** Whether it has an outcome. */
  public enum State {
    OPEN,
    ENDED,
    /** It was under way when the server last saw it, and its outcome was not seen. */
    UNKNOWN;

    /** The name used in JSON. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
