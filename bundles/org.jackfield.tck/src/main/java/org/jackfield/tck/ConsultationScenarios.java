package org.jackfield.tck;

import static org.jackfield.api.session.ConnectionState.BUSY;
import static org.jackfield.api.session.ConnectionState.OFFERING;
import static org.jackfield.api.session.ConnectionState.ON_HOLD;
import static org.jackfield.api.session.ConnectionState.ON_HOLD_PENDING_TRANSFER;
import static org.jackfield.api.transfer.CompleteAs.CONFERENCE;
import static org.jackfield.api.transfer.CompleteAs.TRANSFER;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.capability.Trait;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.ConnectionId;

/** Transfers by consultation. Alice has called Bob, Bob consults. */
final class ConsultationScenarios {

  private static final Predicate<Capabilities> CONSULTS =
      c ->
          c.permits(Operation.ONE_STEP_CONSULT)
              || c.permits(Operation.CONSULT) && c.permits(Operation.DIAL);
  private static final Predicate<Capabilities> COMPLETES =
      c ->
          c.permits(Operation.COMPLETE) && (c.has(Trait.TRANSFER_NORM) || c.completionUndeclared());
  private static final Predicate<Capabilities> TRANSFERS = CONSULTS.and(COMPLETES);
  private static final Predicate<Capabilities> BESIDE =
      COMPLETES.and(
          c ->
              c.has(Trait.TRANSFER_MAKE)
                  && c.has(Trait.TRANSFER_HELD)
                  && c.permits(Operation.HOLD)
                  && c.permits(Operation.MAKE_CALL));

  private ConsultationScenarios() {}

  static List<Check> all() {
    List<Check> all = new ArrayList<>();
    add(all, "the held wait, the consulted talk", CONSULTS, s -> consults(s));
    add(all, "completed as a transfer", TRANSFERS, s -> completes(s));
    add(all, "completed by the caller", TRANSFERS, s -> completesByCaller(s));
    add(
        all,
        "completed as a conference",
        CONSULTS.and(c -> c.permits(Operation.COMPLETE) && c.has(Trait.TRANSFER_CONF)),
        s -> conferences(s));
    add(
        all,
        "completed while it rings",
        TRANSFERS.and(c -> c.has(Trait.EARLY_COMPLETE)),
        s -> completesEarly(s));
    add(
        all,
        "completed while it rings, where that is not declared",
        TRANSFERS.and(c -> !c.has(Trait.EARLY_COMPLETE)),
        s -> refusesEarly(s));
    add(all, "cancelled by clearing it", CONSULTS, s -> cancelledByClear(s));
    add(all, "cancelled by retrieving the call", CONSULTS, s -> cancelledByRetrieve(s));
    add(all, "cancelled while it rings", CONSULTS, s -> cancelledWhileRinging(s));
    add(
        all,
        "alternated twice and completed",
        TRANSFERS.and(c -> c.permits(Operation.ALTERNATE)),
        s -> alternates(s));
    add(all, "busy: the call stays held", CONSULTS, s -> targetFails(s, s.bed.busy()));
    add(all, "declined: the call stays held", CONSULTS, s -> targetFails(s, s.bed.declining()));
    add(
        all,
        "busy, then another is dialled",
        TRANSFERS.and(c -> c.permits(Operation.DIAL) && c.permits(Operation.CONSULT)),
        s -> dialsAgain(s));
    add(all, "the target hangs up", CONSULTS, s -> targetLeaves(s));
    add(all, "the transferee hangs up", CONSULTS, s -> transfereeLeaves(s));
    add(all, "in place of it: hold, make a call, complete", BESIDE, s -> holdAndMake(s));
    add(
        all,
        "in place of it: completed to the call that is held",
        BESIDE.and(c -> c.permits(Operation.ALTERNATE)),
        s -> completesToTheHeldCall(s));
    add(all, "in place of it: the new call is cleared", BESIDE, s -> clearsTheNewCall(s));
    add(all, "in place of it: the new call is busy", BESIDE, s -> newCallFails(s));
    add(all, "in place of it: the held call is cleared", BESIDE, s -> clearsTheHeldCall(s));
    return all;
  }

  private static void add(
      List<Check> all, String name, Predicate<Capabilities> applies, Check.Play play) {
    all.add(Check.declared(Rule.R8, "consultation: " + name, applies, play));
  }

  private record Calls(CallId primary, CallId consultation) {}

  /** Bob consults Carol, and they talk while Alice waits. */
  private static Calls consults(Scene s) {
    CallId call = s.aliceAndBobTalk();
    ConnectionId bob = s.id(call, s.bob);
    CallId consultation = s.consult(call, s.bob, s.carol);
    s.await("Alice waits", p -> p.waits(call, s.alice));
    s.await("the call is pending", p -> p.is(call, s.bob, ON_HOLD_PENDING_TRANSFER));
    Rule.R6.same("the consultation's name", consultation, s.awaitTalking(s.bob, s.carol));
    Rule.R6.same("Bob's id in both calls", bob, s.id(consultation, s.bob));
    return new Calls(call, consultation);
  }

  private static void completes(Scene s) {
    Calls calls = consults(s);

    s.pbx.does(s.complete(calls.primary, calls.consultation, s.bob, TRANSFER));

    s.awaitTalking(s.alice, s.carol);
    s.awaitGone(s.bob);
  }

  private static void completesByCaller(Scene s) {
    CallId call = s.aliceAndBobTalk();
    CallId consultation = s.consult(call, s.alice, s.carol);
    s.awaitTalking(s.alice, s.carol);

    s.pbx.does(s.complete(call, consultation, s.alice, TRANSFER));

    s.awaitTalking(s.bob, s.carol);
    s.awaitGone(s.alice);
  }

  private static void conferences(Scene s) {
    Calls calls = consults(s);

    s.pbx.does(s.complete(calls.primary, calls.consultation, s.bob, CONFERENCE));

    CallId conference = s.awaitTalking(s.alice, s.bob, s.carol);
    s.clear(conference, s.bob);
    s.awaitTalking(s.alice, s.carol);
  }

  private static Calls rings(Scene s) {
    CallId call = s.aliceAndBobTalk();
    CallId consultation = s.consult(call, s.bob, s.bed.ringing());
    s.awaitRinging(consultation, s.bed.ringing());
    return new Calls(call, consultation);
  }

  private static void completesEarly(Scene s) {
    Calls calls = rings(s);

    s.pbx.does(s.complete(calls.primary, calls.consultation, s.bob, TRANSFER));
    s.awaitGone(s.bob);
    s.await("it rings on", p -> p.isAnywhere(s.alice) && p.isAnywhere(s.bed.ringing()));
    s.bed.answer(s.bed.ringing());

    s.awaitTalking(s.alice, s.bed.ringing());
  }

  private static void refusesEarly(Scene s) {
    Calls calls = rings(s);

    ProviderReply reply = s.pbx.ask(s.complete(calls.primary, calls.consultation, s.bob, TRANSFER));
    Rule.R8.holds(reply instanceof ProviderReply.Refused, "to be refused, as not declared");

    s.await("it rings on", p -> p.is(calls.consultation, s.bed.ringing(), OFFERING));
  }

  private static void cancelledByClear(Scene s) {
    Calls calls = consults(s);

    s.clear(calls.consultation, s.bob);
    s.awaitGone(s.carol);
    if (!s.has(Trait.AUTO_RECONNECT)) {
      s.retrieve(calls.primary, s.bob);
    }

    s.awaitTalking(s.alice, s.bob);
  }

  private static void cancelledByRetrieve(Scene s) {
    Calls calls = consults(s);

    s.retrieve(calls.primary, s.bob);

    s.awaitTalking(s.alice, s.bob);
    s.awaitGone(s.carol);
  }

  private static void cancelledWhileRinging(Scene s) {
    Calls calls = rings(s);

    s.retrieve(calls.primary, s.bob);

    s.awaitTalking(s.alice, s.bob);
    s.awaitGone(s.bed.ringing());
  }

  private static void alternates(Scene s) {
    Calls calls = consults(s);

    s.alternate(calls.primary, calls.consultation, s.bob);
    s.awaitTalking(s.alice, s.bob);
    s.await("Carol waits", p -> p.waits(calls.consultation, s.carol));

    s.alternate(calls.consultation, calls.primary, s.bob);
    s.awaitTalking(s.bob, s.carol);
    s.await("Alice waits", p -> p.is(calls.primary, s.bob, ON_HOLD_PENDING_TRANSFER));

    s.pbx.does(s.complete(calls.primary, calls.consultation, s.bob, TRANSFER));
    s.awaitTalking(s.alice, s.carol);
  }

  private static Calls targetFails(Scene s, Address target) {
    CallId call = s.aliceAndBobTalk();

    CallId consultation = s.consult(call, s.bob, target);

    s.await(
        "the target has failed, and the call stays held",
        p ->
            p.party(consultation, target).isEmpty()
                && p.causes().size() + (p.is(consultation, s.bob, BUSY) ? 1 : 0) > 0
                && p.is(call, s.bob, ON_HOLD_PENDING_TRANSFER)
                && p.waits(call, s.alice));
    if (!s.pbx.picture().is(consultation, s.bob, BUSY)) {
      s.assertWhyFailed(target);
    }
    return new Calls(call, consultation);
  }

  private static void dialsAgain(Scene s) {
    Calls calls = targetFails(s, s.bed.busy());

    s.dial(calls.consultation, s.id(calls.primary, s.bob), s.carol);
    s.awaitTalking(s.bob, s.carol);
    s.pbx.does(s.complete(calls.primary, calls.consultation, s.bob, TRANSFER));

    s.awaitTalking(s.alice, s.carol);
  }

  private static void targetLeaves(Scene s) {
    Calls calls = consults(s);

    s.bed.hangUp(s.carol);

    s.awaitGone(s.carol);
    s.await("the call stays held", p -> p.is(calls.primary, s.bob, ON_HOLD_PENDING_TRANSFER));
    s.retrieve(calls.primary, s.bob);
    s.awaitTalking(s.alice, s.bob);
  }

  private static void transfereeLeaves(Scene s) {
    consults(s);

    s.bed.hangUp(s.alice);

    s.awaitGone(s.alice);
    s.awaitTalking(s.bob, s.carol);
  }

  /** Bob holds Alice and has called Carol; they talk. */
  private static Calls beside(Scene s) {
    CallId call = s.aliceAndBobTalk();
    s.hold(call, s.bob);
    s.await("on hold", p -> p.is(call, s.bob, ON_HOLD));
    CallId other = s.make(s.bob, s.carol);
    s.awaitTalking(s.bob, s.carol);
    Rule.R6.same("Bob's id in both calls", s.id(call, s.bob), s.id(other, s.bob));
    s.await("Alice waits", p -> p.is(call, s.bob, ON_HOLD) && p.waits(call, s.alice));
    return new Calls(call, other);
  }

  private static void holdAndMake(Scene s) {
    Calls calls = beside(s);

    s.pbx.does(s.complete(calls.primary, calls.consultation, s.bob, TRANSFER));

    s.awaitTalking(s.alice, s.carol);
    s.awaitGone(s.bob);
  }

  private static void completesToTheHeldCall(Scene s) {
    Calls calls = beside(s);
    s.alternate(calls.primary, calls.consultation, s.bob);
    s.awaitTalking(s.alice, s.bob);
    s.await("Bob holds her", p -> p.is(calls.consultation, s.bob, ON_HOLD));
    s.await("Carol waits", p -> p.waits(calls.consultation, s.carol));

    s.pbx.does(s.complete(calls.consultation, calls.primary, s.bob, TRANSFER));

    s.awaitTalking(s.alice, s.carol);
    s.awaitGone(s.bob);
  }

  private static void clearsTheNewCall(Scene s) {
    Calls calls = beside(s);

    s.pbx.does(new Command.ClearAll(Opened.newCommand(), calls.consultation));
    s.awaitGone(s.carol);
    s.await("the first is held still", p -> p.is(calls.primary, s.bob, ON_HOLD));
    s.retrieve(calls.primary, s.bob);

    s.awaitTalking(s.alice, s.bob);
  }

  private static void clearsTheHeldCall(Scene s) {
    Calls calls = beside(s);

    s.pbx.does(new Command.ClearAll(Opened.newCommand(), calls.primary));

    s.awaitGone(s.alice);
    Rule.R6.same("the call's name", calls.consultation, s.awaitTalking(s.bob, s.carol));
  }

  private static void newCallFails(Scene s) {
    CallId call = s.aliceAndBobTalk();
    s.hold(call, s.bob);
    s.await("on hold", p -> p.is(call, s.bob, ON_HOLD));

    CallId other = s.make(s.bob, s.bed.busy());
    s.await(
        "the new call is busy or over",
        p -> p.is(other, s.bob, BUSY) || !p.calls().contains(other) && !p.causes().isEmpty());
    if (!s.pbx.picture().is(other, s.bob, BUSY)) {
      s.assertWhyFailed(s.bed.busy());
    }
    s.await("the first is held still", p -> p.is(call, s.bob, ON_HOLD));
    s.retrieve(call, s.bob);

    s.awaitTalking(s.alice, s.bob);
  }
}
