package org.jackfield.core.runner;

import java.util.Optional;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.Party;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.transfer.TransferId;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.api.transfer.TransferTarget;
import org.jackfield.core.arbiter.Situation;
import org.jackfield.core.session.LiveSession;
import org.jackfield.core.session.Published;
import org.jackfield.core.session.SessionLane;

/** What the arbiter is told: how things are now in a lane, and in the call named as target. */
record Situations(SessionLane lane, Published out, TransferIndex index) {

  /** Of a request that has come. */
  Situation of(TransferRequest request, Session session) {
    return situation(request, session, request.transferor(), index.openOf(session.id()));
  }

  /** Of a transfer under way: what it has of its own does not count against it. */
  Situation of(RunningTransfer transfer, Session session) {
    Situation seen =
        situation(
            transfer.request, session, Optional.of(transfer.transferor.party()), Optional.empty());
    return new Situation(
        seen.session(),
        seen.capabilities(),
        seen.reachable(),
        seen.open(),
        seen.pending(),
        seen.onHold(),
        seen.held().map(held -> new Situation.Held(held.session(), but(held.open(), transfer.id))));
  }

  private static Optional<TransferId> but(Optional<TransferId> open, TransferId own) {
    return open.filter(id -> !id.equals(own));
  }

  private Situation situation(
      TransferRequest request,
      Session session,
      Optional<ConnectionId> transferor,
      Optional<TransferId> open) {
    return new Situation(
        session,
        may(transferor, session),
        lane.isUp(),
        open,
        holds(transferor, session, ConnectionState.ON_HOLD_PENDING_TRANSFER),
        holds(transferor, session, ConnectionState.ON_HOLD),
        request.target() instanceof TransferTarget.Held held
            ? held(held.session())
            : Optional.empty());
  }

  /**
   * What the PBX may do for the transferor, named or, as only one may be meant, the one that is
   * connected.
   */
  private Capabilities may(Optional<ConnectionId> transferor, Session session) {
    return transferor
        .flatMap(session::party)
        .or(() -> firstConnected(session))
        .map(party -> lane.calls().may(party.address()))
        .orElseGet(() -> lane.calls().may());
  }

  private static Optional<Party> firstConnected(Session session) {
    return session.parties().stream()
        .filter(party -> party.state() == ConnectionState.CONNECTED)
        .findFirst();
  }

  /** The call that is named as target, on whatever PBX it is. */
  private Optional<Situation.Held> held(SessionId session) {
    return out.index().find(session).map(held -> new Situation.Held(held, index.openOf(session)));
  }

  /** How many calls whoever may be the transferor has in that state. */
  private int holds(Optional<ConnectionId> transferor, Session session, ConnectionState state) {
    int most = 0;
    for (Party party : session.parties()) {
      if (transferor.isEmpty() || transferor.get().equals(party.id())) {
        int holds = 0;
        for (LiveSession call : lane.calls().of(party.id())) {
          if (call.connection(party.id()).filter(c -> c.state() == state).isPresent()) {
            holds++;
          }
        }
        most = Math.max(most, holds);
      }
    }
    return most;
  }
}
