package org.jackfield.pbx.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** PBXs that differ in what they can do. */
class ProfileTest {

  @ParameterizedTest
  @CsvSource({
    "noBlind, blind A 1500 6001 onAnswer",
    "oneStepOnly, blind A 1500 6001 onAnswer",
    "oneStepOnly, consult A 1500 B",
    "noConsultation, consult A 1500 B",
    "noConsultation, consult A 1500 B 6001",
    "noConsultation, blind A 1500 6001 onAnswer",
    "noBlind, consult A 1500 B 6001",
    "heldOrMakeOnly, blind A 1500 6001 onAccept",
    "heldOrMakeOnly, consult A 1500 B",
    "triState, consult A 1500 B 6001",
    "conferenceOnly, blind A 1500 6001 onAccept",
    "conferenceOnly, consult A 1500 B 6001"
  })
  void whatAProfileLacksIsRefused(String profile, String words) {
    Bench bench = new Bench(profile).given("A", "1501", "1500");

    assertThat(bench.ask(words)).isEqualTo("refused operationUnavailable");
    assertThat(bench.heard()).isEmpty();
  }

  @Test
  void withoutConsultationABlindTransferReleasesAtOnce() {
    Bench bench = new Bench("noConsultation").given("A", "1501", "1500");

    bench.when("blind A 1500 6001 onAccept").pass(200);

    assertThat(bench.picture()).containsExactly("A 1501 connected", "A 6001 connected");
  }

  @Test
  void inOneStepThenComplete() {
    Bench bench = new Bench("oneStepOnly").given("A", "1501", "1500");

    bench.when("consult A 1500 B 6001").pass(200).when("complete A B 1500 transfer");

    assertThat(bench.picture()).containsExactly("A 1501 connected", "A 6001 connected");
  }

  @Test
  void holdMakeAndComplete() {
    Bench bench = new Bench("heldOrMakeOnly").given("A", "1501", "1500");

    bench.when("hold A 1500").when("makeCall B 1500 6001").pass(200);
    bench.when("complete A B 1500 transfer");

    assertThat(bench.picture()).containsExactly("A 1501 connected", "A 6001 connected");
  }

  @Test
  void holdAndMakeToABusyPhoneAndBackAgain() {
    Bench bench = new Bench("heldOrMakeOnly").given("A", "1501", "1500");

    bench.when("hold A 1500").when("makeCall B 1500 6002").when("retrieve A 1500");

    assertThat(bench.picture()).containsExactly("A 1501 connected", "A 1500 connected");
  }

  @Test
  void aCallOnPlainHoldIsNotTransferredWhereThePbxSaysSo() {
    Bench bench = new Bench("noBlind").given("A", "1501", "1500");

    bench.when("hold A 1500").when("makeCall B 1500 6001").pass(200);

    assertThat(bench.ask("complete A B 1500 transfer")).isEqualTo("refused invalidCallState");
  }

  @Test
  void withoutEarlyCompletionTheTargetMustHaveAnswered() {
    Bench bench = new Bench("noBlind").given("A", "1501", "1500");
    bench.when("consult A 1500 B").when("dial B 1500 6003");

    assertThat(bench.ask("complete A B 1500 transfer")).isEqualTo("refused invalidCallState");
    bench.when("phone 6003 answer").when("complete A B 1500 transfer");
    assertThat(bench.picture()).containsExactly("A 1501 connected", "A 6003 connected");
  }

  @Test
  void withoutAutoReconnectTheCallStaysPending() {
    Bench bench = new Bench("noBlind").given("A", "1501", "1500");
    bench.when("consult A 1500 B").when("clear B 1500");

    assertThat(bench.picture())
        .containsExactly("A 1501 connected held", "A 1500 onHoldPendingTransfer");
    bench.when("retrieve A 1500");
    assertThat(bench.picture()).containsExactly("A 1501 connected", "A 1500 connected");
  }

  @Test
  void aConferenceIsAllThatCompletionMakesAndTheTransferorDropsOut() {
    Bench bench = new Bench("conferenceOnly").given("A", "1501", "1500");
    bench.when("consult A 1500 B").when("dial B 1500 6001").pass(200);

    assertThat(bench.ask("complete A B 1500 transfer")).isEqualTo("refused operationUnavailable");
    bench.when("complete A B 1500 conference");
    assertThat(bench.picture())
        .containsExactly("A 1501 conferenced", "A 1500 conferenced", "A 6001 conferenced");
    bench.when("clear A 1500");
    assertThat(bench.picture()).containsExactly("A 1501 connected", "A 6001 connected");
  }

  @Test
  void theTriStateDeclaresCompletionAndNeitherKind() {
    Profile profile = Profile.named("triState");

    assertThat(profile.operations()).contains("complete");
    assertThat(profile.traits()).doesNotContain("transferNorm", "transferConf");
  }

  @Test
  void anUnknownProfileIsNamed() {
    assertThatThrownBy(() -> Profile.named("half")).hasMessageContaining("full");
  }
}
