package org.jackfield.core.transfer;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;

/**
 * Calls written as {@code alice=connected/held bob=onHold}: who is in them and how; {@code /held}
 * is one whom the others hold. Bob is the transferor, in another call perhaps as bob-2; alice was
 * in the call with him, and anna where there are three; dave was brought into it by somebody else;
 * carol is the target.
 */
final class Parties {
  private Parties() {}

  /** Where they may be, by name: the home call, then the consultation call. */
  private static final Map<String, String> PLACES =
      Map.ofEntries(
          Map.entry("nobody", ";"),
          Map.entry("before", "alice=connected bob=connected ;"),
          Map.entry("held", "alice=connected/held bob=onHold ;"),
          Map.entry("opened", "alice=connected/held bob=onHold ; bob-2=dialtone"),
          Map.entry("ringing", "alice=connected/held bob=onHold ; bob=ringback carol=offering"),
          Map.entry("busy", "alice=connected/held bob=onHold ; bob=busy"),
          Map.entry("answered", "alice=connected/held bob=onHold ; bob=connected carol=connected"),
          Map.entry(
              "alternated", "alice=connected bob=connected ; bob=onHold carol=connected/held"),
          Map.entry("retrieved", "alice=connected bob=connected ; bob-2=dialtone"),
          Map.entry("ringsHome", "alice=connected/held bob=onHold carol=offering ;"),
          Map.entry("ringsBetween", "alice=connected bob=connected carol=offering ;"),
          Map.entry("answeredHome", "alice=connected/held bob=onHold carol=connected ;"),
          Map.entry("waits", "alice=connected/held ;"),
          Map.entry("waitsRinging", "alice=connected/held carol=offering ;"),
          Map.entry("waitsBeside", "alice=connected/held ; bob=connected carol=connected"),
          Map.entry("waitsBesideRinging", "alice=connected/held ; bob=ringback carol=offering"),
          Map.entry("waitsTarget", "alice=connected/held ; carol=connected"),
          Map.entry("waitsTargetRings", "alice=connected/held ; carol=offering"),
          Map.entry("joinedRinging", "alice=connected carol=offering ;"),
          Map.entry("joinedHeld", "alice=connected/held carol=connected ;"),
          Map.entry("delivered", "alice=connected carol=connected ;"),
          Map.entry("conferenced", "alice=conferenced bob=conferenced carol=conferenced ;"),
          Map.entry("bobAlone", "bob=connected ;"),
          Map.entry("bobHolds", "bob=onHold ;"),
          Map.entry("bobTalks", "bob=onHold ; bob=connected carol=connected"),
          Map.entry("bobRings", "bob=onHold ; bob=ringback carol=offering"),
          Map.entry("carolAlone", "; carol=connected"),
          Map.entry("moved", "alice=connected dave=connected ;"),
          Map.entry("movedRinging", "alice=connected dave=connected ; bob=ringback carol=offering"),
          Map.entry(
              "movedBeside", "alice=connected dave=connected ; bob=connected carol=connected"),
          Map.entry(
              "movedHeld", "alice=connected dave=connected ; bob=onHold carol=connected/held"),
          Map.entry("movedHolds", "alice=connected bob=onHold dave=connected ;"),
          Map.entry("movedAll", "alice=connected bob=connected dave=connected ;"),
          Map.entry("movedAway", "bob=onHold dave=connected ;"));

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
        Set.of(Scene.ALICE, new ConnectionId("anna"), Scene.BOB),
        Set.of(Scene.DAVE),
        in(home),
        in(away));
  }

  /** By the name of a place, or by the two calls with {@code ;} between them. */
  static Topology at(String place) {
    String[] calls = (PLACES.getOrDefault(place, place) + " ").split(";");
    return at(calls[0], calls[1]);
  }
}
