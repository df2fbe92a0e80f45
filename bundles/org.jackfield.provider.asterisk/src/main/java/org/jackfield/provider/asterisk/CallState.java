package org.jackfield.provider.asterisk;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jackfield.api.provider.CommandId;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.ReleaseWhen;
import org.jspecify.annotations.Nullable;

/**
 * How a kept call stands: what is being done with it, with whom, and where the PBX says that they
 * are. It only answers; nothing is asked of the PBX here, and nothing is told. Confined to the
 * provider's executor.
 */
final class CallState {
  /** What is being done with the call. */
  enum Mode {
    /** Two parties talk, and are about to be let go. */
    TALK,
    /** The transferor holds the other. */
    HOLD,
    /** The other waits while the target is dialled; the transferor stays, if it has not left. */
    BLIND,
    /** The other waits without a transferor; a target may be on its way. */
    WAITING,
    /** The transferor has a second call: a consultation, or one it made beside a held call. */
    CONSULT,
    /** Three talk. */
    CONFERENCE
  }

  final Call call;
  final Parties parties;
  final Bridges bridges;
  final Consultation consultation;
  private final Exchange exchange;
  private final Picture picture;

  Mode mode = Mode.TALK;

  /** Whether the hold is for a transfer. */
  boolean pending;

  /** When the transferor of a blind transfer is let go. */
  ReleaseWhen release = ReleaseWhen.ON_ANSWER;

  /** With whom the held party is on its way to a bridge of the PBX's own. */
  @Nullable String goesWith;

  /** What the completion under way makes. */
  @Nullable CompleteAs completing;

  /** Whether it was tried to let the two who talk go, which is not tried again by itself. */
  boolean triedToLetGo;

  /** Whether a sequence of steps is under way. */
  boolean busy;

  /** Whether it is not kept any more. */
  boolean over;

  CallState(Call call, Parties parties, Bridges bridges, Exchange exchange) {
    this.call = call;
    this.parties = parties;
    this.bridges = bridges;
    this.consultation = new Consultation(call, parties, exchange.calls());
    this.exchange = exchange;
    this.picture = exchange.picture();
  }

  // ---- for whoever comes after us ----

  Card card(long version, List<CommandId> given) {
    var behind = new LinkedHashMap<String, List<String>>();
    parties.handles().forEach(handle -> behind.put(handle, List.copyOf(parties.phones(handle))));
    return new Card(
        version,
        exchange.steps().application(),
        call.id,
        Optional.ofNullable(consultation.call()).map(c -> c.id),
        mode,
        pending,
        parties.transferor,
        parties.held,
        Optional.ofNullable(parties.target),
        Optional.ofNullable(parties.targetAddress),
        release,
        parties.dialled,
        Optional.ofNullable(goesWith),
        Optional.ofNullable(completing),
        bridges.talk,
        bridges.music,
        behind,
        given);
  }

  /** As an instance that is gone has written it down. */
  void resume(Card card) {
    mode = card.mode();
    pending = card.pending();
    parties.target = card.target().orElse(null);
    parties.targetAddress = card.targetAddress().orElse(null);
    release = card.release();
    parties.dialled = card.dialled();
    goesWith = card.goesWith().orElse(null);
    completing = card.completing().orElse(null);
    parties.remember(card.parties());
    card.consultation().map(exchange.calls()::named).ifPresent(consultation::resume);
  }

  // ---- what may be asked of it ----

  /** Whether two parties are in the call, nobody is dialled for it and nothing is under way. */
  boolean isPlain() {
    return (mode == Mode.TALK || mode == Mode.HOLD)
        && !busy
        && parties.target == null
        && !consultation.isOpen()
        && parties.alive(parties.held)
        && parties.transferorAlive();
  }

  /** Whether a party with that address has the call on hard hold, and no other call through us. */
  boolean isHeldBy(Address address) {
    return mode == Mode.HOLD
        && !pending
        && parties.target == null
        && !consultation.isOpen()
        && parties.alive(parties.held)
        && parties.transferorAlive()
        && parties.phones(parties.transferor).stream()
            .map(call.told::get)
            .anyMatch(c -> c != null && c.address().equals(address));
  }

  /** Whether the transferor has made a call of its own while it holds the first one. */
  boolean isBesideMadeCall() {
    return mode == Mode.CONSULT && !pending && consultation.isOpen();
  }

  /** Whether that party has the call on consultation hold, and nobody is being dialled. */
  boolean mayConsultAgain(ConnectionId party) {
    return (mode == Mode.CONSULT || mode == Mode.HOLD && pending)
        && parties.target == null
        && parties.isTransferor(party)
        && parties.alive(parties.held)
        && parties.transferorAlive()
        && heldWaits();
  }

  /** Whether that party waits for somebody, and nobody is being dialled for it. */
  boolean mayBeRecalled(ConnectionId party) {
    return (mode == Mode.WAITING || mode == Mode.HOLD)
        && parties.target == null
        && parties.alive(parties.held)
        && parties.isHeld(party);
  }

  // ---- where they are ----

  boolean heldWaits() {
    return bridges.isInMusic(parties.held) && parties.alive(parties.held);
  }

  /** Whether one of them has left our application, and may be moved or may have hung up. */
  boolean isBetween() {
    return mode != Mode.TALK
        && !busy
        && parties.handles().stream()
            .map(picture::channel)
            .anyMatch(chan -> chan != null && chan.isBetween());
  }

  /** In which of the two calls that party is. */
  Call callOf(String handle) {
    var second = consultation.call();
    return second != null && handle.equals(parties.target) ? second : call;
  }

  /** With whom the held party stays if we go; null when there are no two. */
  @Nullable String leavesWith() {
    if (!parties.alive(parties.held)) {
      return null;
    }
    boolean delivers = (mode == Mode.BLIND || mode == Mode.WAITING) && parties.targetAnswered();
    for (var other :
        new String[] {goesWith, delivers ? parties.target : null, parties.transferor}) {
      if (parties.alive(other)) {
        return other;
      }
    }
    return null;
  }
}
