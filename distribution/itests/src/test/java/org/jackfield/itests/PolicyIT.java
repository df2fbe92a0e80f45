package org.jackfield.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The policy as an operator and a program meet it, at a server that runs. */
@Timeout(300)
class PolicyIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String POLICIES = "/api/v1/policies";
  private static final String FILE = "org.jackfield.policy.jsonc";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Distribution distribution = Distribution.unpacked();
  private final Path home = distribution.newHome();
  private RunningProcess pbx;
  private RunningServer server;

  @BeforeEach
  void start() throws Exception {
    pbx = distribution.startPbx(home, "--calls", "0");
    distribution.configure(
        home,
        "org.jackfield.provider~pbx.cfg",
        "driver = simulated\npbx.address.file = " + home.resolve("data/pbx.address") + "\n");
    server = distribution.startServer(home);
    server.awaitUp("pbx");
    // one that nobody ends
    String call = "{\"provider\":\"pbx\",\"from\":\"1000\",\"to\":\"1001\"}";
    assertThat(server.post("/api/v1/sessions", call).statusCode()).isEqualTo(202);
    server.await(
        "a call",
        SOON,
        () -> !server.json("/api/v1/sessions?state=connected").path("items").isEmpty());
  }

  @AfterEach
  void stop() throws Exception {
    if (server != null) {
      server.close();
    }
    if (pbx != null) {
      pbx.close();
    }
  }

  private JsonNode policy() throws Exception {
    return server.json(POLICIES);
  }

  private HttpResponse<String> put(String body, String ifMatch) throws Exception {
    HttpRequest.Builder request =
        server
            .request(POLICIES)
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString(body));
    if (!ifMatch.isEmpty()) {
      request.header("If-Match", ifMatch);
    }
    return server.client().send(request.build(), BodyHandlers.ofString());
  }

  private String tag() throws Exception {
    return server.get(POLICIES).headers().firstValue("ETag").orElseThrow();
  }

  /** The plan for the call of the PBX, asked by auto. */
  private JsonNode plan() throws Exception {
    JsonNode session = server.json("/api/v1/sessions?state=connected").at("/items/0");
    HttpResponse<String> answer =
        server.post(
            "/api/v1/sessions/" + session.path("id").asText() + "/transfers?dryRun=true",
            "{\"transferor\":\"%s\",\"target\":\"6001\"}"
                .formatted(session.at("/parties/1/id").asText()));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  /** The shipped file with its examples in force: each commented line that is JSON is one. */
  private static String withExamples(String shipped) {
    return shipped.replaceAll("(?m)^( +)// ([{}\\]]|  )", "$1$2");
  }

  @Test
  void theShippedFileIsInForceItsExamplesAreRightAndAPlanFollowsThem() throws Exception {
    // given
    JsonNode shipped = policy();
    assertThat(shipped.path("source").asText()).isEqualTo("file");
    assertThat(shipped.path("refused")).isEmpty();
    assertThat(shipped.path("warnings")).isEmpty();
    assertThat(shipped.path("rules")).hasSize(1);
    JsonNode before = plan();
    assertThat(before.path("mode").asText()).isEqualTo("blind");
    assertThat(before.path("reasons").findValuesAsText("rule"))
        .contains(shipped.at("/rules/0/name").asText());

    // when the examples are taken out of their comments, one for what is dialled here
    Path file = home.resolve("etc").resolve(FILE);
    String all = withExamples(Files.readString(file)).replace("\"0*\"", "\"60*\"");
    distribution.configure(home, FILE, all);

    // then
    server.await("the edit", SOON, () -> policy().path("rules").size() == 4);
    assertThat(policy().path("refused")).isEmpty();
    assertThat(policy().path("warnings")).isEmpty();
    assertThat(policy().path("version").asLong()).isEqualTo(shipped.path("version").asLong() + 1);
    JsonNode after = plan();
    assertThat(after.path("mode").asText()).isEqualTo("consultation");
    assertThat(after.path("reasons").findValuesAsText("rule"))
        .contains("Outside is consulted first");
    assertThat(after.at("/timeouts/answerMs").asInt()).isEqualTo(45000);
  }

  @Test
  void aFileThatIsWrongIsRefusedAndItIsSaidWhy() throws Exception {
    // given
    long version = policy().path("version").asLong();
    // when
    distribution.configure(
        home, FILE, "{\"rules\":[{\"name\":\"mine\",\"set\":{\"answerMs\":\"soon\"}}]}");
    // then
    server.await("refused", SOON, () -> !policy().path("refused").isEmpty());
    JsonNode problem = policy().at("/refused/0");
    assertThat(problem.path("type").asText()).isEqualTo("wrong-type");
    assertThat(problem.path("rule").asInt()).isEqualTo(1);
    assertThat(problem.path("name").asText()).isEqualTo("mine");
    assertThat(problem.path("field").asText()).isEqualTo("set.answerMs");
    assertThat(policy().path("version").asLong()).isEqualTo(version);
    Distribution.Finished shell = distribution.run(home, "shell", "jackfield:policy");
    assertThat(shell.output()).contains("the file is not in force").contains("set.answerMs");
    Path log = home.resolve("data/log/jackfield.log");
    server.await(
        "it is in the audit",
        SOON,
        () ->
            Files.readString(log)
                .contains("policy policy invalid-policy rule 1 “mine” set.answerMs"));
  }

  @Test
  void aProgramReplacesWhatItHasSeen() throws Exception {
    // given
    String seen = tag();
    ObjectNode body = JSON.createObjectNode();
    body.set("rules", policy().path("rules").deepCopy());
    ((ObjectNode) body.at("/rules/0/set")).put("answerMs", 12345);
    // when
    HttpResponse<String> first = put(body.toString(), seen);
    HttpResponse<String> second = put(body.toString(), seen);
    HttpResponse<String> without = put(body.toString(), "");
    HttpResponse<String> wrong = put("{\"rules\":[{}]}", tag());
    // then
    assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
    assertThat(second.statusCode()).isEqualTo(412);
    assertThat(JSON.readTree(second.body()).at("/current/rules/0/set/answerMs").asInt())
        .isEqualTo(12345);
    assertThat(without.statusCode()).isEqualTo(400);
    assertThat(wrong.statusCode()).isEqualTo(422);
    assertThat(JSON.readTree(wrong.body()).path("problems").findValuesAsText("field"))
        .isEqualTo(List.of("name", "set"));
    assertThat(plan().at("/timeouts/answerMs").asInt()).isEqualTo(12345);
    String file = Files.readString(home.resolve("etc").resolve(FILE));
    assertThat(file).startsWith("// The policy").contains("12345");
    assertThat(home.resolve("etc").resolve(FILE + ".previous")).exists();

    // when a rule is added that can never decide
    ObjectNode late = body.deepCopy();
    late.withArray("rules").addObject().put("name", "late").putObject("set").put("answerMs", 1);
    HttpResponse<String> warned = put(late.toString(), tag());
    // then
    JsonNode warning = JSON.readTree(warned.body()).at("/warnings/0");
    assertThat(warning.path("name").asText()).isEqualTo("late");
    assertThat(warning.path("text").asText()).contains(policy().at("/rules/0/name").asText());
  }
}
