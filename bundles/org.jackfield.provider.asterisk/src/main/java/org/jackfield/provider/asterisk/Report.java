package org.jackfield.provider.asterisk;

import java.util.ArrayList;
import java.util.List;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.provider.asterisk.CallState.Mode;
import org.jspecify.annotations.Nullable;

/**
 * What is told of a kept call, and of the consultation beside it: it follows from where the PBX
 * says the parties are, never from what was asked for. Confined to the provider's executor.
 */
final class Report {
  private final CallState state;
  private final Parties parties;
  private final Bridges bridges;
  private final Consultation consultation;
  private final Notes notes;
  private final Calls calls;
  private final Picture picture;
  private final Steps steps;

  Report(CallState state, Notes notes, Exchange exchange) {
    this.state = state;
    this.parties = state.parties;
    this.bridges = state.bridges;
    this.consultation = state.consultation;
    this.notes = notes;
    this.calls = exchange.calls();
    this.picture = exchange.picture();
    this.steps = exchange.steps();
  }

  /** Tells both calls where they differ from what was told; not while one of them is on its way. */
  void tell() {
    if (state.over || state.isBetween()) {
      return;
    }
    if (parties.target != null && !parties.alive(parties.target)) {
      parties.targetFailed(parties.target);
    }
    var first = new ArrayList<Connection>();
    if (!consultation.isOpen() || parties.alive(parties.held)) {
      add(first, parties.transferor, transferorState(), false);
    }
    boolean waits = state.heldWaits();
    add(
        first,
        parties.held,
        state.mode == Mode.CONFERENCE ? ConnectionState.CONFERENCED : ConnectionState.CONNECTED,
        waits);
    if (!consultation.isOpen()) {
      add(first, parties.target, targetState(), false);
    }
    calls.tell(state.call, first, parties.why());
    var second = consultation.call();
    if (second != null) {
      tellConsultation(second);
    }
    var unused = notes.write();
  }

  private void tellConsultation(Call second) {
    var connections = new ArrayList<Connection>();
    add(connections, parties.transferor, consultationState(), false);
    connections.replaceAll(this::inConsultation);
    add(connections, parties.target, targetState(), bridges.isInMusic(parties.target));
    calls.tell(second, connections, parties.why());
  }

  /**
   * The transferor in its consultation call: it stays when a target fails, to dial again or to go
   * back.
   */
  private Connection inConsultation(Connection told) {
    return told.state() == ConnectionState.DISCONNECTED
        ? told.left(parties.targetFailure.orElse(Cause.NORMAL))
        : told;
  }

  private void add(
      List<Connection> to, @Nullable String handle, ConnectionState asked, boolean heldByThem) {
    if (handle == null || !parties.alive(handle)) {
      return;
    }
    var now =
        asked == ConnectionState.CONNECTED && !parties.hasAnswered(handle)
            ? ConnectionState.OFFERING // somebody else has sent the call there
            : asked;
    for (var id : parties.phones(handle)) {
      var chan = picture.channel(id);
      if (chan != null) {
        to.add(calls.connections().of(chan, now, heldByThem));
      }
    }
  }

  private ConnectionState transferorState() {
    if (state.mode == Mode.CONFERENCE) {
      return ConnectionState.CONFERENCED;
    }
    if (!state.heldWaits()) {
      return ConnectionState.CONNECTED;
    }
    return state.pending ? ConnectionState.ON_HOLD_PENDING_TRANSFER : ConnectionState.ON_HOLD;
  }

  private ConnectionState targetState() {
    if (state.mode == Mode.CONFERENCE) {
      return ConnectionState.CONFERENCED;
    }
    boolean joined =
        parties.targetAnswered()
            && (steps.areLetGo(parties.held, String.valueOf(parties.target))
                || bridges.isInTalk(parties.target) && (consultation.isOpen() || !state.heldWaits())
                || bridges.isInMusic(parties.target));
    return joined ? ConnectionState.CONNECTED : ConnectionState.OFFERING;
  }

  private ConnectionState consultationState() {
    if (parties.target == null) {
      return parties
          .targetFailure
          .map(
              c ->
                  c.code() == Cause.Code.BUSY && state.pending
                      ? ConnectionState.BUSY
                      : ConnectionState.DISCONNECTED)
          .orElse(ConnectionState.DIALTONE);
    }
    if (parties.targetAnswered()) {
      return bridges.isInMusic(parties.target)
          ? ConnectionState.ON_HOLD
          : ConnectionState.CONNECTED;
    }
    if (!parties.dialled) {
      return ConnectionState.DIALING;
    }
    for (var id : parties.phones(parties.target)) {
      var chan = picture.channel(id);
      if (chan != null && chan.state.equals("Ringing")) {
        return ConnectionState.RINGBACK;
      }
    }
    return ConnectionState.PROCEEDING;
  }
}
