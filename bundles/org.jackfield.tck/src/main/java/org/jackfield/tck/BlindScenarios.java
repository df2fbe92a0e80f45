package org.jackfield.tck;

import static org.jackfield.api.session.ConnectionState.OFFERING;
import static org.jackfield.api.session.ConnectionState.ON_HOLD_PENDING_TRANSFER;
import static org.jackfield.api.transfer.ReleaseWhen.ON_ACCEPT;
import static org.jackfield.api.transfer.ReleaseWhen.ON_ANSWER;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.capability.Trait;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.session.Address;
import org.jackfield.api.transfer.ReleaseWhen;

/** Transfers in one phase. Alice has called Bob; either of them is the transferor. */
final class BlindScenarios {

  private static final Predicate<Capabilities> BLIND = c -> c.permits(Operation.BLIND_TRANSFER);
  private static final Predicate<Capabilities> KEEPS =
      BLIND.and(c -> c.has(Trait.RELEASE_ON_ANSWER));

  private BlindScenarios() {}

  static List<Check> all() {
    List<Check> all = new ArrayList<>();
    add(all, "on accept, by the called party", BLIND, s -> works(s, s.bob, s.alice, ON_ACCEPT));
    add(all, "on accept, by the caller", BLIND, s -> works(s, s.alice, s.bob, ON_ACCEPT));
    add(all, "on accept: busy, kept waiting", BLIND, s -> keptWaiting(s, s.bed.busy()));
    add(all, "on accept: declined, kept waiting", BLIND, s -> keptWaiting(s, s.bed.declining()));
    add(all, "on accept: the transferee hangs up", BLIND, s -> transfereeLeaves(s, ON_ACCEPT));
    add(
        all,
        "on accept: failed, then recalled",
        BLIND.and(c -> c.permits(Operation.RECALL)),
        s -> recalled(s));
    add(all, "on answer, by the called party", KEEPS, s -> works(s, s.bob, s.alice, ON_ANSWER));
    add(all, "on answer, by the caller", KEEPS, s -> works(s, s.alice, s.bob, ON_ANSWER));
    add(all, "on answer: the transferor stays until then", KEEPS, s -> staysUntilAnswer(s));
    add(all, "on answer: busy, both go back", KEEPS, s -> goesBack(s, s.bed.busy()));
    add(all, "on answer: declined, both go back", KEEPS, s -> goesBack(s, s.bed.declining()));
    add(all, "on answer: nobody, both go back", KEEPS, s -> goesBack(s, s.bed.nobody()));
    add(all, "on answer: taken back while it rings", KEEPS, s -> takenBack(s));
    add(all, "on answer: the transferee hangs up", KEEPS, s -> transfereeLeaves(s, ON_ANSWER));
    return all;
  }

  private static void add(
      List<Check> all, String name, Predicate<Capabilities> applies, Check.Play play) {
    all.add(Check.declared(Rule.R8, "blind transfer " + name, applies, play));
  }

  private static void works(Scene s, Address transferor, Address transferee, ReleaseWhen release) {
    CallId call = s.aliceAndBobTalk();

    s.pbx.does(s.blind(call, transferor, s.carol, release));

    s.awaitTalking(transferee, s.carol);
    s.awaitGone(transferor);
    Rule.R5.holds(
        s.pbx.picture().whyLeft(transferor).isPresent(), "why " + transferor + " left is not told");
  }

  private static void staysUntilAnswer(Scene s) {
    CallId call = s.aliceAndBobTalk();

    s.pbx.does(s.blind(call, s.bob, s.bed.ringing(), ON_ANSWER));
    s.await(
        "the target rings, the transferor is pending, the transferee waits",
        p ->
            p.is(call, s.bed.ringing(), OFFERING)
                && p.is(call, s.bob, ON_HOLD_PENDING_TRANSFER)
                && p.waits(call, s.alice));

    s.bed.answer(s.bed.ringing());
    s.awaitTalking(s.alice, s.bed.ringing());
    s.awaitGone(s.bob);
  }

  private static void goesBack(Scene s, Address target) {
    CallId call = s.aliceAndBobTalk();

    boolean accepted = s.attempt(s.blind(call, s.bob, target, ON_ANSWER), target);

    s.await(Rule.R4, "the failure is told", p -> !accepted || !p.causes().isEmpty());
    s.awaitTalking(s.alice, s.bob);
    if (accepted) {
      s.assertWhyFailed(target);
    }
  }

  private static void takenBack(Scene s) {
    CallId call = s.aliceAndBobTalk();
    s.pbx.does(s.blind(call, s.bob, s.bed.ringing(), ON_ANSWER));
    s.awaitRinging(call, s.bed.ringing());

    s.retrieve(call, s.bob);

    s.awaitGone(s.bed.ringing());
    s.awaitTalking(s.alice, s.bob);
  }

  private static void transfereeLeaves(Scene s, ReleaseWhen release) {
    CallId call = s.aliceAndBobTalk();
    s.pbx.does(s.blind(call, s.bob, s.bed.ringing(), release));
    s.await("it rings", p -> p.isAnywhere(s.bed.ringing()));

    s.bed.hangUp(s.alice);

    s.awaitGone(s.alice, s.bed.ringing(), s.bob);
  }

  private static CallId keptWaiting(Scene s, Address target) {
    CallId call = s.aliceAndBobTalk();

    s.pbx.does(s.blind(call, s.bob, target, ON_ACCEPT));

    s.await(
        Rule.R4,
        "the failure is told",
        p -> p.whyLeft(target).isPresent() || p.causes().size() > 1);
    s.await("the transferee is kept waiting", p -> p.waits(call, s.alice));
    s.assertWhyFailed(target);
    return call;
  }

  private static void recalled(Scene s) {
    CallId call = keptWaiting(s, s.bed.busy());

    s.recall(call, s.alice, s.carol);

    s.awaitTalking(s.alice, s.carol);
  }
}
