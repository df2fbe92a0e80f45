package org.jackfield.tck;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.CallSnapshot;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;

/** What the facts have told so far, and what was wrong with them. Not thread-safe. */
public final class Picture {

  private record Leg(CallId call, ConnectionId connection) {}

  private final Map<CallId, Map<ConnectionId, Connection>> calls = new LinkedHashMap<>();
  private final Set<Leg> over = new HashSet<>();
  private final List<Connection> left = new ArrayList<>();
  private final List<Cause> failures = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();
  private boolean twoIds;

  Picture() {}

  Picture(Picture other) {
    calls.putAll(other.copy());
    over.addAll(other.over);
    left.addAll(other.left);
    failures.addAll(other.failures);
    wrong.addAll(other.wrong);
    twoIds = other.twoIds;
  }

  void apply(ProviderEvent event) {
    switch (event) {
      case ProviderEvent.ConnectionChanged e -> connection(e.call(), e.connection());
      case ProviderEvent.CallsMerged e -> merged(e.from(), e.into());
      case ProviderEvent.Snapshot e -> replace(e);
      case ProviderEvent.CommandFailed e -> failures.add(e.cause());
      case ProviderEvent.LinkUp e -> {}
      case ProviderEvent.LinkDown e -> {}
      case ProviderEvent.AddressChanged e -> {}
      case ProviderEvent.CallBranched e -> {}
    }
  }

  private void connection(CallId call, Connection connection) {
    Leg leg = new Leg(call, connection.id());
    twoIds |= isHereUnderAnotherId(connection);
    if (!connection.state().isOver()) {
      over.remove(leg);
      calls.computeIfAbsent(call, c -> new LinkedHashMap<>()).put(connection.id(), connection);
      return;
    }
    if (connection.cause().isEmpty()) {
      wrong.add("a party that left has no cause: " + call + " " + connection);
    }
    if (!over.add(leg)) {
      wrong.add("a party that left is told a second time: " + call + " " + connection);
      return;
    }
    left.add(connection);
    Map<ConnectionId, Connection> parties = calls.get(call);
    if (parties != null) {
      parties.remove(connection.id());
      calls.values().removeIf(Map::isEmpty);
    }
  }

  private boolean isHereUnderAnotherId(Connection connection) {
    return calls.values().stream()
        .flatMap(parties -> parties.values().stream())
        .anyMatch(c -> c.address().equals(connection.address()) && !c.id().equals(connection.id()));
  }

  private void merged(CallId from, CallId into) {
    Map<ConnectionId, Connection> moved = calls.remove(from);
    if (moved == null) {
      wrong.add("a call that is not known is merged: " + from);
      return;
    }
    Map<ConnectionId, Connection> there = calls.computeIfAbsent(into, c -> new LinkedHashMap<>());
    moved.forEach(there::putIfAbsent);
  }

  private void replace(ProviderEvent.Snapshot snapshot) {
    calls.clear();
    for (CallSnapshot call : snapshot.calls()) {
      Map<ConnectionId, Connection> parties = new LinkedHashMap<>();
      call.connections().forEach(c -> parties.put(c.id(), c));
      calls.put(call.call(), parties);
    }
  }

  /** The calls that are there now. */
  public Set<CallId> calls() {
    return Set.copyOf(calls.keySet());
  }

  /** All that is there now, for comparison with a snapshot. */
  Map<CallId, Map<ConnectionId, Connection>> copy() {
    Map<CallId, Map<ConnectionId, Connection>> copy = new LinkedHashMap<>();
    calls.forEach((call, parties) -> copy.put(call, new LinkedHashMap<>(parties)));
    return copy;
  }

  /** A party of a call, by its address. */
  public Optional<Connection> party(CallId call, Address address) {
    return calls.getOrDefault(call, Map.of()).values().stream()
        .filter(c -> c.address().equals(address))
        .findFirst();
  }

  /** Whether the party is in the call in that state. */
  public boolean is(CallId call, Address address, ConnectionState state) {
    return party(call, address).filter(c -> c.state() == state).isPresent();
  }

  /** Whether the party is in any call. */
  public boolean isAnywhere(Address address) {
    return calls.keySet().stream().anyMatch(call -> party(call, address).isPresent());
  }

  /** Whether the party waits in the call: nobody speaks to it. */
  public boolean waits(CallId call, Address address) {
    return party(call, address).filter(c -> c.heldByThem() && !c.state().isOver()).isPresent();
  }

  /** The call in which all of them, and nobody else, speak with one another. */
  public Optional<CallId> talking(Address... parties) {
    return calls.keySet().stream().filter(call -> talk(call, parties)).findFirst();
  }

  private boolean talk(CallId call, Address... parties) {
    if (Objects.requireNonNull(calls.get(call)).size() != parties.length) {
      return false;
    }
    for (Address address : parties) {
      Optional<Connection> party = party(call, address);
      if (party.isEmpty() || !party.get().state().isTalking() || party.get().heldByThem()) {
        return false;
      }
    }
    return true;
  }

  /** Why the party left last, if it ever did. */
  public Optional<Cause> whyLeft(Address address) {
    Optional<Cause> cause = Optional.empty();
    for (Connection connection : left) {
      if (connection.address().equals(address)) {
        cause = connection.cause();
      }
    }
    return cause;
  }

  /** All causes that were told: of parties that left and of commands that failed. */
  public List<Cause.Code> causes() {
    List<Cause.Code> causes = new ArrayList<>();
    left.forEach(c -> c.cause().ifPresent(cause -> causes.add(cause.code())));
    failures.forEach(cause -> causes.add(cause.code()));
    return causes;
  }

  /** Whether an address ever had two connection ids at a time. Wrong only for one and its party. */
  boolean twoIds() {
    return twoIds;
  }

  /** What the facts did against the rules. */
  public List<String> wrong() {
    return List.copyOf(wrong);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    calls.forEach(
        (call, parties) -> {
          text.append("\n  ").append(call).append(':');
          for (Connection c : parties.values()) {
            text.append(' ').append(c.address()).append('=').append(c.state().text());
            text.append(c.heldByThem() ? "(held)" : "");
          }
        });
    return text + "\n  left: " + left.stream().map(c -> c.address() + "=" + c.cause()).toList();
  }
}
