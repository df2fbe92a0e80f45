package org.jackfield.core.transfer;

import java.time.Duration;
import java.util.Set;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.transfer.TransferOutcome;
import org.jackfield.api.transfer.TransferOutcome.Evidence;
import org.jackfield.api.transfer.TransferPhase;
import org.jackfield.api.transfer.TransferPlan;
import org.jackfield.api.transfer.TransferTarget;
import org.jackfield.api.transfer.TransferVerb;

/**
 * The six states of a transfer. Every input is legal in every state: a late fact is ignored
 * deliberately, a late request is answered.
 */
public sealed interface TransferState permits TransferState.Live, Ended {
  TransferPhase phase();

  /** Takes an input. Pure. */
  Step on(TransferInput input, TransferView view);

  /** What a person may do now. */
  Set<TransferVerb> permitted(TransferView view);

  /** The first state of a plan, with what it wants done. */
  static Step begin(TransferView view) {
    TransferPlan plan = view.plan();
    Deadline deadline = Deadline.FIRST;
    return switch (plan.kind()) {
      case BLIND ->
          Step.to(
              new Redirecting(deadline),
              "the plan is blind",
              new Effect.RedirectCall(dialled(view.target()), plan.release()),
              deadline.in(plan.timeouts().answer()));
      case CONSULTATION ->
          Step.to(
              new Holding(deadline),
              "the plan is a consultation",
              new Effect.OpenConsultation(java.util.Optional.empty()),
              deadline.in(Deadline.STEP));
      case ONE_STEP ->
          Step.to(
              new Holding(deadline),
              "the plan is a one-step consultation",
              new Effect.OpenConsultation(java.util.Optional.of(dialled(view.target()))),
              deadline.in(Deadline.STEP));
      case HELD_CALL, NEW_CALL, EARLY_COMPLETION, CONFERENCE_AND_DROP ->
          throw new IllegalArgumentException("the arbiter does not make this plan: " + plan.kind());
    };
  }

  private static Address dialled(TransferTarget target) {
    return switch (target) {
      case TransferTarget.To to -> to.address();
      case TransferTarget.Held held ->
          throw new IllegalArgumentException("a held call is not dialled");
    };
  }

  /** A state that is not the end: it has a deadline. */
  sealed interface Live extends TransferState
      permits Redirecting, Holding, Consulting, Completing, Reverting {
    Deadline deadline();

    Live with(Deadline deadline);

    /** How long it may last from now. */
    Duration patience(TransferView view);

    /**
     * It lasted too long.
     *
     * @param seen whether the PBX was asked and has answered
     */
    Step expired(TransferView view, boolean seen);

    /** What all live states do alike: time and the loss of the provider. */
    default Step onClock(TransferInput.DeadlinePassed passed, TransferView view) {
      if (passed.token() != deadline().token()) {
        return Step.stay(this, "a stale deadline is ignored");
      }
      if (deadline().lost()) {
        return Ended.with(
            new TransferOutcome.Failed(
                view.now().places(),
                new Evidence(java.util.List.of("the link to the PBX is lost")),
                Cause.of(Cause.Code.PROVIDER_LOST)),
            "the provider did not come back in time");
      }
      if (deadline().asked()) {
        return expired(view, false);
      }
      Deadline asked = deadline().thenAsked();
      return Step.to(
          with(asked),
          "the PBX is asked before anything is said",
          new Effect.AskSnapshot(),
          asked.in(Deadline.STEP));
    }

    default Step onLost(TransferInput.ProviderLost lost) {
      Deadline gone = deadline().thenLost();
      return Step.to(with(gone), "nothing is known until the link is back", gone.in(Deadline.LOST));
    }

    default Step onSnapshot(TransferView view) {
      if (deadline().lost()) {
        Deadline fresh = deadline().next();
        return Step.to(with(fresh), "the link is back", fresh.in(patience(view)));
      }
      return deadline().asked()
          ? expired(view, true)
          : Step.stay(this, "the PBX's picture holds nothing new");
    }
  }
}
