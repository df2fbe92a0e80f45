package org.jackfield.core.transfer;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Reason;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.Transfer.Focus;
import org.jackfield.api.transfer.Transfer.TargetState;
import org.jackfield.api.transfer.TransferPhase;
import org.jackfield.api.transfer.TransferVerb;

/**
 * The calls are being joined.
 *
 * <p><b>Preconditions</b>: a target that answered, or rings or is busy where the PBX completes
 * then. <b>Entered from</b>: Redirecting, Holding, Consulting. <b>Does</b>: has asked the PBX to
 * join, after alternating back where the transferor talked with the transferee; where the transfer
 * is made by a conference, takes the transferor out of it; waits for the joined topology. <b>Leaves
 * to</b>: Ended when it stands, Consulting or Reverting when it will not.
 *
 * @param as what the PBX is asked to make
 * @param stage how far the joining is
 * @param drop whether the transferor is to be taken out of the conference
 */
record Completing(Deadline deadline, CompleteAs as, Stage stage, boolean drop)
    implements TransferState.Live {

  /** How far the joining is. */
  enum Stage {
    /** The join waits for the transferor to be back with the target. */
    ALTERNATING,
    /** The PBX joins the calls. */
    JOINING,
    /** The phones have joined the calls, and the target rings. */
    JOINED_BY_OTHERS,
    /** The three are in a conference, of which the transferor is taken out. */
    RELEASING
  }

  /** The target of a blind transfer has answered: the PBX lets the transferor go by itself. */
  static Step released(Deadline deadline, TransferView view) {
    if (view.now().delivered()) {
      return Ended.completed(view);
    }
    Deadline next = deadline.next();
    return Step.to(
        new Completing(next, CompleteAs.TRANSFER, Stage.JOINING, false),
        "the target has answered; the PBX lets the transferor go",
        next.in(Deadline.STEP));
  }

  /** The PBX or the phones have joined the calls before the target answered. */
  static Step joining(Deadline deadline, TransferView view) {
    Deadline next = deadline.next();
    return Step.to(
        new Completing(next, CompleteAs.TRANSFER, Stage.JOINED_BY_OTHERS, false),
        "joined, the target rings",
        next.in(view.plan().timeouts().answer()));
  }

  static Step join(Deadline deadline, CompleteAs wanted, Focus focus, TransferView view) {
    boolean drop = view.drops(wanted);
    CompleteAs as = drop ? CompleteAs.CONFERENCE : wanted;
    Deadline next = deadline.next();
    Effect.Arm arm =
        next.in(view.now().targetAnswered() ? Deadline.STEP : view.plan().timeouts().answer());
    return focus == Focus.TRANSFEREE
        ? Step.to(
            new Completing(next, as, Stage.ALTERNATING, drop),
            "the transferor talks with the transferee: alternate back first",
            new Effect.AlternateCalls(),
            arm)
        : Step.to(
            new Completing(next, as, Stage.JOINING, drop),
            drop ? "join all three, then let the transferor go" : "complete",
            new Effect.JoinCalls(as),
            arm);
  }

  @Override
  public TransferPhase phase() {
    return TransferPhase.COMPLETING;
  }

  @Override
  public Completing with(Deadline deadline) {
    return new Completing(deadline, as, stage, drop);
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
          stage == Stage.ALTERNATING
              ? Step.to(
                  new Completing(deadline, as, Stage.JOINING, drop),
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
          view.now().targetAnswered() && !view.now().transferorGone()
              ? Ended.abandoned(f.cause(), "the transferor and the target keep a plain call")
              : Reverting.clear(deadline, f.cause(), view);
      case TransferInput.Joined f -> settled(view);
      case TransferInput.Conferenced f -> conferenced();
      case TransferInput.Overtaken f -> Reverting.overtaken(deadline, view);
      case TransferInput.StepAccepted f -> Step.stay(this, "an acknowledgement is no outcome");
      case TransferInput.StepRefused f -> refused(f, view);
      case TransferInput.StepFailed f -> undone(f.act(), f.cause(), view);
      case TransferInput.DeadlinePassed d -> onClock(d, view);
      case TransferInput.ProviderLost l -> onLost(l);
      case TransferInput.SnapshotTaken s -> onSnapshot(view);
    };
  }

  private Step settled(TransferView view) {
    if (!view.now().delivered()) {
      return Step.stay(this, "not joined yet");
    }
    return stage == Stage.JOINED_BY_OTHERS ? Ended.overtaken() : Ended.completed(view);
  }

  private Step conferenced() {
    if (as != CompleteAs.CONFERENCE) {
      return Step.stay(this, "the transferor is still there");
    }
    if (!drop) {
      return Ended.conferenced("all three are conferenced");
    }
    if (stage == Stage.RELEASING) {
      return Step.stay(this, "the transferor is still there");
    }
    Deadline next = deadline.next();
    return Step.to(
        new Completing(next, as, Stage.RELEASING, true),
        "all three are conferenced: the transferor is let go",
        new Effect.ReleaseTransferor(),
        next.in(Deadline.STEP));
  }

  /**
   * What the PBX cannot do is done the other way from where the calls are now, once: a conference
   * stands in for a transfer where the plan allows that, and a transfer for a conference.
   */
  private Step refused(TransferInput.StepRefused refused, TransferView view) {
    boolean other =
        stage == Stage.JOINING
            && refused.act() instanceof Effect.JoinCalls join
            && join.as() == as
            && refused.reply().reason() == Reason.NOT_SUPPORTED
            && view.now().targetAnswered();
    if (other && as == CompleteAs.TRANSFER && view.mayConference()) {
      return joinBy(
          CompleteAs.CONFERENCE,
          "the PBX does not complete as a transfer: a conference, of which the transferor is let go");
    }
    if (other && drop && view.mayJoin()) {
      return joinBy(CompleteAs.TRANSFER, "the PBX makes no conference: completed as a transfer");
    }
    return undone(refused.act(), refused.reply().cause(), view);
  }

  private Step joinBy(CompleteAs otherwise, String why) {
    Deadline next = deadline.next();
    return Step.to(
        new Completing(next, otherwise, Stage.JOINING, otherwise == CompleteAs.CONFERENCE),
        why,
        new Effect.JoinCalls(otherwise),
        next.in(Deadline.STEP));
  }

  private Step undone(Effect.Act act, Cause cause, TransferView view) {
    return switch (act) {
      case Effect.JoinCalls join ->
          stage == Stage.JOINING && join.as() == as ? notJoined(cause, view) : late();
      case Effect.AlternateCalls a -> stage == Stage.ALTERNATING ? notJoined(cause, view) : late();
      case Effect.RedirectCall a -> notJoined(cause, view);
      case Effect.ReleaseTransferor a -> notReleased();
      default -> late();
    };
  }

  private Step late() {
    return Step.stay(this, "an answer to what was asked before");
  }

  /** A failed completion leaves both calls as they were. */
  private Step notJoined(Cause cause, TransferView view) {
    boolean early = !view.now().targetAnswered() && view.now().targetAlerting();
    if (view.now().transferorGone() || view.isAutomatic() && !early) {
      return Reverting.restore(deadline, cause, view);
    }
    return backToConsulting(cause, view);
  }

  /** A person decides what next; one who asked for an early completion gets it on the answer. */
  private Step backToConsulting(Cause cause, TransferView view) {
    Deadline next = deadline.next();
    Topology now = view.now();
    TargetState target = TargetState.FAILED;
    if (now.targetAnswered()) {
      target = TargetState.ANSWERED;
    } else if (now.targetBusy()) {
      target = TargetState.BUSY;
    } else if (now.targetAlerting()) {
      target = TargetState.ALERTING;
    }
    Focus focus = now.transferorHeld() ? Focus.TARGET : Focus.TRANSFEREE;
    Consulting consulting =
        new Consulting(next, focus, target, Optional.empty(), Optional.of(cause));
    return Step.to(
        consulting,
        view.isAutomatic()
            ? "not while it rings: completed when the target answers"
            : "a failed completion leaves both calls as they were",
        next.in(consulting.patience(view)));
  }

  /** All three talk; how the PBX sees it is asked before anything is said. */
  private Step notReleased() {
    Deadline asked = deadline.thenAsked();
    return Step.to(
        with(asked),
        "the PBX is asked before anything is said",
        new Effect.AskSnapshot(),
        asked.in(Deadline.STEP));
  }

  @Override
  public Step expired(TransferView view, boolean seen) {
    if (stage == Stage.RELEASING && view.now().conferenced()) {
      return Ended.failed(
          Cause.of(Cause.Code.STEP_REFUSED),
          view,
          seen,
          "nobody is lost: all three are in a conference of which the transferor was not let go");
    }
    Cause cause =
        Cause.of(view.now().targetAnswered() ? Cause.Code.DEADLINE : Cause.Code.NO_ANSWER);
    return Reverting.restore(deadline, cause, view);
  }
}
