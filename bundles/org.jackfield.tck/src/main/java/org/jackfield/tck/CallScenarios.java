package org.jackfield.tck;

import static org.assertj.core.api.Assertions.assertThat;
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

  static List<Scenario> all() {
    return List.of(
        new Scenario("make call: it rings, is answered, and is told so", c -> true, s -> made(s)),
        new Scenario("make call: busy", c -> true, s -> fails(s, s.bed.busy())),
        new Scenario("make call: declined", c -> true, s -> fails(s, s.bed.declining())),
        new Scenario("make call: nobody has the address", c -> true, s -> fails(s, s.bed.nobody())),
        new Scenario("make call: given up while it rings", c -> true, s -> givenUp(s)),
        new Scenario("make call: the far end hangs up", c -> true, s -> farEndHangsUp(s)),
        new Scenario("hold and retrieve", can(Operation.HOLD), s -> held(s)),
        new Scenario("clear: one party is taken out", can(Operation.CLEAR), s -> cleared(s)),
        new Scenario("clear: a ringing party", can(Operation.CLEAR), s -> rejected(s)),
        new Scenario("redirect", can(Operation.REDIRECT), s -> redirected(s)),
        new Scenario("redirect: a phone's own call", can(Operation.REDIRECT), s -> deflected(s)),
        new Scenario("redirect: to a busy one", can(Operation.REDIRECT), s -> redirectFails(s)),
        new Scenario("redirect: not while they talk", can(Operation.REDIRECT), s -> tooLate(s)),
        new Scenario("recall: a held party is connected elsewhere", recalls(), s -> recalled(s)),
        new Scenario("R4: what is not there is refused", c -> true, s -> unknown(s)),
        new Scenario("R5: the facts of a call are in order", c -> true, s -> inOrder(s)),
        new Scenario("R7: a command that comes again", c -> true, s -> twice(s)));
  }

  static Predicate<Capabilities> can(Operation operation) {
    return c -> c.permits(operation);
  }

  private static Predicate<Capabilities> recalls() {
    return c -> c.permits(Operation.RECALL) && c.permits(Operation.HOLD);
  }

  private static void made(Scene s) {
    CallId call = s.make(s.alice, s.bed.ringing());
    s.await("R6: the call has its name, and rings", p -> p.is(call, s.bed.ringing(), OFFERING));

    s.bed.answer(s.bed.ringing());

    assertThat(s.awaitTalking(s.alice, s.bed.ringing())).isEqualTo(call);
  }

  private static void fails(Scene s, Address target) {
    CallId call = Opened.newCall();
    boolean accepted =
        s.attempt(new Command.MakeCall(Opened.newCommand(), call, s.alice, target), target);

    s.await("the failure is told", p -> !accepted || !p.causes().isEmpty());
    s.await(
        "the caller and the call are gone",
        p -> !p.isAnywhere(s.alice) && !p.calls().contains(call));
    if (accepted) {
      s.assertWhyFailed(target);
    }
  }

  private static void givenUp(Scene s) {
    CallId call = s.make(s.alice, s.bed.ringing());
    s.await("it rings", p -> p.is(call, s.bed.ringing(), OFFERING));

    s.clear(call, s.alice);

    s.awaitGone(s.alice, s.bed.ringing());
  }

  private static void farEndHangsUp(Scene s) {
    s.aliceAndBobTalk();

    s.bed.hangUp(s.bob);

    s.awaitGone(s.alice, s.bob);
    assertThat(s.pbx.picture().whyLeft(s.bob)).isPresent();
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
    s.await("it rings", p -> p.is(call, s.bed.ringing(), OFFERING));

    s.clear(call, s.bed.ringing());

    s.awaitGone(s.alice, s.bed.ringing());
  }

  private static CallId rings(Scene s) {
    CallId call = s.make(s.alice, s.bed.ringing());
    s.await("it rings", p -> p.is(call, s.bed.ringing(), OFFERING));
    return call;
  }

  private static Command redirect(Scene s, CallId call, Address from, Address to) {
    return new Command.Redirect(Opened.newCommand(), call, s.id(call, from), to);
  }

  private static void redirected(Scene s) {
    CallId call = rings(s);

    s.pbx.does(redirect(s, call, s.bed.ringing(), s.carol));

    assertThat(s.awaitTalking(s.alice, s.carol)).isEqualTo(call);
    s.awaitGone(s.bed.ringing());
    assertThat(s.pbx.picture().whyLeft(s.bed.ringing()).map(Cause::code))
        .contains(Cause.Code.FORWARDED);
  }

  private static void deflected(Scene s) {
    s.bed.call(s.alice, s.bed.ringing());
    s.await("it rings", p -> rung(p, s).isPresent());
    CallId call = rung(s.pbx.picture(), s).orElseThrow();

    s.pbx.does(redirect(s, call, s.bed.ringing(), s.carol));

    assertThat(s.awaitTalking(s.alice, s.carol)).isEqualTo(call);
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

    assertThat(reply).isInstanceOf(ProviderReply.Refused.class);
    assertThat(((ProviderReply.Refused) reply).reason()).isEqualTo(Reason.NOT_PERMITTED_NOW);
    assertThat(s.awaitTalking(s.alice, s.bob)).isEqualTo(call);
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
      assertThat(reply).isInstanceOf(ProviderReply.Refused.class);
      assertThat(((ProviderReply.Refused) reply).reason())
          .isIn(Reason.NO_SUCH_SESSION, Reason.NO_SUCH_PARTY);
    }
    s.pbx.snapshot();
    s.awaitTalking(s.alice, s.bob);
    assertThat(s.pbx.picture().causes().size()).isEqualTo(before);
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

    assertThat(bobs).as("offered before it is answered").containsSubsequence(OFFERING, CONNECTED);
  }

  private static void twice(Scene s) {
    CallId call = Opened.newCall();
    Command command = new Command.MakeCall(Opened.newCommand(), call, s.alice, s.bob);
    s.pbx.does(command);
    s.awaitTalking(s.alice, s.bob);

    assertThat(s.pbx.ask(command)).isEqualTo(ProviderReply.ACCEPTED);

    s.pbx.snapshot();
    assertThat(s.awaitTalking(s.alice, s.bob)).isEqualTo(call);
    Picture now = s.pbx.picture();
    assertThat(now.calls().stream().filter(c -> now.party(c, s.alice).isPresent())).hasSize(1);
  }
}
