package org.jackfield.tck;

import static org.jackfield.api.session.ConnectionState.BUSY;
import static org.jackfield.api.session.ConnectionState.CONNECTED;
import static org.jackfield.api.session.ConnectionState.OFFERING;
import static org.jackfield.api.session.ConnectionState.ON_HOLD;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.Reason;

/** Single calls. */
final class CallScenarios {

  private CallScenarios() {}

  static List<Check> all() {
    Predicate<Capabilities> makes = can(Operation.MAKE_CALL);
    Predicate<Capabilities> rings = makes.and(can(Operation.CLEAR));
    Predicate<Capabilities> redirects = can(Operation.REDIRECT);
    return List.of(
        works("make call: it rings, is answered, and is told so", makes, s -> made(s)),
        works("make call: busy", makes, s -> fails(s, s.bed.busy())),
        works("make call: declined", makes, s -> fails(s, s.bed.declining())),
        works("make call: nobody has the address", makes, s -> fails(s, s.bed.nobody())),
        works("make call: given up while it rings", rings, s -> givenUp(s)),
        works("make call: the far end hangs up", makes, s -> farEndHangsUp(s)),
        works("hold and retrieve", can(Operation.HOLD), s -> held(s)),
        works("clear: one party is taken out", can(Operation.CLEAR), s -> cleared(s)),
        works("clear: a ringing party", rings, s -> rejected(s)),
        works("redirect", redirects.and(makes), s -> redirected(s)),
        works("redirect: a phone's own call", redirects, s -> deflected(s)),
        works("redirect: to a busy one", redirects.and(makes), s -> redirectFails(s)),
        works("redirect: not while they talk", redirects, s -> tooLate(s)),
        works("recall: a held party is connected elsewhere", recalls(), s -> recalled(s)),
        Check.declared(
            Rule.R4, "what is not there is refused", can(Operation.CLEAR), s -> unknown(s)),
        Check.scene(Rule.R5, "the facts of a call are in order", s -> inOrder(s)),
        Check.declared(Rule.R7, "a command that comes again", makes, s -> twice(s)));
  }

  private static Check works(String name, Predicate<Capabilities> applies, Check.Play play) {
    return Check.declared(Rule.R8, name, applies, play);
  }

  static Predicate<Capabilities> can(Operation operation) {
    return c -> c.permits(operation);
  }

  private static Predicate<Capabilities> recalls() {
    return c -> c.permits(Operation.RECALL) && c.permits(Operation.HOLD);
  }

  private static void made(Scene s) {
    CallId call = s.make(s.alice, s.bed.ringing());
    s.awaitRinging(call, s.bed.ringing());

    s.bed.answer(s.bed.ringing());

    Rule.R6.same("the call's name", call, s.awaitTalking(s.alice, s.bed.ringing()));
  }

  private static void fails(Scene s, Address target) {
    CallId call = Opened.newCall();
    boolean accepted =
        s.attempt(new Command.MakeCall(Opened.newCommand(), call, s.alice, target), target);

    s.await(Rule.R4, "the failure is told", p -> !accepted || !p.causes().isEmpty());
    s.await(
        "the caller and the call are gone",
        p -> !p.isAnywhere(s.alice) && !p.calls().contains(call));
    if (accepted) {
      s.assertWhyFailed(target);
    }
  }

  private static void givenUp(Scene s) {
    CallId call = s.make(s.alice, s.bed.ringing());
    s.awaitRinging(call, s.bed.ringing());

    s.clear(call, s.alice);

    s.awaitGone(s.alice, s.bed.ringing());
  }

  private static void farEndHangsUp(Scene s) {
    s.aliceAndBobTalk();

    s.bed.hangUp(s.bob);

    s.awaitGone(s.alice, s.bob);
    Rule.R5.holds(s.pbx.picture().whyLeft(s.bob).isPresent(), "why Bob left is not told");
  }

  private static void held(Scene s) {
    CallId call = s.aliceAndBobTalk();

    s.hold(call, s.alice);
    s.await(
        "held by the one, and known to the other",
        p -> p.is(call, s.alice, ON_HOLD) && p.waits(call, s.bob));

    s.retrieve(call, s.alice);
    s.awaitTalking(s.alice, s.bob);
  }

  private static void cleared(Scene s) {
    CallId call = s.aliceAndBobTalk();

    s.clear(call, s.alice);

    s.awaitGone(s.alice, s.bob);
  }

  private static void rejected(Scene s) {
    CallId call = s.make(s.alice, s.bed.ringing());
    s.awaitRinging(call, s.bed.ringing());

    s.clear(call, s.bed.ringing());

    s.awaitGone(s.alice, s.bed.ringing());
  }

  private static CallId rings(Scene s) {
    CallId call = s.make(s.alice, s.bed.ringing());
    s.awaitRinging(call, s.bed.ringing());
    return call;
  }

  private static Command redirect(Scene s, CallId call, Address from, Address to) {
    return new Command.Redirect(Opened.newCommand(), call, s.id(call, from), to);
  }

  private static void redirected(Scene s) {
    CallId call = rings(s);

    s.pbx.does(redirect(s, call, s.bed.ringing(), s.carol));

    Rule.R6.same("the call's name", call, s.awaitTalking(s.alice, s.carol));
    s.awaitGone(s.bed.ringing());
    Rule.R5.same(
        "why the phone that was redirected left",
        Optional.of(Cause.Code.FORWARDED),
        s.pbx.picture().whyLeft(s.bed.ringing()).map(Cause::code));
  }

  private static void deflected(Scene s) {
    s.bed.call(s.alice, s.bed.ringing());
    s.await("it rings", p -> rung(p, s).isPresent());
    CallId call = rung(s.pbx.picture(), s).orElseThrow();

    s.pbx.does(redirect(s, call, s.bed.ringing(), s.carol));

    Rule.R6.same("the call's name", call, s.awaitTalking(s.alice, s.carol));
    s.awaitGone(s.bed.ringing());
  }

  private static Optional<CallId> rung(Picture p, Scene s) {
    return p.calls().stream().filter(c -> p.is(c, s.bed.ringing(), OFFERING)).findFirst();
  }

  private static void redirectFails(Scene s) {
    CallId call = rings(s);

    s.pbx.does(redirect(s, call, s.bed.ringing(), s.bed.busy()));

    s.await("it does not ring any more", p -> !p.isAnywhere(s.bed.ringing()));
    s.await(
        "it is busy there", p -> p.is(call, s.alice, BUSY) || p.causes().contains(Cause.Code.BUSY));
  }

  private static void tooLate(Scene s) {
    CallId call = s.aliceAndBobTalk();

    ProviderReply reply = s.pbx.ask(redirect(s, call, s.bob, s.carol));

    Rule.R4.holds(
        reply instanceof ProviderReply.Refused no && no.reason() == Reason.NOT_PERMITTED_NOW,
        "to be refused, as not permitted now: " + reply);
    Rule.R4.same("the call", call, s.awaitTalking(s.alice, s.bob));
  }

  private static void recalled(Scene s) {
    CallId call = s.aliceAndBobTalk();
    s.hold(call, s.alice);
    s.await("bob waits", p -> p.waits(call, s.bob));

    s.recall(call, s.bob, s.carol);

    s.await(
        "bob and carol talk",
        p ->
            p.calls().stream()
                .anyMatch(c -> p.is(c, s.bob, CONNECTED) && p.is(c, s.carol, CONNECTED)));
  }

  private static void unknown(Scene s) {
    CallId call = s.aliceAndBobTalk();
    CallId none = Opened.newCall();
    int before = s.pbx.picture().causes().size();

    for (Command command :
        List.of(
            new Command.Clear(Opened.newCommand(), none, s.id(call, s.alice)),
            new Command.Clear(Opened.newCommand(), call, new ConnectionId("no-such-party")))) {
      ProviderReply reply = s.pbx.ask(command);
      Rule.R4.holds(
          reply instanceof ProviderReply.Refused no
              && (no.reason() == Reason.NO_SUCH_SESSION || no.reason() == Reason.NO_SUCH_PARTY),
          "to be refused, as not there: " + reply);
    }
    s.pbx.snapshot();
    s.await(Rule.R4, "a refusal has changed nothing", p -> p.talking(s.alice, s.bob).isPresent());
    Rule.R4.same("causes told after a refusal", before, s.pbx.picture().causes().size());
  }

  private static void inOrder(Scene s) {
    s.aliceAndBobTalk();

    List<ConnectionState> bobs =
        s.pbx.facts().stream()
            .filter(ProviderEvent.ConnectionChanged.class::isInstance)
            .map(f -> ((ProviderEvent.ConnectionChanged) f).connection())
            .filter(c -> c.address().equals(s.bob))
            .map(c -> c.state())
            .distinct()
            .toList();

    Rule.R5.holds(
        bobs.contains(OFFERING) && bobs.indexOf(OFFERING) < bobs.indexOf(CONNECTED),
        "offered before it is answered: " + bobs);
  }

  private static void twice(Scene s) {
    CallId call = Opened.newCall();
    Command command = new Command.MakeCall(Opened.newCommand(), call, s.alice, s.bob);
    s.pbx.does(command);
    Rule.R6.same("the call's name", call, s.awaitTalking(s.alice, s.bob));

    s.pbx.does(Rule.R7, command);

    s.pbx.snapshot();
    s.await(Rule.R7, "they talk on", p -> p.talking(s.alice, s.bob).isPresent());
    Picture now = s.pbx.picture();
    Rule.R7.same(
        "calls of Alice",
        1L,
        now.calls().stream().filter(c -> now.party(c, s.alice).isPresent()).count());
  }
}
