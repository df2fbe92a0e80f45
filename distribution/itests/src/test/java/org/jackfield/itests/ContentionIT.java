package org.jackfield.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * Two who want to move the same call at the same moment, by connections of their own, as two people
 * at two pages would: one does, the other is told, and nothing else happens, neither at the PBX nor
 * in the audit.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
class ContentionIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int PRESSES = 200;
  private static final int SOME = 20;
  private static final Set<String> OPENERS = Set.of("blindTransfer", "consult");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Distribution distribution = Distribution.unpacked();
  private final Path home = distribution.newHome();
  private final ExecutorService hands = Executors.newFixedThreadPool(2);
  private RunningProcess pbx;
  private RunningServer server;
  private OpenApi document;
  private String path;
  private String subject;

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
    server.await("up", SOON, () -> state("/providers/pbx").equals("up"));
    String id =
        press("/sessions", "{\"provider\":\"pbx\",\"from\":\"1000\",\"to\":\"1001\"}")
            .body()
            .path("session")
            .asText();
    path = "/sessions/" + id;
    subject = "session/" + id;
    server.await("the call", SOON, () -> state(path).equals("connected"));
  }

  @AfterAll
  void stop() throws Exception {
    hands.shutdownNow();
    if (server != null) {
      server.close();
    }
    if (pbx != null) {
      pbx.close();
    }
  }

  private String state(String path) throws Exception {
    HttpResponse<String> answer = server.get("/api/v1" + path);
    return answer.statusCode() == 200 ? JSON.readTree(answer.body()).path("state").asText() : "";
  }

  /** What was pressed, and what was answered. */
  private record Pressed(HttpResponse<String> answer, JsonNode body) {
    int status() {
      return answer.statusCode();
    }
  }

  private Pressed press(String path, String body, String... headers) throws Exception {
    HttpRequest.Builder request =
        server
            .request("/api/v1" + path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    HttpResponse<String> answer = server.client().send(request.build(), BodyHandlers.ofString());
    return new Pressed(answer, document.check("POST", answer));
  }

  /** Both at once. */
  private List<Pressed> both(String path, List<String> bodies, String... headers) throws Exception {
    CyclicBarrier together = new CyclicBarrier(2);
    List<CompletableFuture<Pressed>> both = new ArrayList<>();
    for (String body : bodies) {
      CompletableFuture<Pressed> one = new CompletableFuture<>();
      both.add(one);
      hands.execute(
          () -> {
            try {
              together.await(60, TimeUnit.SECONDS);
              one.complete(press(path, body, headers));
            } catch (Exception | AssertionError e) {
              one.completeExceptionally(e);
            }
          });
    }
    return List.of(both.get(0).get(120, TimeUnit.SECONDS), both.get(1).get(120, TimeUnit.SECONDS));
  }

  /** The call of two who talk, and nobody moves it. */
  private JsonNode settled() throws Exception {
    String[] before = {""};
    server.await(
        "the call is at rest",
        SOON,
        () -> {
          JsonNode now = server.json("/api/v1" + path);
          String revision = now.path("revision").asText();
          boolean rests =
              now.path("state").asText().equals("connected")
                  && !now.has("transfer")
                  && revision.equals(before[0]);
          before[0] = revision;
          return rests;
        });
    return server.json("/api/v1" + path);
  }

  /** Takes a transfer back, so that the call is as before. */
  private void takeBack(String transfer) throws Exception {
    String its = "/transfers/" + transfer;
    server.await(
        "cancel is permitted",
        SOON,
        () -> server.json("/api/v1" + its).path("permitted").toString().contains("cancel"));
    assertThat(press(its + "/cancel", "{}").status()).isEqualTo(202);
    server.await("outcome", SOON, () -> server.json("/api/v1" + its).has("outcome"));
    assertThat(server.json("/api/v1" + its).at("/outcome/type").asText()).isEqualTo("reverted");
  }

  private String tag(String path) throws Exception {
    return server.get("/api/v1" + path).headers().firstValue("ETag").orElseThrow();
  }

  private static String to(JsonNode session, String target, String mode) {
    return "{\"transferor\":\"%s\",\"target\":\"%s\",\"mode\":\"%s\"}"
        .formatted(session.at("/parties/1/id").asText(), target, mode);
  }

  /** The audit's lines that a press for one session or transfer has left. */
  private List<String> audited(String action, String subject) throws Exception {
    try (var lines = Files.lines(home.resolve("data/log/jackfield.log"))) {
      return lines.filter(line -> line.contains(": " + action + " " + subject + " ")).toList();
    }
  }

  /**
   * The verbs of the commands that the PBX was given; a driver that waits for an answer may ask
   * again, and nothing is done then.
   */
  private List<String> commands() throws Exception {
    List<String> verbs = new ArrayList<>();
    for (String line : Files.readAllLines(home.resolve("data/pbx-commands.log"))) {
      JsonNode one = JSON.readTree(line);
      if (!one.path("repeated").asBoolean()) {
        verbs.add(one.path("verb").asText());
      }
    }
    return verbs;
  }

  private static Pressed only(List<Pressed> both, Predicate<Pressed> which) {
    List<Pressed> found = both.stream().filter(which).toList();
    assertThat(found).as("one of %s", both).hasSize(1);
    return found.getFirst();
  }

  @Test
  void ofTwoWhoPressAtOnceExactlyOneTransfers() throws Exception {
    long began = System.nanoTime();
    Map<Integer, Integer> losers = new HashMap<>();
    for (int i = 0; i < PRESSES; i++) {
      // given
      String mode = i % 2 == 0 ? "blind" : "consultation";
      List<String> audit = audited("transfer", subject);
      List<String> asked = commands();
      // when
      List<Pressed> both = List.of();
      for (int again = 0; again < 3 && both.stream().allMatch(p -> p.status() == 412); again++) {
        JsonNode session = settled();
        both =
            both(
                path + "/transfers",
                List.of(to(session, "6003", "blind"), to(session, "6003", mode)),
                "If-Match",
                tag(path));
      }
      // then
      Pressed winner = only(both, pressed -> pressed.status() == 202);
      Pressed loser = only(both, pressed -> pressed.status() != 202);
      String transfer = winner.body().path("id").asText();
      assertThat(loser.status()).as("%s", loser).isIn(409, 412);
      losers.merge(loser.status(), 1, Integer::sum);
      if (loser.status() == 409) {
        assertThat(loser.body().path("reason").asText()).isEqualTo("transfer-exists");
        assertThat(loser.body().path("transfer").asText()).isEqualTo(transfer);
        assertThat(loser.body().path("owner").asText()).isEqualTo("admin");
        assertThat(server.get("/api/v1/transfers/" + transfer).statusCode()).isEqualTo(200);
      } else {
        assertThat(loser.body().at("/current/revision").asLong()).isPositive();
      }
      // then nothing else has happened
      server.await(
          "the target rings",
          SOON,
          () ->
              server
                  .json("/api/v1/transfers/" + transfer)
                  .path("targetState")
                  .asText()
                  .equals("alerting"));
      List<String> lines = audited("transfer", subject);
      List<String> fresh = lines.subList(audit.size(), lines.size());
      assertThat(fresh).filteredOn(l -> l.contains(" accepted transfer/" + transfer)).hasSize(1);
      assertThat(fresh).filteredOn(l -> l.contains(" accepted ")).hasSize(1);
      assertThat(fresh)
          .filteredOn(l -> l.contains(" transfer-exists ") || l.contains(" stale-revision "))
          .isNotEmpty();
      assertThat(fresh.size()).isIn(2, 4, 6);
      List<String> verbs = commands();
      assertThat(verbs.subList(asked.size(), verbs.size()))
          .filteredOn(verb -> OPENERS.contains(verb))
          .as("what opens a transfer at the PBX")
          .hasSize(1);
      assertThat(open()).containsExactly(transfer);
      takeBack(transfer);
    }
    System.out.printf(
        "%d times two at once: one 202 each, the others %s, in %d ms%n",
        PRESSES, losers, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
  }

  /** The transfers under way. */
  private List<String> open() throws Exception {
    return server.json("/api/v1/transfers?open=true").path("items").findValuesAsText("id");
  }

  @Test
  void ofTwoWhoStepInWhatBothHaveSeenExactlyOneDoes() throws Exception {
    for (int i = 0; i < SOME; i++) {
      // given a consultation in which nothing happens
      JsonNode session = settled();
      String transfer =
          press(path + "/transfers", to(session, "6001", "consultation"))
              .body()
              .path("id")
              .asText();
      String its = "/transfers/" + transfer;
      String[] before = {""};
      server.await(
          "they talk",
          SOON,
          () -> {
            JsonNode now = server.json("/api/v1" + its);
            String revision = now.path("revision").asText();
            boolean rests =
                now.path("permitted").toString().contains("alternate")
                    && revision.equals(before[0]);
            before[0] = revision;
            return rests;
          });
      // when; a fact that came meanwhile is one that neither has seen
      List<Pressed> both = List.of();
      int pressed = 0;
      for (; pressed < 6 && both.stream().allMatch(p -> p.status() == 412); pressed += 2) {
        both = both(its + "/alternate", List.of("{}", "{}"), "If-Match", tag(its));
      }
      // then
      only(both, p -> p.status() == 202);
      Pressed loser = only(both, p -> p.status() == 412);
      assertThat(loser.body().path("reason").asText()).isEqualTo("stale-revision");
      assertThat(loser.body().at("/current/id").asText()).isEqualTo(transfer);
      assertThat(audited("alternate", "transfer/" + transfer)).hasSize(pressed);
      takeBack(transfer);
    }
  }

  @Test
  void oneKeyTwiceAtOnceIsOneTransfer() throws Exception {
    for (int i = 0; i < SOME; i++) {
      // given
      JsonNode session = settled();
      int audit = audited("transfer", subject).size();
      String body = to(session, "6003", "blind");
      // when
      List<Pressed> same =
          both(path + "/transfers", List.of(body, body), "Idempotency-Key", "twice-" + i);
      // then
      assertThat(same).extracting(Pressed::status).containsExactly(202, 202);
      assertThat(same.get(0).body()).isEqualTo(same.get(1).body());
      only(same, p -> p.answer().headers().firstValue("Idempotency-Replayed").isPresent());
      assertThat(audited("transfer", subject)).hasSize(audit + 1);
      // when the key comes with something else
      List<Pressed> other =
          both(
              path + "/transfers",
              List.of(to(session, "6001", "blind"), to(session, "6002", "blind")),
              "Idempotency-Key",
              "twice-" + i);
      // then
      assertThat(other).extracting(Pressed::status).containsExactly(422, 422);
      takeBack(same.getFirst().body().path("id").asText());
    }
  }

  @Test
  void aTransferOfTheShellsUserIsTakenOverByAReason() throws Exception {
    // given
    JsonNode session = settled();
    String id = session.path("id").asText();
    Distribution.Finished began =
        distribution.run(
            home,
            "shell",
            "jackfield:transfer",
            "-m",
            "consultation",
            "-f",
            session.at("/parties/1/id").asText(),
            id,
            "6003");
    assertThat(began.exitCode()).as(began.output()).isZero();
    String transfer = server.json("/api/v1" + path).path("transfer").asText();
    String owner = server.json("/api/v1/transfers/" + transfer).path("owner").asText();
    // when
    Pressed second = press(path + "/transfers", to(session, "6001", "blind"));
    Pressed cancel = press("/transfers/" + transfer + "/cancel", "{}");
    Pressed taken =
        press("/transfers/" + transfer + "/takeOver", "{\"reason\":\"the caller waits\"}");
    // then
    assertThat(owner).isNotEqualTo("admin");
    assertThat(second.status()).isEqualTo(409);
    assertThat(second.body().path("owner").asText()).isEqualTo(owner);
    assertThat(cancel.status()).isEqualTo(403);
    assertThat(cancel.body().path("owner").asText()).isEqualTo(owner);
    assertThat(taken.status()).isEqualTo(202);
    assertThat(taken.body().path("owner").asText()).isEqualTo("admin");
    assertThat(audited("takeOver", "transfer/" + transfer))
        .singleElement()
        .asString()
        .contains("accepted")
        .contains("the caller waits");
    takeBack(transfer);
  }
}
