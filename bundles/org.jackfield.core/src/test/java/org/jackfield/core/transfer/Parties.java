package org.jackfield.core.transfer;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;

/**
 * Calls written as {@code alice=connected/held bob=onHold}: who is in them and how; {@code /held}
 * is one whom the others hold. Bob is the transferor, in another call perhaps as bob-2; alice was
 * in the call with him; dave was brought into it by somebody else; carol is the target.
 */
final class Parties {
  private Parties() {}

  static List<Connection> in(String call) {
    return Arrays.stream(call.strip().split(" +"))
        .filter(word -> !word.isEmpty())
        .map(Parties::one)
        .toList();
  }

  private static Connection one(String word) {
    String[] parts = word.split("[=/]");
    ConnectionState state =
        Arrays.stream(ConnectionState.values())
            .filter(s -> s.text().equals(parts[1]))
            .findFirst()
            .orElseThrow();
    return Connection.of(new ConnectionId(parts[0]), new Address(parts[0]), "", state)
        .heldByThem(parts.length > 2);
  }

  static Topology at(String home, String away) {
    return Topology.of(
        Scene.BOB,
        Set.of(Scene.BOBS_OTHER_END),
        Set.of(Scene.ALICE, Scene.BOB),
        Set.of(Scene.DAVE),
        in(home),
        in(away));
  }
}
