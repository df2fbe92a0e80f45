package org.jackfield.core.transfer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Reason;
import org.jackfield.api.transfer.RecallRung;
import org.jackfield.api.transfer.TransferOutcome;
import org.jackfield.api.transfer.TransferOutcome.Evidence;
import org.jackfield.api.transfer.TransferPhase;
import org.jackfield.api.transfer.TransferVerb;

/**
 * The calls go back to what they were; or the transferee goes down the recall ladder; or, when a
 * needed party has left, what was started is cleared.
 *
 * <p><b>Preconditions</b>: the transfer will not complete as asked. <b>Entered from</b>: any live
 * state. <b>Does</b>: one of its three aims. <b>Leaves to</b>: Ended, reverted, recalled, abandoned
 * or failed; completed, if the PBX was faster.
 *
 * @param aim what it is after
 * @param rung the rung of the ladder that is being tried; on the way back, how often it was tried
 * @param cause why the transfer did not complete
 * @param settled whether what is seen now can be believed: after a command that may not have been
 *     carried out yet, the old topology looks just like the restored one, so the PBX is asked first
 * @param undone what the way back was asked to undo last
 */
record Reverting(Deadline deadline, Aim aim, int rung, Cause cause, boolean settled, Undo undone)
    implements TransferState.Live {

  /** What stands in the way of transferor and transferee. */
  enum Undo {
    NOTHING,
    /** The transferor holds the call. */
    HOLD,
    /** There is a new call, which must be over first. */
    NEW_CALL,
    /** The same; it came up when a retrieve had been asked for, which may still have its effect. */
    NEW_CALL_TOO,
    /** The same as HOLD; but a retrieve that was asked for before may still come: no second one. */
    HOLD_STILL,
    /** Whom a rung of the ladder brought when the transferor had taken the call back. */
    RUNG;

    /** A consultation is undone by one command, whatever of it stands; other calls by steps. */
    static Undo of(TransferView view) {
      Topology now = view.now();
      return switch (view.opening()) {
        case REDIRECT, CONSULT, ONE_STEP -> HOLD;
        case HELD_CALL -> now.transferorTalksHome() ? NOTHING : HOLD;
        case NEW_CALL -> {
          if (now.awayLive()) {
            yield NEW_CALL;
          }
          yield now.transferorTalksHome() ? NOTHING : HOLD;
        }
      };
    }
  }

  /** How often the way back is tried again before the transferee goes down the ladder. */
  private static final int MOST_TRIES = 1;

  /** What the state is after. */
  enum Aim {
    /** The PBX is putting the parties back by itself. */
    AWAIT,
    /** Transferor and transferee talk as before. */
    RESTORE,
    /** The transferee talks with a rung of the ladder. */
    RECALL,
    /** Nothing rings for a party that has left. */
    CLEAR,
    /**
     * A phone, the PBX or its operator moves the call: it is let be, and what it became is told.
     */
    GIVE_WAY
  }

  /** Undo: whatever was started is cleared and the transferor gets its call back. */
  static Step restore(Deadline deadline, Cause cause, TransferView view) {
    return restore(deadline, 0, cause, view);
  }

  /**
   * Undo.
   *
   * @param tries how often it was tried already
   */
  private static Step restore(Deadline deadline, int tries, Cause cause, TransferView view) {
    if (view.now().transfereeGone()) {
      return clear(deadline, cause, view);
    }
    if (view.now().transferorHome().isEmpty()) {
      return recall(deadline, 0, cause, view);
    }
    Deadline next = deadline.next();
    return Step.to(
        new Reverting(next, Aim.RESTORE, tries, cause, !view.restored(), Undo.of(view)),
        "the transferor gets its call back",
        new Effect.RestoreCall(),
        next.in(Deadline.STEP));
  }

  /** The target failed, or a step: the call must be retrieved, unless it stands already. */
  static Step failed(Deadline deadline, Cause cause, TransferView view) {
    if (!view.restored()) {
      return restore(deadline, cause, view);
    }
    if (!view.unanswered()) {
      return reverted(cause);
    }
    Deadline next = deadline.next();
    return Step.to(
        new Reverting(next, Aim.RESTORE, 0, cause, false, Undo.NOTHING),
        "as before, but what was asked of the PBX may still change that",
        new Effect.AskSnapshot(),
        next.in(Deadline.STEP));
  }

  /** A blind target failed while the transferor waits: the PBX itself puts the parties back. */
  static Step await(Deadline deadline, Cause cause, TransferView view) {
    if (view.restored() || view.now().transferorGone() || view.now().transfereeGone()) {
      return failed(deadline, cause, view);
    }
    Deadline next = deadline.next();
    return Step.to(
        new Reverting(next, Aim.AWAIT, 0, cause, true, Undo.NOTHING),
        "the PBX puts transferor and transferee back; no second retrieve is sent",
        next.in(Deadline.STEP));
  }

  /**
   * The transferor has left before anything of ours stood. The PBX may be ending the call, or a
   * phone may have transferred it: what comes of that is waited for, before anybody is recalled.
   */
  static Step giveWay(Deadline deadline, Cause cause, TransferView view) {
    if (view.now().awayLive() || view.now().transfereeGone()) {
      return failed(deadline, cause, view);
    }
    Deadline next = deadline.next();
    return Step.to(
        new Reverting(next, Aim.GIVE_WAY, 0, cause, true, Undo.NOTHING),
        "the call may be on its way to somebody else: it is let be",
        next.in(Deadline.GIVE_WAY));
  }

  /** Somebody else has moved the call: what was started for it is cleared, the call is let be. */
  static Step overtaken(Deadline deadline, TransferView view) {
    return overtaken(deadline, !nothingRings(view), view);
  }

  private static Step overtaken(Deadline deadline, boolean isLeft, TransferView view) {
    Deadline next = deadline.next();
    Cause cause = Cause.of(Cause.Code.OVERTAKEN);
    Reverting yielding = new Reverting(next, Aim.GIVE_WAY, 0, cause, true, Undo.NOTHING);
    if (isLeft) {
      return Step.to(
          yielding,
          "somebody else has moved the call: what was started for it is cleared",
          new Effect.EndConsultation(),
          next.in(Deadline.STEP));
    }
    Step looked = yielding.look(view, "somebody else has moved the call: it is let be");
    return looked.next() instanceof Ended
        ? looked
        : Step.to(yielding, looked.why(), next.in(Deadline.GIVE_WAY));
  }

  /** Nothing is left of what was started: or it stands by itself, or was there before. */
  private static boolean nothingRings(TransferView view) {
    Topology now = view.now();
    return !now.awayLive() || now.consultationStands() || view.besideHeldCall();
  }

  /** The PBX refused the first step: nothing was done. */
  static Step refused(Deadline deadline, TransferInput.StepRefused refused, TransferView view) {
    Cause.Code code =
        refused.reply().reason() == Reason.INVALID_ADDRESS
            ? Cause.Code.BAD_ADDRESS
            : refused.reply().cause().code();
    Cause cause =
        new Cause(code, refused.reply().reason().text(), refused.reply().cause().driver());
    return view.now().transferorGone()
        ? giveWay(deadline, cause, view)
        : failed(deadline, cause, view);
  }

  /** A party whose presence was needed has left. */
  static Step clear(Deadline deadline, Cause cause, TransferView view) {
    if (view.besideHeldCall() && view.now().transferorAway().isPresent()) {
      return Ended.abandoned(cause, "the call that was held before stays with the transferor");
    }
    Deadline next = deadline.next();
    return Step.to(
        new Reverting(next, Aim.CLEAR, 0, cause, false, Undo.NOTHING),
        "what was started for a party that has left is cleared",
        new Effect.ClearRest(),
        next.in(Deadline.STEP));
  }

  private static Step recall(Deadline deadline, int rung, Cause cause, TransferView view) {
    List<RecallRung> ladder = view.plan().recall();
    Deadline next = deadline.next();
    if (rung >= ladder.size()) {
      return Step.to(
          new Reverting(next, Aim.CLEAR, rung, cause, false, Undo.NOTHING),
          "the recall ladder is at its end; nobody is left in silence",
          new Effect.ClearRest(),
          next.in(Deadline.STEP));
    }
    List<Effect> effects = new ArrayList<>();
    boolean kept = view.besideHeldCall() && view.now().transferorAway().isPresent();
    if (!kept && (view.now().target().isPresent() || view.now().awayLive())) {
      effects.add(new Effect.ClearTarget());
    }
    effects.add(new Effect.RecallTransferee(ladder.get(rung)));
    effects.add(next.in(view.plan().timeouts().recall()));
    return Step.to(
        new Reverting(next, Aim.RECALL, rung, cause, view.now().target().isEmpty(), Undo.NOTHING),
        "rung " + (rung + 1) + " of the recall ladder",
        effects.toArray(Effect[]::new));
  }

  @Override
  public TransferPhase phase() {
    return TransferPhase.REVERTING;
  }

  @Override
  public Reverting with(Deadline deadline) {
    return new Reverting(deadline, aim, rung, cause, settled, undone);
  }

  private Reverting believing() {
    return new Reverting(deadline, aim, rung, cause, true, undone);
  }

  @Override
  public Duration patience(TransferView view) {
    return aim == Aim.RECALL ? view.plan().timeouts().recall() : Deadline.STEP;
  }

  @Override
  public Set<TransferVerb> permitted(TransferView view) {
    return Set.of();
  }

  @Override
  public Step on(TransferInput input, TransferView view) {
    return switch (input) {
      case TransferInput.DialRequested r -> Step.refuse(this, "the calls are going back");
      case TransferInput.AlternateRequested r -> Step.refuse(this, "the calls are going back");
      case TransferInput.CompleteRequested r -> Step.refuse(this, "the calls are going back");
      case TransferInput.CancelRequested r -> Step.refuse(this, "the calls are going back already");
      case TransferInput.TransferorHeld f ->
          aim == Aim.CLEAR || aim == Aim.RECALL
              ? look(view, "on its way")
              : believing().goOn(view, "on its way");
      case TransferInput.TransferorRetrieved f -> look(view, "on its way");
      case TransferInput.ConsultationOpened f -> goOn(view, "on its way");
      case TransferInput.ConsultationOver f -> believing().goOn(view, "what was started is over");
      case TransferInput.TargetAlerting f ->
          aim == Aim.RECALL
              ? look(view, "somebody rings")
              : believing().rings(view, "the PBX has acted: it rings");
      case TransferInput.TargetBusy f -> Step.stay(this, "on its way");
      case TransferInput.TargetAnswered f -> look(view, "somebody has answered");
      case TransferInput.TargetFailed f -> gone(f.cause(), view);
      case TransferInput.TargetLeft f -> gone(f.cause(), view);
      case TransferInput.TransferorLeft f -> transferorLeft(view);
      case TransferInput.TransfereeLeft f ->
          aim == Aim.CLEAR || aim == Aim.GIVE_WAY
              ? look(view, "known already")
              : clear(deadline, f.cause(), view);
      case TransferInput.Joined f -> look(view, "joined, not answered");
      case TransferInput.Conferenced f -> look(view, "not settled yet");
      case TransferInput.Overtaken f ->
          aim == Aim.GIVE_WAY || aim == Aim.CLEAR
              ? look(view, "it is let be")
              : overtaken(deadline, view.now().awayLive() && !view.besideHeldCall(), view);
      case TransferInput.StepAccepted f -> accepted(f.act());
      case TransferInput.StepRefused f -> undone(f.act(), view);
      case TransferInput.StepFailed f -> undone(f.act(), view);
      case TransferInput.DeadlinePassed d -> onClock(d, view);
      case TransferInput.ProviderLost l -> onLost(l);
      case TransferInput.SnapshotTaken s -> snapshot(view);
    };
  }

  /** Unless it left because somebody was faster and has joined the others, nobody is put back. */
  private Step transferorLeft(TransferView view) {
    Topology now = view.now();
    if (aim != Aim.RESTORE && aim != Aim.AWAIT) {
      return look(view, "the transferor may go");
    }
    if (!now.joined() || view.opening() == Opening.REDIRECT && !now.targetAnswered()) {
      return restore(deadline, cause, view);
    }
    Step looked = look(view, "on its way");
    if (looked.next() instanceof Ended) {
      return looked;
    }
    Deadline next = deadline.next();
    return Step.to(
        new Reverting(next, Aim.GIVE_WAY, 1, cause, true, Undo.NOTHING),
        "transferee and target were joined meanwhile: they are let be",
        next.in(now.targetAnswered() ? Deadline.STEP : view.plan().timeouts().answer()));
  }

  /** The way back has more than one step, and a step that was on its way is undone as well. */
  private Step goOn(TransferView view, String otherwise) {
    Step looked = look(view, otherwise);
    Undo left = Undo.of(view);
    if (looked.next() instanceof Ended
        || aim != Aim.RESTORE
        || left == undone
        || left == Undo.NEW_CALL && undone == Undo.NEW_CALL_TOO
        || left == Undo.HOLD && undone == Undo.HOLD_STILL
        || left == Undo.NOTHING
        || view.now().transferorHome().isEmpty()) {
      return looked;
    }
    Deadline next = deadline.next();
    if (undone == Undo.NEW_CALL_TOO) {
      return Step.to(
          new Reverting(next, aim, rung, cause, true, Undo.HOLD_STILL),
          "the retrieve that was asked for before the new call came up may still come; no second",
          new Effect.AskSnapshot(),
          next.in(Deadline.STEP));
    }
    boolean isLate = (undone == Undo.HOLD || undone == Undo.HOLD_STILL) && !deadline.asked();
    return Step.to(
        new Reverting(next, aim, rung, cause, true, isLate ? Undo.NEW_CALL_TOO : left),
        left == Undo.HOLD ? "now the call is taken back" : "a new call stands: it is cleared",
        new Effect.RestoreCall(),
        next.in(Deadline.STEP));
  }

  /** Whoever sent the call to the very target: it has the target's time to answer. */
  private Step rings(TransferView view, String otherwise) {
    if (aim != Aim.GIVE_WAY || rung > 0 || !view.now().targetHome()) {
      return look(view, otherwise);
    }
    Deadline next = deadline.next();
    return Step.to(
        new Reverting(next, aim, 1, cause, true, undone),
        "somebody else has sent the call to the target: it rings",
        next.in(view.plan().timeouts().answer()));
  }

  /** Whether the aim is reached, by what is seen. */
  private Step look(TransferView view, String otherwise) {
    Topology now = view.now();
    if ((aim == Aim.AWAIT || aim == Aim.RESTORE || aim == Aim.GIVE_WAY) && now.delivered()) {
      boolean cancelled = cause.code() == Cause.Code.CANCELLED;
      boolean byThePbx = cancelled && view.opening() == Opening.REDIRECT;
      return !byThePbx && (aim == Aim.GIVE_WAY || cancelled)
          ? Ended.overtaken()
          : Ended.completed(view);
    }
    if (aim == Aim.RECALL && settled && now.broughtBetween() && brings(view)) {
      Deadline next = deadline.next();
      return Step.to(
          new Reverting(next, aim, rung, cause, false, Undo.RUNG),
          "the transferor has taken the call back: whom the rung brings too late is let go",
          new Effect.ClearTarget(),
          next.in(Deadline.STEP));
    }
    boolean reached =
        switch (aim) {
          case AWAIT, RESTORE -> settled && view.restored();
          case RECALL -> settled && (now.recalled() || view.restored() && !brings(view));
          case CLEAR -> settled && view.cleared();
          case GIVE_WAY -> hasGivenWay(view);
        };
    if (!reached) {
      return Step.stay(this, otherwise);
    }
    return switch (aim) {
      case AWAIT, RESTORE -> reverted(cause);
      case RECALL ->
          view.restored()
              ? reverted(cause)
              : Ended.with(
                  new TransferOutcome.Recalled(
                      view.plan().recall().get(rung), Evidence.VERIFIED, cause),
                  "the transferee talks with a rung of the ladder");
      case CLEAR -> cleared(view);
      case GIVE_WAY -> view.restored() ? reverted(cause) : gaveWay(view);
    };
  }

  /** The rung may still bring somebody to the call, whoever has taken it meanwhile. */
  private boolean brings(TransferView view) {
    return undone != Undo.RUNG
        && !(view.plan().recall().get(rung) instanceof RecallRung.ToTransferor);
  }

  /** The rung will bring nobody: the next one, unless the transferor has taken the call back. */
  private Step nextRung(TransferView view) {
    return view.restored() ? reverted(cause) : recall(deadline, rung + 1, cause, view);
  }

  private static boolean hasGivenWay(TransferView view) {
    Topology now = view.now();
    if (now.strangers().isEmpty()) {
      return view.restored() || now.transfereeGone() && nothingRings(view);
    }
    boolean settles =
        now.transferorHome().isEmpty() || now.transfereeGone() || now.transferorTalksHome();
    return settles && nothingRings(view);
  }

  /** What the call became. What was started and could not be cleared is no abandoned transfer. */
  private Step gaveWay(TransferView view) {
    return view.now().transfereeGone() && nothingRings(view)
        ? Ended.abandoned(why(view), "the transferee has left")
        : Ended.failed(why(view), view, true, "the call was moved by somebody else; it is let be");
  }

  private Cause why(TransferView view) {
    return view.now().strangers().isEmpty() ? cause : Cause.of(Cause.Code.OVERTAKEN);
  }

  private Step cleared(TransferView view) {
    return rung > 0
        ? Ended.with(
            new TransferOutcome.Failed(view.now().places(), Evidence.VERIFIED, cause),
            "nobody on the ladder took the call")
        : Ended.abandoned(cause, "what was started is cleared");
  }

  private Step gone(Cause why, TransferView view) {
    if (aim == Aim.RECALL && settled) {
      return nextRung(view);
    }
    if (aim == Aim.GIVE_WAY && view.now().transferorGone() && !view.now().transfereeGone()) {
      return view.now().strangers().isEmpty()
          ? recall(deadline, 0, why, view)
          : look(view, "the target of the consultation is gone");
    }
    return believing().look(view, aim == Aim.RECALL ? "the old target is gone" : "it is gone");
  }

  /** Whether the act is the one that the aim waits for; others were asked for before it. */
  private boolean isOwn(Effect.Act act) {
    return switch (aim) {
      case AWAIT -> act instanceof Effect.RedirectCall;
      case RESTORE -> act instanceof Effect.RestoreCall;
      case RECALL -> act instanceof Effect.RecallTransferee;
      case CLEAR -> act instanceof Effect.ClearRest;
      case GIVE_WAY -> false;
    };
  }

  /** What was asked for so late that its time was over when it was accepted has it again. */
  private Step accepted(Effect.Act act) {
    if (!isOwn(act)) {
      return Step.stay(this, "an acknowledgement is no outcome");
    }
    if (deadline.asked() && aim == Aim.RESTORE) {
      Deadline next = deadline.next();
      return Step.to(with(next), "accepted only now: it has its time", next.in(Deadline.STEP));
    }
    return settled
        ? Step.stay(this, "an acknowledgement is no outcome")
        : Step.to(this, "seen, not assumed", new Effect.AskSnapshot());
  }

  /** A step was not done; if it is of ours, look at the PBX, then judge. */
  private Step undone(Effect.Act act, TransferView view) {
    if (!isOwn(act)) {
      return act instanceof Effect.ClearTarget
          ? Step.stay(believing(), "the old target is gone already")
          : Step.stay(this, "an answer to what was asked before");
    }
    if (aim == Aim.RECALL) {
      return nextRung(view);
    }
    Deadline asked = deadline.thenAsked();
    return Step.to(
        with(asked),
        "the PBX is asked before anything is said",
        new Effect.AskSnapshot(),
        asked.in(Deadline.STEP));
  }

  private Step snapshot(TransferView view) {
    Step looked = believing().look(view, "not there yet");
    boolean isFirst = !settled && !deadline.asked() && !deadline.lost();
    if (aim == Aim.CLEAR && isFirst && !(looked.next() instanceof Ended)) {
      return Step.to(
          believing(), "what came up meanwhile is cleared as well", new Effect.ClearRest());
    }
    return looked.next() instanceof Ended ? looked : believing().onSnapshot(view);
  }

  @Override
  public Step expired(TransferView view, boolean seen) {
    if (view.unanswered()) {
      Deadline next = deadline.next();
      return Step.to(
          with(next), "what was asked for late is not asked for twice", next.in(Deadline.STEP));
    }
    return switch (aim) {
      case AWAIT -> restore(deadline, cause, view);
      case RESTORE ->
          rung < MOST_TRIES
              ? restore(deadline, rung + 1, cause, view)
              : recall(deadline, 0, cause, view);
      case RECALL ->
          view.now().broughtBetween()
              ? Ended.failed(cause, view, seen, "whom the ladder brought could not be let go")
              : nextRung(view);
      case CLEAR -> notCleared(view, seen);
      case GIVE_WAY ->
          view.now().strangers().isEmpty() ? restore(deadline, cause, view) : gaveWay(view);
    };
  }

  /** Whoever took the call while it was being cleared has it. */
  private Step notCleared(TransferView view, boolean seen) {
    return rung > 0 && seen && view.now().recalled()
        ? Ended.with(
            new TransferOutcome.Recalled(
                view.plan().recall().get(rung - 1), Evidence.VERIFIED, cause),
            "the transferee talks with a rung of the ladder")
        : Ended.failed(
            why(view), view, seen, "none of the others; the last known places are named");
  }

  private static Step reverted(Cause cause) {
    return Ended.with(
        new TransferOutcome.Reverted(Evidence.VERIFIED, cause),
        "transferor and transferee as before");
  }
}
