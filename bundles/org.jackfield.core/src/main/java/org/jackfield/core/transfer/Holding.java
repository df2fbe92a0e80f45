package org.jackfield.core.transfer;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jackfield.api.session.Cause;
import org.jackfield.api.transfer.Transfer.Focus;
import org.jackfield.api.transfer.Transfer.TargetState;
import org.jackfield.api.transfer.TransferPhase;
import org.jackfield.api.transfer.TransferTarget;
import org.jackfield.api.transfer.TransferVerb;

/**
 * The call is being put on hold, for a consultation call, a new call or one that was held.
 *
 * <p><b>Preconditions</b>: the transferor is connected, the plan was legal. <b>Entered from</b>:
 * the request. <b>Does</b>: has asked for the hold and for the other call; waits for both.
 * <b>Leaves to</b>: Consulting when both stand, Completing when a held call was to be joined at
 * once, Reverting when they do not come or a party leaves.
 *
 * @param placed whether the new call has been asked for, which waits for the hold
 */
record Holding(Deadline deadline, boolean placed) implements TransferState.Live {
  @Override
  public TransferPhase phase() {
    return TransferPhase.HOLDING;
  }

  @Override
  public Holding with(Deadline deadline) {
    return new Holding(deadline, placed);
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
      case TransferInput.TransferorLeft f ->
          placed
              ? Reverting.failed(deadline, f.cause(), view)
              : Reverting.giveWay(deadline, f.cause(), view);
      case TransferInput.TransfereeLeft f -> Reverting.clear(deadline, f.cause(), view);
      case TransferInput.Joined f ->
          view.now().delivered() ? Ended.overtaken() : Step.stay(this, "not on hold yet");
      case TransferInput.Conferenced f -> Step.stay(this, "not on hold yet");
      case TransferInput.Overtaken f -> Reverting.overtaken(deadline, view);
      case TransferInput.StepAccepted f -> Step.stay(this, "an acknowledgement is no outcome");
      case TransferInput.StepRefused f ->
          isOwn(f.act()) ? Reverting.refused(deadline, f, view) : late();
      case TransferInput.StepFailed f ->
          isOwn(f.act()) ? Reverting.failed(deadline, f.cause(), view) : late();
      case TransferInput.DeadlinePassed d -> onClock(d, view);
      case TransferInput.ProviderLost l -> onLost(l);
      case TransferInput.SnapshotTaken s -> onSnapshot(view);
    };
  }

  /** Both must stand: the hold, and a call in which the target is or can be dialled. */
  private Step onceOpen(TransferView view) {
    if (!view.now().transferorHeld()) {
      return Step.stay(this, "the hold must stand first");
    }
    if (view.opening() == Opening.NEW_CALL && !placed) {
      return place(view);
    }
    if (view.now().transferorAway().isEmpty()) {
      return Step.stay(this, "the other call must stand too");
    }
    return view.besideHeldCall() ? onHeldCall(view) : consult(view);
  }

  private Step place(TransferView view) {
    Deadline next = deadline.next();
    return view.target() instanceof TransferTarget.To to
        ? Step.to(
            new Holding(next, true),
            "the call is on hold, a new one may be placed",
            new Effect.PlaceCall(to.address()),
            next.in(Deadline.STEP))
        : Step.stay(this, "a held call is not dialled");
  }

  /** The target has answered long ago. */
  private Step onHeldCall(TransferView view) {
    if (!view.now().transferorTalksAway()) {
      return Step.stay(this, "the held call must be the active one");
    }
    if (view.isAutomatic()) {
      return Completing.join(deadline, view.completesAs(), Focus.TARGET, view);
    }
    Deadline next = deadline.next();
    return Step.to(
        consulting(next, TargetState.ANSWERED),
        "the transferor talks with the party that was on hold",
        next.in(view.plan().timeouts().complete()));
  }

  private Step consult(TransferView view) {
    Deadline next = deadline.next();
    Effect.Arm answer = next.in(view.plan().timeouts().answer());
    Consulting dialling = consulting(next, TargetState.DIALLING);
    return view.opening().dialsByItself() || !(view.target() instanceof TransferTarget.To to)
        ? Step.to(dialling, "the other call dials by itself", answer)
        : Step.to(
            dialling,
            "the call is on consultation hold",
            new Effect.DialTarget(to.address()),
            answer);
  }

  private static Consulting consulting(Deadline deadline, TargetState target) {
    return new Consulting(deadline, Focus.TARGET, target, Optional.empty(), Optional.empty());
  }

  private boolean isOwn(Effect.Act act) {
    return switch (act) {
      case Effect.OpenConsultation a -> true;
      case Effect.AlternateCalls a -> true;
      case Effect.HoldCall a -> !placed;
      case Effect.PlaceCall a -> placed;
      default -> false;
    };
  }

  private Step late() {
    return Step.stay(this, "an answer to what was asked before");
  }

  @Override
  public Step expired(TransferView view, boolean seen) {
    return Reverting.restore(deadline, Cause.of(Cause.Code.DEADLINE), view);
  }
}
