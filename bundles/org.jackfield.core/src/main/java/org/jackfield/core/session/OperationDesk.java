package org.jackfield.core.session;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jackfield.api.journal.JournalRecord;
import org.jackfield.api.policy.DestinationGuard;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.CommandId;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.OperationId;
import org.jackfield.api.session.OperationReply;
import org.jackfield.api.session.OperationStatus;
import org.jackfield.api.session.Reason;
import org.jackfield.api.session.Refusal;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.session.SessionRequest;
import org.jackfield.core.run.Timers;

/**
 * Single operations on the calls of one lane: checked, made durable where they destroy something,
 * sent, and done when a fact shows it. Touched by its lane only.
 */
final class OperationDesk implements CallWatcher {
  static final Duration DEADLINE = Duration.ofSeconds(30);

  /** How long after the deadline the PBX's picture is waited for. */
  private static final Duration LAST_WORD = Duration.ofSeconds(5);

  private static final int PENDING_OF_ONE_SESSION = 32;

  private final SessionLane lane;
  private final Published out;
  private final OperationLog log;
  private final OperationCheck check;
  private final Map<CommandId, Pending> pending = new LinkedHashMap<>();
  private final Map<SessionId, List<Pending>> bySession = new HashMap<>();

  OperationDesk(
      SessionLane lane, Published out, OperationLog log, Collection<DestinationGuard> guards) {
    this.lane = lane;
    this.out = out;
    this.log = log;
    this.check = new OperationCheck(lane, out.environment().ids(), guards);
  }

  private static final class Pending {
    final Command command;
    final List<SessionId> sessions;
    OperationStatus status;
    Timers.Timer deadline = Timers.Timer.NONE;

    /** The picture that is waited for once the deadline has passed; before it 0. */
    long ticket;

    Pending(Command command, List<SessionId> sessions, OperationStatus status) {
      this.command = command;
      this.sessions = sessions;
      this.status = status;
    }
  }

  /** Decides a request; {@code reply} is called once, before anything is sent. */
  void handle(SessionRequest request, Consumer<OperationReply> reply) {
    switch (check.judge(request)) {
      case OperationCheck.Verdict.No no -> reply.accept(new OperationReply.Refused(no.refusal()));
      case OperationCheck.Verdict.Yes yes -> accept(request, yes, reply);
    }
  }

  private void accept(
      SessionRequest request, OperationCheck.Verdict.Yes yes, Consumer<OperationReply> reply) {
    SessionId session = yes.sessions().getFirst();
    if (bySession.getOrDefault(session, List.of()).size() >= PENDING_OF_ONE_SESSION) {
      reply.accept(refused(Reason.OVERLOADED, "too many operations of the session are under way"));
      return;
    }
    OperationStatus status =
        new OperationStatus(
            new OperationId(out.environment().ids().next()),
            yes.command().operation(),
            session,
            OperationStatus.State.PENDING,
            out.environment().now(),
            Optional.empty());
    Pending operation = new Pending(yes.command(), yes.sessions(), status);
    if (!yes.destroys()) {
      start(operation, reply);
      return;
    }
    out.journal()
        .append(new JournalRecord.OperationIntended(status.id(), lane.provider(), yes.command()))
        .whenComplete(
            (done, failure) ->
                lane.post(() -> durable(request, operation, failure == null, reply)));
  }

  /** The intent is durable; meanwhile it may have become pointless. */
  private void durable(
      SessionRequest request, Pending operation, boolean written, Consumer<OperationReply> reply) {
    if (!written) {
      reply.accept(
          refused(Reason.JOURNAL_UNAVAILABLE, "the intent could not be made durable; try again"));
    } else if (check.judge(request) instanceof OperationCheck.Verdict.No no) {
      reply.accept(new OperationReply.Refused(no.refusal()));
    } else {
      start(operation, reply);
    }
  }

  private void start(Pending operation, Consumer<OperationReply> reply) {
    pending.put(operation.command.id(), operation);
    for (SessionId session : operation.sessions) {
      bySession.computeIfAbsent(session, id -> new ArrayList<>(2)).add(operation);
    }
    if (operation.command instanceof Command.MakeCall) {
      lane.calls().expect(operation.status.session());
    }
    log.put(operation.status);
    operation.deadline = lane.after(DEADLINE, () -> overdue(operation));
    reply.accept(new OperationReply.Accepted(operation.status));
    lane.send(operation.command, result -> sent(operation, result));
  }

  private void sent(Pending operation, ProviderLink.CommandResult result) {
    switch (result) {
      case ProviderLink.CommandResult.Replied(ProviderReply.Refused no) ->
          fail(operation, no.cause());
      case ProviderLink.CommandResult.Replied accepted -> {
        // A party that was held already tells no new fact.
        if (Effects.shown(operation.command, lane.calls())) {
          done(operation);
        }
      }
      case ProviderLink.CommandResult.FateUnknown unknown -> lane.askForSnapshot();
    }
  }

  private void overdue(Pending operation) {
    if (!pending.containsKey(operation.command.id())) {
      return;
    }
    if (operation.ticket > 0) {
      fail(operation, Cause.of(Cause.Code.DEADLINE));
      return;
    }
    operation.deadline = lane.after(LAST_WORD, () -> overdue(operation));
    operation.ticket = lane.askForSnapshot();
  }

  private void done(Pending operation) {
    close(operation, OperationStatus.State.DONE, Optional.empty());
  }

  private void fail(Pending operation, Cause cause) {
    close(operation, OperationStatus.State.FAILED, Optional.of(cause));
  }

  private void close(Pending operation, OperationStatus.State state, Optional<Cause> cause) {
    if (pending.remove(operation.command.id()) == null) {
      return;
    }
    operation.deadline.cancel();
    for (SessionId session : operation.sessions) {
      bySession.computeIfPresent(
          session,
          (id, operations) -> {
            operations.remove(operation);
            return operations.isEmpty() ? null : operations;
          });
    }
    if (operation.command instanceof Command.MakeCall) {
      lane.calls().expectNoMore(operation.status.session());
    }
    OperationStatus was = operation.status;
    operation.status =
        new OperationStatus(
            was.id(), was.operation(), was.session(), state, was.acceptedAt(), cause);
    log.put(operation.status);
  }

  private List<Pending> of(LiveSession session) {
    return List.copyOf(bySession.getOrDefault(session.id(), List.of()));
  }

  @Override
  public void connectionChanged(LiveSession session, Connection now) {
    for (Pending operation : of(session)) {
      if (Effects.shown(operation.command, lane.calls())) {
        done(operation);
      }
    }
  }

  @Override
  public void ended(LiveSession session, Cause cause) {
    for (Pending operation : of(session)) {
      if (Effects.shown(operation.command, lane.calls())) {
        done(operation);
      } else {
        fail(operation, cause);
      }
    }
  }

  @Override
  public void merged(LiveSession from, LiveSession into) {
    of(from).forEach(operation -> fail(operation, Cause.of(Cause.Code.OVERTAKEN)));
  }

  @Override
  public void commandFailed(CommandId command, Cause cause) {
    Pending operation = pending.get(command);
    if (operation != null) {
      fail(operation, cause);
    }
  }

  @Override
  public void snapshotTaken(long ticket) {
    for (Pending operation : List.copyOf(pending.values())) {
      if (operation.ticket > 0 && operation.ticket <= ticket) {
        fail(operation, Cause.of(Cause.Code.DEADLINE));
      }
    }
  }

  private static OperationReply refused(Reason reason, String detail) {
    return new OperationReply.Refused(new Refusal(reason, detail));
  }

  /** Whether nothing is under way, for tests of residue. */
  boolean isEmpty() {
    return pending.isEmpty() && bySession.isEmpty();
  }
}
