package org.jackfield.pbx.simulated;

import static org.jackfield.pbx.simulated.Refused.Because.INVALID_ADDRESS;
import static org.jackfield.pbx.simulated.Refused.Because.INVALID_CALL_STATE;
import static org.jackfield.pbx.simulated.Refused.Because.OPERATION_UNAVAILABLE;
import static org.jackfield.pbx.simulated.Refused.Because.RESOURCE_UNAVAILABLE;

import org.jackfield.pbx.simulated.Call.Attempt;
import org.jspecify.annotations.Nullable;

/** The ways in which a call is moved. */
record TransferServices(Exchange exchange) {

  void blind(Connection transferor, String target, Command.Release release) throws Refused {
    Call call = transferor.call;
    Refused.unless(
        transferor.state == ConnectionState.CONNECTED
            && call.attempt == null
            && call.connections.size() > 1
            && !isConsulting(transferor),
        INVALID_CALL_STATE);
    Refused.unless(Directory.canBeDialled(target), INVALID_ADDRESS);
    boolean keeps = release == Command.Release.ON_ANSWER;
    Refused.unless(!keeps || exchange.profile.has("releaseOnAnswer"), OPERATION_UNAVAILABLE);
    Attempt attempt = new Attempt(call, target, Reason.TRANSFER, exchange.command());
    if (keeps) {
      attempt.transferor = transferor;
    } else {
      exchange.keep(call, transferor.phone);
      exchange.end(transferor, Cause.NORMAL);
    }
    exchange.dial(attempt);
  }

  Call consult(Connection transferor, String id, @Nullable String target) throws Refused {
    Call call = transferor.call;
    Refused.unless(
        transferor.state == ConnectionState.CONNECTED
            && call.attempt == null
            && call.connections.size() > 1
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
        exchange.join(
            consultation, transferor.phone, Reason.DIRECT, ConnectionState.DIALTONE, transferor.id);
    exchange.flush();
    if (target != null) {
      dial(consulting, target);
    }
    return consultation;
  }

  private static boolean isConsulting(Connection c) {
    return c.consultsFor() != null;
  }

  void dial(Connection consulting, String target) throws Refused {
    boolean again =
        exchange.profile.can("dial")
            && consulting.state.hasFailed()
            && isConsulting(consulting)
            && consulting.phone.isFreeBut(consulting, null)
            && consulting.call.connections.size() == 1;
    Refused.unless(consulting.state == ConnectionState.DIALTONE || again, INVALID_CALL_STATE);
    Refused.unless(Directory.canBeDialled(target), INVALID_ADDRESS);
    Attempt attempt = new Attempt(consulting.call, target, Reason.DIRECT, exchange.command());
    attempt.caller = consulting;
    exchange.dial(attempt);
  }

  void complete(Connection held, Connection consulting, Command.As as) throws Refused {
    Call call = held.call;
    Call consultation = consulting.call;
    boolean conference = as == Command.As.CONFERENCE;
    Refused.unless(exchange.profile.completesAs(as), OPERATION_UNAVAILABLE);
    Refused.unless(
        held.phone == consulting.phone
            && call != consultation
            && call.attempt == null
            && mayBeJoined(held, consultation)
            && nobodyElseIsInBoth(consulting, call)
            && (conference
                ? consulting.state == ConnectionState.CONNECTED
                : exchange.profile.completesIn(consulting.state)),
        INVALID_CALL_STATE);
    int parties = call.connections.size() + consultation.connections.size() - 1;
    Refused.unless(!conference || parties <= Profile.MOST_IN_CONFERENCE, RESOURCE_UNAVAILABLE);
    exchange.stopKeeping(call);
    boolean busy = consulting.state == ConnectionState.BUSY;
    merge(consulting, held);
    if (conference) {
      exchange.set(held, ConnectionState.CONNECTED);
    } else {
      exchange.end(held, Cause.NORMAL);
      waitForTarget(call, consultation, held.phone, busy);
    }
    exchange.settle(call);
  }

  private boolean mayBeJoined(Connection held, Call consultation) {
    Profile profile = exchange.profile;
    return held.state == ConnectionState.ON_HOLD_PENDING_TRANSFER
            && (held.consultation == consultation || profile.has("transferMake"))
        || held.state == ConnectionState.ON_HOLD && profile.has("transferHeld");
  }

  private static boolean nobodyElseIsInBoth(Connection consulting, Call call) {
    return consulting.call.others(consulting).stream()
        .noneMatch(c -> call.connections.containsKey(c.id));
  }

  /** One call of the two is left; the phone that was in both is in it once. */
  private void merge(Connection consulting, Connection held) {
    Call from = consulting.call;
    Call into = held.call;
    exchange.flush();
    exchange.detachConsultation(from);
    if (held.consultation != null) {
      exchange.detachConsultation(held.consultation);
    }
    leaveOneOfTwo(consulting, held);
    for (Connection c : from.parties()) {
      c.call = into;
      into.connections.put(c.id, c);
      exchange.touch(c);
      if (c.consultation != null) {
        c.consultation.parties().forEach(exchange::touch);
      }
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

  /** The operator puts all parties of one call into another. */
  void merge(Call from, Call into) throws Refused {
    Refused.unless(
        from != into
            && from.attempt == null
            && into.attempt == null
            && from.parties().stream().noneMatch(c -> into.at(c.phone) != null),
        INVALID_CALL_STATE);
    exchange.flush();
    exchange.detachConsultation(from);
    exchange.stopKeeping(into);
    for (Connection c : from.parties()) {
      c.call = into;
      into.connections.put(c.id, c);
      exchange.touch(c);
    }
    from.connections.clear();
    exchange.tellMerged(from, into);
    exchange.endCall(from);
    exchange.settle(into);
  }

  /** The operator takes a party out of its call and connects it with somebody else. */
  void split(Connection one, String target) throws Refused {
    Call from = one.call;
    Refused.unless(
        one.state.speaks()
            && one.consultation == null
            && from.consultsFor == null
            && (from.attempt == null || from.attempt.leg != one),
        INVALID_CALL_STATE);
    Refused.unless(Directory.canBeDialled(target), INVALID_ADDRESS);
    Call into = exchange.newCall(exchange.newCallId());
    exchange.flush();
    exchange.tellBranched(from, into);
    exchange.join(into, one.phone, Reason.TRANSFER, ConnectionState.CONNECTED, one.id);
    exchange.dial(new Attempt(into, target, Reason.TRANSFER, exchange.command()));
    exchange.end(one, Cause.NORMAL);
    exchange.settle(from);
  }

  /** Where the phone has the same id in both calls, its one leg needs no telling. */
  private void leaveOneOfTwo(Connection consulting, Connection held) {
    if (consulting.id.equals(held.id)) {
      exchange.remove(consulting);
    } else {
      exchange.end(consulting, Cause.NORMAL);
      consulting.call = held.call;
    }
  }

  /** Completed early: the target still rings, or it is busy and is camped on. */
  private void waitForTarget(Call call, Call consultation, Phone transferor, boolean busy) {
    Attempt attempt = call.attempt;
    if (attempt == null && !busy) {
      return;
    }
    exchange.keep(call, transferor);
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
    attempt.releasesHolders = true;
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
