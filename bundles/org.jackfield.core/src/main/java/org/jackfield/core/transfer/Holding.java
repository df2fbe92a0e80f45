package org.jackfield.core.transfer;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jackfield.api.session.Cause;
import org.jackfield.api.transfer.Transfer.Focus;
import org.jackfield.api.transfer.Transfer.TargetState;
import org.jackfield.api.transfer.TransferPhase;
import org.jackfield.api.transfer.TransferPlan;
import org.jackfield.api.transfer.TransferTarget;
import org.jackfield.api.transfer.TransferVerb;

/**
 * The call is being put on consultation hold.
 *
 * <p><b>Preconditions</b>: the transferor is connected, a consultation was legal. <b>Entered
 * from</b>: the request. <b>Does</b>: has asked for the hold and a consultation call; waits for
 * both. <b>Leaves to</b>: Consulting when both stand, Reverting when they do not come or a party
 * leaves.
 */
record Holding(Deadline deadline) implements TransferState.Live {
  @Override
  public TransferPhase phase() {
    return TransferPhase.HOLDING;
  }

  @Override
  public Holding with(Deadline deadline) {
    return new Holding(deadline);
  }

  @Override
  public Duration patience(TransferView view) {
    return Deadline.STEP;
  }

  @Override
  public Set<TransferVerb> permitted(TransferView view) {
    return Set.of(TransferVerb.CANCEL);
  }

  @Override
  public Step on(TransferInput input, TransferView view) {
    return switch (input) {
      case TransferInput.DialRequested r -> Step.refuse(this, "the call is not on hold yet");
      case TransferInput.AlternateRequested r -> Step.refuse(this, "the call is not on hold yet");
      case TransferInput.CompleteRequested r -> Step.refuse(this, "nobody is dialled yet");
      case TransferInput.CancelRequested r ->
          Reverting.restore(deadline, Cause.of(Cause.Code.CANCELLED), view);
      case TransferInput.TransferorHeld f -> onceOpen(view);
      case TransferInput.TransferorRetrieved f -> Step.stay(this, "not on hold yet");
      case TransferInput.ConsultationOpened f -> onceOpen(view);
      case TransferInput.ConsultationOver f -> Reverting.failed(deadline, f.cause(), view);
      case TransferInput.TargetAlerting f -> onceOpen(view);
      case TransferInput.TargetBusy f -> onceOpen(view);
      case TransferInput.TargetAnswered f -> onceOpen(view);
      case TransferInput.TargetFailed f -> Reverting.failed(deadline, f.cause(), view);
      case TransferInput.TargetLeft f -> Reverting.failed(deadline, f.cause(), view);
      case TransferInput.TransferorLeft f -> Reverting.failed(deadline, f.cause(), view);
      case TransferInput.TransfereeLeft f -> Reverting.clear(deadline, f.cause(), view);
      case TransferInput.Joined f ->
          view.now().delivered() ? Ended.completed(view) : Step.stay(this, "not on hold yet");
      case TransferInput.Conferenced f -> Step.stay(this, "not on hold yet");
      case TransferInput.StepAccepted f -> Step.stay(this, "an acknowledgement is no outcome");
      case TransferInput.StepRefused f -> Reverting.refused(deadline, f, view);
      case TransferInput.StepFailed f -> Reverting.failed(deadline, f.cause(), view);
      case TransferInput.DeadlinePassed d -> onClock(d, view);
      case TransferInput.ProviderLost l -> onLost(l);
      case TransferInput.SnapshotTaken s -> onSnapshot(view);
    };
  }

  /** Both must stand: the hold, and a consultation call to dial on. */
  private Step onceOpen(TransferView view) {
    if (!view.now().transferorHeld() || view.now().transferorAway().isEmpty()) {
      return Step.stay(this, "the hold and the consultation call must both stand");
    }
    Deadline next = deadline.next();
    Duration answer = view.plan().timeouts().answer();
    if (view.plan().kind() == TransferPlan.Kind.ONE_STEP
        || !(view.target() instanceof TransferTarget.To to)) {
      return Step.to(
          new Consulting(
              next, Focus.TARGET, TargetState.DIALLING, Optional.empty(), Optional.empty()),
          "the consultation dials by itself",
          next.in(answer));
    }
    return Step.to(
        new Consulting(
            next, Focus.TARGET, TargetState.DIALLING, Optional.empty(), Optional.empty()),
        "the call is on consultation hold",
        new Effect.DialTarget(to.address()),
        next.in(answer));
  }

  @Override
  public Step expired(TransferView view, boolean seen) {
    return Reverting.restore(deadline, Cause.of(Cause.Code.DEADLINE), view);
  }
}
