package org.jackfield.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jackfield.api.policy.AutoChoice;
import org.jackfield.api.policy.PolicyProblem;
import org.jackfield.api.security.Requester;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.ConversationId;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.transfer.RecallRung;
import org.jackfield.api.transfer.TransferMode;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.api.transfer.TransferTarget;
import org.jackfield.core.arbiter.Preferences;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** First match per setting wins, and a rule that cannot win is pointed out. */
class CompiledPolicyTest {
  private static CompiledPolicy policy(String... rules) {
    PolicyReader.Read read = PolicyReader.read("{\"rules\":[" + String.join(",", rules) + "]}");
    assertThat(read.problems()).isEmpty();
    return new CompiledPolicy(read.policy().orElseThrow());
  }

  private static String rule(String name, String match, String set) {
    return "{\"name\":\"" + name + "\",\"match\":{" + match + "},\"set\":{" + set + "}}";
  }

  private static Preferences ask(
      CompiledPolicy policy, String provider, String from, TransferTarget to, String who) {
    Session session =
        new Session(new SessionId(1), provider, new ConversationId(1), 1, Instant.EPOCH, List.of());
    TransferRequest request =
        TransferRequest.of(
            new Requester(who, "rest", ""), session.id(), Optional.empty(), to, TransferMode.AUTO);
    return policy.of(request, session, new Address(from));
  }

  private static Preferences ask(CompiledPolicy policy, String to) {
    return ask(policy, "pbx", "1001", new TransferTarget.To(new Address(to)), "admin");
  }

  @Test
  void whatNoRuleSetsIsAsShipped() {
    assertThat(ask(policy(), "6001")).isEqualTo(Preferences.SHIPPED);
  }

  @Test
  void theFirstRuleThatMatchesAndSetsItDecidesEachSetting() {
    // given
    CompiledPolicy policy =
        policy(
            rule(
                "outside",
                "\"destination\":\"0*\"",
                "\"auto\":[\"consultation\"],\"answerMs\":45000"),
            rule(
                "night",
                "\"provider\":\"night\"",
                "\"answerMs\":1,\"recall\":[{\"to\":\"park\",\"address\":\"7\"}]"),
            rule(
                "all",
                "",
                "\"auto\":[\"blind\"],\"answerMs\":9,\"recallMs\":8,\"conferenceMayStandIn\":false"));
    // when
    Preferences outside = ask(policy, "0301");
    Preferences inside = ask(policy, "6001");
    Preferences night =
        ask(policy, "night", "1001", new TransferTarget.To(new Address("0301")), "admin");
    // then
    assertThat(outside.auto()).containsExactly(AutoChoice.CONSULTATION);
    assertThat(outside.timeouts().answer()).isEqualTo(Duration.ofSeconds(45));
    assertThat(outside.timeouts().recall()).isEqualTo(Duration.ofMillis(8));
    assertThat(outside.timeouts().complete()).isEqualTo(Duration.ofHours(1));
    assertThat(outside.conferenceMayStandIn()).isFalse();
    assertThat(outside.rules())
        .isEqualTo(new Preferences.Rules("outside", "all", "outside, all", "shipped"));
    assertThat(inside.auto()).containsExactly(AutoChoice.BLIND);
    assertThat(inside.timeouts().answer()).isEqualTo(Duration.ofMillis(9));
    assertThat(night.timeouts().answer()).isEqualTo(Duration.ofSeconds(45));
    assertThat(night.recall()).containsExactly(new RecallRung.ToPark(new Address("7")));
    assertThat(night.rules().recall()).isEqualTo("night");
  }

  @ParameterizedTest
  @CsvSource({
    "provider, pb?, true",
    "provider, x*, false",
    "address, 10*, true",
    "address, 11*, false",
    "destination, 60??, true",
    "destination, 60?, false",
    "requester, admin, true",
    "requester, Admin, false"
  })
  void aRuleMatchesByEachOfTheFour(String field, String pattern, boolean matches) {
    CompiledPolicy policy =
        policy(rule("it", "\"" + field + "\":\"" + pattern + "\"", "\"auto\":[\"blind\"]"));
    assertThat(ask(policy, "6001").rules().auto().equals("it")).isEqualTo(matches);
  }

  @Test
  void aHeldCallHasNoDestination() {
    // given
    CompiledPolicy policy =
        policy(
            rule("some", "\"destination\":\"?*\"", "\"answerMs\":1"),
            rule("any", "\"destination\":\"*\"", "\"answerMs\":2"));
    // when
    Preferences held =
        ask(policy, "pbx", "1001", new TransferTarget.Held(new SessionId(2)), "admin");
    // then
    assertThat(held.rules().timeouts()).isEqualTo("any");
  }

  @Test
  void aRuleThatIsNeverReachedIsPointedOutWithTheOneThatCoversIt() {
    // given
    CompiledPolicy policy =
        policy(
            rule("outside", "\"destination\":\"0*\"", "\"auto\":[\"blind\"],\"answerMs\":1"),
            rule("abroad", "\"destination\":\"00*\"", "\"auto\":[\"consultation\"]"),
            rule(
                "berlin",
                "\"destination\":\"030*\",\"provider\":\"p\"",
                "\"answerMs\":2,\"recallMs\":3"),
            rule("all", "", "\"auto\":[\"blind\"]"),
            rule("after all", "\"requester\":\"x\"", "\"auto\":[\"blind\"]"),
            rule("still", "", "\"recallMs\":3"));
    // when
    List<PolicyProblem> warnings = Reachability.warnings(policy);
    // then
    assertThat(warnings)
        .allMatch(warning -> warning.type() == PolicyProblem.Type.NEVER_REACHED)
        .extracting(w -> w.rule() + " " + w.name() + " " + w.field() + ": " + w.text())
        .containsExactly(
            "2 abroad : this rule is never reached: “outside” decides before it",
            "3 berlin set.answerMs: never used: “outside” decides before it",
            "5 after all : this rule is never reached: “all” decides before it");
  }

  @Test
  void aRuleThatSeveralCoverOnlyTogetherIsPointedOutWithThem() {
    // given
    CompiledPolicy policy =
        policy(
            rule("elsewhere", "\"destination\":\"7*\"", "\"answerMs\":1"),
            rule("a at night", "\"provider\":\"a\",\"requester\":\"n*\"", "\"answerMs\":1"),
            rule("all of a", "\"provider\":\"a\"", "\"recallMs\":1"),
            rule("b", "\"provider\":\"b\"", "\"answerMs\":1"),
            rule("a", "\"provider\":\"a\"", "\"answerMs\":1"),
            rule("both", "\"provider\":\"?\",\"destination\":\"6*\"", "\"answerMs\":2"),
            rule("c", "\"provider\":\"?\",\"requester\":\"x\"", "\"recallMs\":2"),
            rule("other", "\"provider\":\"?\"", "\"answerMs\":3,\"recallMs\":3"),
            rule("one", "\"provider\":\"?\",\"address\":\"1*\"", "\"answerMs\":4"),
            rule("held", "\"requester\":\"h\",\"destination\":\"?*\"", "\"completeMs\":1"),
            rule("none", "\"requester\":\"h\"", "\"completeMs\":1"),
            rule("short", "\"address\":\"1?\"", "\"auto\":[\"blind\"]"),
            rule("long", "\"address\":\"1??*\"", "\"auto\":[\"blind\"]"),
            rule("one more", "\"address\":\"1?*\"", "\"auto\":[\"blind\"]"),
            rule("one at all", "\"address\":\"1*\"", "\"auto\":[\"blind\"]"));
    // when
    List<PolicyProblem> warnings = Reachability.warnings(policy);
    // then
    assertThat(warnings)
        .extracting(w -> w.name() + " " + w.field() + ": " + w.text())
        .containsExactly(
            "one : this rule is never reached: “other” decides before it",
            "one more : this rule is never reached: “long”, “short” decide before it");
  }

  @Test
  void aFullPolicyOfOddPatternsIsComparedWithinBounds() {
    // given
    String[] rules = new String[256];
    for (int i = 0; i < rules.length; i++) {
      String odd = "*" + "a?".repeat(i % 20) + "*" + "b".repeat(i % 7 + 1) + "*?*";
      rules[i] = rule("r" + i, "\"destination\":\"" + odd + "\"", "\"answerMs\":1");
    }
    CompiledPolicy policy = policy(rules);
    // when
    List<PolicyProblem> warnings = Reachability.warnings(policy);
    // then
    assertThat(warnings).isNotEmpty();
    assertThat(ask(policy, "a".repeat(128)).rules().timeouts()).isEqualTo("shipped");
  }
}
