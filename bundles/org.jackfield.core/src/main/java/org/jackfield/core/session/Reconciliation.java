package org.jackfield.core.session;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.CallSnapshot;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;

/** Turns a PBX's whole picture into the facts by which what we know differs from it. Pure. */
final class Reconciliation {
  private Reconciliation() {}

  /**
   * The facts, first of what came or changed, then of what went: a party that moved between two
   * calls meanwhile is never nowhere.
   */
  static List<ProviderEvent.ConnectionChanged> facts(
      Collection<LiveSession> known, ProviderEvent.Snapshot snapshot) {
    Map<CallId, LiveSession> byCall = new HashMap<>();
    known.forEach(session -> byCall.put(session.call(), session));
    List<ProviderEvent.ConnectionChanged> facts = new ArrayList<>();
    Map<CallId, Set<ConnectionId>> there = new HashMap<>();
    for (CallSnapshot call : snapshot.calls()) {
      for (Connection connection : call.connections()) {
        if (!connection.state().isOver()) {
          there.computeIfAbsent(call.call(), id -> new HashSet<>()).add(connection.id());
          facts.add(new ProviderEvent.ConnectionChanged(call.call(), connection));
        }
      }
    }
    for (LiveSession session : byCall.values()) {
      Set<ConnectionId> present = there.getOrDefault(session.call(), Set.of());
      for (Connection connection : session.connections()) {
        if (!present.contains(connection.id())) {
          Connection gone = connection.left(Cause.of(Cause.Code.UNKNOWN));
          facts.add(new ProviderEvent.ConnectionChanged(session.call(), gone));
        }
      }
    }
    return facts;
  }
}
