package org.jackfield.itests.asterisk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.CommandFate;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.provider.asterisk.AsteriskDriver;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An instance of the driver is gone from one moment to the next, as when its server is killed,
 * while it keeps a call. The next one finds the call as it is and goes on.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DriverTakeOverIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  private AsteriskLab lab;
  private Phone alice;
  private Phone bob;
  private Phone carol;
  private Relay ari;
  private Relay ami;
  private DriverMover first;
  private DriverMover next;
  private String call;

  @BeforeAll
  void upTheLab(@TempDir Path dir) {
    lab = AsteriskLab.start(dir);
    alice = lab.phone(Voice.ALICE);
    bob = lab.phone(Voice.BOB);
    carol = lab.phone(Voice.CAROL);
  }

  @AfterAll
  void downTheLab() {
    lab.close();
  }

  @BeforeEach
  void aliceHasCalledBob() {
    ari = Relay.to(lab.http());
    ami = Relay.to(lab.ami());
    var config = new HashMap<>(TransferScenarios.config(lab));
    config.put("ari.url", "http://127.0.0.1:" + ari.port() + "/ari");
    config.put("ami.port", "" + ami.port());
    first = new DriverMover(new AsteriskDriver(), config);
    alice.dial(Voice.BOB.address());
    call = first.talking(Voice.ALICE, Voice.BOB);
  }

  @AfterEach
  void nothingIsLeft() {
    if (next != null) {
      next.close();
    }
    first.close();
    ari.close();
    ami.close();
    lab.clear();
  }

  /** From here on nothing of the first instance reaches the PBX. */
  private void dies() {
    ari.cut();
    ami.cut();
  }

  private void another() {
    next = new DriverMover(new AsteriskDriver(), TransferScenarios.config(lab), first);
  }

  private void areAsBefore() {
    Tones.await(Map.of(alice, Set.of(Voice.BOB), bob, Set.of(Voice.ALICE)));
    isLeftToThePbx();
  }

  private void isLeftToThePbx() {
    Wait.until(
        "two channels, and nothing of ours",
        SOON,
        () ->
            lab.channels().stream().filter(c -> !c.isLocal()).count() == 2
                && lab.bridges().stream().noneMatch(b -> b.startsWith("jackfield")),
        () -> lab.channels() + " " + lab.bridges() + "\n" + next.recorder().log());
    alice.hangUp();
    carol.hangUp();
    lab.awaitNothingLeft();
  }

  @Test
  void a_consultation_is_completed_by_the_next_instance() {
    var move = first.consult(call, Voice.BOB, Voice.CAROL.address(), TransferScenarios.LONG);
    first.awaitAnswered(move);
    Tones.await(Map.of(bob, Set.of(Voice.CAROL), carol, Set.of(Voice.BOB)));
    var told = first.recorder().calls();

    dies();
    another();

    next.await("it knows what was told", () -> next.recorder().calls().equals(told));
    assertThat(next.fate(first.last())).isInstanceOf(CommandFate.Given.class);
    Tones.await(Map.of(bob, Set.of(Voice.CAROL), carol, Set.of(Voice.BOB)));
    next.alternate(move);
    Tones.await(Map.of(bob, Set.of(Voice.ALICE), alice, Set.of(Voice.BOB)));
    next.complete(move);
    assertThat(next.outcome(move)).isEqualTo("completed");
    Tones.await(Map.of(alice, Set.of(Voice.CAROL), carol, Set.of(Voice.ALICE)));
    isLeftToThePbx();
  }

  @Test
  void a_consultation_that_rings_is_cancelled_by_the_next_instance() {
    var move = first.consult(call, Voice.BOB, "121", TransferScenarios.LONG);
    first.awaitRinging(move);

    dies();
    another();

    next.awaitRinging(move);
    next.cancel(move);
    areAsBefore();
  }

  @Test
  void a_blind_transfer_that_rings_is_taken_back_by_the_next_instance() {
    var move = first.blind(call, Voice.BOB, "121", TransferScenarios.LONG);
    first.awaitRinging(move);

    dies();
    another();

    next.awaitRinging(move);
    next.cancel(move);
    areAsBefore();
  }

  @Test
  void a_target_that_answers_meanwhile_is_joined_by_the_next_instance() {
    var byHand = lab.phone(Voice.CAROL, false);
    try {
      var move = first.blind(call, Voice.BOB, Voice.CAROL.address(), TransferScenarios.LONG);
      first.awaitRinging(move);

      dies();
      byHand.answer();
      Wait.until(
          "carol has answered",
          SOON,
          () -> lab.channelsOf(Voice.CAROL).stream().anyMatch(c -> c.state().equals("Up")));
      another();

      Tones.await(Map.of(alice, Set.of(Voice.CAROL), byHand, Set.of(Voice.ALICE)));
      assertThat(next.picture()).contains(call);
      carol = byHand;
      isLeftToThePbx();
    } finally {
      carol = lab.phone(Voice.CAROL);
    }
  }

  @Test
  void a_held_call_is_retrieved_by_the_next_instance() {
    first.hold(call, Voice.BOB);
    Tones.await(Map.of(alice, Set.of()));

    dies();
    another();

    next.retrieve(call, Voice.BOB);
    areAsBefore();
  }

  @Test
  void a_conference_ends_in_order_with_the_next_instance() {
    var move = first.consult(call, Voice.BOB, Voice.CAROL.address(), TransferScenarios.LONG);
    first.awaitAnswered(move);
    first.conference(move);
    first.talking(Voice.ALICE, Voice.BOB, Voice.CAROL);

    dies();
    another();

    assertThat(next.talking(Voice.ALICE, Voice.BOB, Voice.CAROL)).isEqualTo(call);
    bob.hangUp();
    Tones.await(Map.of(alice, Set.of(Voice.CAROL), carol, Set.of(Voice.ALICE)));
    isLeftToThePbx();
  }

  /** Also between two steps: nobody is left alone, and what was not given is known. */
  @ParameterizedTest(name = "after {0} facts")
  @ValueSource(ints = {0, 1, 2, 3})
  void an_instance_that_dies_at_any_moment_leaves_nobody_alone(int facts) {
    int before = first.recorder().events().size();
    int lost = lab.foundNoApplication();
    var move = first.blind(call, Voice.BOB, "121", TransferScenarios.LONG);
    first.await(
        facts + " facts are told", () -> first.recorder().events().size() >= before + facts);

    dies();
    another();

    var fate = next.fate(first.last());
    System.out.println("after " + facts + " facts: " + fate + " " + next.picture());
    next.await(
        "the target rings, or the two are together again, or met a dead application",
        () -> rings() || next.talk(Voice.ALICE, Voice.BOB) || lab.foundNoApplication() > lost);
    if (lab.foundNoApplication() > lost) {
      // died while a channel was on its way into its application: Asterisk's dialplan hangs up, and
      // who had come in before waits for what is asked
      next.await(
          "nobody is left, or one who waits",
          () -> lab.channels().size() == next.calls() && next.calls() <= 1);
      lab.clear();
      next.await("nothing is left", () -> next.calls() == 0);
      return;
    }
    if (rings()) {
      next.cancel(move);
    }
    areAsBefore();
  }

  private boolean rings() {
    return next.party(call, "121").isPresent();
  }

  @Test
  void what_was_never_given_is_known() {
    var party = first.party(call, Voice.BOB.address()).orElseThrow().id();
    dies();
    another();

    assertThat(next.fate(new Command.Hold(DriverMover.id(), new CallId(call), party)))
        .isEqualTo(CommandFate.NEVER_GIVEN);
    assertThat(
            next.fate(
                new Command.Hold(
                    DriverMover.id(), new CallId("no-such-call"), new ConnectionId("x"))))
        .isEqualTo(CommandFate.UNKNOWN);
    areAsBefore();
  }

  /** Beside an instance that is connected its calls are left alone. */
  @Test
  void an_instance_that_lives_is_not_robbed() {
    var move = first.consult(call, Voice.BOB, Voice.CAROL.address(), TransferScenarios.LONG);
    first.awaitAnswered(move);

    another();
    next.close();

    first.complete(move);
    assertThat(first.outcome(move)).isEqualTo("completed");
    Tones.await(Map.of(alice, Set.of(Voice.CAROL), carol, Set.of(Voice.ALICE)));
    isLeftToThePbx();
  }

  /** Two servers at one PBX: the one is killed, and then the other's driver is replaced. */
  @Test
  void what_was_found_stays_when_the_calls_of_another_are_taken_over() {
    var living = new DriverMover(new AsteriskDriver(), TransferScenarios.config(lab));
    try {
      first.hold(call, Voice.BOB);
      Tones.await(Map.of(alice, Set.of()));
      dies();
      another();

      next.takeOver(living);
    } finally {
      living.close();
    }

    next.retrieve(call, Voice.BOB);
    areAsBefore();
  }
}
