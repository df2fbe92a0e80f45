package org.jackfield.core.runner;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jackfield.api.journal.JournalRecord;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.CommandId;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Reason;
import org.jackfield.api.session.SessionId;
import org.jackfield.core.session.CallTable;
import org.jackfield.core.session.ProviderLink;
import org.jackfield.core.session.Published;
import org.jackfield.core.session.SessionLane;
import org.jackfield.core.transfer.Commands;
import org.jackfield.core.transfer.Effect;
import org.jackfield.core.transfer.TransferInput;
import org.jackfield.core.transfer.TransferState;
import org.jackfield.core.transfer.Written;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the PBX for what a transfer wants: makes each intent durable before its command leaves, and
 * sends it if it is still wanted then. Touched by its lane only.
 */
final class ActSender {
  private static final Logger LOG = LoggerFactory.getLogger(ActSender.class);

  private final SessionLane lane;
  private final Published out;
  private final TransferRunner runner;

  ActSender(SessionLane lane, Published out, TransferRunner runner) {
    this.lane = lane;
    this.out = out;
    this.runner = runner;
  }

  private CallTable calls() {
    return lane.calls();
  }

  /** Gives what an act begins its name, before anything of it is written down. */
  void prepare(RunningTransfer t, Effect.Act act) {
    if (act instanceof Effect.OpenConsultation || act instanceof Effect.PlaceCall) {
      runner.startsCall(t, new SessionId(out.environment().ids().next()));
    }
    if (isWayBack(act)) {
      t.wayBack = act;
    }
  }

  static boolean isWayBack(Effect.Act act) {
    return act instanceof Effect.RestoreCall || act instanceof Effect.RecallTransferee;
  }

  /** Asks for an act that was prepared as soon as its intent is durable. */
  void intend(RunningTransfer t, Effect.Act act) {
    intend(t, act, commands(t, act, List.of()));
  }

  /** Another way back was asked for since, from where the parties were then. */
  static boolean isPast(RunningTransfer t, Effect.Act act) {
    return isWayBack(act) && act != t.wayBack;
  }

  /** Whether the transfer, as it stands, still wants that done. */
  static boolean isWanted(RunningTransfer t, Effect.Act act) {
    TransferState state = t.state;
    return state != null && t.outcome == null && Commands.wanted(act, state) && !isPast(t, act);
  }

  /** The commands for an act as the parties are now, with ids given before where there are any. */
  List<Command> commands(RunningTransfer t, Effect.Act act, List<CommandId> given) {
    Iterator<CommandId> ids = given.iterator();
    Commands commands =
        new Commands(
            t.home(),
            t.away().filter(call -> calls().find(call).isPresent()),
            t.consultation().map(CallTable::nameOf).orElseGet(t::home),
            t.transferor.party(),
            t.opening(),
            t.transferor.address(),
            calls().may());
    return commands.of(
        act,
        t.topology,
        () -> ids.hasNext() ? ids.next() : new CommandId(out.environment().ids().next()));
  }

  private void intend(RunningTransfer t, Effect.Act act, List<Command> commands) {
    if (commands.isEmpty()) {
      lane.post(() -> nothingToActOn(t, act));
      return;
    }
    List<CompletableFuture<Void>> written = new ArrayList<>();
    for (Command command : commands) {
      written.add(
          out.journal()
              .append(
                  new JournalRecord.CommandIntended(
                      t.id, lane.provider(), command, Written.of(act)))
              .toCompletableFuture());
    }
    CompletableFuture.allOf(written.toArray(CompletableFuture[]::new))
        .whenComplete(
            (done, failure) -> lane.post(() -> intended(t, act, commands, failure == null)));
  }

  /** What had to be there for the act is not, so it has failed before it began. */
  private void nothingToActOn(RunningTransfer t, Effect.Act act) {
    switch (act) {
      case Effect.DialTarget a -> overtaken(t, act);
      case Effect.JoinCalls a -> overtaken(t, act);
      case Effect.AlternateCalls a -> overtaken(t, act);
      case Effect.ReleaseTransferor a -> overtaken(t, act);
      case Effect.ClearRest a -> runner.feed(t, new TransferInput.StepAccepted(act));
      case Effect.RestoreCall a -> runner.feed(t, new TransferInput.StepAccepted(act));
      case Effect.RecallTransferee a -> runner.feed(t, new TransferInput.StepAccepted(act));
      default -> {}
    }
  }

  private void overtaken(RunningTransfer t, Effect.Act act) {
    runner.feed(t, new TransferInput.StepFailed(act, Cause.of(Cause.Code.OVERTAKEN)));
  }

  /** The intent is durable; meanwhile it may have become pointless, or something else to do. */
  private void intended(
      RunningTransfer t, Effect.Act act, List<Command> commands, boolean written) {
    if (t.touched && lane.isPictured()) {
      runner.look(t);
    }
    boolean wanted = isWanted(t, act);
    if (!written) {
      if (wanted) {
        runner.feed(t, new TransferInput.StepRefused(act, notWritten()));
      }
      return;
    }
    if (wanted && !lane.isUp()) {
      t.unsent.add(act);
    }
    if (!wanted || !lane.isUp()) {
      withdraw(t, commands, wanted ? "there is no link" : "it has become pointless");
      return;
    }
    List<CommandId> ids = commands.stream().map(Command::id).toList();
    List<Command> asThingsAre = commands(t, act, ids);
    if (asThingsAre.equals(commands)) {
      commands.forEach(command -> send(t, act, command));
      runner.publish(t);
    } else {
      withdraw(t, commands, "the parties are elsewhere now");
      intend(t, act, commands(t, act, List.of()));
    }
  }

  private static ProviderReply.Refused notWritten() {
    return ProviderReply.Refused.of(
        Reason.JOURNAL_UNAVAILABLE, "the intent could not be made durable");
  }

  void withdraw(RunningTransfer t, List<Command> commands, String why) {
    for (Command command : commands) {
      t.line(out.environment().now(), "command", command.operation().text() + " withdrawn: " + why);
      journal(new JournalRecord.CommandWithdrawn(t.id, command.id()));
    }
  }

  void journal(JournalRecord journalRecord) {
    out.journal()
        .append(journalRecord)
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                LOG.warn("the journal did not take {}", journalRecord, failure);
              }
            });
  }

  void send(RunningTransfer t, Effect.Act act, Command command) {
    switch (act) {
      case Effect.DialTarget dial -> {
        t.target = Optional.of(dial.target());
        t.dialling();
      }
      case Effect.RedirectCall redirect -> {
        t.dialling();
        t.brings = true;
      }
      case Effect.RecallTransferee recall -> t.brings = true;
      // Another phone may answer for the target, or the PBX give the target another name.
      case Effect.JoinCalls join -> t.brings = true;
      case Effect.PlaceCall place -> {
        t.target = Optional.of(place.target());
        t.dialling();
      }
      case Effect.OpenConsultation open -> open.oneStep().ifPresent(address -> t.dialling());
      default -> {}
    }
    t.sent.put(command.id(), act);
    t.unanswered.add(command.id());
    t.line(
        out.environment().now(),
        "command",
        command.operation().text() + " in call " + command.call());
    lane.send(command, result -> sent(t, act, command, result));
  }

  private void sent(
      RunningTransfer t, Effect.Act act, Command command, ProviderLink.CommandResult result) {
    t.unanswered.remove(command.id());
    switch (result) {
      case ProviderLink.CommandResult.Replied(ProviderReply.Refused no) -> {
        if (act instanceof Effect.DialTarget || act instanceof Effect.PlaceCall) {
          t.targetFailed();
        }
        if (act instanceof Effect.RedirectCall) {
          t.brings = false;
        }
        String fact = fact(command, no);
        t.line(out.environment().now(), "reply", fact);
        // What was refused before the way back was asked for anew says nothing of the new one.
        if (!isPast(t, act)) {
          runner.refused(t, new TransferInput.StepRefused(act, no), fact);
        }
      }
      case ProviderLink.CommandResult.Replied accepted ->
          runner.feed(t, new TransferInput.StepAccepted(act));
      case ProviderLink.CommandResult.FateUnknown unknown -> {
        t.line(
            out.environment().now(),
            "reply",
            command.operation().text() + ": its fate is unknown, " + unknown.why());
        lane.askForSnapshot();
      }
    }
  }

  static String fact(Command command, ProviderReply.Refused no) {
    return command.operation().text()
        + " refused, "
        + no.reason().text()
        + ": "
        + no.cause().driver();
  }
}
