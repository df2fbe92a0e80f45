package org.jackfield.pbx.simulated;

import com.fasterxml.jackson.databind.EnumNamingStrategies;
import com.fasterxml.jackson.databind.annotation.EnumNaming;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A telephone, and the connections that it is in, oldest first. */
final class Phone {

  /** The states of a lamp. */
  @EnumNaming(EnumNamingStrategies.LowerCamelCaseStrategy.class)
  public enum Lamp {
    FREE,
    RINGING,
    BUSY,
    UNAVAILABLE
  }

  final String address;
  final String name;
  final int lines;
  final Set<Connection> connections = new LinkedHashSet<>();
  Control.Behaviour behaviour;
  @Nullable Duration rings;
  boolean inService = true;
  Lamp lampTold;

  Phone(String address, String name, int lines, Control.Behaviour behaviour) {
    this.address = address;
    this.name = name;
    this.lines = lines;
    this.behaviour = behaviour;
    this.lampTold = lamp();
  }

  /** No line is left for a call from outside. */
  boolean isBusy() {
    return behaviour == Control.Behaviour.BUSY || connections.size() >= lines;
  }

  /** Can go off-hook: nothing is active at it. A held call does not hinder. */
  boolean canDial() {
    return inService && isFreeBut(null, null);
  }

  /** No connection but this one, and those in that call, speaks, rings, or may soon speak. */
  boolean isFreeBut(@Nullable Connection one, @Nullable Call call) {
    return lines > 1
        || connections.stream()
            .allMatch(
                c ->
                    c == one
                        || c.call == call
                        || c.state.hasFailed()
                        || c.state.holds() && !c.awaitsBlindTransfer());
  }

  /** The connection that handset and keys act on. */
  @Nullable Connection active() {
    Connection found = null;
    for (Connection c : connections) {
      boolean candidate = c.state != ConnectionState.OFFERING && !c.state.holds();
      if (candidate && (found == null || found.state.hasFailed() || !c.state.hasFailed())) {
        found = c;
      }
    }
    return found;
  }

  /** What a lamp beside the phone's name would show. */
  Lamp lamp() {
    if (!inService) {
      return Lamp.UNAVAILABLE;
    }
    if (behaviour == Control.Behaviour.BUSY) {
      return Lamp.BUSY;
    }
    if (lines > 1 || connections.isEmpty()) {
      return Lamp.FREE;
    }
    return ringing() == null ? Lamp.BUSY : Lamp.RINGING;
  }

  Message.AddressView view() {
    return new Message.AddressView(address, name, lamp());
  }

  @Nullable Connection ringing() {
    return newest(ConnectionState.OFFERING);
  }

  @Nullable Connection holding() {
    Connection pending = newest(ConnectionState.ON_HOLD_PENDING_TRANSFER);
    return pending != null ? pending : newest(ConnectionState.ON_HOLD);
  }

  private @Nullable Connection newest(ConnectionState state) {
    Connection found = null;
    for (Connection c : connections) {
      if (c.state == state) {
        found = c;
      }
    }
    return found;
  }
}
