package org.jackfield.core.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jackfield.api.journal.JournalRecord;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.CommandId;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferId;

/**
 * What the core asks of the PBX: written before it is sent, sent once, by the transfer whose calls
 * it is about, for the parties that its plan names, and never forwards after a cancel.
 */
final class Acting {
  /** Within this time the core has no reason to ask for the same again. */
  private static final long SOON = 5_000_000_000L;

  private final Verdict verdict;
  private final Clockwork clock;
  private final Map<CommandId, Intent> intents = new HashMap<>();
  private final Map<CommandId, Command> operations = new HashMap<>();
  private final Set<CommandId> sent = new HashSet<>();
  private final Map<SessionId, CallId> calls = new HashMap<>();
  private final Map<CallId, CallId> mergedInto = new HashMap<>();
  private final Map<TransferId, Acts> acts = new HashMap<>();

  private final Map<ConnectionId, Address> addresses = new HashMap<>();

  private static final class Intent {
    final Acts of;
    final Command command;
    boolean durable;
    boolean withdrawn;

    Intent(Acts of, Command command) {
      this.of = of;
      this.command = command;
    }
  }

  /** What one transfer has asked for. */
  static final class Acts {
    final Transfer transfer;
    final Set<CallId> calls = new HashSet<>();
    final Set<String> commands = new HashSet<>();
    final List<Command> asked = new ArrayList<>();
    boolean cancelled;
    boolean ended;
    private Command lastJoin;
    private long joinedAt;
    private Command lastRestore;
    private long restoredAt;

    Acts(Transfer transfer) {
      this.transfer = transfer;
    }
  }

  Acting(Verdict verdict, Clockwork clock) {
    this.verdict = verdict;
    this.clock = clock;
  }

  Acts of(TransferId id) {
    return acts.get(id);
  }

  CallId call(SessionId session) {
    return calls.get(session);
  }

  // The journal

  void intended(JournalRecord entry) {
    switch (entry) {
      case JournalRecord.CallBound bound -> calls.put(bound.session(), bound.call());
      case JournalRecord.TransferAccepted accepted -> accepted(accepted.transfer());
      case JournalRecord.CommandIntended intent -> intended(intent);
      case JournalRecord.CommandWithdrawn withdrawn -> {
        Intent intent = intents.get(withdrawn.command());
        if (intent != null) {
          intent.withdrawn = true;
        }
      }
      case JournalRecord.OperationIntended op -> operations.put(op.command().id(), op.command());
      case JournalRecord.TransferEnded ended -> {
        Acts of = acts.get(ended.transfer().id());
        if (of == null || of.ended) {
          verdict.broken("an outcome is set once", "again, or for nothing: " + ended);
        } else {
          of.ended = true;
        }
      }
      default -> {}
    }
  }

  private void accepted(Transfer transfer) {
    Acts of = new Acts(transfer);
    acts.put(transfer.id(), of);
    of.calls.add(calls.get(transfer.session()));
    transfer.consultation().ifPresent(held -> of.calls.add(calls.get(held)));
  }

  private void intended(JournalRecord.CommandIntended entry) {
    Acts of = acts.get(entry.transfer());
    Command command = entry.command();
    if (of == null || of.ended) {
      verdict.broken("nothing is asked for a transfer that is over", String.valueOf(command));
      return;
    }
    intents.put(command.id(), new Intent(of, command));
    of.commands.add(command.id().toString());
    if (of.cancelled && isForwards(command)) {
      verdict.broken("no way forwards after a cancel", Ladder.of(command));
    }
  }

  /** It was not written, so nothing may follow from it. */
  void notWritten(JournalRecord entry) {
    if (entry instanceof JournalRecord.TransferAccepted a) {
      acts.remove(a.transfer().id());
    }
  }

  /** Every transfer that was taken on has been told as ended, and no other. */
  void allEnded(Set<TransferId> told) {
    if (!acts.keySet().equals(told)) {
      verdict.broken("each transfer has an outcome", acts.keySet() + " but told " + told);
    }
  }

  void durable(JournalRecord entry) {
    if (entry instanceof JournalRecord.CommandIntended intent) {
      intents.get(intent.command().id()).durable = true;
    }
  }

  private static boolean isForwards(Command command) {
    return switch (command) {
      case Command.BlindTransfer c -> true;
      case Command.Consult c -> true;
      case Command.Dial c -> true;
      case Command.Complete c -> true;
      default -> false;
    };
  }

  void cancelled(TransferId transfer) {
    Acts of = acts.get(transfer);
    if (of != null) {
      of.cancelled = true;
    }
  }

  // The seam

  /** Whose phone a party's is. */
  void seen(Connection one) {
    addresses.put(one.id(), one.address());
  }

  void merged(CallId from, CallId into) {
    mergedInto.put(from, into);
  }

  void command(Command command) {
    if (!sent.add(command.id())) {
      verdict.broken("a command is sent once", Ladder.of(command));
    }
    Intent intent = intents.get(command.id());
    if (intent == null) {
      operation(command);
      return;
    }
    if (!intent.durable) {
      verdict.broken("written before it is sent", Ladder.of(command));
    }
    if (intent.withdrawn) {
      verdict.broken("what was withdrawn is not sent", Ladder.of(command));
    }
    Acts of = intent.of;
    of.asked.add(command);
    owner(of, command);
    twice(of, command);
  }

  private void operation(Command command) {
    boolean belongsToTransfers =
        switch (command) {
          case Command.BlindTransfer c -> true;
          case Command.Consult c -> true;
          case Command.Dial c -> true;
          case Command.Complete c -> true;
          case Command.Recall c -> true;
          case Command.Park c -> true;
          default -> false;
        };
    boolean destroys = command instanceof Command.Clear || command instanceof Command.ClearAll;
    if (belongsToTransfers || destroys && !operations.containsKey(command.id())) {
      verdict.broken("written before it is sent", Ladder.of(command));
    }
  }

  /** The calls and the parties are the transfer's. */
  private void owner(Acts of, Command command) {
    ConnectionId transferor = of.transfer.transferor().party();
    // A phone of many lines has another name in each of its calls.
    Predicate<ConnectionId> isTransferor =
        id -> id.equals(transferor) || of.transfer.transferor().address().equals(addresses.get(id));
    boolean right =
        switch (command) {
          case Command.BlindTransfer c -> c.transferor().equals(transferor);
          case Command.Consult c -> {
            of.calls.add(c.consultation());
            yield c.transferor().equals(transferor);
          }
          case Command.MakeCall c -> {
            of.calls.add(c.call());
            yield true;
          }
          case Command.Dial c -> isTransferor.test(c.transferor());
          case Command.Complete c -> isTransferor.test(c.transferor());
          case Command.Hold c -> isTransferor.test(c.party());
          case Command.Retrieve c -> isTransferor.test(c.party());
          case Command.Alternate c -> isTransferor.test(c.party());
          case Command.Recall c -> !c.waiting().equals(transferor);
          case Command.Clear c -> !c.party().equals(of.transfer.transferee().party());
          default -> true;
        };
    if (!right) {
      verdict.broken("the right party is moved", Ladder.of(command) + " for " + of.transfer);
    }
    if (!isOf(of, command.call())
        || command instanceof Command.Complete c && !isOf(of, c.consultation())) {
      verdict.broken("only the owner acts", Ladder.of(command) + " by a transfer of " + of.calls);
    }
  }

  /** Whether a call is, or has become, one of a transfer's. */
  boolean concerns(TransferId transfer, CallId call) {
    return isOf(acts.get(transfer), call);
  }

  private boolean isOf(Acts of, CallId call) {
    if (of.calls.contains(call)) {
      return true;
    }
    for (CallId own : of.calls) {
      CallId into = mergedInto.get(own);
      for (int i = 0; into != null && i < 8; i++) {
        if (into.equals(call)) {
          return true;
        }
        into = mergedInto.get(into);
      }
    }
    return false;
  }

  /** Nothing is asked for twice where the first was accepted, or may have been. */
  private void twice(Acts of, Command command) {
    if (command instanceof Command.Complete) {
      if (of.lastJoin != null && clock.nanos() - of.joinedAt < SOON) {
        verdict.broken("completed once", Ladder.of(command) + " after " + Ladder.of(of.lastJoin));
      }
      of.lastJoin = command;
      of.joinedAt = clock.nanos();
    }
    if (isRestoring(of, command)) {
      if (of.lastRestore != null && clock.nanos() - of.restoredAt < SOON) {
        verdict.broken(
            "retrieved once", Ladder.of(command) + " after " + Ladder.of(of.lastRestore));
      }
      of.lastRestore = command;
      of.restoredAt = clock.nanos();
    }
  }

  private static boolean isRestoring(Acts of, Command command) {
    return command instanceof Command.Retrieve
        || command instanceof Command.Clear c && c.party().equals(of.transfer.transferor().party());
  }

  /** What was refused or has failed may be asked for again. */
  void failed(CommandId id) {
    Intent intent = intents.get(id);
    if (intent != null) {
      if (intent.command == intent.of.lastJoin) {
        intent.of.lastJoin = null;
      }
      if (intent.command == intent.of.lastRestore) {
        intent.of.lastRestore = null;
      }
    }
  }

  void reply(Command command, ProviderReply reply) {
    if (!(reply instanceof ProviderReply.Accepted)) {
      failed(command.id());
    }
  }
}
