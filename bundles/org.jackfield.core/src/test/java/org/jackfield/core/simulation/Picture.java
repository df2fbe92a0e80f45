package org.jackfield.core.simulation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.CallSnapshot;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;

/** Who is in which call, by the facts that were told so far. */
final class Picture {
  private final Map<CallId, Map<ConnectionId, Connection>> calls = new LinkedHashMap<>();

  /** Between a link that comes up and the first picture, what is known is old. */
  private boolean old;

  void apply(ProviderEvent event) {
    switch (event) {
      case ProviderEvent.LinkUp up -> old = true;
      case ProviderEvent.LinkDown down -> old = true;
      case ProviderEvent.ConnectionChanged c -> {
        // The picture that is to come contains it.
        if (!old) {
          put(c.call(), c.connection());
        }
      }
      case ProviderEvent.CallsMerged m -> merge(m.from(), m.into());
      case ProviderEvent.Snapshot s -> {
        old = false;
        calls.clear();
        for (CallSnapshot call : s.calls()) {
          call.connections().forEach(c -> put(call.call(), c));
        }
      }
      default -> {}
    }
  }

  private void put(CallId call, Connection connection) {
    Map<ConnectionId, Connection> in = calls.get(call);
    if (!connection.state().isOver()) {
      if (in == null) {
        in = new LinkedHashMap<>();
        calls.put(call, in);
      }
      in.put(connection.id(), connection);
    } else if (in != null) {
      in.remove(connection.id());
      if (in.isEmpty()) {
        calls.remove(call);
      }
    }
  }

  private void merge(CallId from, CallId into) {
    Map<ConnectionId, Connection> moving = calls.remove(from);
    if (moving != null) {
      Map<ConnectionId, Connection> in = calls.computeIfAbsent(into, c -> new LinkedHashMap<>());
      moving.forEach(in::putIfAbsent);
    }
  }

  /** Nothing is known any more. */
  void forget() {
    old = true;
    calls.clear();
  }

  boolean isOld() {
    return old;
  }

  Picture copy() {
    Picture copy = new Picture();
    calls.forEach((call, in) -> copy.calls.put(call, new LinkedHashMap<>(in)));
    copy.old = old;
    return copy;
  }

  boolean isEmpty() {
    return calls.isEmpty();
  }

  Collection<CallId> calls() {
    return List.copyOf(calls.keySet());
  }

  Collection<Connection> in(CallId call) {
    Map<ConnectionId, Connection> in = calls.get(call);
    return in == null ? List.of() : in.values();
  }

  Set<ConnectionId> parties(CallId call) {
    return Set.copyOf(calls.getOrDefault(call, Map.of()).keySet());
  }

  /** The calls that a party is in, each by all who are in it. */
  List<Collection<Connection>> with(ConnectionId party) {
    List<Collection<Connection>> found = new ArrayList<>(2);
    for (Map<ConnectionId, Connection> in : calls.values()) {
      if (in.containsKey(party)) {
        found.add(in.values());
      }
    }
    return found;
  }

  /** All calls, for comparison. */
  Map<CallId, Map<ConnectionId, Connection>> all() {
    return calls;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    calls.forEach(
        (call, in) -> {
          text.append(text.isEmpty() ? "" : "; ").append('{');
          in.values().forEach(c -> text.append(' ').append(Ladder.of(c)));
          text.append(" }");
        });
    return text.isEmpty() ? "no calls" : text.toString();
  }
}
