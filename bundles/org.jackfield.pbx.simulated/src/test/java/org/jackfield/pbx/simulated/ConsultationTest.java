package org.jackfield.pbx.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** 1501 has called 1500, and 1500 consults in call B. */
class ConsultationTest {

  private final Bench bench = new Bench("full").given("A", "1501", "1500");

  private Bench consulting(String target) {
    bench.when("consult A 1500 B").when("dial B 1500 " + target).pass(200);
    bench.heard();
    return bench;
  }

  @Test
  void theCallIsPendingAndTheConsultationDialsAndIsAnswered() {
    bench.when("consult A 1500 B");
    assertThat(bench.heard())
        .containsExactly(
            "A 1500 onHoldPendingTransfer", "A 1501 connected held", "B 1500 dialtone");

    bench.when("dial B 1500 6001").pass(200);
    assertThat(bench.heard())
        .containsExactly(
            "B 1500 dialing",
            "B 1500 proceeding",
            "B 6001 offering",
            "B 1500 ringback",
            "B 6001 connected",
            "B 1500 connected");
  }

  @Test
  void thePartyHasOneIdInBothCalls() {
    consulting("6001");

    assertThat(
            bench.pbx.snapshot("x").calls().stream()
                .flatMap(c -> c.connections().stream())
                .filter(c -> c.address().equals("1500"))
                .map(Message.ConnectionView::connection)
                .distinct())
        .hasSize(1);
  }

  @Test
  void inOneStepItDialsItself() {
    bench.when("consult A 1500 B 6001").pass(200);

    assertThat(bench.picture())
        .containsExactly(
            "A 1501 connected held",
            "A 1500 onHoldPendingTransfer",
            "B 1500 connected",
            "B 6001 connected");
  }

  @Test
  void completedAsTransferTheTransferorIsOut() {
    consulting("6001").when("complete A B 1500 transfer");

    assertThat(bench.heard())
        .containsExactly(
            "merged B into A", "A 6001 connected", "A 1500 idle normal", "A 1501 connected");
    assertThat(bench.picture()).containsExactly("A 1501 connected", "A 6001 connected");
  }

  @Test
  void completedAsConferenceAllThreeAreIn() {
    consulting("6001").when("complete A B 1500 conference");

    assertThat(bench.picture())
        .containsExactly("A 1501 conferenced", "A 1500 conferenced", "A 6001 conferenced");
    bench.when("clear A 1500");
    assertThat(bench.picture()).containsExactly("A 1501 connected", "A 6001 connected");
  }

  @Test
  void completedWhileItRingsTheTransfereeWaitsForTheAnswer() {
    consulting("6003").when("complete A B 1500 transfer");
    assertThat(bench.picture()).containsExactly("A 1501 connected held", "A 6003 offering");

    bench.when("phone 6003 answer");
    assertThat(bench.picture()).containsExactly("A 1501 connected", "A 6003 connected");
  }

  @Test
  void completedWhileItRingsAndDeclinedTheTransferorIsRecalled() {
    consulting("6003").when("complete A B 1500 transfer").when("phone 6003 decline");
    assertThat(bench.picture()).containsExactly("A 1501 connected held");

    bench.pass(5200);
    assertThat(bench.picture()).containsExactly("A 1501 connected", "A 1500 connected recall");
  }

  @Test
  void completedOnBusyTheTransfereeCampsOnTheBusyPhone() {
    bench.given("X", "1600", "1700");
    consulting("1600").when("complete A B 1500 transfer");
    assertThat(bench.picture()).contains("A 1501 connected held");

    bench.when("clearCall X").pass(2000);

    assertThat(bench.picture()).containsExactly("A 1501 connected", "A 1600 connected");
  }

  @Test
  void alternatingAnyNumberOfTimes() {
    consulting("6001").when("alternate B A 1500");
    assertThat(bench.picture())
        .containsExactly(
            "A 1501 connected", "A 1500 connected", "B 1500 onHold", "B 6001 connected held");

    assertThat(bench.ask("complete A B 1500 transfer")).isEqualTo("refused invalidCallState");

    bench.when("alternate A B 1500");
    assertThat(bench.picture())
        .containsExactly(
            "A 1501 connected held",
            "A 1500 onHoldPendingTransfer",
            "B 1500 connected",
            "B 6001 connected");
    bench.when("complete A B 1500 transfer");
    assertThat(bench.picture()).containsExactly("A 1501 connected", "A 6001 connected");
  }

  @ParameterizedTest
  @ValueSource(strings = {"clear B 1500", "retrieve A 1500", "clearCall B"})
  void cancelledTheFirstTwoTalkAgain(String cancel) {
    consulting("6001").when(cancel).pass(600);

    assertThat(bench.picture()).containsExactly("A 1501 connected", "A 1500 connected");
  }

  @Test
  void cancelledWhileItRingsTheTargetStopsRinging() {
    consulting("6003").when("clear B 1500");

    assertThat(bench.heard()).contains("B 6003 idle cancelled", "A 1500 connected");
    assertThat(bench.picture()).containsExactly("A 1501 connected", "A 1500 connected");
  }

  @ParameterizedTest
  @CsvSource({
    "6002, B 1500 busy busy",
    "6004, B 1500 disconnected reject",
    "6005, B 1500 disconnected badAddress"
  })
  void aTargetThatFailsLeavesTheCallPendingAndAnotherCanBeDialled(String target, String tone) {
    consulting(target);
    assertThat(bench.pass(60_000).picture())
        .containsExactly("A 1501 connected held", "A 1500 onHoldPendingTransfer", tone);

    bench.when("dial B 1500 6001").pass(200).when("complete A B 1500 transfer");

    assertThat(bench.picture()).containsExactly("A 1501 connected", "A 6001 connected");
  }

  @Test
  void theTargetLeavesInTheConsultation() {
    consulting("6001").when("clear B 6001").pass(1000);

    assertThat(bench.picture())
        .containsExactly(
            "A 1501 connected held", "A 1500 onHoldPendingTransfer", "B 1500 disconnected normal");
  }

  @Test
  void theTransfereeLeavesAndTheConsultationIsAPlainCall() {
    consulting("6001").when("phone 1501 hangUp");
    assertThat(bench.heard()).contains("A 1501 idle normal", "A 1500 disconnected normal");

    assertThat(bench.pass(500).picture()).containsExactly("B 1500 connected", "B 6001 connected");
  }

  @Test
  void theTransferorWhoHangsUpCompletesWhereThePbxDoesSo() {
    consulting("6001").when("phone 1500 hangUp");

    assertThat(bench.picture()).containsExactly("A 1501 connected", "A 6001 connected");
  }

  @Test
  void theTransferorWhoHangsUpBeforeTheAnswerCompletesEarly() {
    consulting("6003").when("phone 1500 hangUp");

    assertThat(bench.picture()).containsExactly("A 1501 connected held", "A 6003 offering");
  }

  @Test
  void wherePuttingTheHandsetDownDoesNotCompleteItsPhoneRingsForTheTransferee() {
    Bench plain = new Bench("noBlind").given("A", "1501", "1500");
    plain.when("consult A 1500 B").when("dial B 1500 6001").pass(200).when("phone 1500 hangUp");
    assertThat(plain.heard()).contains("A 1500 offering recall");

    plain.pass(600);
    assertThat(plain.picture()).containsExactly("A 1501 connected", "A 1500 connected recall");
  }

  @Test
  void aPhoneConsultsAndCompletesByItsOwnKeys() {
    bench.when("phone 1500 consult 6001").pass(200).when("phone 1500 complete");

    assertThat(bench.heard()).anyMatch(line -> line.startsWith("merged run-"));
    assertThat(bench.picture()).containsExactly("A 1501 connected", "A 6001 connected");
  }

  @ParameterizedTest
  @CsvSource({
    "dial A 1500 6001, refused invalidCallState",
    "consult A 1500 C, refused invalidCallState",
    "consult B 1500 C, refused invalidCallState",
    "blind B 1500 6004 onAnswer, refused invalidCallState",
    "complete B A 1500 transfer, refused invalidCallState",
    "retrieve B 1500, refused invalidCallState"
  })
  void whatDoesNotFitAConsultationIsRefused(String words, String answer) {
    consulting("6001");

    assertThat(bench.ask(words)).isEqualTo(answer);
    assertThat(bench.heard()).isEmpty();
  }
}
