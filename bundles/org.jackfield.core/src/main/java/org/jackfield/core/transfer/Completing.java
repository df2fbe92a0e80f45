package org.jackfield.core.transfer;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jackfield.api.session.Cause;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.CompleteWhen;
import org.jackfield.api.transfer.Transfer.Focus;
import org.jackfield.api.transfer.Transfer.TargetState;
import org.jackfield.api.transfer.TransferPhase;
import org.jackfield.api.transfer.TransferVerb;

/**
 * The calls are being joined.
 *
 * <p><b>Preconditions</b>: a target that answered, or rings or is busy where the PBX completes
 * then. <b>Entered from</b>: Redirecting, Consulting. <b>Does</b>: has asked the PBX to join, after
 * alternating back where the transferor talked with the transferee; waits for the joined topology.
 * <b>Leaves to</b>: Ended when it stands, Consulting or Reverting when it will not.
 *
 * @param as what it is to become
 * @param back whether the join waits for the transferor to be back with the target
 */
record Completing(Deadline deadline, CompleteAs as, boolean back) implements TransferState.Live {
  /** The target of a blind transfer has answered: the PBX lets the transferor go by itself. */
  static Step released(Deadline deadline, TransferView view) {
    if (view.now().delivered()) {
      return Ended.completed(view);
    }
    Deadline next = deadline.next();
    return Step.to(
        new Completing(next, CompleteAs.TRANSFER, false),
        "the target has answered; the PBX lets the transferor go",
        next.in(Deadline.STEP));
  }

  /** The PBX or the phones have joined the calls before the target answered. */
  static Step joining(Deadline deadline, TransferView view) {
    Deadline next = deadline.next();
    return Step.to(
        new Completing(next, CompleteAs.TRANSFER, false),
        "joined, the target rings",
        next.in(view.plan().timeouts().answer()));
  }

  static Step join(Deadline deadline, CompleteAs as, Focus focus, TransferView view) {
    Deadline next = deadline.next();
    Effect.Arm arm =
        next.in(view.now().targetAnswered() ? Deadline.STEP : view.plan().timeouts().answer());
    return focus == Focus.TRANSFEREE
        ? Step.to(
            new Completing(next, as, true),
            "the transferor talks with the transferee: alternate back first",
            new Effect.AlternateCalls(),
            arm)
        : Step.to(new Completing(next, as, false), "complete", new Effect.JoinCalls(as), arm);
  }

  @Override
  public TransferPhase phase() {
    return TransferPhase.COMPLETING;
  }

  @Override
  public Completing with(Deadline deadline) {
    return new Completing(deadline, as, back);
  }

  @Override
  public Duration patience(TransferView view) {
    return view.now().targetAnswered() ? Deadline.STEP : view.plan().timeouts().answer();
  }

  @Override
  public Set<TransferVerb> permitted(TransferView view) {
    return Set.of();
  }

  @Override
  public Step on(TransferInput input, TransferView view) {
    return switch (input) {
      case TransferInput.DialRequested r -> Step.refuse(this, "the calls are being joined");
      case TransferInput.AlternateRequested r -> Step.refuse(this, "the calls are being joined");
      case TransferInput.CompleteRequested r -> Step.refuse(this, "the calls are being joined");
      case TransferInput.CancelRequested r -> Step.refuse(this, "the calls are being joined");
      case TransferInput.TransferorHeld f ->
          back
              ? Step.to(
                  new Completing(deadline, as, false),
                  "the transferor is back with the target",
                  new Effect.JoinCalls(as))
              : Step.stay(this, "known already");
      case TransferInput.TransferorRetrieved f ->
          view.now().restored()
              ? Reverting.restore(deadline, Cause.of(Cause.Code.CANCELLED), view)
              : Step.stay(this, "not settled yet");
      case TransferInput.ConsultationOpened f -> Step.stay(this, "known already");
      case TransferInput.ConsultationOver f ->
          view.now().target().isPresent()
              ? Step.stay(this, "both calls go to idle")
              : Reverting.failed(deadline, f.cause(), view);
      case TransferInput.TargetAlerting f -> Step.stay(this, "joined, the target rings");
      case TransferInput.TargetBusy f -> Step.stay(this, "camped on");
      case TransferInput.TargetAnswered f -> settled(view);
      case TransferInput.TargetFailed f -> Reverting.failed(deadline, f.cause(), view);
      case TransferInput.TargetLeft f -> Reverting.failed(deadline, f.cause(), view);
      case TransferInput.TransferorLeft f -> settled(view);
      case TransferInput.TransfereeLeft f ->
          view.now().targetAnswered() && view.now().transferorAway().isPresent()
              ? Ended.abandoned(f.cause(), "the consultation call becomes a plain call")
              : Reverting.clear(deadline, f.cause(), view);
      case TransferInput.Joined f -> settled(view);
      case TransferInput.Conferenced f ->
          as == CompleteAs.CONFERENCE
              ? Ended.conferenced("all three are conferenced")
              : Step.stay(this, "the transferor is still there");
      case TransferInput.StepAccepted f -> Step.stay(this, "an acknowledgement is no outcome");
      case TransferInput.StepRefused f -> notJoined(f.reply().cause(), view);
      case TransferInput.StepFailed f -> notJoined(f.cause(), view);
      case TransferInput.DeadlinePassed d -> onClock(d, view);
      case TransferInput.ProviderLost l -> onLost(l);
      case TransferInput.SnapshotTaken s -> onSnapshot(view);
    };
  }

  private Step settled(TransferView view) {
    return view.now().delivered() ? Ended.completed(view) : Step.stay(this, "not joined yet");
  }

  /** A failed completion leaves both calls as they were. */
  private Step notJoined(Cause cause, TransferView view) {
    if (view.plan().complete() != CompleteWhen.MANUAL || view.now().transferorGone()) {
      return Reverting.restore(deadline, cause, view);
    }
    Deadline next = deadline.next();
    TargetState target =
        view.now().targetAnswered()
            ? TargetState.ANSWERED
            : view.now().targetBusy()
                ? TargetState.BUSY
                : view.now().targetAlerting() ? TargetState.ALERTING : TargetState.FAILED;
    Focus focus = view.now().transferorHeld() ? Focus.TARGET : Focus.TRANSFEREE;
    Consulting consulting =
        new Consulting(next, focus, target, Optional.empty(), Optional.of(cause));
    return Step.to(
        consulting,
        "a failed completion leaves both calls as they were",
        next.in(consulting.patience(view)));
  }

  @Override
  public Step expired(TransferView view, boolean seen) {
    Cause cause =
        Cause.of(view.now().targetAnswered() ? Cause.Code.DEADLINE : Cause.Code.NO_ANSWER);
    return Reverting.restore(deadline, cause, view);
  }
}
