package org.jackfield.core.transfer;

import java.time.Duration;
import java.util.Set;
import org.jackfield.api.session.Cause;
import org.jackfield.api.transfer.TransferPhase;
import org.jackfield.api.transfer.TransferVerb;

/**
 * A blind transfer is under way.
 *
 * <p><b>Preconditions</b>: the transferor is connected, a blind transfer was legal. <b>Entered
 * from</b>: the request. <b>Does</b>: has asked the PBX to redirect the call; waits for the target.
 * <b>Leaves to</b>: Completing when the target answers, Ended when the call is delivered, Reverting
 * when the target fails, the deadline passes, a needed party leaves, or it is cancelled.
 *
 * @param doubted whether nothing of it was seen when the PBX could be seen again: it has not begun,
 *     or it is over and the PBX has put everybody back meanwhile
 */
record Redirecting(Deadline deadline, boolean doubted) implements TransferState.Live {
  @Override
  public TransferPhase phase() {
    return TransferPhase.REDIRECTING;
  }

  @Override
  public Redirecting with(Deadline deadline) {
    return new Redirecting(deadline, doubted && !deadline.lost());
  }

  /** What was asked for before, and is still on its way now, shows as soon as a call given way. */
  @Override
  public Duration patience(TransferView view) {
    return doubted ? Deadline.GIVE_WAY : view.plan().timeouts().answer();
  }

  @Override
  public Set<TransferVerb> permitted(TransferView view) {
    return view.now().transferorHome().isPresent() && !view.now().targetAnswered()
        ? Set.of(TransferVerb.CANCEL)
        : Set.of();
  }

  @Override
  public Step on(TransferInput input, TransferView view) {
    return switch (input) {
      case TransferInput.DialRequested r -> Step.refuse(this, "a blind transfer dials by itself");
      case TransferInput.AlternateRequested r ->
          Step.refuse(this, "a blind transfer has no consultation call");
      case TransferInput.CompleteRequested r ->
          Step.refuse(this, "a blind transfer completes by itself");
      case TransferInput.CancelRequested r ->
          permitted(view).contains(TransferVerb.CANCEL)
              ? Reverting.restore(deadline, Cause.of(Cause.Code.CANCELLED), view)
              : Step.refuse(this, "the transferor is out, or the target has answered");
      case TransferInput.TransferorHeld f -> begun(view, "the transferor waits (on answer)");
      case TransferInput.TransferorRetrieved f ->
          Step.stay(this, "the transferor is still there (on answer)");
      case TransferInput.ConsultationOpened f -> Step.stay(this, "not of this plan");
      case TransferInput.ConsultationOver f -> Step.stay(this, "not of this plan");
      case TransferInput.TargetAlerting f -> begun(view, "the target rings");
      case TransferInput.TargetBusy f -> Step.stay(this, "not of this plan");
      case TransferInput.TargetAnswered f -> Completing.released(deadline, view);
      case TransferInput.TargetFailed f -> Reverting.await(deadline, f.cause(), view);
      case TransferInput.TargetLeft f -> Reverting.await(deadline, f.cause(), view);
      case TransferInput.TransferorLeft f ->
          Step.stay(this, "after acceptance the transferor may go");
      case TransferInput.TransfereeLeft f -> Reverting.clear(deadline, f.cause(), view);
      case TransferInput.Joined f ->
          view.now().delivered() ? Ended.completed(view) : Step.stay(this, "the target rings");
      case TransferInput.Conferenced f -> Completing.released(deadline, view);
      case TransferInput.Overtaken f -> Reverting.overtaken(deadline, view);
      case TransferInput.StepAccepted f ->
          isOwn(f.act()) ? begun(view, "an acknowledgement is no outcome") : late();
      case TransferInput.StepRefused f ->
          isOwn(f.act()) ? Reverting.refused(deadline, f, view) : late();
      case TransferInput.StepFailed f ->
          isOwn(f.act()) ? Reverting.failed(deadline, f.cause(), view) : late();
      case TransferInput.DeadlinePassed d -> onClock(d, view);
      case TransferInput.ProviderLost l -> onLost(l);
      case TransferInput.SnapshotTaken s ->
          deadline.lost()
              ? new Redirecting(deadline, view.restored() && !view.unanswered()).onSnapshot(view)
              : onSnapshot(view);
    };
  }

  private static boolean isOwn(Effect.Act act) {
    return act instanceof Effect.RedirectCall;
  }

  private Step late() {
    return Step.stay(this, "an answer to what was asked before");
  }

  /** If that was in doubt, the target has all its time from now on. */
  private Step begun(TransferView view, String why) {
    if (!doubted) {
      return Step.stay(this, why);
    }
    Deadline next = deadline.next();
    return Step.to(new Redirecting(next, false), why, next.in(view.plan().timeouts().answer()));
  }

  @Override
  public Step expired(TransferView view, boolean seen) {
    if (doubted && view.unanswered()) {
      return begun(view, "what was asked for late is not answered yet");
    }
    return doubted && seen
        ? Reverting.failed(deadline, Cause.of(Cause.Code.UNKNOWN), view)
        : Reverting.restore(deadline, Cause.of(Cause.Code.NO_ANSWER), view);
  }
}
