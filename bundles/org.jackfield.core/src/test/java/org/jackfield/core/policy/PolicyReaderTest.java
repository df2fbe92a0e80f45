package org.jackfield.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jackfield.api.policy.AutoChoice;
import org.jackfield.api.policy.PolicyProblem.Type;
import org.jackfield.api.policy.PolicyRule;
import org.jackfield.api.session.Address;
import org.jackfield.api.transfer.RecallRung;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyReaderTest {
  private static final String FULL =
      """
      // by hand
      {"rules": [
        { "name": "one", /* why */ "comment": "because",
          "match": {"provider": "p*", "address": "1?", "destination": "0*", "requester": "admin"},
          "set": {
            "auto": ["consultation", "blind"], "conferenceMayStandIn": false,
            "answerMs": 1, "completeMs": 86400000, "recallMs": 20000,
            "recall": [{"to": "transferor"}, {"to": "address", "address": "9"}, {"to": "park", "address": "70"}],
          },
        },
      ]}
      """;

  @Test
  void readsEverythingAndWritesItAgain() {
    // when
    PolicyReader.Read read = PolicyReader.read(FULL);
    // then
    assertThat(read.problems()).isEmpty();
    PolicyRule rule = read.policy().orElseThrow().rules().getFirst();
    assertThat(rule.name()).isEqualTo("one");
    assertThat(rule.comment()).isEqualTo("because");
    assertThat(rule.match().destination()).hasValue("0*");
    assertThat(rule.set().auto().orElseThrow())
        .containsExactly(AutoChoice.CONSULTATION, AutoChoice.BLIND);
    assertThat(rule.set().conferenceMayStandIn()).hasValue(false);
    assertThat(rule.set().complete()).hasValue(Duration.ofDays(1));
    assertThat(rule.set().recall().orElseThrow())
        .containsExactly(
            new RecallRung.ToTransferor(),
            new RecallRung.ToAddress(new Address("9")),
            new RecallRung.ToPark(new Address("70")));
    String written = PolicyWriter.write(read.policy().orElseThrow(), FULL);
    assertThat(written).startsWith("// by hand\n{");
    assertThat(PolicyReader.read(written)).isEqualTo(read);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{ | MALFORMED | 0 | ``",
        "{\"rules\":[],\"rules\":[]} | MALFORMED | 0 | ``",
        "[] | WRONG_TYPE | 0 | ``",
        "{} | MISSING_FIELD | 0 | rules",
        "{\"rules\":{}} | WRONG_TYPE | 0 | rules",
        "{\"rules\":[],\"x\":1} | UNKNOWN_FIELD | 0 | x",
        "{\"rules\":[7]} | WRONG_TYPE | 1 | ``",
        "{\"rules\":[{\"set\":{\"answerMs\":1}}]} | MISSING_FIELD | 1 | name",
        "{\"rules\":[{\"name\":\"a\",\"set\":{}}]} | MISSING_FIELD | 1 | set",
        "{\"rules\":[{\"name\":\"a\"}]} | MISSING_FIELD | 1 | set",
        "{\"rules\":[{\"name\":\"a\",\"set\":{\"answerMs\":0}}]} | INVALID_VALUE | 1 | set.answerMs",
        "{\"rules\":[{\"name\":\"a\",\"set\":{\"answerMs\":\"1\"}}]} | WRONG_TYPE | 1 | set.answerMs",
        "{\"rules\":[{\"name\":\"a\",\"set\":{\"recallMs\":86400001}}]} | INVALID_VALUE | 1 | set.recallMs",
        "{\"rules\":[{\"name\":\"a\",\"set\":{\"auto\":[]}}]} | INVALID_VALUE | 1 | set.auto",
        "{\"rules\":[{\"name\":\"a\",\"set\":{\"auto\":[\"swift\"]}}]} | INVALID_VALUE | 1 | set.auto[0]",
        "{\"rules\":[{\"name\":\"a\",\"set\":{\"auto\":[\"blind\",\"blind\"]}}]} | INVALID_VALUE | 1 | set.auto[1]",
        "{\"rules\":[{\"name\":\"a\",\"set\":{\"conferenceMayStandIn\":\"no\"}}]} | WRONG_TYPE | 1 | set.conferenceMayStandIn",
        "{\"rules\":[{\"name\":\"a\",\"set\":{\"recall\":[{\"to\":\"moon\"}]}}]} | INVALID_VALUE | 1 | set.recall[0].to",
        "{\"rules\":[{\"name\":\"a\",\"set\":{\"recall\":[{\"to\":\"park\"}]}}]} | MISSING_FIELD | 1 | set.recall[0].address",
        "{\"rules\":[{\"name\":\"a\",\"set\":{\"recall\":[{\"to\":\"park\",\"address\":\"7 0\"}]}}]} | INVALID_VALUE | 1 | set.recall[0].address",
        "{\"rules\":[{\"name\":\"a\",\"set\":{\"recall\":[{\"to\":\"transferor\",\"address\":\"1\"}]}}]} | UNKNOWN_FIELD | 1 | set.recall[0].address",
        "{\"rules\":[{\"name\":\"a\",\"match\":{\"destination\":\"0\\\\\"},\"set\":{\"answerMs\":1}}]} | INVALID_VALUE | 1 | match.destination",
        "{\"rules\":[{\"name\":\"a\",\"match\":{\"colour\":\"0\"},\"set\":{\"answerMs\":1}}]} | UNKNOWN_FIELD | 1 | match.colour",
        "{\"rules\":[{\"name\":\"a\",\"match\":[],\"set\":{\"answerMs\":1}}]} | WRONG_TYPE | 1 | match",
        "{\"rules\":[{\"name\":\"a\",\"set\":{\"answerMs\":1}},{\"name\":\"a\",\"set\":{\"answerMs\":1}}]} | DUPLICATE_NAME | 2 | name"
      })
  void namesTheRuleAndTheField(String text, Type type, int rule, String field) {
    // when
    PolicyReader.Read read = PolicyReader.read(text);
    // then
    assertThat(read.policy()).isEmpty();
    assertThat(read.problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.type()).isEqualTo(type);
              assertThat(problem.rule()).isEqualTo(rule);
              assertThat(problem.field()).isEqualTo(field);
              assertThat(problem.text()).isNotBlank();
            });
  }

  @Test
  void namesAllProblemsAtOnce() {
    String text =
        "{\"rules\":[{\"name\":\"a\",\"set\":{\"answerMs\":0,\"recallMs\":0,\"x\":1}},{\"set\":{\"auto\":3}}]}";
    assertThat(PolicyReader.read(text).problems())
        .extracting(problem -> problem.rule() + " " + problem.name() + " " + problem.field())
        .containsExactlyInAnyOrder(
            "1 a set.answerMs", "1 a set.recallMs", "1 a set.x", "2  name", "2  set.auto");
  }

  @Test
  void thereAreBounds() {
    List<String> rules = new ArrayList<>();
    for (int i = 0; i < 257; i++) {
      rules.add("{\"name\":\"%d\",\"set\":{\"answerMs\":1}}".formatted(i));
    }
    String many = "{\"rules\":[" + String.join(",", rules) + "]}";
    String few = "{\"rules\":[" + String.join(",", rules.subList(1, 257)) + "]}";
    assertThat(PolicyReader.read(many).problems())
        .singleElement()
        .extracting(problem -> problem.type())
        .isEqualTo(Type.TOO_LONG);
    assertThat(PolicyReader.read(few).problems()).isEmpty();
    assertThat(PolicyReader.read("[".repeat(100_000)).problems())
        .singleElement()
        .extracting(problem -> problem.type())
        .isEqualTo(Type.MALFORMED);
    assertThat(
            PolicyReader.read(
                    "{\"rules\":[{\"name\":\"" + "n".repeat(81) + "\",\"set\":{\"answerMs\":1}}]}")
                .problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.type()).isEqualTo(Type.TOO_LONG));
  }
}
