package org.jackfield.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * The API as a program meets it, over the simulated PBX as a process of its own. Every answer is
 * held against the server's own document.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class ApiIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final AtomicInteger FREE = new AtomicInteger(1000);

  private final Distribution distribution = Distribution.unpacked();
  private final Path home = distribution.newHome();
  private RunningProcess pbx;
  private RunningServer server;
  private OpenApi document;

  @BeforeAll
  void start() throws Exception {
    pbx = distribution.startPbx(home, "--calls", "0");
    distribution.configure(
        home,
        "org.jackfield.provider~pbx.cfg",
        "driver = simulated\npbx.address = "
            + Files.readString(home.resolve("data/pbx.address")).strip()
            + "\n");
    server = distribution.startServer(home);
    document = new OpenApi(server);
    server.awaitUp("pbx");
  }

  @AfterAll
  void stop() throws Exception {
    if (server != null) {
      server.close();
    }
    if (pbx != null) {
      pbx.close();
    }
  }

  private JsonNode get(String path) throws Exception {
    return answered(200, "GET", path, "");
  }

  /** Sends, checks the answer against the document, and against the status that is expected. */
  private JsonNode answered(int status, String method, String path, String body, String... headers)
      throws Exception {
    HttpResponse<String> answer = send(method, path, body, headers);
    JsonNode json = document.check(method, answer);
    assertThat(answer.statusCode()).as("%s %s: %s", method, path, answer.body()).isEqualTo(status);
    return json;
  }

  private HttpResponse<String> send(String method, String path, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request = server.request("/api/v1" + path);
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    if (body.isEmpty()) {
      request.method(method, HttpRequest.BodyPublishers.noBody());
    } else {
      request
          .header("Content-Type", "application/json")
          .method(method, HttpRequest.BodyPublishers.ofString(body));
    }
    return server.client().send(request.build(), BodyHandlers.ofString());
  }

  /** A call from a free address to one that answers, as it is when both talk. */
  private JsonNode call() throws Exception {
    String body =
        "{\"provider\":\"pbx\",\"from\":\"%d\",\"to\":\"%d\"}"
            .formatted(FREE.getAndIncrement(), FREE.getAndIncrement());
    String id = answered(202, "POST", "/sessions", body).path("session").asText();
    server.await(
        "call " + id,
        SOON,
        () -> {
          HttpResponse<String> one = server.get("/api/v1/sessions/" + id);
          return one.statusCode() == 200
              && document.check("GET", one).path("state").asText().equals("connected");
        });
    return get("/sessions/" + id);
  }

  private static String id(JsonNode node) {
    return node.path("id").asText();
  }

  private static String party(JsonNode session, int number) {
    return session.at("/parties/" + number + "/id").asText();
  }

  private JsonNode outcome(String transfer) throws Exception {
    server.await(
        "outcome of " + transfer, SOON, () -> get("/transfers/" + transfer).has("outcome"));
    return get("/transfers/" + transfer).path("outcome");
  }

  private List<String> commands() throws Exception {
    return Files.readAllLines(home.resolve("data/pbx-commands.log"));
  }

  @Test
  void everythingThatCanBeReadIsAsTheDocumentSays() throws Exception {
    // given
    JsonNode session = call();
    // then
    assertThat(get("/health").path("status").asText()).isEqualTo("up");
    assertThat(get("/drivers").at("/items/0/name").asText()).isNotEmpty();
    assertThat(get("/providers").at("/items/0/driver").asText()).isEqualTo("simulated");
    assertThat(get("/addresses?q=600").path("items").findValuesAsText("address"))
        .contains("6001", "6002", "6003", "6004");
    assertThat(get("/sessions?state=connected&provider=pbx").findValuesAsText("id"))
        .contains(id(session));
    assertThat(get("/me").path("name").asText()).isEqualTo("admin");
    get("/transfers");
  }

  @Test
  void sessionsAreFoundByThePrefixOfAnAddressAndComeInPages() throws Exception {
    // given
    JsonNode first = call();
    JsonNode second = call();
    String address = second.at("/parties/0/address").asText();
    // when
    JsonNode found = get("/sessions?q=" + address);
    JsonNode page = get("/sessions?limit=1");
    // then
    assertThat(found.path("items")).hasSize(1);
    assertThat(found.at("/items/0/id").asText()).isEqualTo(id(second));
    List<String> all = new ArrayList<>();
    String next = page.path("next").asText();
    all.add(page.at("/items/0/id").asText());
    while (!next.equals("null")) {
      page = get("/sessions?limit=1&cursor=" + next);
      all.add(page.at("/items/0/id").asText());
      next = page.path("next").asText("null");
    }
    assertThat(all).doesNotHaveDuplicates().containsSubsequence(id(first), id(second));
    assertThat(answered(400, "GET", "/sessions?cursor=zz", "").path("reason").asText())
        .isEqualTo("invalid-cursor");
  }

  @Test
  void unknownIdsAreUnknown() throws Exception {
    JsonNode session = call();
    String body = "{\"transferor\":\"x\",\"target\":\"6001\"}";
    for (String id : List.of("0", "zzzzzzzzz", "ZZZZZZZZZZZZZZZZZZZZZZ", "a%20b")) {
      answered(404, "GET", "/sessions/" + id, "");
      answered(404, "DELETE", "/sessions/" + id, "");
      answered(404, "POST", "/sessions/" + id + "/transfers", body);
      answered(404, "POST", "/sessions/" + id + "/hold", "{\"party\":\"x\"}");
      answered(404, "GET", "/transfers/" + id, "");
      answered(404, "POST", "/transfers/" + id + "/cancel", "");
      answered(404, "GET", "/operations/" + id, "");
      answered(404, "GET", "/providers/" + id, "");
    }
    answered(404, "POST", "/sessions/" + id(session) + "/transfers", body);
    answered(404, "POST", "/sessions/" + id(session) + "/hold", "{\"party\":\"x\"}");
    answered(404, "POST", "/sessions", "{\"provider\":\"x\",\"from\":\"1000\",\"to\":\"6001\"}");
  }

  @Test
  void whatIsMalformedIsNamedAndChangesNothing() throws Exception {
    // given
    JsonNode session = call();
    List<String> before = commands();
    String path = "/sessions/" + id(session) + "/transfers";
    Map<String, String> bodies =
        Map.of(
            "{\"target\":\"6001\",",
            "malformed-json",
            "{\"target\":6001}",
            "wrong-type",
            "{\"target\":\"6001\",\"swift\":true}",
            "unknown-field",
            "{\"target\":\"" + "6".repeat(129) + "\"}",
            "field-too-long",
            "{\"target\":\"60\\r\\n01\"}",
            "invalid-value",
            "{\"target\":\"60\\u000001\"}",
            "invalid-value",
            "{\"target\":\"6001\",\"mode\":\"swift\"}",
            "invalid-value",
            "{\"mode\":\"blind\"}",
            "missing-field");
    for (Map.Entry<String, String> body : bodies.entrySet()) {
      // when
      JsonNode problem = answered(400, "POST", path, body.getKey());
      // then
      assertThat(problem.path("reason").asText()).as(body.getKey()).isEqualTo(body.getValue());
    }
    answered(413, "POST", path, "{\"target\":\"" + "6".repeat(70_000) + "\"}");
    for (String hostile : List.of("6001;id", "6001&x=y", "$(id)", "60 01", "6001'--", "Ω", "☎")) {
      String body =
          "{\"transferor\":\"%s\",\"target\":\"%s\"}".formatted(party(session, 1), hostile);
      JsonNode problem = answered(422, "POST", path, body);
      assertThat(problem.path("reason").asText()).as(hostile).isEqualTo("invalid-address");
    }
    assertThat(get("/sessions/" + id(session)).path("revision"))
        .isEqualTo(session.path("revision"));
    assertThat(commands()).isEqualTo(before);
  }

  @Test
  void whatIsNotPermittedNowSaysSo() throws Exception {
    // given
    JsonNode session = call();
    // when
    JsonNode problem =
        answered(
            409,
            "POST",
            "/sessions/" + id(session) + "/retrieve",
            "{\"party\":\"" + party(session, 0) + "\"}");
    // then
    assertThat(problem.path("reason").asText()).isEqualTo("not-permitted-now");
    assertThat(problem.path("tapiError").asText()).isEqualTo("LINEERR_INVALCALLSTATE");
    assertThat(session.at("/parties/0/refused/retrieve").asText()).isEqualTo("not-permitted-now");
  }

  @Test
  void holdAndRetrieveEndByFacts() throws Exception {
    // given
    JsonNode session = call();
    String body = "{\"party\":\"" + party(session, 0) + "\"}";
    for (String[] step : new String[][] {{"hold", "onHold"}, {"retrieve", "connected"}}) {
      // when
      String operation =
          id(answered(202, "POST", "/sessions/" + id(session) + "/" + step[0], body));
      // then
      server.await(
          step[0],
          SOON,
          () -> get("/operations/" + operation).path("state").asText().equals("done"));
      assertThat(get("/sessions/" + id(session)).at("/parties/0/state").asText())
          .isEqualTo(step[1]);
    }
  }

  @Test
  void whereTwoCouldTransferTheOneWhoLeavesMustBeNamed() throws Exception {
    // given
    JsonNode session = call();
    // when
    JsonNode problem =
        answered(422, "POST", "/sessions/" + id(session) + "/transfers", "{\"target\":\"6001\"}");
    // then
    assertThat(problem.path("reason").asText()).isEqualTo("party-required");
    assertThat(problem.path("candidates").findValuesAsText("id"))
        .containsExactlyInAnyOrder(party(session, 0), party(session, 1));
  }

  @Test
  void aStaleRevisionIsRefusedWithTheFreshSnapshot() throws Exception {
    // given
    JsonNode session = call();
    String path = "/sessions/" + id(session);
    String tag = send("GET", path, "").headers().firstValue("ETag").orElseThrow();
    String body = "{\"party\":\"" + party(session, 0) + "\"}";
    answered(202, "POST", path + "/hold", body, "If-Match", tag);
    server.await(
        "a new revision",
        SOON,
        () -> !send("GET", path, "").headers().firstValue("ETag").orElseThrow().equals(tag));
    // when
    JsonNode problem = answered(412, "DELETE", path, "", "If-Match", tag);
    // then
    assertThat(problem.at("/current/id").asText()).isEqualTo(id(session));
    assertThat(problem.at("/current/revision").asLong())
        .isGreaterThan(session.path("revision").asLong());
    assertThat(send("GET", path, "").statusCode()).isEqualTo(200);
  }

  @Test
  void aCallThatIsAskedForTwiceWithOneKeyIsMadeOnce() throws Exception {
    // given
    String from = Integer.toString(FREE.getAndIncrement());
    String body = "{\"provider\":\"pbx\",\"from\":\"" + from + "\",\"to\":\"6001\"}";
    String other = body.replace("6001", "6003");
    // when
    JsonNode first = answered(202, "POST", "/sessions", body, "Idempotency-Key", "key-" + from);
    JsonNode second = answered(202, "POST", "/sessions", body, "Idempotency-Key", "key-" + from);
    JsonNode third = answered(422, "POST", "/sessions", other, "Idempotency-Key", "key-" + from);
    // then
    assertThat(second).isEqualTo(first);
    assertThat(third.path("reason").asText()).isEqualTo("idempotency-key-reused");
    server.await("the call", SOON, () -> get("/sessions?q=" + from).path("items").size() == 1);
  }

  @Test
  void aDryRunGivesThePlanAndChangesNothing() throws Exception {
    // given
    JsonNode session = call();
    List<String> before = commands();
    // when
    JsonNode plan =
        answered(
            200,
            "POST",
            "/sessions/" + id(session) + "/transfers?dryRun=true",
            "{\"transferor\":\"%s\",\"target\":\"6001\"}".formatted(party(session, 1)));
    // then
    assertThat(plan.path("steps")).isNotEmpty();
    assertThat(plan.path("reasons")).isNotEmpty();
    assertThat(get("/sessions/" + id(session)).path("revision"))
        .isEqualTo(session.path("revision"));
    assertThat(get("/transfers?session=" + id(session)).path("items")).isEmpty();
    assertThat(commands()).isEqualTo(before);
  }

  @Test
  void aBlindTransferEndsWithItsOutcome() throws Exception {
    // given
    JsonNode session = call();
    // when
    HttpResponse<String> answer =
        send(
            "POST",
            "/sessions/" + id(session) + "/transfers",
            "{\"transferor\":\"%s\",\"target\":\"6001\",\"mode\":\"blind\"}"
                .formatted(party(session, 1)));
    JsonNode transfer = document.check("POST", answer);
    // then
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(answer.headers().firstValue("Location"))
        .hasValue("/api/v1/transfers/" + id(transfer));
    JsonNode outcome = outcome(id(transfer));
    assertThat(outcome.path("type").asText()).isEqualTo("completed");
    assertThat(outcome.path("evidence").asText()).isEqualTo("verified");
    List<String> addresses = get("/sessions/" + id(session)).findValuesAsText("address");
    assertThat(addresses)
        .containsExactlyInAnyOrder(session.at("/parties/0/address").asText(), "6001");
    assertThat(answered(409, "POST", "/transfers/" + id(transfer) + "/cancel", "").path("reason"))
        .isNotNull();
  }

  @Test
  void aConsultationIsAlternatedAndCompletedByHand() throws Exception {
    // given
    JsonNode session = call();
    String body =
        "{\"transferor\":\"%s\",\"target\":\"6001\",\"mode\":\"consultation\"}"
            .formatted(party(session, 1));
    String path =
        "/transfers/" + id(answered(202, "POST", "/sessions/" + id(session) + "/transfers", body));
    server.await(
        "the target talks", SOON, () -> get(path).path("targetState").asText().equals("answered"));
    for (String focus : List.of("transferee", "target")) {
      // when
      server.await("alternate", SOON, () -> permitted(path).contains("alternate"));
      answered(202, "POST", path + "/alternate", "");
      // then
      server.await(
          "talk to the " + focus, SOON, () -> get(path).path("focus").asText().equals(focus));
    }
    server.await("complete", SOON, () -> permitted(path).contains("complete"));
    answered(202, "POST", path + "/complete", "{\"as\":\"transfer\"}");
    JsonNode outcome = outcome(path.substring("/transfers/".length()));
    assertThat(outcome.path("type").asText()).isEqualTo("completed");
    assertThat(outcome.path("as").asText()).isEqualTo("transfer");
    assertThat(outcome.path("evidence").asText()).isEqualTo("verified");
    assertThat(get("/providers/pbx").path("state").asText()).isEqualTo("up");
  }

  private String permitted(String path) throws Exception {
    return get(path).path("permitted").toString();
  }

  @Test
  void aSecondTransferOfASessionNamesTheFirst() throws Exception {
    // given
    JsonNode session = call();
    String body =
        "{\"transferor\":\"%s\",\"target\":\"6003\",\"mode\":\"consultation\"}"
            .formatted(party(session, 1));
    JsonNode first = answered(202, "POST", "/sessions/" + id(session) + "/transfers", body);
    // when
    JsonNode problem = answered(409, "POST", "/sessions/" + id(session) + "/transfers", body);
    // then
    assertThat(problem.path("reason").asText()).isEqualTo("transfer-exists");
    assertThat(problem.path("transfer").asText()).isEqualTo(id(first));
    assertThat(get("/sessions/" + id(session)).path("transfer").asText()).isEqualTo(id(first));
    server.await(
        "cancel is permitted",
        SOON,
        () -> get("/transfers/" + id(first)).path("permitted").toString().contains("cancel"));
    answered(202, "POST", "/transfers/" + id(first) + "/cancel", "");
    assertThat(outcome(id(first)).path("type").asText()).isEqualTo("reverted");
  }

  @Test
  void eventsGoOnWithoutAGapWhereTheReaderWas() throws Exception {
    // given
    EventReader.Told last;
    try (EventReader reader = new EventReader(server, "")) {
      last = reader.next();
      JsonNode session = call();
      String told = "";
      while (!told.equals(id(session))) {
        last = reader.next();
        told = document.checkEvent(last.data()).at("/session/id").asText();
      }
    }
    // when the reader is away, something happens
    JsonNode missed = call();
    // then
    try (EventReader reader = new EventReader(server, last.id())) {
      assertThat(reader.next()).isEqualTo(new EventReader.Told(last.id(), "", ""));
      boolean seen = false;
      for (long number = number(last) + 1; !seen; number++) {
        EventReader.Told next = reader.next();
        JsonNode event = document.checkEvent(next.data());
        assertThat(number(next)).isEqualTo(number);
        assertThat(event.path("type").asText()).isEqualTo(next.type());
        seen =
            event.at("/session/id").asText().equals(id(missed))
                && event.at("/session/state").asText().equals("connected");
      }
    }
    try (EventReader reader = new EventReader(server, "1:1")) {
      assertThat(reader.next().id()).isEqualTo("1:1");
      assertThat(reader.next().type()).isEqualTo("reset");
    }
  }

  private static long number(EventReader.Told told) {
    return Long.parseLong(told.id().substring(told.id().indexOf(':') + 1));
  }

  @Test
  void whoHasNoTokenMayOnlyAskWhetherItLives() throws Exception {
    for (Map.Entry<String, Integer> path :
        Map.of("/health/live", 200, "/openapi.json", 200, "/health", 401, "/sessions", 401)
            .entrySet()) {
      HttpRequest request =
          HttpRequest.newBuilder(server.address().resolve("/api/v1" + path.getKey())).build();
      HttpResponse<String> answer = server.client().send(request, BodyHandlers.ofString());
      document.check("GET", answer);
      assertThat(answer.statusCode()).as(path.getKey()).isEqualTo(path.getValue());
    }
  }

  @Test
  void theLinkLogsAPageInOnce() throws Exception {
    // given
    String link = Files.readString(home.resolve("data/login.link")).strip();
    HttpRequest request = HttpRequest.newBuilder(java.net.URI.create(link)).build();
    // when
    HttpResponse<String> first = server.client().send(request, BodyHandlers.ofString());
    HttpResponse<String> second = server.client().send(request, BodyHandlers.ofString());
    // then
    assertThat(first.statusCode()).isEqualTo(303);
    assertThat(first.headers().firstValue("Set-Cookie").orElseThrow())
        .contains("HttpOnly")
        .contains("SameSite=Strict");
    assertThat(second.statusCode()).isEqualTo(401);
    document.check("GET", second);
  }

  @Test
  void theShellAsksTheSameServices() throws Exception {
    // given
    JsonNode session = call();
    // when
    Distribution.Finished list = distribution.run(home, "shell", "jackfield:sessions");
    Distribution.Finished why = distribution.run(home, "shell", "jackfield:why", id(session));
    Distribution.Finished clear = distribution.run(home, "shell", "jackfield:clear", id(session));
    // then
    assertThat(list.output()).contains(id(session));
    assertThat(why.output()).contains("may hold");
    assertThat(clear.exitCode()).as(clear.output()).isZero();
    server.await(
        "cleared", SOON, () -> send("GET", "/sessions/" + id(session), "").statusCode() == 404);
  }
}
