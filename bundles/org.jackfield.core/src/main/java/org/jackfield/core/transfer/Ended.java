package org.jackfield.core.transfer;

import java.util.List;
import java.util.Set;
import org.jackfield.api.session.Cause;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.TransferOutcome;
import org.jackfield.api.transfer.TransferOutcome.Evidence;
import org.jackfield.api.transfer.TransferPhase;
import org.jackfield.api.transfer.TransferVerb;

/**
 * There is an outcome.
 *
 * <p><b>Preconditions</b>: the outcome's topology was seen, or can no longer be. <b>Entered
 * from</b>: any. <b>Does</b>: nothing. <b>Leaves to</b>: nothing; late facts are ignored, late
 * requests refused.
 */
record Ended(TransferOutcome outcome) implements TransferState {
  static Step with(TransferOutcome outcome, String why) {
    return Step.to(new Ended(outcome), why, new Effect.Finish(outcome));
  }

  static Step completed(TransferView view) {
    return with(
        new TransferOutcome.Completed(CompleteAs.TRANSFER, Evidence.VERIFIED, Cause.NORMAL),
        "transferee and target are joined, the transferor is out");
  }

  /** As asked, and not by us. */
  static Step overtaken() {
    return with(
        new TransferOutcome.Completed(
            CompleteAs.TRANSFER, Evidence.VERIFIED, Cause.of(Cause.Code.OVERTAKEN)),
        "transferee and target were joined by somebody else, the transferor is out");
  }

  static Step conferenced(String why) {
    return conferenced(Cause.NORMAL, why);
  }

  static Step conferenced(Cause cause, String why) {
    return with(
        new TransferOutcome.Completed(CompleteAs.CONFERENCE, Evidence.VERIFIED, cause), why);
  }

  static Step abandoned(Cause cause, String why) {
    return with(new TransferOutcome.Abandoned(Evidence.VERIFIED, cause), why);
  }

  /** None of the other outcomes; where each was seen last is named. */
  static Step failed(Cause cause, TransferView view, boolean seen, String why) {
    Evidence evidence =
        seen ? Evidence.VERIFIED : new Evidence(List.of("the PBX did not answer for a snapshot"));
    return with(new TransferOutcome.Failed(view.now().places(), evidence, cause), why);
  }

  @Override
  public TransferPhase phase() {
    return TransferPhase.ENDED;
  }

  @Override
  public Set<TransferVerb> permitted(TransferView view) {
    return Set.of();
  }

  @Override
  public Step on(TransferInput input, TransferView view) {
    return switch (input) {
      case TransferInput.Request r ->
          Step.refuse(this, "the transfer has ended: " + outcome.text());
      case TransferInput.Fact f -> Step.stay(this, "the outcome is set once");
      case TransferInput.Fate f -> Step.stay(this, "the outcome is set once");
      case TransferInput.DeadlinePassed d -> Step.stay(this, "a stale deadline is ignored");
      case TransferInput.ProviderLost l -> Step.stay(this, "the outcome is set once");
      case TransferInput.SnapshotTaken s -> Step.stay(this, "the outcome is set once");
    };
  }
}
