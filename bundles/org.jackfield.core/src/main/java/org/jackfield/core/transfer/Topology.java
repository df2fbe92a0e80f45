package org.jackfield.core.transfer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;

/**
 * Where the parties of one transfer are now, read off the calls concerned.
 *
 * <p><em>Home</em> is the call in which the transferee is; <em>away</em> is the consultation call
 * while it is a call of its own.
 *
 * @param transferorHome the transferor's end in the home call
 * @param transferorAway the transferor's end in the consultation call
 * @param transferees those who stay, in the home call
 * @param target the party that they are to be joined to, wherever it is
 * @param targetHome whether the target is in the home call
 * @param awayLive whether there is a consultation call
 * @param strangers who is in the home call and was brought there by somebody else: a phone's own
 *     transfer, the operator
 */
public record Topology(
    Optional<Connection> transferorHome,
    Optional<Connection> transferorAway,
    List<Connection> transferees,
    Optional<Connection> target,
    boolean targetHome,
    boolean awayLive,
    List<Connection> strangers) {

  /**
   * Reads it off the calls.
   *
   * @param transferor the party that leaves
   * @param originals all who were in the call when the transfer was asked for
   * @param home the connections of the home call
   * @param away the connections of the consultation call, empty when there is none
   */
  public static Topology of(
      ConnectionId transferor,
      Set<ConnectionId> originals,
      List<Connection> home,
      List<Connection> away) {
    return of(transferor, Set.of(), originals, Set.of(), home, away);
  }

  /**
   * Reads it off the calls, where the transferor's phone may be in the other call under another
   * name.
   *
   * @param otherEnds the transferor's connections in other calls
   * @param brought who was brought into the home call by somebody else
   */
  public static Topology of(
      ConnectionId transferor,
      Set<ConnectionId> otherEnds,
      Set<ConnectionId> originals,
      Set<ConnectionId> brought,
      List<Connection> home,
      List<Connection> away) {
    Optional<Connection> transferorHome = Optional.empty();
    Optional<Connection> transferorAway = Optional.empty();
    Optional<Connection> target = Optional.empty();
    boolean targetHome = false;
    List<Connection> transferees = new ArrayList<>();
    List<Connection> strangers = new ArrayList<>();
    for (Connection connection : home) {
      if (connection.id().equals(transferor)) {
        transferorHome = Optional.of(connection);
      } else if (otherEnds.contains(connection.id())) {
        transferorHome = transferorHome.or(() -> Optional.of(connection));
      } else if (originals.contains(connection.id())) {
        transferees.add(connection);
      } else if (brought.contains(connection.id())) {
        strangers.add(connection);
      } else if (further(connection, target)) {
        target = Optional.of(connection);
        targetHome = true;
      }
    }
    for (Connection connection : away) {
      if (connection.id().equals(transferor) || otherEnds.contains(connection.id())) {
        transferorAway = Optional.of(connection);
      } else if (target.isEmpty()) {
        target = Optional.of(connection);
      }
    }
    return new Topology(
        transferorHome,
        transferorAway,
        List.copyOf(transferees),
        target,
        targetHome,
        !away.isEmpty(),
        List.copyOf(strangers));
  }

  /** Of several that ring, the one that answered is the target. */
  private static boolean further(Connection connection, Optional<Connection> target) {
    return target.isEmpty() || !target.get().state().isTalking() && connection.state().isTalking();
  }

  public boolean transferorGone() {
    return transferorHome.isEmpty() && transferorAway.isEmpty();
  }

  public boolean transfereeGone() {
    return transferees.isEmpty();
  }

  /** The transferor is in the consultation only, and nobody is with the one who stays. */
  public boolean transfereeAlone() {
    return transferorHome.isEmpty()
        && transferorAway.isPresent()
        && transferees.size() == 1
        && !targetHome
        && strangers.isEmpty();
  }

  public boolean transferorHeld() {
    return transferorHome.filter(c -> c.state().isHeld()).isPresent();
  }

  public boolean transferorTalksHome() {
    return transferorHome.filter(c -> c.state().isTalking()).isPresent();
  }

  public boolean transferorTalksAway() {
    return transferorAway.filter(c -> c.state().isTalking()).isPresent();
  }

  public boolean targetAnswered() {
    return target.filter(c -> c.state().isTalking() || c.state().isHeld()).isPresent();
  }

  public boolean targetAlerting() {
    return target.filter(c -> c.state() == ConnectionState.OFFERING).isPresent()
        || !targetAnswered()
            && transferorAway.filter(c -> c.state() == ConnectionState.RINGBACK).isPresent();
  }

  public boolean targetBusy() {
    return transferorAway.filter(c -> c.state() == ConnectionState.BUSY).isPresent();
  }

  /**
   * Transferee and target are in one call that the transferor has left; the target may still ring.
   */
  public boolean joined() {
    return targetHome && !transfereeGone() && transferorGone();
  }

  /** Transferee and target talk, and the transferor is out. */
  public boolean delivered() {
    return joined() && targetAnswered() && transfereeHeard();
  }

  /** The transferee talks with somebody who was brought to it; the transferor is not there. */
  public boolean recalled() {
    return targetHome && transferorHome.isEmpty() && targetAnswered() && transfereeHeard();
  }

  /** Transferor and transferee talk as before, and somebody else was brought to them. */
  public boolean broughtBetween() {
    return targetHome && transferorTalksHome() && transfereeHeard();
  }

  private boolean transfereeHeard() {
    return transferees.stream().anyMatch(Topology::takesPart);
  }

  /** It waits for nobody: it talks, or holds the others itself and can come back. */
  private static boolean takesPart(Connection transferee) {
    return transferee.state().isHeld()
        || transferee.state().isTalking() && !transferee.heldByThem();
  }

  /** Transferor, transferee and target are conferenced in one call, by the PBX's own word. */
  public boolean conferenced() {
    return targetHome
        && targetAnswered()
        && !transfereeGone()
        && transferorHome.filter(c -> c.state() == ConnectionState.CONFERENCED).isPresent();
  }

  /** Transferor and transferee talk as before, and nothing else is left. */
  public boolean restored() {
    return transferorTalksHome()
        && transfereeHeard()
        && target.isEmpty()
        && !awayLive
        && strangers.isEmpty();
  }

  /** Transferor and transferee talk as before; the transferor's other call is on hold, or over. */
  public boolean restoredBesideHeld() {
    return transferorTalksHome()
        && transfereeHeard()
        && !targetHome
        && strangers.isEmpty()
        && (!awayLive || transferorAway.filter(c -> c.state().isHeld()).isPresent());
  }

  /** Transferor and target talk in a call of their own, which needs nobody else. */
  public boolean consultationStands() {
    return transferorAway.isPresent() && !targetHome && targetAnswered();
  }

  /** Each party's last known place, for a person. */
  public List<String> places() {
    List<String> places = new ArrayList<>();
    transferorHome.ifPresent(c -> places.add("transferor " + place(c)));
    transferorAway.ifPresent(c -> places.add("transferor, consulting, " + place(c)));
    transferees.forEach(c -> places.add("transferee " + place(c)));
    target.ifPresent(c -> places.add("target " + place(c)));
    strangers.forEach(c -> places.add("brought by somebody else " + place(c)));
    return places;
  }

  private static String place(Connection connection) {
    return connection.address() + ": " + connection.state().text();
  }
}
