package org.jackfield.pbx.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** 1500 has called 1501 and sends 1501 to somebody else in one phase. */
class BlindTransferTest {

  private final Bench bench = new Bench("full").given("A", "1500", "1501");

  @Test
  void releasedOnAnswerTheTransferorStaysUntilTheTargetAnswers() {
    bench.when("blind A 1500 6001 onAnswer");
    assertThat(bench.heard())
        .containsExactly(
            "A 1500 onHoldPendingTransfer", "A 1501 connected held", "A 6001 offering");

    bench.pass(100);
    assertThat(bench.heard())
        .containsExactly("A 6001 connected", "A 1500 idle normal", "A 1501 connected");
  }

  @ParameterizedTest
  @CsvSource({"6002, busy", "6004, reject", "6005, badAddress"})
  void releasedOnAnswerAFailurePutsBothBack(String target, String cause) {
    bench.when("blind A 1500 " + target + " onAnswer").pass(200);

    assertThat(bench.heard()).contains("A " + target + " idle " + cause);
    assertThat(bench.picture()).containsExactly("A 1500 connected", "A 1501 connected");
  }

  @Test
  void releasedOnAnswerItCanBeTakenBackWhileItRings() {
    bench.when("blind A 1500 6003 onAnswer").when("retrieve A 1500");

    assertThat(bench.heard()).contains("A 6003 idle cancelled");
    assertThat(bench.picture()).containsExactly("A 1500 connected", "A 1501 connected");
  }

  @Test
  void releasedOnAcceptTheTransferorLeavesAtOnce() {
    bench.when("blind A 1500 6001 onAccept");
    assertThat(bench.heard())
        .containsExactly("A 1500 idle normal", "A 1501 connected held", "A 6001 offering");

    bench.pass(100);
    assertThat(bench.picture()).containsExactly("A 1501 connected", "A 6001 connected");
  }

  @Test
  void releasedOnAcceptAFailureKeepsTheTransfereeAndRecallsTheTransferor() {
    bench.when("blind A 1500 6002 onAccept");
    assertThat(bench.picture()).containsExactly("A 1501 connected held");

    bench.pass(5100);
    assertThat(bench.heard()).contains("A 1500 offering recall");

    bench.pass(100);
    assertThat(bench.picture()).containsExactly("A 1501 connected", "A 1500 connected recall");
  }

  @Test
  void aCommandedRecallTakesThePlaceOfThePbxsOwn() {
    bench.when("blind A 1500 6004 onAccept").pass(200);

    bench.when("recall A 1501 6001").pass(10_000);

    assertThat(bench.picture()).containsExactly("A 1501 connected", "A 6001 connected recall");
  }

  @Test
  void aRecallThatFailsKeepsTheTransfereeWaiting() {
    bench.when("blind A 1500 6002 onAccept");

    bench.when("recall A 1501 6002");

    assertThat(bench.heard()).endsWith("A 6002 idle busy recall");
    assertThat(bench.picture()).containsExactly("A 1501 connected held");
  }

  @Test
  void aTargetThatNeverAnswersIsGivenUpAndTheTransferorRecalled() {
    bench.when("blind A 1500 6003 onAccept").pass(30_000);
    assertThat(bench.heard()).contains("A 6003 idle noAnswer");

    bench.pass(6000);
    assertThat(bench.picture()).containsExactly("A 1501 connected", "A 1500 connected recall");
  }

  @Test
  void theTransferorsHangUpWhileTheTargetRingsIsAnEarlyRelease() {
    bench.when("blind A 1500 6003 onAnswer").when("phone 1500 hangUp");

    assertThat(bench.picture()).containsExactly("A 1501 connected held", "A 6003 offering");
    bench.when("phone 6003 answer");
    assertThat(bench.picture()).containsExactly("A 1501 connected", "A 6003 connected");
  }

  @ParameterizedTest
  @CsvSource({"onAnswer", "onAccept"})
  void theTransfereesHangUpStopsTheRinging(String release) {
    bench.when("blind A 1500 6003 " + release).when("phone 1501 hangUp");

    assertThat(bench.heard()).contains("A 6003 idle cancelled");
    assertThat(bench.pass(500).picture()).isEmpty();
  }

  @Test
  void onlyAConnectedPartyTransfers() {
    bench.when("hold A 1500");

    assertThat(bench.ask("blind A 1500 6001 onAnswer")).isEqualTo("refused invalidCallState");
    assertThat(bench.ask("blind A 1501 alice onAnswer")).isEqualTo("refused invalidAddress");
  }

  @Test
  void aPhoneTransfersByItsOwnKeys() {
    bench.when("phone 1501 transfer 6001").pass(100);

    assertThat(bench.picture()).containsExactly("A 1500 connected", "A 6001 connected");
  }
}
