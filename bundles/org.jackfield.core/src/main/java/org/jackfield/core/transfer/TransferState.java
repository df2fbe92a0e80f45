package org.jackfield.core.transfer;

import java.time.Duration;
import java.util.Optional;
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
  static Step begin(TransferView view, Deadline deadline) {
    TransferPlan plan = view.plan();
    Effect.Act first =
        switch (Opening.of(plan)) {
          case REDIRECT -> new Effect.RedirectCall(dialled(view.target()), plan.release());
          case CONSULT -> new Effect.OpenConsultation(Optional.empty());
          case ONE_STEP -> new Effect.OpenConsultation(Optional.of(dialled(view.target())));
          case HELD_CALL -> new Effect.AlternateCalls();
          case NEW_CALL -> new Effect.HoldCall();
        };
    boolean redirects = first instanceof Effect.RedirectCall;
    return Step.to(
        redirects ? new Redirecting(deadline, false) : new Holding(deadline, false),
        "the plan is " + named(plan.kind()),
        first,
        deadline.in(redirects ? plan.timeouts().answer() : Deadline.STEP));
  }

  private static String named(TransferPlan.Kind kind) {
    return switch (kind) {
      case BLIND -> "blind";
      case CONSULTATION -> "a consultation";
      case ONE_STEP -> "a one-step consultation";
      case HELD_CALL -> "the call that the transferor holds";
      case NEW_CALL -> "a new call as consultation";
      case EARLY_COMPLETION -> "a consultation completed before the answer";
      case CONFERENCE_AND_DROP -> "a conference that the transferor drops out of";
    };
  }

  private static Address dialled(TransferTarget target) {
    return switch (target) {
      case TransferTarget.To to -> to.address();
      case TransferTarget.Held held ->
          throw new IllegalArgumentException("a held call is not dialled");
    };
  }

  /**
   * Whether a plan may be replaced by another: its first step was refused for what the PBX cannot
   * do now, and nothing has changed.
   */
  static boolean isReplaceable(
      TransferState state, TransferInput.StepRefused refused, TransferView view) {
    boolean first =
        switch (refused.act()) {
          case Effect.RedirectCall a -> state instanceof Redirecting;
          case Effect.OpenConsultation a -> state instanceof Holding;
          case Effect.HoldCall a -> state instanceof Holding;
          case Effect.AlternateCalls a -> state instanceof Holding;
          default -> false;
        };
    boolean otherwise =
        switch (refused.reply().reason()) {
          case NOT_SUPPORTED, NOT_PERMITTED_NOW, LIMIT_REACHED, NO_PLAN, REFUSED_BY_PBX -> true;
          default -> false;
        };
    return first && otherwise && view.restored();
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
