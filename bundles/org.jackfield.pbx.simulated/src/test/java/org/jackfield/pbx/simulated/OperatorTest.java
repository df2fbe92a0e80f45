package org.jackfield.pbx.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** 1501 has called 1500, and the operator acts. */
class OperatorTest {

  private final Bench bench = new Bench("full").given("A", "1501", "1500");

  @Test
  void twoCallsAreMadeOne() {
    bench.given("B", "1502", "1503");

    bench.when("merge A B");

    assertThat(bench.heard())
        .startsWith("merged A into B")
        .contains("B 1500 conferenced", "B 1501 conferenced", "B 1502 conferenced");
    assertThat(bench.picture())
        .containsExactlyInAnyOrder(
            "B 1500 conferenced", "B 1501 conferenced", "B 1502 conferenced", "B 1503 conferenced");
  }

  @Test
  void aCallThatIsOnlyDialledIsNotMerged() {
    bench.ask("script 1503 rings");
    bench.when("makeCall B 1502 1503");

    assertThat(bench.ask("merge A B")).isEqualTo("refused invalidCallState");
    assertThat(bench.ask("merge A A")).isEqualTo("refused invalidCallState");
    assertThat(bench.ask("merge A nowhere")).isEqualTo("refused invalidCallHandle");
  }

  @Test
  void twoCallsOfOnePhoneAreLeftAlone() {
    bench.when("hold A 1500").when("makeCall B 1500 1502").pass(200);

    assertThat(bench.ask("merge A B")).isEqualTo("refused invalidCallState");
  }

  @Test
  void aPartyIsTakenOutAndConnectedWithSomebodyElse() {
    bench.when("consult A 1500 B").when("dial B 1500 1502").pass(200);
    bench.when("complete A B 1500 conference");
    bench.heard();

    bench.when("split A 1502 6001").pass(200);

    assertThat(bench.heard())
        .first()
        .satisfies(line -> assertThat(line).matches("branched run-\\d+ from A"));
    assertThat(bench.picture().stream().map(line -> line.replaceFirst("run-\\d+", "C")))
        .containsExactlyInAnyOrder(
            "A 1500 connected", "A 1501 connected", "C 1502 connected", "C 6001 connected");
  }

  @Test
  void whoIsLeftAloneByTheOperatorHearsThatTheCallIsOver() {
    bench.when("split A 1501 6001").pass(200);

    assertThat(bench.picture()).contains("A 1500 disconnected normal");
    bench.pass(2_000);
    assertThat(bench.picture()).noneMatch(line -> line.contains("1500"));
  }
}
