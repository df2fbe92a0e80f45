package org.jackfield.core.transfer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.CommandId;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.transfer.RecallRung;
import org.jackfield.api.transfer.Transfer.TargetState;

/**
 * Turns what a state wants into commands for the PBX, by where the parties are when they are sent.
 *
 * @param home the call in which the transferee is
 * @param away the consultation call, while it lives
 * @param consultation the name that the next consultation call will get
 * @param transferor the party that leaves, as it is in the home call
 * @param opening how the plan began: what was there before, what was started
 * @param transferorAddress where it can be reached again
 * @param capabilities what the PBX may do
 */
public record Commands(
    CallId home,
    Optional<CallId> away,
    CallId consultation,
    ConnectionId transferor,
    Opening opening,
    Address transferorAddress,
    Capabilities capabilities) {

  /**
   * Whether a state still wants an act that it asked for before the intent was durable; if not, the
   * intent is withdrawn.
   */
  public static boolean wanted(Effect.Act act, TransferState state) {
    return switch (act) {
      case Effect.RedirectCall a -> state instanceof Redirecting;
      case Effect.OpenConsultation a ->
          state instanceof Holding || state instanceof Consulting c && c.redial().isPresent();
      case Effect.DialTarget a -> state instanceof Consulting;
      case Effect.HoldCall a -> state instanceof Holding h && !h.placed();
      case Effect.PlaceCall a ->
          state instanceof Holding h && h.placed()
              || state instanceof Consulting c && c.redial().isPresent();
      case Effect.EndConsultation a ->
          state instanceof Consulting c && c.target() != TargetState.ANSWERED
              || state instanceof Reverting r && r.aim() == Reverting.Aim.GIVE_WAY;
      case Effect.AlternateCalls a ->
          state instanceof Holding
              || state instanceof Consulting
              || state instanceof Completing c && c.stage() == Completing.Stage.ALTERNATING;
      case Effect.JoinCalls a ->
          state instanceof Completing c && c.stage() == Completing.Stage.JOINING;
      case Effect.ReleaseTransferor a ->
          state instanceof Completing c && c.stage() == Completing.Stage.RELEASING;
      case Effect.RestoreCall a ->
          state instanceof Reverting r
              && r.aim() == Reverting.Aim.RESTORE
              && r.undone() != Reverting.Undo.HOLD_STILL;
      case Effect.ClearTarget a -> state instanceof Reverting;
      case Effect.RecallTransferee a ->
          state instanceof Reverting r && r.aim() == Reverting.Aim.RECALL;
      case Effect.ClearRest a -> state instanceof Reverting r && r.aim() == Reverting.Aim.CLEAR;
    };
  }

  /** The commands for an act, in order; none when there is nothing left to act on. */
  public List<Command> of(Effect.Act act, Topology now, Supplier<CommandId> ids) {
    return switch (act) {
      case Effect.RedirectCall a ->
          List.of(new Command.BlindTransfer(ids.get(), home, transferor, a.target(), a.release()));
      case Effect.OpenConsultation a ->
          List.of(new Command.Consult(ids.get(), home, transferor, consultation, a.oneStep()));
      case Effect.DialTarget a ->
          away.<List<Command>>map(
                  call -> List.of(new Command.Dial(ids.get(), call, transferor, a.target())))
              .orElse(List.of());
      case Effect.HoldCall a -> List.of(new Command.Hold(ids.get(), home, transferor));
      case Effect.PlaceCall a ->
          List.of(new Command.MakeCall(ids.get(), consultation, transferorAddress, a.target()));
      case Effect.EndConsultation a ->
          away.<List<Command>>map(call -> List.of(new Command.ClearAll(ids.get(), call)))
              .orElse(List.of());
      case Effect.ReleaseTransferor a ->
          now.transferorHome()
              .<List<Command>>map(c -> List.of(new Command.Clear(ids.get(), home, c.id())))
              .orElse(List.of());
      case Effect.AlternateCalls a -> away.map(call -> alternate(call, now, ids)).orElse(List.of());
      case Effect.JoinCalls a ->
          away.<List<Command>>map(
                  call -> List.of(new Command.Complete(ids.get(), home, call, transferor, a.as())))
              .orElse(List.of());
      case Effect.RestoreCall a -> restore(now, ids);
      case Effect.ClearTarget a -> clearTarget(now, ids);
      case Effect.RecallTransferee a -> recall(a.rung(), now, ids);
      case Effect.ClearRest a -> clearRest(now, ids);
    };
  }

  /** Each end of the transferor is named as it is in the call that is active. */
  private List<Command> alternate(CallId call, Topology now, Supplier<CommandId> ids) {
    return List.of(
        now.transferorHeld()
            ? new Command.Alternate(ids.get(), home, call, awayEnd(now))
            : new Command.Alternate(ids.get(), call, home, transferor));
  }

  private ConnectionId awayEnd(Topology now) {
    return now.transferorAway().map(Connection::id).orElse(transferor);
  }

  private List<Command> restore(Topology now, Supplier<CommandId> ids) {
    return switch (opening) {
      case HELD_CALL -> backFromHeldCall(now, ids);
      case NEW_CALL -> backFromNewCall(now, ids);
      case REDIRECT, CONSULT, ONE_STEP -> List.of(backFromConsultation(now, ids));
    };
  }

  /** The call that was held before the request is held again, never cleared. */
  private List<Command> backFromHeldCall(Topology now, Supplier<CommandId> ids) {
    if (now.transferorTalksHome()) {
      return List.of();
    }
    return now.transferorTalksAway() && away.isPresent()
        ? alternate(away.get(), now, ids)
        : List.of(new Command.Retrieve(ids.get(), home, transferor));
  }

  /** The new call is cleared; only when it is over can the phone take the first one back. */
  private List<Command> backFromNewCall(Topology now, Supplier<CommandId> ids) {
    if (away.isPresent()) {
      return List.of(new Command.ClearAll(ids.get(), away.get()));
    }
    return now.transferorTalksHome()
        ? List.of()
        : List.of(new Command.Retrieve(ids.get(), home, transferor));
  }

  /**
   * One of TAPI's two ways to cancel, never both: unhold the original, or drop the consultation
   * where the original is active already or the PBX cannot unhold.
   */
  private Command backFromConsultation(Topology now, Supplier<CommandId> ids) {
    boolean drop = now.transferorTalksHome() || !capabilities.permits(Operation.RETRIEVE);
    return away.isPresent() && drop
        ? new Command.Clear(ids.get(), away.get(), transferor)
        : new Command.Retrieve(ids.get(), home, transferor);
  }

  /** What rings for the transferee, and the transferor's side of it. */
  private List<Command> clearTarget(Topology now, Supplier<CommandId> ids) {
    if (now.targetHome() && now.target().isPresent()) {
      return List.of(new Command.Clear(ids.get(), home, now.target().get().id()));
    }
    return away.<List<Command>>map(call -> List.of(new Command.ClearAll(ids.get(), call)))
        .orElse(List.of());
  }

  private List<Command> recall(RecallRung rung, Topology now, Supplier<CommandId> ids) {
    if (now.transfereeGone()) {
      return List.of();
    }
    ConnectionId waiting = now.transferees().getFirst().id();
    return switch (rung) {
      case RecallRung.ToTransferor r ->
          now.transferorHome().isEmpty()
              ? List.of(new Command.Recall(ids.get(), home, waiting, transferorAddress))
              : restore(now, ids);
      case RecallRung.ToAddress r ->
          List.of(new Command.Recall(ids.get(), home, waiting, r.address()));
      case RecallRung.ToPark r -> List.of(new Command.Park(ids.get(), home, waiting, r.place()));
    };
  }

  /** A call that the transferor held before the request is not ours to clear while it is there. */
  private List<Command> clearRest(Topology now, Supplier<CommandId> ids) {
    List<Command> commands = new ArrayList<>();
    if (now.targetHome() || now.transferorHome().isPresent() || !now.transfereeGone()) {
      commands.add(new Command.ClearAll(ids.get(), home));
    }
    if (opening != Opening.HELD_CALL || now.transferorAway().isEmpty()) {
      away.ifPresent(call -> commands.add(new Command.ClearAll(ids.get(), call)));
    }
    return commands;
  }
}
