package org.jackfield.pbx.simulated;

import static org.jackfield.pbx.simulated.Refused.Because.INVALID_ADDRESS;
import static org.jackfield.pbx.simulated.Refused.Because.INVALID_CALL_HANDLE;
import static org.jackfield.pbx.simulated.Refused.Because.INVALID_CALL_STATE;
import static org.jackfield.pbx.simulated.Refused.Because.RESOURCE_UNAVAILABLE;

import org.jackfield.pbx.simulated.Call.Attempt;
import org.jackfield.pbx.simulated.Call.Keeping;
import org.jspecify.annotations.Nullable;

/** The ways in which a call is moved. */
record TransferServices(Exchange exchange) {

  /** The two ends of a phone that holds one call and is active in the other. */
  private record Pair(Connection held, Connection consulting) {}

  void blind(Connection transferor, String target, Command.Release release) throws Refused {
    Call call = transferor.call;
    Refused.unless(
        transferor.state == ConnectionState.CONNECTED
            && call.attempt == null
            && call.connections.size() > 1
            && !isConsulting(transferor),
        INVALID_CALL_STATE);
    Refused.unless(Directory.canBeDialled(target), INVALID_ADDRESS);
    Attempt attempt = new Attempt(call, target, Reason.TRANSFER, exchange.command());
    if (release == Command.Release.ON_ANSWER) {
      attempt.transferor = transferor;
    } else {
      call.keeping = new Keeping(transferor.phone);
      exchange.end(transferor, Cause.NORMAL);
    }
    exchange.dial(attempt);
  }

  Call consult(Connection transferor, String id, @Nullable String target) throws Refused {
    Call call = transferor.call;
    Refused.unless(
        transferor.state == ConnectionState.CONNECTED
            && call.attempt == null
            && transferor.consultation == null
            && !isConsulting(transferor),
        INVALID_CALL_STATE);
    Refused.unless(target == null || Directory.canBeDialled(target), INVALID_ADDRESS);
    Call consultation = exchange.newCall(id);
    consultation.consultsFor = transferor;
    transferor.consultation = consultation;
    exchange.set(transferor, ConnectionState.ON_HOLD_PENDING_TRANSFER);
    exchange.refresh(call);
    Connection consulting =
        exchange.join(consultation, transferor.phone, Reason.DIRECT, ConnectionState.DIALTONE);
    exchange.flush();
    if (target != null) {
      dial(consulting, target);
    }
    return consultation;
  }

  private static boolean isConsulting(Connection c) {
    Connection held = c.call.consultsFor;
    return held != null && held.phone == c.phone;
  }

  void dial(Connection consulting, String target) throws Refused {
    boolean again =
        exchange.profile.traits().redial()
            && consulting.state.hasFailed()
            && isConsulting(consulting)
            && consulting.call.connections.size() == 1;
    Refused.unless(consulting.state == ConnectionState.DIALTONE || again, INVALID_CALL_STATE);
    Refused.unless(Directory.canBeDialled(target), INVALID_ADDRESS);
    Attempt attempt = new Attempt(consulting.call, target, Reason.DIRECT, exchange.command());
    attempt.caller = consulting;
    exchange.dial(attempt);
  }

  void complete(Call call, Call consultation, Command.As as) throws Refused {
    Refused.unless(call != consultation, INVALID_CALL_HANDLE);
    Pair pair = pair(call, consultation);
    if (as == Command.As.CONFERENCE) {
      Refused.unless(pair.consulting.state == ConnectionState.CONNECTED, INVALID_CALL_STATE);
      Refused.unless(
          call.connections.size() + consultation.connections.size() - 1
              <= exchange.profile.traits().maxConference(),
          RESOURCE_UNAVAILABLE);
      merge(consultation, call);
      exchange.end(pair.consulting, Cause.NORMAL);
      exchange.set(pair.held, ConnectionState.CONNECTED);
    } else {
      Refused.unless(
          exchange.profile.traits().completesIn().contains(pair.consulting.state),
          INVALID_CALL_STATE);
      boolean busy = pair.consulting.state == ConnectionState.BUSY;
      merge(consultation, call);
      exchange.end(pair.held, Cause.NORMAL);
      exchange.end(pair.consulting, Cause.NORMAL);
      waitForTarget(call, consultation, pair.held.phone, busy);
    }
    exchange.settle(call);
  }

  private Pair pair(Call call, Call consultation) throws Refused {
    for (Connection held : call.parties()) {
      Connection consulting = consultation.at(held.phone);
      if (consulting != null && call.attempt == null && fits(held, consultation)) {
        return new Pair(held, consulting);
      }
    }
    throw new Refused(INVALID_CALL_STATE);
  }

  private boolean fits(Connection held, Call consultation) {
    Profile.Traits traits = exchange.profile.traits();
    return held.state == ConnectionState.ON_HOLD_PENDING_TRANSFER
            && (held.consultation == consultation || traits.transferMake())
        || held.state == ConnectionState.ON_HOLD && traits.transferHeld();
  }

  private void merge(Call from, Call into) {
    exchange.flush();
    exchange.detachConsultation(from);
    for (Connection c : from.parties()) {
      if (c.clearDown != null) {
        c.clearDown.cancel();
      }
      c.call = into;
      into.connections.put(c.id, c);
      exchange.touch(c);
    }
    from.connections.clear();
    into.attempt = from.attempt;
    if (into.attempt != null) {
      into.attempt.call = into;
      into.attempt.caller = null;
    }
    exchange.tellMerged(from, into);
    exchange.endCall(from);
  }

  /** Completed early: the target still rings, or it is busy and is camped on. */
  private void waitForTarget(Call call, Call consultation, Phone transferor, boolean busy) {
    Attempt attempt = call.attempt;
    if (attempt == null && !busy) {
      return;
    }
    call.keeping = new Keeping(transferor);
    if (attempt != null) {
      exchange.limit(attempt);
    } else if (consultation.dialled != null) {
      Attempt campOn = new Attempt(call, consultation.dialled, Reason.TRANSFER, exchange.command());
      campOn.campsOn = true;
      exchange.dial(campOn);
    }
  }

  void recall(Connection waiting, String target) throws Refused {
    Call call = waiting.call;
    Refused.unless(waiting.state.speaks() && waiting.heldByThem, INVALID_CALL_STATE);
    Refused.unless(Directory.canBeDialled(target), INVALID_ADDRESS);
    Attempt attempt = new Attempt(call, target, Reason.REMINDER, exchange.command());
    if (call.attempt != null) {
      attempt.transferor = call.attempt.transferor;
      exchange.abandon(call.attempt, Cause.CANCELLED);
    }
    if (call.keeping != null && call.keeping.timer != null) {
      call.keeping.timer.cancel();
    }
    exchange.dial(attempt);
  }
}
