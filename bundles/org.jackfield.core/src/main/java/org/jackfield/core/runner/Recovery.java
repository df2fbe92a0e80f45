package org.jackfield.core.runner;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jackfield.api.journal.JournalRecord;
import org.jackfield.api.journal.Remembered;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.CommandFate;
import org.jackfield.api.provider.CommandId;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.session.Reason;
import org.jackfield.core.session.Published;
import org.jackfield.core.session.SessionLane;
import org.jackfield.core.transfer.Advance;
import org.jackfield.core.transfer.Effect;
import org.jackfield.core.transfer.TransferInput;
import org.jackfield.core.transfer.TransferState;
import org.jackfield.core.transfer.Written;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes on with the transfers of one lane that an earlier life of the server has left: looks how
 * their calls are, and asks the PBX what became of each command that was intended. What it finds
 * and decides, and why, are lines of the transfer's timeline. Touched by its lane only.
 */
final class Recovery {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

  /** How long a provider may take to come back after a restart. */
  static final Duration GIVEN_UP = Duration.ofMinutes(2);

  /** A deadline that ended while the server was down leaves the PBX that much time to tell. */
  private static final Duration LEAST = Duration.ofSeconds(1);

  private final SessionLane lane;
  private final Published out;
  private final TransferRunner runner;
  private final ActSender sender;

  Recovery(SessionLane lane, Published out, TransferRunner runner, ActSender sender) {
    this.lane = lane;
    this.out = out;
    this.runner = runner;
    this.sender = sender;
  }

  /** A transfer of an earlier life waits until its calls have been seen. */
  void adopt(RunningTransfer t) {
    t.deadline =
        lane.after(
            GIVEN_UP,
            () -> {
              if (t.state == null) {
                t.state = Written.unbegun(t.opening());
                t.token = 1;
              }
              runner.feed(t, new TransferInput.DeadlinePassed(t.token));
            });
  }

  /** Its calls have been seen: what is done is taken for done, what is not is gone on with. */
  void pictured(RunningTransfer t, Remembered.Open left) {
    t.relocate(lane.calls());
    List<String> places = t.look(lane.calls()).places();
    decided(
        t,
        places.isEmpty()
            ? "the PBX is back and shows nobody of it any more"
            : "the PBX is back and shows " + String.join("; ", places));
    t.touched = true;
    runner.look(t);
    if (t.outcome != null) {
      t.recovering = null;
    } else if (t.state == null) {
      t.recovering = null;
      beginLate(t);
    } else {
      askFor(t, left);
    }
  }

  /**
   * What was asked for before the restart is known, and what had not left has left: what is seen
   * from now on can be believed.
   */
  void recovered(RunningTransfer t) {
    if (t.outcome == null) {
      runner.feed(t, new TransferInput.SnapshotTaken());
    }
    TransferState state = t.state;
    if (t.outcome == null && state != null) {
      long seconds = Duration.between(out.environment().now(), t.until).toSeconds();
      decided(t, "it goes on, " + state.phase().text() + ", for " + seconds + " s at most");
    }
    t.recovering = null;
    runner.publish(t);
  }

  /** It was taken on and nothing was asked for: it begins now, unless that is too late. */
  private void beginLate(RunningTransfer t) {
    Duration ago = Duration.between(t.acceptedAt, out.environment().now());
    t.deadline.cancel();
    if (ago.compareTo(t.plan.timeouts().answer()) < 0) {
      decided(t, "nothing had been asked for: it begins now");
      runner.begin(t);
      return;
    }
    decided(t, "nothing had been asked for, and it is too late");
    t.state = Written.unbegun(t.opening());
    t.token = 1;
    ProviderReply.Refused late =
        ProviderReply.Refused.of(Reason.RECOVERING, "the server came back too late to begin");
    runner.feed(t, new TransferInput.StepRefused(Advance.first(t.view(lane.calls().may())), late));
  }

  /** A deadline for a person goes on where it was when the server is started again. */
  Duration patience(RunningTransfer t, Effect.Arm arm) {
    TransferState state = t.state;
    Remembered.Open left = t.recovering;
    if (left == null || state == null || left.stands().phase().isEmpty()) {
      return arm.after();
    }
    if (!Written.waitsOn(Written.state(left.stands().phase()), state)) {
      return arm.after();
    }
    Duration rest = Duration.between(out.environment().now(), left.stands().until());
    Duration least = rest.compareTo(LEAST) < 0 ? LEAST : rest;
    return least.compareTo(arm.after()) < 0 ? least : arm.after();
  }

  /** Finds out what became of what an earlier life of the server was about to ask for. */
  private void askFor(RunningTransfer t, Remembered.Open left) {
    Map<Map<String, String>, List<Command>> batches = new LinkedHashMap<>();
    Map<String, String> before = Map.of();
    for (JournalRecord.CommandIntended intent : left.intents()) {
      if (!intent.act().equals(before)) {
        batches.remove(intent.act());
      }
      before = intent.act();
      batches.computeIfAbsent(before, a -> new ArrayList<>()).add(intent.command());
    }
    batches.forEach(
        (words, commands) -> {
          Effect.Act act = Written.act(words);
          if (ActSender.isWayBack(act)) {
            t.wayBack = act;
          }
          for (Command command : commands) {
            t.sent.put(command.id(), act);
            t.untold++;
            lane.ask(command, fate -> fate(t, act, commands, command, fate));
          }
        });
    for (Map<String, String> words : left.stands().acts()) {
      if (!batches.containsKey(words)) {
        intendLate(t, Written.act(words));
      }
    }
    if (t.untold == 0) {
      t.ticket = lane.askForSnapshot();
    }
  }

  private void intendLate(RunningTransfer t, Effect.Act act) {
    if (ActSender.isWayBack(act)) {
      t.wayBack = act;
    }
    if (ActSender.isWanted(t, act)) {
      decided(t, act.words() + " had not been written down: it is asked for now");
      sender.intend(t, act);
    }
  }

  private void decided(RunningTransfer t, String what) {
    t.line(out.environment().now(), "recovery", what);
    LOG.info("transfer {}: {}", t.id, what);
  }

  private void fate(
      RunningTransfer t, Effect.Act act, List<Command> batch, Command command, CommandFate fate) {
    if (--t.untold == 0) {
      t.ticket = lane.askForSnapshot();
    }
    if (t.outcome != null) {
      return;
    }
    String what = command.operation().text() + " in call " + command.call();
    switch (fate) {
      case CommandFate.Given(ProviderReply.Refused no) -> {
        decided(t, what + " was refused before the restart");
        runner.refused(t, new TransferInput.StepRefused(act, no), ActSender.fact(command, no));
      }
      case CommandFate.Given accepted -> {
        decided(t, what + " was asked for before the restart: it is not asked for again");
        runner.feed(t, new TransferInput.StepAccepted(act));
      }
      case CommandFate.NeverGiven never -> neverGiven(t, act, batch, command, what);
      case CommandFate.Unknown unknown ->
          decided(t, "whether " + what + " was asked for, nobody can tell: what is seen decides");
    }
    runner.publish(t);
  }

  /** The PBX has never heard of it: it is asked for now, once, if it is still what is wanted. */
  private void neverGiven(
      RunningTransfer t, Effect.Act act, List<Command> batch, Command command, String what) {
    if (!ActSender.isWanted(t, act)) {
      decided(t, what + " had not left before the restart, and is not wanted any more");
      sender.journal(new JournalRecord.CommandWithdrawn(t.id, command.id()));
      return;
    }
    List<CommandId> ids = batch.stream().map(Command::id).toList();
    if (sender.commands(t, act, ids).contains(command)) {
      decided(t, what + " had not left before the restart: it is asked for now");
      sender.send(t, act, command);
    } else {
      sender.withdraw(t, List.of(command), "the parties are elsewhere now");
      // Who is the target now may be the one who was recalled: only the old one was to be cleared.
      if (command.equals(batch.getLast()) && !(act instanceof Effect.ClearTarget)) {
        sender.intend(t, act);
      }
    }
  }
}
