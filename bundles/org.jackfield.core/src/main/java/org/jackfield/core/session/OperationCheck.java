package org.jackfield.core.session;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.policy.DestinationGuard;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.CommandId;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.Reason;
import org.jackfield.api.session.Refusal;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.session.SessionRequest;
import org.jackfield.core.run.IdSource;

/** Whether a single operation may be done now, and by which command. On the lane. */
final class OperationCheck {
  private final SessionLane lane;
  private final IdSource ids;
  private final Collection<DestinationGuard> guards;

  OperationCheck(SessionLane lane, IdSource ids, Collection<DestinationGuard> guards) {
    this.lane = lane;
    this.ids = ids;
    this.guards = guards;
  }

  /** The answer. */
  sealed interface Verdict {
    /**
     * It may.
     *
     * @param command what to send
     * @param sessions those whose facts will show it; the one that was named first
     * @param destroys whether it cannot be undone, so that its intent must be durable first
     */
    record Yes(Command command, List<SessionId> sessions, boolean destroys) implements Verdict {}

    record No(Refusal refusal) implements Verdict {}
  }

  Verdict judge(SessionRequest request) {
    if (!lane.isUp()) {
      return no(Reason.PROVIDER_DOWN, "the PBX " + lane.provider() + " cannot be reached now");
    }
    Optional<Refusal> unwell = lane.unwell();
    if (unwell.isPresent()) {
      return new Verdict.No(unwell.get());
    }
    return switch (request) {
      case SessionRequest.MakeCall makeCall -> judge(makeCall);
      case SessionRequest.OnSession onSession -> judge(onSession);
    };
  }

  private Verdict judge(SessionRequest.MakeCall request) {
    if (!lane.calls().may(request.from()).permits(Operation.MAKE_CALL)) {
      return no(Reason.NOT_SUPPORTED, "this PBX has no makeCall for " + request.from());
    }
    Optional<Refusal> draining = lane.draining().refusal();
    if (draining.isPresent()) {
      return new Verdict.No(draining.get());
    }
    if (!request.from().isDialable() || !request.to().isDialable()) {
      return no(Reason.INVALID_ADDRESS, "an address has 1 to 64 letters, digits and +*#._@:-");
    }
    SessionId session = new SessionId(ids.next());
    Command command =
        new Command.MakeCall(commandId(), CallTable.nameOf(session), request.from(), request.to());
    return new Verdict.Yes(command, List.of(session), true);
  }

  private Verdict judge(SessionRequest.OnSession request) {
    Optional<LiveSession> found = lane.calls().find(request.session());
    if (found.isEmpty() || !found.get().isPublished()) {
      return no(Reason.NO_SUCH_SESSION, "the session is over");
    }
    LiveSession session = found.get();
    long revision = session.snapshot().orElseThrow().revision();
    if (request.ifRevision().isPresent() && request.ifRevision().getAsLong() != revision) {
      return no(Reason.STALE_REVISION, "the session is at revision " + revision);
    }
    return switch (request) {
      case SessionRequest.Hold r ->
          party(session, r.party(), Operation.HOLD)
              .orElseGet(
                  () -> yes(session, new Command.Hold(commandId(), session.call(), r.party())));
      case SessionRequest.Retrieve r ->
          party(session, r.party(), Operation.RETRIEVE)
              .orElseGet(
                  () -> yes(session, new Command.Retrieve(commandId(), session.call(), r.party())));
      case SessionRequest.Alternate r ->
          party(session, r.party(), Operation.ALTERNATE)
              .orElseGet(() -> alternate(session, r.party()));
      case SessionRequest.Clear r ->
          party(session, r.party(), Operation.CLEAR)
              .orElseGet(
                  () ->
                      destroy(session, new Command.Clear(commandId(), session.call(), r.party())));
      case SessionRequest.ClearAll r ->
          lane.calls().may().permits(Operation.CLEAR)
              ? destroy(session, new Command.ClearAll(commandId(), session.call()))
              : no(Reason.NOT_SUPPORTED, "this PBX has no clear");
      case SessionRequest.Redirect r ->
          party(session, r.party(), Operation.REDIRECT)
              .or(() -> destination(session, r))
              .orElseGet(
                  () ->
                      destroy(
                          session,
                          new Command.Redirect(commandId(), session.call(), r.party(), r.to())));
    };
  }

  /** What forbids the operation to the party, if anything does. */
  private Optional<Verdict> party(LiveSession session, ConnectionId party, Operation operation) {
    Optional<Connection> connection = session.connection(party);
    if (connection.isEmpty()) {
      return Optional.of(no(Reason.NO_SUCH_PARTY, "the party is not in the session"));
    }
    return Permissions.refusal(operation, lane.calls().situation(session, connection.get()))
        .map(Verdict.No::new);
  }

  private Optional<Verdict> destination(LiveSession session, SessionRequest.Redirect request) {
    Address to = request.to();
    if (!to.isDialable()) {
      return Optional.of(
          no(Reason.INVALID_ADDRESS, "an address has 1 to 64 letters, digits and +*#._@:-"));
    }
    if (session.connections().stream().anyMatch(c -> c.address().equals(to))) {
      return Optional.of(no(Reason.LOOP, "a party of the call has that address"));
    }
    return guards.stream()
        .flatMap(
            guard ->
                guard
                    .judge(
                        request.requester(), session.published().orElseThrow(), request.party(), to)
                    .stream())
        .<Verdict>map(Verdict.No::new)
        .findFirst();
  }

  /** The command names the held call and the active one, whichever of them was asked about. */
  private Verdict alternate(LiveSession session, ConnectionId party) {
    boolean holdsThis = state(session, party).isHeld();
    Optional<LiveSession> other =
        lane.calls().of(party).stream()
            .filter(s -> s != session)
            .filter(
                s ->
                    holdsThis
                        ? state(s, party) == ConnectionState.CONNECTED
                        : state(s, party).isHeld())
            // Of two held ones, the one that waits for a transfer.
            .max(Comparator.comparing(s -> state(s, party)));
    if (other.isEmpty()) {
      return no(Reason.NOT_PERMITTED_NOW, "the party has no other call to change to");
    }
    LiveSession held = holdsThis ? session : other.get();
    LiveSession active = holdsThis ? other.get() : session;
    Command command = new Command.Alternate(commandId(), held.call(), active.call(), party);
    return new Verdict.Yes(command, List.of(session.id(), other.get().id()), false);
  }

  private static ConnectionState state(LiveSession session, ConnectionId party) {
    return session.connection(party).map(Connection::state).orElse(ConnectionState.UNKNOWN);
  }

  private static Verdict yes(LiveSession session, Command command) {
    return new Verdict.Yes(command, List.of(session.id()), false);
  }

  private static Verdict destroy(LiveSession session, Command command) {
    return new Verdict.Yes(command, List.of(session.id()), true);
  }

  private static Verdict no(Reason reason, String detail) {
    return new Verdict.No(new Refusal(reason, detail));
  }

  private CommandId commandId() {
    return new CommandId(ids.next());
  }
}
