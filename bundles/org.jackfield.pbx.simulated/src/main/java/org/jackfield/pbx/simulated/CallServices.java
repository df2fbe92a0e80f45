package org.jackfield.pbx.simulated;

import static org.jackfield.pbx.simulated.Refused.Because.INVALID_ADDRESS;
import static org.jackfield.pbx.simulated.Refused.Because.INVALID_CALL_STATE;
import static org.jackfield.pbx.simulated.Refused.Because.RESOURCE_UNAVAILABLE;

import java.util.List;
import org.jackfield.pbx.simulated.Call.Attempt;

/** What can be asked of a single call, and of two calls of one phone. */
record CallServices(Exchange exchange) {

  Call makeCall(String id, String from, String to) throws Refused {
    Phone phone = Directory.canBeDialled(from) ? exchange.directory.find(from) : null;
    if (phone == null || !Directory.canBeDialled(to)) {
      throw new Refused(INVALID_ADDRESS);
    }
    Refused.unless(phone.canDial(), RESOURCE_UNAVAILABLE);
    Call call = exchange.newCall(id);
    Connection caller = exchange.offHook(call, phone);
    exchange.flush();
    Attempt attempt = new Attempt(call, to, Reason.DIRECT, exchange.command());
    attempt.caller = caller;
    exchange.dial(attempt);
    return call;
  }

  void hold(Connection c) throws Refused {
    Refused.unless(
        c.state.speaks() && c.call.attempt == null && c.call.connections.size() > 1,
        INVALID_CALL_STATE);
    exchange.set(c, ConnectionState.ON_HOLD);
    exchange.refresh(c.call);
  }

  /** Also cancels: a blind transfer that still rings, or the party's consultation. */
  void retrieve(Connection c) throws Refused {
    Attempt attempt = c.call.attempt;
    if (attempt != null && attempt.transferor == c) {
      exchange.abandon(attempt, Cause.CANCELLED);
      exchange.refresh(c.call);
      return;
    }
    Call consultation = c.consultation;
    Refused.unless(c.state.holds() && c.phone.isFreeBut(c, consultation), INVALID_CALL_STATE);
    if (consultation != null) {
      cancel(consultation, c.id);
    }
    exchange.set(c, ConnectionState.CONNECTED);
    hangUpOnTones(c.phone);
    exchange.refresh(c.call);
  }

  private void hangUpOnTones(Phone phone) {
    for (Connection c : List.copyOf(phone.connections)) {
      if (c.state.hasFailed()) {
        exchange.leave(c, Cause.NORMAL);
      }
    }
  }

  private void cancel(Call consultation, String id) {
    Connection consulting = consultation.connections.get(id);
    exchange.detachConsultation(consultation);
    if (consulting != null) {
      exchange.leave(consulting, Cause.NORMAL);
    }
  }

  /** A phone's active and held ends change places. */
  void alternate(Connection active, Connection held) throws Refused {
    Refused.unless(
        active.phone == held.phone
            && active.state.speaks()
            && active.call.attempt == null
            && held.state.holds()
            && !held.awaitsBlindTransfer(),
        INVALID_CALL_STATE);
    exchange.set(
        active,
        active.consultation != null
            ? ConnectionState.ON_HOLD_PENDING_TRANSFER
            : ConnectionState.ON_HOLD);
    exchange.set(held, ConnectionState.CONNECTED);
    exchange.refresh(active.call);
    exchange.refresh(held.call);
  }

  void redirect(Connection c, String target) throws Refused {
    Attempt attempt = c.call.attempt;
    if (attempt == null || attempt.leg != c) {
      throw new Refused(INVALID_CALL_STATE);
    }
    Refused.unless(Directory.canBeDialled(target), INVALID_ADDRESS);
    exchange.abandon(attempt, Cause.FORWARDED);
    Attempt next = new Attempt(c.call, target, Reason.REDIRECT, exchange.command());
    next.caller = attempt.caller;
    next.transferor = attempt.transferor;
    exchange.dial(next);
  }

  void clear(Connection c) {
    exchange.leave(c, c.state == ConnectionState.OFFERING ? Cause.REJECT : Cause.NORMAL);
  }

  void clearCall(Call call) {
    if (call.attempt != null) {
      exchange.abandon(call.attempt, Cause.CANCELLED);
    }
    exchange.stopKeeping(call);
    for (Connection c : call.parties()) {
      if (call.connections.containsKey(c.id)) {
        exchange.leave(c, Cause.NORMAL);
      }
    }
  }
}
