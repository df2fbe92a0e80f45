package org.jackfield.core.transfer;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.capability.Trait;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.CompleteWhen;
import org.jackfield.api.transfer.Transfer.Focus;
import org.jackfield.api.transfer.Transfer.TargetState;
import org.jackfield.api.transfer.TransferPhase;
import org.jackfield.api.transfer.TransferVerb;

/**
 * The transferee is held; the transferor talks with the target, or will.
 *
 * <p><b>Preconditions</b>: a hold, and another call: a consultation, a new one, one that was held.
 * <b>Entered from</b>: Holding, or Completing when the PBX refused to complete. <b>Does</b>:
 * follows the target, dials again where asked, alternates. <b>Leaves to</b>: Completing by request
 * or by itself, Reverting by cancel, failure, deadline or a party's leaving, Ended when the phones
 * did it themselves.
 *
 * @param focus to whom the transferor talks
 * @param target how far the target is
 * @param redial the address to dial when a new consultation call is there; while dialling, the one
 *     that was dialled over a busy tone, which is that of the target before until it has gone
 * @param failure why the last target failed
 * @param alone whether the transferor's phone has left the call but not the consultation: nobody is
 *     with the transferee
 */
record Consulting(
    Deadline deadline,
    Focus focus,
    TargetState target,
    Optional<Address> redial,
    Optional<Cause> failure,
    boolean alone)
    implements TransferState.Live {

  Consulting(
      Deadline deadline,
      Focus focus,
      TargetState target,
      Optional<Address> redial,
      Optional<Cause> failure) {
    this(deadline, focus, target, redial, failure, false);
  }

  @Override
  public TransferPhase phase() {
    return TransferPhase.CONSULTING;
  }

  @Override
  public Consulting with(Deadline deadline) {
    return new Consulting(deadline, focus, target, redial, failure, alone);
  }

  private Consulting with(Focus focus) {
    return new Consulting(deadline, focus, target, redial, failure, alone);
  }

  private Consulting at(Deadline deadline, TargetState target) {
    return new Consulting(deadline, focus, target, Optional.empty(), failure);
  }

  @Override
  public Duration patience(TransferView view) {
    if (alone) {
      return view.plan().timeouts().recall();
    }
    return switch (target) {
      case UNDIALLED, DIALLING, ALERTING -> view.plan().timeouts().answer();
      case ANSWERED -> view.plan().timeouts().complete();
      case BUSY, FAILED -> view.plan().timeouts().recall();
    };
  }

  /** Of the states that wait for the same, one. */
  TargetState waitsFor() {
    return switch (target) {
      case UNDIALLED -> TargetState.UNDIALLED;
      case DIALLING, ALERTING -> TargetState.ALERTING;
      case ANSWERED -> TargetState.ANSWERED;
      case BUSY, FAILED -> TargetState.FAILED;
    };
  }

  /** A call that was held has nothing to dial on; a new call is placed when the last is over. */
  private boolean dialable(TransferView view) {
    return switch (target) {
      case UNDIALLED, BUSY, FAILED ->
          redial.isEmpty()
              && switch (view.opening()) {
                case CONSULT, ONE_STEP, REDIRECT -> true;
                case NEW_CALL -> !view.now().awayLive();
                case HELD_CALL -> false;
              };
      case DIALLING, ALERTING, ANSWERED -> false;
    };
  }

  /**
   * lineCompleteTransfer: a consultation call completes when connected; earlier only where the
   * driver declares it.
   */
  private boolean completable(TransferView view) {
    return switch (target) {
      case ANSWERED -> true;
      case ALERTING -> view.capabilities().has(Trait.EARLY_COMPLETE);
      case BUSY -> view.capabilities().has(Trait.COMPLETE_ON_BUSY);
      case UNDIALLED, DIALLING, FAILED -> false;
    };
  }

  @Override
  public Set<TransferVerb> permitted(TransferView view) {
    Set<TransferVerb> verbs = EnumSet.of(TransferVerb.CANCEL);
    if (alone) {
      return verbs;
    }
    if (dialable(view)) {
      verbs.add(TransferVerb.DIAL);
    }
    if (target == TargetState.ANSWERED && view.capabilities().permits(Operation.ALTERNATE)) {
      verbs.add(TransferVerb.ALTERNATE);
    }
    if (completable(view)) {
      verbs.add(TransferVerb.COMPLETE);
      if (target == TargetState.ANSWERED
          && (view.capabilities().has(Trait.TRANSFER_CONF)
              || view.capabilities().completionUndeclared())) {
        verbs.add(TransferVerb.CONFERENCE);
      }
    }
    return verbs;
  }

  @Override
  public Step on(TransferInput input, TransferView view) {
    return switch (input) {
      case TransferInput.DialRequested r -> dial(r.to(), view);
      case TransferInput.AlternateRequested r ->
          permitted(view).contains(TransferVerb.ALTERNATE)
              ? Step.to(
                  this,
                  "lineSwapHold: the held and the active call change places",
                  new Effect.AlternateCalls())
              : Step.refuse(this, "there is nobody to alternate with, or the PBX cannot");
      case TransferInput.CompleteRequested r -> complete(r.as(), view);
      case TransferInput.CancelRequested r ->
          Reverting.restore(deadline, Cause.of(Cause.Code.CANCELLED), view);
      case TransferInput.TransferorHeld f ->
          Step.stay(with(Focus.TARGET), "the transferor talks with the target");
      case TransferInput.TransferorRetrieved f -> retrieved(view);
      case TransferInput.ConsultationOpened f -> opened(view);
      case TransferInput.ConsultationOver f -> targetGone(f.cause(), view);
      case TransferInput.TargetAlerting f -> alerting(view);
      case TransferInput.TargetBusy f -> busy(view);
      case TransferInput.TargetAnswered f -> answered(view);
      case TransferInput.TargetFailed f -> targetGone(f.cause(), view);
      case TransferInput.TargetLeft f -> targetGone(f.cause(), view);
      case TransferInput.TransferorLeft f ->
          view.now().joined() ? joined(view) : transferorLeft(f.cause(), view);
      case TransferInput.TransfereeLeft f -> transfereeLeft(f.cause(), view);
      case TransferInput.Joined f -> joined(view);
      case TransferInput.Conferenced f ->
          view.now().conferenced()
              ? Ended.conferenced(
                  Cause.of(Cause.Code.OVERTAKEN), "the phones made the conference by themselves")
              : Step.stay(this, "not seen any more");
      case TransferInput.Overtaken f -> Reverting.overtaken(deadline, view);
      case TransferInput.StepAccepted f -> Step.stay(this, "an acknowledgement is no outcome");
      case TransferInput.StepRefused f -> stepFailed(f.act(), f.reply().cause(), view);
      case TransferInput.StepFailed f -> stepFailed(f.act(), f.cause(), view);
      case TransferInput.DeadlinePassed d -> onClock(d, view);
      case TransferInput.ProviderLost l -> onLost(l);
      case TransferInput.SnapshotTaken s -> onSnapshot(view);
    };
  }

  private Step dial(Address to, TransferView view) {
    if (!permitted(view).contains(TransferVerb.DIAL)) {
      return Step.refuse(
          this, "a target is being dialled or has answered already, or the transferee is alone");
    }
    boolean places = view.opening() == Opening.NEW_CALL;
    if (!places && view.now().transferorAway().isPresent()) {
      Deadline next = deadline.next();
      Optional<Address> overTone = Optional.of(to).filter(a -> view.now().targetBusy());
      return Step.to(
          new Consulting(next, focus, TargetState.DIALLING, overTone, failure),
          "a failed target may be dialled again",
          new Effect.DialTarget(to),
          next.in(view.plan().timeouts().answer()));
    }
    Deadline next = deadline.next();
    return Step.to(
        new Consulting(next, focus, TargetState.UNDIALLED, Optional.of(to), failure),
        "the last other call is over: another one first",
        places ? new Effect.PlaceCall(to) : new Effect.OpenConsultation(Optional.empty()),
        next.in(places ? view.plan().timeouts().answer() : Deadline.STEP));
  }

  private Step opened(TransferView view) {
    if (redial.isPresent() && target == TargetState.UNDIALLED) {
      boolean dialsByItself = view.opening() == Opening.NEW_CALL;
      return dialling("the new call stands", redial.filter(to -> !dialsByItself), view);
    }
    if (redial.isPresent() && !view.now().targetBusy()) {
      return Step.stay(at(deadline, target), "the busy tone of the target before has gone");
    }
    if (alone == view.now().transfereeAlone()) {
      return Step.stay(this, "the consultation call stands");
    }
    Deadline next = deadline.next();
    Consulting after = new Consulting(next, focus, target, redial, failure, !alone);
    return Step.to(
        after,
        alone
            ? "the transferor is back in its call"
            : "the transferee is alone, and is recalled unless the transferor comes back",
        next.in(after.patience(view)));
  }

  private Step dialling(String why, Optional<Address> dial, TransferView view) {
    Deadline next = deadline.next();
    Consulting dialling = at(next, TargetState.DIALLING);
    Effect.Arm answer = next.in(view.plan().timeouts().answer());
    return dial.map(to -> Step.to(dialling, why, new Effect.DialTarget(to), answer))
        .orElseGet(() -> Step.to(dialling, why, answer));
  }

  private Step complete(CompleteAs as, TransferView view) {
    if (!permitted(view)
        .contains(as == CompleteAs.TRANSFER ? TransferVerb.COMPLETE : TransferVerb.CONFERENCE)) {
      return Step.refuse(
          this,
          alone
              ? "the transferor is not in the call any more"
              : "the consultation call is " + target.text());
    }
    return Completing.join(deadline, as, focus, view);
  }

  private Step retrieved(TransferView view) {
    if (view.now().restored()) {
      return Reverting.failed(deadline, failure.orElse(Cause.of(Cause.Code.CANCELLED)), view);
    }
    return view.now().awayLive()
        ? Step.stay(with(Focus.TRANSFEREE), "the transferor talks with the transferee")
        : Step.stay(this, "not settled yet");
  }

  private Step alerting(TransferView view) {
    if (target != TargetState.DIALLING) {
      return Step.stay(this, "known already");
    }
    Consulting ringing = at(deadline, TargetState.ALERTING);
    return view.completesWhen() == CompleteWhen.ON_RINGING && ringing.completable(view)
        ? Completing.join(deadline, view.completesAs(), focus, view)
        : Step.stay(ringing, "the target rings");
  }

  private Step busy(TransferView view) {
    if (target != TargetState.DIALLING && target != TargetState.ALERTING) {
      return Step.stay(this, "known already");
    }
    if (redial.isPresent()) {
      return Step.stay(this, "that is the tone of the target before");
    }
    return notReached(TargetState.BUSY, Cause.of(Cause.Code.BUSY), view);
  }

  private Step answered(TransferView view) {
    if (target == TargetState.ANSWERED) {
      return Step.stay(this, "known already");
    }
    if (view.isAutomatic()) {
      return Completing.join(deadline, view.completesAs(), focus, view);
    }
    Deadline next = deadline.next();
    return Step.to(
        at(next, TargetState.ANSWERED),
        "the target has answered",
        next.in(view.plan().timeouts().complete()));
  }

  /** The original call stays on hold. A person may dial again; else it goes back. */
  private Step targetGone(Cause cause, TransferView view) {
    boolean placed = view.opening() == Opening.NEW_CALL && redial.isPresent();
    if (target == TargetState.FAILED || target == TargetState.UNDIALLED && !placed) {
      return Step.stay(this, "known already");
    }
    if (target == TargetState.BUSY && !view.now().awayLive()) {
      return Step.stay(this, "the busy target's call is over");
    }
    return notReached(TargetState.FAILED, cause, view);
  }

  private Step notReached(TargetState how, Cause cause, TransferView view) {
    return view.isAutomatic() || view.besideHeldCall()
        ? Reverting.failed(deadline, cause, view)
        : awaitPerson(how, cause, view);
  }

  private Step awaitPerson(TargetState failed, Cause cause, TransferView view) {
    Deadline next = deadline.next();
    Consulting waiting = new Consulting(next, focus, failed, Optional.empty(), Optional.of(cause));
    Effect.Arm arm = next.in(view.plan().timeouts().recall());
    return view.opening() == Opening.NEW_CALL && view.now().awayLive() && !waiting.completable(view)
        ? Step.to(
            waiting,
            "the original call stays on hold; the new one is cleared, so that another can be placed",
            new Effect.EndConsultation(),
            arm)
        : Step.to(
            waiting,
            "the original call stays on hold; dial again, cancel, or it goes back by itself",
            arm);
  }

  /** The phones have completed by themselves. */
  private Step joined(TransferView view) {
    return view.now().delivered() ? Ended.overtaken() : Completing.joining(deadline, view);
  }

  /** Before completion the transferor's hang-up completes where it can. */
  private Step transferorLeft(Cause cause, TransferView view) {
    return completable(view) && view.now().target().isPresent() && !view.now().transfereeGone()
        ? Completing.join(deadline, CompleteAs.TRANSFER, Focus.TARGET, view)
        : Reverting.failed(deadline, failure.orElse(cause), view);
  }

  /** The consultation becomes a plain call if it stands; what only rings is cleared. */
  private Step transfereeLeft(Cause cause, TransferView view) {
    return target == TargetState.ANSWERED && !view.now().transferorGone()
        ? Ended.abandoned(cause, "the consultation call becomes a plain call")
        : Reverting.clear(deadline, cause, view);
  }

  private Step stepFailed(Effect.Act act, Cause cause, TransferView view) {
    return switch (act) {
      case Effect.DialTarget d -> targetGone(cause, view);
      case Effect.OpenConsultation o -> awaitPerson(TargetState.FAILED, cause, view);
      case Effect.PlaceCall p -> notReached(TargetState.FAILED, cause, view);
      case Effect.EndConsultation e -> Step.stay(this, "the PBX clears the failed call by itself");
      case Effect.AlternateCalls a -> Step.stay(this, "both calls are as they were");
      default -> Step.stay(this, "not of this state");
    };
  }

  @Override
  public Step expired(TransferView view, boolean seen) {
    Cause.Code code =
        switch (target) {
          case UNDIALLED, ANSWERED -> Cause.Code.DEADLINE;
          case DIALLING, ALERTING -> Cause.Code.NO_ANSWER;
          case BUSY -> Cause.Code.BUSY;
          case FAILED -> Cause.Code.UNKNOWN;
        };
    return Reverting.restore(deadline, failure.orElse(Cause.of(code)), view);
  }
}
