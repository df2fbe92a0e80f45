package org.jackfield.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.jackfield.api.policy.AutoChoice;
import org.jackfield.api.policy.PolicyProblem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The policy over HTTP; every answer is held against openapi.json. */
class PolicyRoutesTest {
  private static final String BODY =
      "{\"rules\":[{\"name\":\"outside\",\"set\":{\"answerMs\":1}}]}";

  @TempDir Path data;
  private Server server;

  @BeforeEach
  void start() throws Exception {
    server = new Server(data);
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private Server.Call put(String body) {
    return server.call("PUT", "/policies").bearer().json(body);
  }

  @Test
  void isReadWithItsETag() throws Exception {
    // when
    Server.Result policy = server.get("/policies").as("/policies");
    // then
    assertThat(policy.status()).isEqualTo(200);
    assertThat(policy.header("ETag")).isEqualTo("\"7-3\"");
    assertThat(policy.text("/rules/0/set/auto/0")).isEqualTo("consultation");
    assertThat(policy.text("/rules/0/set/recall/1/address")).isEqualTo("70");
    assertThat(policy.text("/rules/0/match/destination")).isEqualTo("0*");
    assertThat(policy.text("/warnings/0/type")).isEqualTo("never-reached");
    assertThat(policy.text("/refused/0/type")).isEqualTo("malformed");
    assertThat(server.get("/policies").header("If-None-Match", "\"7-3\"").as("/policies").status())
        .isEqualTo(304);
  }

  @Test
  void isReplacedByWhoHasSeenIt() throws Exception {
    // when
    Server.Result now = put(BODY).header("If-Match", "\"7-3\"").as("/policies");
    // then
    assertThat(now.status()).isEqualTo(200);
    assertThat(now.header("ETag")).isEqualTo("\"7-4\"");
    assertThat(server.policies.asked).isEqualTo(BODY);
    assertThat(put(BODY).header("If-Match", "*").as("/policies").text("/version")).isEqualTo("5");
  }

  @Test
  void whoHasNotSeenItIsRefusedWithTheFreshOne() throws Exception {
    for (String stale : new String[] {"\"7-2\"", "\"6-3\"", "nonsense"}) {
      Server.Result refused = put(BODY).header("If-Match", stale).as("/policies");
      assertThat(refused.status()).as(stale).isEqualTo(412);
      assertThat(refused.text("/reason")).isEqualTo("stale-revision");
      assertThat(refused.text("/current/version")).isEqualTo("3");
    }
    Server.Result without = put(BODY).as("/policies");
    assertThat(without.status()).isEqualTo(400);
    assertThat(without.text("/reason")).isEqualTo("missing-field");
    assertThat(without.text("/field")).isEqualTo("If-Match");
    assertThat(server.call("PUT", "/policies").json(BODY).as("/policies").status()).isEqualTo(401);
  }

  @Test
  void whatIsWrongIsNamed() throws Exception {
    Server.Result invalid = put("{\"rules\":[]}").header("If-Match", "*").as("/policies");
    assertThat(invalid.status()).isEqualTo(422);
    assertThat(invalid.text("/reason")).isEqualTo("invalid-policy");
    assertThat(invalid.text("/problems/0/rule")).isEqualTo("2");
    assertThat(invalid.text("/problems/0/name")).isEqualTo("night");
    assertThat(invalid.text("/problems/0/field")).isEqualTo("set.answerMs");
    assertThat(put("{").header("If-Match", "*").as("/policies").text("/reason"))
        .isEqualTo("malformed-json");
    server.policies.diskFull = true;
    Server.Result full = put(BODY).header("If-Match", "*").as("/policies");
    assertThat(full.status()).isEqualTo(503);
    assertThat(full.text("/reason")).isEqualTo("journal-unavailable");
  }

  @Test
  void theDocumentKnowsEveryWord() {
    Set<String> choices = new HashSet<>();
    for (AutoChoice choice : AutoChoice.values()) {
      choices.add(choice.text());
    }
    Set<String> types = new HashSet<>();
    for (PolicyProblem.Type type : PolicyProblem.Type.values()) {
      types.add(type.text());
    }
    var schemas = server.contract.document().at("/components/schemas");
    assertThat(schemas.at("/AutoChoice/enum"))
        .extracting(word -> word.asText())
        .containsExactlyInAnyOrderElementsOf(choices);
    assertThat(schemas.at("/PolicyProblem/properties/type/enum"))
        .extracting(word -> word.asText())
        .containsExactlyInAnyOrderElementsOf(types);
  }
}
