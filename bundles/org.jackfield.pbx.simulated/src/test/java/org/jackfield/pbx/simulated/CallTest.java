package org.jackfield.pbx.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One call: made, answered or not, held, ended. */
class CallTest {

  @Test
  void aCallRunsThroughTheStatesOfTheCaller() {
    Bench bench = new Bench("full");

    bench.when("makeCall A 1500 6001").pass(200);

    assertThat(bench.heard())
        .containsExactly(
            "A 1500 dialtone",
            "A 1500 dialing",
            "A 1500 proceeding",
            "A 6001 offering",
            "A 1500 ringback",
            "A 6001 connected",
            "A 1500 connected");
  }

  @ParameterizedTest
  @CsvSource({
    "6002, A 1500 busy busy",
    "6004, A 1500 disconnected reject",
    "6005, A 1500 disconnected badAddress"
  })
  void aCallThatFailsLeavesTheCallerWithTheToneAndThenWithNothing(String target, String tone) {
    Bench bench = new Bench("full");

    bench.when("makeCall A 1500 " + target).pass(200);

    assertThat(bench.heard()).endsWith(tone);
    assertThat(bench.pass(1000).picture()).isEmpty();
  }

  @Test
  void somePhonesRingForEver() {
    Bench bench = new Bench("full");

    bench.when("makeCall A 1500 6003").pass(3_600_000);

    assertThat(bench.picture()).containsExactly("A 1500 ringback", "A 6003 offering");
  }

  @Test
  void aPhoneThatIsInACallIsBusy() {
    Bench bench = new Bench("full").given("A", "1500", "1501");

    bench.when("makeCall B 1502 1501").pass(100);

    assertThat(bench.heard()).endsWith("B 1501 idle busy", "B 1502 busy busy");
  }

  @Test
  void holdIsSeenFromBothEnds() {
    Bench bench = new Bench("full").given("A", "1500", "6001");

    bench.when("hold A 1500");
    assertThat(bench.heard()).containsExactly("A 1500 onHold", "A 6001 connected held");

    bench.when("retrieve A 1500");
    assertThat(bench.heard()).containsExactly("A 1500 connected", "A 6001 connected");
  }

  @Test
  void whenOneLeavesTheOtherIsDisconnectedAndThenIdle() {
    Bench bench = new Bench("full").given("A", "1500", "6001");

    bench.when("clear A 1500");
    assertThat(bench.heard()).containsExactly("A 1500 idle normal", "A 6001 disconnected normal");

    bench.pass(500);
    assertThat(bench.heard()).containsExactly("A 6001 idle normal");
    assertThat(bench.picture()).isEmpty();
  }

  @Test
  void clearingAnOfferedCallRejectsIt() {
    Bench bench = new Bench("full");
    bench.when("makeCall A 1500 6003");

    bench.when("clear A 6003");

    assertThat(bench.heard()).endsWith("A 6003 idle reject", "A 1500 disconnected reject");
  }

  @Test
  void anOfferedCallCanBeRedirected() {
    Bench bench = new Bench("full");
    bench.when("makeCall A 1500 6003");

    bench.when("redirect A 6003 6001").pass(200);

    assertThat(bench.heard()).contains("A 6003 idle forwarded");
    assertThat(bench.picture()).containsExactly("A 1500 connected", "A 6001 connected");
  }

  @Test
  void aCallIsClearedAsAWhole() {
    Bench bench = new Bench("full").given("A", "1500", "6001");

    bench.when("clearCall A");

    assertThat(bench.pass(500).picture()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "hold A 1500, refused invalidCallState",
    "redirect A 1500 6001, refused invalidCallState",
    "hold Z 1500, refused invalidCallHandle",
    "hold A 1777, refused noSuchConnection",
    "makeCall A 1600 6001, refused invalidCallHandle",
    "makeCall B 1600 bob, refused invalidAddress",
    "makeCall B 6005 6001, refused invalidAddress",
    "makeCall B 1500 6001, refused resourceUnavailable"
  })
  void whatCannotBeDoneNowIsRefusedAndChangesNothing(String words, String answer) {
    Bench bench = new Bench("full");
    bench.when("makeCall A 1500 6003").heard();

    assertThat(bench.ask(words)).isEqualTo(answer);

    assertThat(bench.heard()).isEmpty();
    assertThat(bench.picture()).containsExactly("A 1500 ringback", "A 6003 offering");
  }

  @Test
  void theSameCommandIdIsAnsweredAgainAndNotDoneAgain() {
    Bench bench = new Bench("full");
    Command command = new Command.MakeCall("once", "A", "1500", "6003");

    bench.give(command);
    bench.pass(100).heard();
    bench.give(command);

    assertThat(bench.heard()).isEmpty();
    assertThat(bench.raw.getLast()).isEqualTo(new Message.Answer("once", true, null));
    assertThat(bench.witnessed).containsExactly("makeCall accepted", "makeCall accepted repeated");
  }
}
