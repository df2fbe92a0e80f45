package org.jackfield.core.transfer;

import java.util.List;
import java.util.Optional;
import org.jackfield.api.session.Reason;
import org.jackfield.api.session.Refusal;

/**
 * What one input led to.
 *
 * @param next the state after it
 * @param effects what is wanted done, in order
 * @param why the clause or the reason, for the timeline and for the table of the machine
 * @param refusal set when the input was a request that is not legal now; then nothing has changed
 */
public record Step(
    TransferState next, List<Effect> effects, String why, Optional<Refusal> refusal) {
  public Step {
    effects = List.copyOf(effects);
  }

  static Step to(TransferState next, String why, Effect... effects) {
    return new Step(next, List.of(effects), why, Optional.empty());
  }

  static Step stay(TransferState state, String why) {
    return new Step(state, List.of(), why, Optional.empty());
  }

  static Step refuse(TransferState state, String why) {
    return new Step(state, List.of(), why, Optional.of(new Refusal(Reason.NOT_PERMITTED_NOW, why)));
  }
}
