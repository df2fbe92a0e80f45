package org.jackfield.core.session;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.CallSnapshot;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jspecify.annotations.Nullable;

/**
 * Who is in which call, as the present link sees it while another one is asked for the picture with
 * which it takes over: that picture is held against it.
 */
public final class Seen {
  private final @Nullable Set<Presence> present;

  private Seen(@Nullable Set<Presence> present) {
    this.present = present;
  }

  /** A party in a call. */
  public record Presence(CallId call, ConnectionId party) {}

  static Seen of(Collection<LiveSession> known) {
    Set<Presence> present = new LinkedHashSet<>();
    for (LiveSession session : known) {
      for (Connection connection : session.connections()) {
        present.add(new Presence(session.call(), connection.id()));
      }
    }
    return new Seen(present);
  }

  /** The present link is no witness: whatever the other one pictures holds. */
  static Seen nothing() {
    return new Seen(null);
  }

  /** Hears what the present link tells; whether that is about calls. */
  boolean hears(ProviderEvent event) {
    return switch (event) {
      case ProviderEvent.ConnectionChanged changed -> {
        put(changed.call(), changed.connection());
        yield true;
      }
      case ProviderEvent.CallsMerged merged -> {
        merge(merged.from(), merged.into());
        yield true;
      }
      case ProviderEvent.Snapshot snapshot -> {
        if (present != null) {
          present.clear();
          present.addAll(in(snapshot));
        }
        yield true;
      }
      case ProviderEvent.CallBranched b -> true;
      case ProviderEvent.CommandFailed f -> false;
      case ProviderEvent.AddressChanged a -> false;
      case ProviderEvent.LinkUp u -> false;
      case ProviderEvent.LinkDown d -> false;
    };
  }

  private void put(CallId call, Connection connection) {
    Presence one = new Presence(call, connection.id());
    if (present != null && connection.state().isOver()) {
      present.remove(one);
    } else if (present != null) {
      present.add(one);
    }
  }

  private void merge(CallId from, CallId into) {
    if (present != null && !from.equals(into)) {
      List<Presence> moved = present.stream().filter(one -> one.call.equals(from)).toList();
      moved.forEach(present::remove);
      moved.forEach(one -> present.add(new Presence(into, one.party)));
    }
  }

  /** What is not in another's picture. */
  Set<Presence> notIn(ProviderEvent.Snapshot picture) {
    Set<Presence> missing = new LinkedHashSet<>();
    if (present != null) {
      missing.addAll(present);
      missing.removeAll(in(picture));
    }
    return missing;
  }

  private static Set<Presence> in(ProviderEvent.Snapshot picture) {
    return picture.calls().stream().flatMap(call -> in(call)).collect(Collectors.toSet());
  }

  private static Stream<Presence> in(CallSnapshot call) {
    return call.connections().stream()
        .filter(connection -> !connection.state().isOver())
        .map(connection -> new Presence(call.call(), connection.id()));
  }
}
