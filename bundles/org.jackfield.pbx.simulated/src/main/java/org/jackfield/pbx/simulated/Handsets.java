package org.jackfield.pbx.simulated;

import static org.jackfield.pbx.simulated.Refused.Because.INVALID_ADDRESS;
import static org.jackfield.pbx.simulated.Refused.Because.INVALID_CALL_STATE;

import org.jackfield.pbx.simulated.Call.Attempt;
import org.jspecify.annotations.Nullable;

/** What people do at their phones. The server learns of it by events only. */
record Handsets(Exchange exchange, CallServices calls, TransferServices transfers) {

  void act(Control.Handset handset) throws Refused {
    Phone phone = exchange.directory.find(handset.address());
    if (phone == null || !phone.inService) {
      throw new Refused(INVALID_ADDRESS);
    }
    Refused.unless(phone.lines == 1 || !isForOneLine(handset.act()), INVALID_CALL_STATE);
    switch (handset.act()) {
      case ANSWER -> exchange.answer(there(phone.ringing()));
      case DECLINE -> exchange.leave(there(phone.ringing()), Cause.REJECT);
      case HANG_UP -> hangUp(phone);
      case CALL -> calls.makeCall(exchange.newCallId(), phone.address, target(handset));
      case HOLD -> calls.hold(there(phone.active()));
      case RETRIEVE -> calls.retrieve(there(phone.holding()));
      case TRANSFER ->
          transfers.blind(there(phone.active()), target(handset), Command.Release.ON_ACCEPT);
      case CONSULT ->
          transfers.consult(there(phone.active()), exchange.newCallId(), target(handset));
      case ALTERNATE -> calls.alternate(there(phone.active()), there(phone.holding()));
      case COMPLETE -> complete(phone, Command.As.TRANSFER);
      case CONFERENCE -> complete(phone, Command.As.CONFERENCE);
    }
  }

  /** A number with many lines has no keys for the other call: it is not clear which one. */
  private static boolean isForOneLine(Control.Act act) {
    return switch (act) {
      case CONSULT, ALTERNATE, COMPLETE, CONFERENCE -> true;
      default -> false;
    };
  }

  private void complete(Phone phone, Command.As as) throws Refused {
    transfers.complete(there(phone.holding()), there(phone.active()), as);
  }

  private static Connection there(@Nullable Connection c) throws Refused {
    if (c == null) {
      throw new Refused(INVALID_CALL_STATE);
    }
    return c;
  }

  private static String target(Control.Handset handset) throws Refused {
    if (handset.target() == null) {
      throw new Refused(INVALID_ADDRESS);
    }
    return handset.target();
  }

  private void hangUp(Phone phone) throws Refused {
    Connection active = phone.active();
    Connection held = phone.holding();
    if (active == null) {
      exchange.leave(there(held == null ? phone.ringing() : held), Cause.NORMAL);
    } else if (held == null || phone.lines > 1 || !consults(active, held)) {
      exchange.leave(active, Cause.NORMAL);
    } else if (exchange.profile.has("onHookTransfer")) {
      hangUpInConsultation(active, held);
    } else {
      leaveConsultation(active, held);
    }
  }

  private static boolean consults(Connection active, Connection held) {
    return active.call.consultsFor == held || held.call.consultsFor == active;
  }

  private void hangUpInConsultation(Connection active, Connection held) throws Refused {
    if (active.state.hasFailed() || active.state == ConnectionState.DIALTONE) {
      leaveConsultation(active, held);
      return;
    }
    if (active.consultation == held.call) {
      calls.alternate(active, held);
      transfers.complete(active, held, Command.As.TRANSFER);
    } else if (exchange.profile.completesIn(active.state)) {
      transfers.complete(held, active, Command.As.TRANSFER);
    } else {
      leaveConsultation(active, held);
    }
  }

  /** The handset is on-hook; whom it held is kept, and the phone rings for them. */
  private void leaveConsultation(Connection active, Connection held) {
    Call call = held.call;
    exchange.detachConsultation(active.consultation == call ? call : active.call);
    exchange.leave(active, Cause.NORMAL);
    exchange.end(held, Cause.NORMAL);
    if (call.connections.size() == 1 && call.attempt == null) {
      exchange.keep(call, held.phone).recalled = true;
      exchange.dial(new Attempt(call, held.phone.address, Reason.REMINDER, exchange.command()));
    } else {
      exchange.settle(call);
    }
  }
}
