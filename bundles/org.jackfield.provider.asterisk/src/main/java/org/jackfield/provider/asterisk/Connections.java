package org.jackfield.provider.asterisk;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;

/**
 * The connections of parties, as they are told: in which state each is, under which address and
 * name. Confined to the provider's executor.
 */
final class Connections {
  private final Picture picture;
  private final Settings settings;

  Connections(Picture picture, Settings settings) {
    this.picture = picture;
    this.settings = settings;
  }

  /** Those of a call that nothing is done with, by what the PBX shows of its parties. */
  List<Connection> of(List<Chan> parties) {
    var offered = parties.stream().filter(p -> stateOf(p) == ConnectionState.OFFERING).toList();
    boolean rings = offered.stream().anyMatch(p -> p.state.equals("Ringing"));
    long others = parties.size() - offered.size();
    var connections = new ArrayList<Connection>();
    for (var party : parties) {
      var state = stateOf(party);
      if (state == ConnectionState.CONNECTED && others == 1 && !offered.isEmpty()) {
        state = rings ? ConnectionState.RINGBACK : ConnectionState.PROCEEDING;
      } else if (state == ConnectionState.CONNECTED && others > 2) {
        state = ConnectionState.CONFERENCED;
      }
      boolean held =
          picture.isHolding(party.bridge)
              || parties.stream().anyMatch(p -> p != party && p.phoneHold && p.isUp());
      connections.add(of(party, state, held && state.isTalking()));
    }
    return connections;
  }

  /** The state of a party that the driver does nothing with. */
  private ConnectionState stateOf(Chan party) {
    if (party.isUp()) {
      return party.phoneHold && party.bridge != null ? ConnectionState.ON_HOLD : answered(party);
    }
    boolean places =
        party.state.equals("Ring") || party.state.equals("Dialing") && party.dialledBy == null;
    return places ? placing(party) : ConnectionState.OFFERING;
  }

  /** Who has answered is connected when it is joined with the other end, and not before. */
  private ConnectionState answered(Chan party) {
    var bridge = party.bridge;
    boolean joined =
        bridge != null && (picture.isHolding(bridge) || picture.members(bridge).size() > 1);
    if (!joined && party.dialledBy != null) {
      return ConnectionState.OFFERING;
    }
    return !joined && !party.dials.isEmpty() ? placing(party) : ConnectionState.CONNECTED;
  }

  private ConnectionState placing(Chan party) {
    if (party.dials.isEmpty()) {
      return ConnectionState.DIALING;
    }
    for (var id : party.dials) {
      var peer = picture.channel(id);
      if (peer != null && peer.state.equals("Ringing")) {
        return ConnectionState.RINGBACK;
      }
    }
    return ConnectionState.PROCEEDING;
  }

  /** One that is in that state, whatever the PBX shows of it. */
  Connection of(Chan party, ConnectionState state, boolean heldByThem) {
    return new Connection(
        new ConnectionId(party.id),
        address(party),
        name(party),
        state,
        heldByThem,
        Optional.empty());
  }

  private Address address(Chan party) {
    if (party.isLocal()) {
      return addressOf(party.localTarget());
    }
    var endpoint = party.endpoint();
    if (settings.endpointPattern().isPresent()) {
      var matcher = settings.endpointPattern().get().matcher(endpoint);
      if (matcher.matches()) {
        return addressOf(matcher.group(1));
      }
    }
    return addressOf(
        party.number.isBlank() ? endpoint.substring(endpoint.indexOf('/') + 1) : party.number);
  }

  private static Address addressOf(String text) {
    var clean = clean(text);
    return clean.isEmpty() ? Address.ANONYMOUS : new Address(clean);
  }

  private static String name(Chan party) {
    return clean(party.caller);
  }

  private static String clean(String text) {
    var clean = text.replaceAll("\\p{Cntrl}", "").strip();
    return clean.length() > 128 ? clean.substring(0, 128) : clean;
  }
}
