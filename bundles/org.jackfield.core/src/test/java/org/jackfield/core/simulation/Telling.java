package org.jackfield.core.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jackfield.api.event.Event;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.ConversationId;
import org.jackfield.api.session.Party;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionEvent;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferEvent;
import org.jackfield.api.transfer.TransferId;

/** What a client knows by the events alone, and whether they make sense. */
final class Telling {
  private final Verdict verdict;
  private final Map<SessionId, Session> sessions = new LinkedHashMap<>();
  private final Set<SessionId> over = new HashSet<>();
  private final Map<TransferId, Transfer> open = new LinkedHashMap<>();
  private final Map<TransferId, Transfer> ended = new LinkedHashMap<>();
  private final Set<ConversationId> known = new HashSet<>();
  private long sequence;

  Telling(Verdict verdict) {
    this.verdict = verdict;
  }

  List<Session> sessions() {
    return new ArrayList<>(sessions.values());
  }

  Session session(SessionId id) {
    return sessions.get(id);
  }

  List<Transfer> open() {
    return new ArrayList<>(open.values());
  }

  Map<TransferId, Transfer> ended() {
    return ended;
  }

  long read() {
    return sequence;
  }

  /**
   * @param lawful whether all facts have come as the PBX told them
   */
  void hear(Event event, boolean lawful) {
    sequence++;
    if (event.position().sequence() != sequence) {
      verdict.broken("events without a gap", "after " + (sequence - 1) + " comes " + event);
    }
    switch (event) {
      case Event.OfSession s -> session(s.event(), lawful);
      case Event.OfTransfer t -> transfer(t.event());
      case Event.OfProvider p -> {}
      case Event.OfBundle b -> {}
    }
  }

  private void session(SessionEvent event, boolean lawful) {
    Session now = event.session();
    known.add(now.conversation());
    Session before = sessions.get(now.id());
    switch (event) {
      case SessionEvent.Started s -> {
        expect(before == null, "a session starts once", event);
        expect(now.revision() == 1, "revisions have no gap", event);
        over.remove(now.id());
        sessions.put(now.id(), now);
      }
      case SessionEvent.Changed c -> {
        expect(
            before != null && now.revision() == before.revision() + 1,
            "revisions have no gap",
            event);
        if (before != null && lawful) {
          legs(before, now);
        }
        sessions.put(now.id(), now);
      }
      case SessionEvent.Ended e -> {
        expect(before != null, "a session ends once", event);
        sessions.remove(now.id());
        over.add(now.id());
      }
      case SessionEvent.Merged m -> {
        expect(before != null, "a session ends once", event);
        sessions.remove(now.id());
        over.add(now.id());
      }
    }
  }

  private void expect(boolean holds, String invariant, Object event) {
    if (!holds) {
      verdict.broken(invariant, String.valueOf(event));
    }
  }

  private void legs(Session before, Session now) {
    Map<ConnectionId, ConnectionState> was = new HashMap<>();
    before.parties().forEach(p -> was.put(p.id(), p.state()));
    for (Party party : now.parties()) {
      ConnectionState from = was.get(party.id());
      if (from != null && !isPath(from, party.state())) {
        verdict.broken(
            "each leg goes a path of the tables",
            party.address() + " went from " + from.text() + " to " + party.state().text());
      }
    }
  }

  /** Whether a leg may be seen in one state after the other; what lies between may be unseen. */
  private static boolean isPath(ConnectionState from, ConnectionState to) {
    if (from == to || from == ConnectionState.UNKNOWN || to == ConnectionState.UNKNOWN) {
      return true;
    }
    return switch (to) {
      case OFFERING -> false;
      case DIALTONE -> false;
      case DIALING, PROCEEDING, RINGBACK, BUSY -> from.isPlacing() || from == ConnectionState.BUSY;
      default -> !from.isOver();
    };
  }

  private void transfer(TransferEvent event) {
    Transfer now = event.transfer();
    if (ended.containsKey(now.id())) {
      verdict.broken("an outcome is told once", "after its end: " + event);
      return;
    }
    switch (event) {
      case TransferEvent.Changed c -> {
        Transfer before = open.put(now.id(), now);
        if (now.outcome().isPresent()) {
          verdict.broken("an outcome is told once", "told as a change: " + now);
        }
        // Of two that become one, the older passes its name on.
        if (before != null
            && !before.conversation().equals(now.conversation())
            && !known.contains(now.conversation())) {
          verdict.broken("one conversation id", before.conversation() + " became " + now);
        }
        Session session = sessions.get(now.session());
        if (before == null
            && session != null
            && !session.conversation().equals(now.conversation())) {
          verdict.broken("one conversation id", session + " has another than " + now);
        }
      }
      case TransferEvent.Ended e -> {
        open.remove(now.id());
        ended.put(now.id(), now);
        if (now.outcome().isEmpty()) {
          verdict.broken("an outcome is told once", "ended without: " + now);
        }
      }
    }
  }
}
