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
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.transfer.RecallRung;

/**
 * Turns what a state wants into commands for the PBX, by where the parties are when they are sent.
 *
 * @param home the call in which the transferee is
 * @param away the consultation call, while it lives
 * @param consultation the name that the next consultation call will get
 * @param transferor the party that leaves
 * @param transferorAddress where it can be reached again
 * @param capabilities what the PBX may do
 */
public record Commands(
    CallId home,
    Optional<CallId> away,
    CallId consultation,
    ConnectionId transferor,
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
      case Effect.AlternateCalls a ->
          state instanceof Consulting || state instanceof Completing c && c.back();
      case Effect.JoinCalls a -> state instanceof Completing;
      case Effect.RestoreCall a -> state instanceof Reverting r && r.aim() == Reverting.Aim.RESTORE;
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
      case Effect.AlternateCalls a -> away.map(call -> alternate(call, now, ids)).orElse(List.of());
      case Effect.JoinCalls a ->
          away.<List<Command>>map(
                  call -> List.of(new Command.Complete(ids.get(), home, call, transferor, a.as())))
              .orElse(List.of());
      case Effect.RestoreCall a -> List.of(restore(now, ids));
      case Effect.ClearTarget a -> clearTarget(now, ids);
      case Effect.RecallTransferee a -> recall(a.rung(), now, ids);
      case Effect.ClearRest a -> clearRest(now, ids);
    };
  }

  private List<Command> alternate(CallId call, Topology now, Supplier<CommandId> ids) {
    return List.of(
        now.transferorHeld()
            ? new Command.Alternate(ids.get(), home, call, transferor)
            : new Command.Alternate(ids.get(), call, home, transferor));
  }

  /**
   * One of TAPI's two ways to cancel, never both: unhold the original, or drop the consultation
   * where the original is active already or the PBX cannot unhold.
   */
  private Command restore(Topology now, Supplier<CommandId> ids) {
    boolean drop = now.transferorTalksHome() || !capabilities.permits(Operation.RETRIEVE);
    return away.isPresent() && drop
        ? new Command.Clear(ids.get(), away.get(), transferor)
        : new Command.Retrieve(ids.get(), home, transferor);
  }

  private List<Command> clearTarget(Topology now, Supplier<CommandId> ids) {
    Optional<CallId> where = now.targetHome() ? Optional.of(home) : away;
    if (now.target().isEmpty() || where.isEmpty()) {
      return List.of();
    }
    return List.of(new Command.Clear(ids.get(), where.get(), now.target().get().id()));
  }

  private List<Command> recall(RecallRung rung, Topology now, Supplier<CommandId> ids) {
    if (now.transfereeGone()) {
      return List.of();
    }
    ConnectionId waiting = now.transferees().getFirst().id();
    return List.of(
        switch (rung) {
          case RecallRung.ToTransferor r ->
              now.transferorGone()
                  ? new Command.Recall(ids.get(), home, waiting, transferorAddress)
                  : restore(now, ids);
          case RecallRung.ToAddress r -> new Command.Recall(ids.get(), home, waiting, r.address());
          case RecallRung.ToPark r -> new Command.Park(ids.get(), home, waiting, r.place());
        });
  }

  private List<Command> clearRest(Topology now, Supplier<CommandId> ids) {
    List<Command> commands = new ArrayList<>();
    if (now.targetHome() || now.transferorHome().isPresent() || !now.transfereeGone()) {
      commands.add(new Command.ClearAll(ids.get(), home));
    }
    away.ifPresent(call -> commands.add(new Command.ClearAll(ids.get(), call)));
    return commands;
  }
}
