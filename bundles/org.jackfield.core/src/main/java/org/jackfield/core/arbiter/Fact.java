package org.jackfield.core.arbiter;

import java.util.function.Function;
import org.jackfield.api.session.Reason;

/**
 * What can rule a plan out, in the order in which it is looked at: a bit that is off for ever, then
 * what the request lacks, then a state, then a limit, then the PBX's own no. So of a plan's facts
 * the lowest bit is the first, and of several plans the one with the highest came furthest.
 */
enum Fact {
  // A bit that is off: never with this PBX.
  NO_BLIND(Reason.NOT_SUPPORTED, "the PBX has no blind transfer (BLINDTRANSFER is off)"),
  NO_CONSULT(Reason.NOT_SUPPORTED, "the PBX has no consultation (SETUPTRANSFER is off)"),
  NO_DIAL(Reason.NOT_SUPPORTED, "nothing can be dialled on a consultation (DIAL is off)"),
  NO_ONE_STEP(
      Reason.NOT_SUPPORTED, "the PBX has no one-step consultation (ONESTEPTRANSFER is off)"),
  NO_TRANSFER_MAKE(
      Reason.NOT_SUPPORTED, "a new call cannot serve as consultation (TRANSFERMAKE is off)"),
  NO_MAKE_CALL(Reason.NOT_SUPPORTED, "the PBX makes no new call (MAKECALL is off)"),
  NO_HOLD(Reason.NOT_SUPPORTED, "the PBX holds no call (HOLD is off)"),
  NO_EARLY_COMPLETION(
      Reason.NOT_SUPPORTED, "the PBX does not declare that it completes before the answer"),
  NO_COMPLETION(Reason.NOT_SUPPORTED, "the PBX cannot complete a transfer (COMPLETETRANSF is off)"),
  NO_TRANSFER_HELD(
      Reason.NOT_SUPPORTED, "a call on hold cannot be the target (TRANSFERHELD is off)"),
  NO_ALTERNATE(
      Reason.NOT_SUPPORTED, "the PBX cannot change from one call to the other (SWAPHOLD is off)"),
  NO_TRANSFER_NORM(
      Reason.NOT_SUPPORTED, "the PBX completes only as a conference (TRANSFERNORM is off)"),
  NO_TRANSFER_CONF(
      Reason.NOT_SUPPORTED, "the PBX cannot complete as a conference (TRANSFERCONF is off)"),
  NO_CLEAR(Reason.NOT_SUPPORTED, "the PBX cannot take a party out of a conference (DROP is off)"),

  // What the request, or the policy, leaves no room for.
  CONFERENCE_FORBIDDEN(
      Reason.NO_PLAN,
      of ->
          "the policy's rule \""
              + of.preferences().rules().conference()
              + "\" lets no conference stand in for a transfer"),
  CONFERENCE_WANTED(Reason.NO_PLAN, "the request asks for a conference of all three"),
  SPEAK_FIRST(Reason.NO_PLAN, "the request needs to speak with the target first"),
  SPEAK_TOO_LATE(
      Reason.NO_PLAN,
      "the request needs to speak with the target, and asks for completion before that"),
  NO_WAY_BACK(Reason.NO_PLAN, "the PBX cannot take a blind transfer back"),
  NO_WAY_BACK_EARLY(
      Reason.NO_PLAN, "a transfer that was completed while the target rings is not taken back"),
  NO_ADDRESS(Reason.INVALID_ADDRESS, "a held call has no address to dial"),
  NO_HELD_CALL(
      Reason.NO_PLAN, "INVALCONSULTCALLHANDLE", "the request names an address and no held call"),
  HELD_UNKNOWN(
      Reason.NO_SUCH_SESSION,
      "INVALCONSULTCALLHANDLE",
      "there is no such held call, or it is over"),
  HELD_IS_THIS(
      Reason.LOOP, "INVALCONSULTCALLHANDLE", "the held call is the very call to be transferred"),
  HELD_ON_OTHER_PBX(
      Reason.NO_PLAN, "INVALCONSULTCALLHANDLE", "the held call is on another PBX: no transfer"),
  HELD_BY_OTHERS(
      Reason.NO_SUCH_PARTY, "INVALCONSULTCALLHANDLE", "the transferor is not in the held call"),

  // A state: another time it may be.
  NOT_CONNECTED(
      Reason.NOT_PERMITTED_NOW,
      of -> "the transferor is " + of.transferor().state().text() + "; it must be connected"),
  NOBODY_ELSE(Reason.NOT_PERMITTED_NOW, "nobody else in the session is connected"),
  HELD_IN_TRANSFER(
      Reason.TRANSFER_EXISTS, "the held call has a transfer of its own; wait for its end"),
  HELD_NOT_ON_HOLD(
      Reason.NOT_PERMITTED_NOW,
      of -> "the transferor has the other call " + of.heldState() + ", not onHold"),
  HELD_HAS_NOBODY(Reason.NOT_PERMITTED_NOW, "nobody is connected in the held call"),

  // A limit.
  PENDING_FULL(
      Reason.LIMIT_REACHED,
      of -> "the PBX allows " + of.limits().onHoldPending() + " calls on consultation hold"),
  ON_HOLD_FULL(
      Reason.LIMIT_REACHED, of -> "the PBX allows " + of.limits().onHold() + " calls on hold"),
  CONFERENCE_FULL(
      Reason.LIMIT_REACHED,
      of -> "the PBX allows " + of.limits().conference() + " parties in a conference"),

  /** The PBX was asked and refused. */
  REFUSED_BY_PBX(Reason.REFUSED_BY_PBX, "the PBX has refused it");

  private final Reason reason;
  private final String tapiError;
  private final Function<Ruling, String> words;
  private final long bit = 1L << ordinal();

  Fact(Reason reason, String words) {
    this(reason, reason.tapiError(), of -> words);
  }

  Fact(Reason reason, String tapiError, String words) {
    this(reason, tapiError, of -> words);
  }

  Fact(Reason reason, Function<Ruling, String> words) {
    this(reason, reason.tapiError(), words);
  }

  Fact(Reason reason, String tapiError, Function<Ruling, String> words) {
    this.reason = reason;
    this.tapiError = tapiError;
    this.words = words;
  }

  private static final Fact[] VALUES = values();

  static Fact of(int ordinal) {
    return VALUES[ordinal];
  }

  /** Its bit in a set of facts. */
  long bit() {
    return bit;
  }

  /** Its bit if it holds, else none. */
  long when(boolean holds) {
    return holds ? bit : 0;
  }

  Reason reason() {
    return reason;
  }

  /** TAPI's error, without {@code LINEERR_}. */
  String tapiError() {
    return tapiError;
  }

  /** The fact in words for a person. */
  String words(Ruling of) {
    return words.apply(of);
  }
}
