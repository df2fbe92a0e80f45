package org.jackfield.itests.asterisk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jackfield.itests.RunningServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole server, from its archive, on a real Asterisk. */
class RestTransferIT extends TransferScenarios {
  private @Nullable RunningServer server;

  @Override
  Mover mover(AsteriskLab lab) {
    if (server == null || !server.process().isAlive()) {
      server = LabServer.start(config(lab));
    }
    return new RestMover(server);
  }

  /**
   * A target that is not there, does not want to, or does not answer, in both modes: undone, with
   * its cause.
   */
  @ParameterizedTest(name = "{0} to {1}: {2}")
  @CsvSource({
    "blind, 999, badAddress",
    "blind, 120, busy",
    "blind, 122, reject",
    "blind, 124, unreachable",
    "blind, 121, noAnswer",
    "blind, 123, noAnswer",
    "consultation, 999, badAddress",
    "consultation, 120, busy",
    "consultation, 122, reject",
    "consultation, 124, unreachable",
    "consultation, 121, noAnswer",
    "consultation, 123, noAnswer",
  })
  void the_cause_of_a_failure_is_told(String mode, String target, String cause) {
    var server = (RestMover) mover;
    var move =
        mode.equals("blind")
            ? server.blind(call, Voice.BOB, target, patience(target))
            : server.consult(call, Voice.BOB, target, patience(target));

    assertThat(server.outcome(move)).isEqualTo("reverted");
    assertThat(server.cause(move)).as(server.story(move)).isEqualTo(cause);
    hearEachOther(alice, bob);
    isLeftToThePbx();
  }

  /** Who fails by itself has all the time for it; for the others there is a deadline. */
  private static Duration patience(String target) {
    return target.equals("121") || target.equals("123") ? SHORT : LONG;
  }

  private RestMover rest() {
    return (RestMover) mover;
  }

  /** Done as said: what a dry run told is what is kept with the transfer, and what was executed. */
  private void isExecutedAsPlanned(
      String kind, String session, ObjectNode request, String... operations) {
    var channels = settled();
    var plan = rest().plan(session, request);
    assertThat(lab.channels()).as("a dry run changes nothing").isEqualTo(channels);

    var move = rest().move(session, request);

    assertThat(rest().outcome(move)).as(rest().story(move)).isEqualTo("completed");
    assertThat(rest().transfer(move).path("plan")).as(rest().story(move)).isEqualTo(plan);
    assertThat(plan.path("mode").asText()).as(plan.toPrettyString()).isEqualTo(kind);
    var planned = new ArrayList<String>();
    for (var step : plan.path("steps")) {
      if (!step.path("text").asText().startsWith("only if ")) {
        planned.add(step.path("operation").asText());
      }
    }
    assertThat(planned).as(plan.toPrettyString()).containsExactly(operations);
    assertThat(rest().executed(move)).as(rest().story(move)).isEqualTo(planned);
  }

  @Test
  void a_blind_transfer_is_executed_as_planned() {
    isExecutedAsPlanned(
        "blind",
        call,
        rest().request(call, Voice.BOB, Voice.CAROL.address(), "blind", LONG),
        "blindTransfer");

    hearEachOther(alice, carol);
    isReleased(Voice.BOB);
  }

  @Test
  void a_consultation_is_executed_as_planned() {
    isExecutedAsPlanned(
        "consultation",
        call,
        rest()
            .request(call, Voice.BOB, Voice.CAROL.address(), "consultation", LONG)
            .put("complete", "onAnswer"),
        "consult",
        "dial",
        "complete");

    hearEachOther(alice, carol);
    isReleased(Voice.BOB);
  }

  @Test
  void a_conference_is_executed_as_planned() {
    isExecutedAsPlanned(
        "consultation",
        call,
        rest()
            .request(call, Voice.BOB, Voice.CAROL.address(), "consultation", LONG)
            .put("complete", "onAnswer")
            .put("completeAs", "conference"),
        "consult",
        "dial",
        "complete");

    hearEachOther(alice, bob, carol);
  }

  /** Bob holds Alice, has called Carol beside, and joins Carol with Alice. */
  @Test
  void a_transfer_to_a_held_call_is_executed_as_planned() {
    mover.hold(call, Voice.BOB);
    mover.makeCall(Voice.BOB, Voice.CAROL.address());
    var beside = mover.talking(Voice.BOB, Voice.CAROL);

    isExecutedAsPlanned(
        "consultation",
        beside,
        rest()
            .request(beside, Voice.BOB, "consultation", LONG)
            .put("heldSession", call)
            .put("complete", "onAnswer"),
        "alternate",
        "complete");

    hearEachOther(alice, carol);
    isReleased(Voice.BOB);
  }

  private ObjectNode laddered(String target, String... rungs) {
    var request =
        rest()
            .request(call, Voice.BOB, target, "blind", patience(target))
            .put("release", "onAccept");
    // a rung that rings for ever is waited for; the others have the time that they need
    boolean inVain = List.of(rungs).contains("121");
    request.withObject("/timeouts").put("recallMs", inVain ? 10_000 : 60_000);
    var ladder = request.putArray("recall");
    for (var rung : rungs) {
      if (rung.equals("transferor")) {
        ladder.addObject().put("to", rung);
      } else {
        ladder.addObject().put("to", "address").put("address", rung);
      }
    }
    return request;
  }

  private void isRecalled(Mover.Move move, Phone to, String cause) {
    assertThat(rest().outcome(move)).as(rest().story(move)).isEqualTo("recalled");
    assertThat(rest().cause(move)).as(rest().story(move)).isEqualTo(cause);
    hearEachOther(alice, to);
    isLeftToThePbx();
    alice.hangUp();
    lab.awaitNothingLeft();
  }

  /**
   * The transferor is out when the target fails, so the one who was transferred goes down the
   * ladder: back to the transferor, to another address, to the next rung where one fails.
   */
  @ParameterizedTest(name = "{0} fails, the ladder is {1}")
  @CsvSource({
    "120, transferor, BOB, busy",
    "122, transferor, BOB, reject",
    "124, transferor, BOB, unreachable",
    "125, transferor, BOB, congestion",
    "121, transferor, BOB, noAnswer",
    "123, transferor, BOB, noAnswer",
    "120, 103, CAROL, busy",
    "122, 103, CAROL, reject",
    "124, 103, CAROL, unreachable",
    "125, 103, CAROL, congestion",
    "121, 103, CAROL, noAnswer",
    "123, 103, CAROL, noAnswer",
    "120, 122 103, CAROL, busy",
    "122, 120 transferor, BOB, reject",
    "121, 125 124 103, CAROL, noAnswer",
    "120, 999 transferor, BOB, busy",
    "125, 121 103, CAROL, congestion",
  })
  void a_target_that_fails_ends_on_the_ladder(
      String target, String ladder, Voice takes, String cause) {
    var move = rest().move(call, laddered(target, ladder.split(" ")));

    isRecalled(move, takes == Voice.BOB ? bob : carol, cause);
  }

  /** There is nobody to be rung: the transferor keeps its call, and no ladder is needed. */
  @Test
  void an_unknown_target_changes_nothing_whatever_the_ladder() {
    var move = rest().move(call, laddered("999", Voice.CAROL.address()));

    assertThat(rest().outcome(move)).as(rest().story(move)).isEqualTo("reverted");
    assertThat(rest().cause(move)).isEqualTo("badAddress");
    hearEachOther(alice, bob);
    isLeftToThePbx();
  }

  @ParameterizedTest(name = "the ladder is {0}")
  @CsvSource({"transferor, BOB", "103, CAROL"})
  void a_target_that_vanishes_after_it_rang_ends_on_the_ladder(String ladder, Voice takes) {
    try (var slow = lab.phone(Voice.DAVE, false)) {
      var request = laddered(Voice.DAVE.address(), ladder);
      var move = rest().move(call, request);
      mover.awaitRinging(move);

      slow.hangUp(); // this phone says that it is busy when a hand declines

      isRecalled(move, takes == Voice.BOB ? bob : carol, "busy");
    }
  }

  private ObjectNode consultation(String target, Duration patience, String ladder) {
    var request = laddered(target, ladder).put("mode", "consultation");
    request.remove("release");
    request.withObject("/timeouts").put("answerMs", patience.toMillis());
    return request;
  }

  /** The transferor hung up while it rang: the consultation goes on without it, and fails. */
  @Test
  void a_consultation_that_nobody_answers_without_its_transferor_ends_on_the_ladder() {
    // time enough for the transferor to hang up before
    var request = consultation("121", RINGS.multipliedBy(2), "transferor");
    var move = rest().move(call, request);
    mover.awaitRinging(move);

    bob.hangUp();

    isRecalled(move, bob, "noAnswer");
  }

  @Test
  void a_consultation_that_is_declined_without_its_transferor_ends_on_the_ladder() {
    try (var slow = lab.phone(Voice.DAVE, false)) {
      var request = consultation(Voice.DAVE.address(), LONG, Voice.CAROL.address());
      var move = rest().move(call, request);
      mover.awaitRinging(move);

      bob.hangUp();
      isReleased(Voice.BOB);
      slow.hangUp(); // this phone says that it is busy when a hand declines

      isRecalled(move, carol, "busy");
    }
  }

  @AfterAll
  void stopTheServer() {
    if (server != null) {
      server.close();
    }
  }
}
