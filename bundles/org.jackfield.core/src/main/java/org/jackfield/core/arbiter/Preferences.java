package org.jackfield.core.arbiter;

import java.util.List;
import org.jackfield.api.transfer.RecallRung;
import org.jackfield.api.transfer.Timeouts;

/**
 * What holds where a request says nothing.
 *
 * @param timeouts the deadlines
 * @param recall the ladder for a transferee who cannot be delivered
 */
public record Preferences(Timeouts timeouts, List<RecallRung> recall) {
  /** The shipped ones: back to the transferor. */
  public static final Preferences SHIPPED =
      new Preferences(Timeouts.DEFAULT, List.of(new RecallRung.ToTransferor()));

  public Preferences {
    recall = List.copyOf(recall);
  }
}
