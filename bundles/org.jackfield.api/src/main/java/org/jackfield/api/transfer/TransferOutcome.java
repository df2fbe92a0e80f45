package org.jackfield.api.transfer;

import java.util.List;
import org.jackfield.api.session.Cause;

/** How a transfer ended: set once, told with the facts that prove it. */
public sealed interface TransferOutcome {
  /** The facts that the named topology stands, or which of them are missing. */
  Evidence evidence();

  /** Why it ended so. */
  Cause cause();

  /** Transferee and target are joined, the transferor is out, or all three are in a conference. */
  record Completed(CompleteAs as, Evidence evidence, Cause cause) implements TransferOutcome {}

  /** Transferor and transferee as before the request. */
  record Reverted(Evidence evidence, Cause cause) implements TransferOutcome {}

  /** A party whose presence was needed left; what was started for it is cleared. */
  record Abandoned(Evidence evidence, Cause cause) implements TransferOutcome {}

  /** The transferee is joined to a rung of the recall ladder. */
  record Recalled(RecallRung to, Evidence evidence, Cause cause) implements TransferOutcome {}

  /** None of these; {@code lastKnown} names each leg's last known place. */
  record Failed(List<String> lastKnown, Evidence evidence, Cause cause) implements TransferOutcome {
    public Failed {
      lastKnown = List.copyOf(lastKnown);
    }
  }

  /** The name used in JSON: {@code completed}. */
  default String text() {
    return switch (this) {
      case Completed c -> "completed";
      case Reverted r -> "reverted";
      case Abandoned a -> "abandoned";
      case Recalled r -> "recalled";
      case Failed f -> "failed";
    };
  }

  /**
   * What an outcome rests on.
   *
   * @param missing the facts that could not be had; empty when verified
   */
  record Evidence(List<String> missing) {
    /** Independent facts say that the topology stands. */
    public static final Evidence VERIFIED = new Evidence(List.of());

    public Evidence {
      missing = List.copyOf(missing);
    }

    public boolean verified() {
      return missing.isEmpty();
    }
  }
}
