package org.jackfield.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jackfield.itests.Distribution.Finished;
import org.junit.jupiter.api.Test;

/**
 * A driver's version takes over from the one before by shares, goes back when it is asked to, and
 * is gone after the server was killed while both served: on the packed server, from outside, with a
 * consultation half done all the while. The shell's commands are those of docs/deploying.md.
 */
class RolloutIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The phones that call each other while calls are shared. */
  private static final List<List<String>> PAIRS =
      List.of(List.of("1002", "1003"), List.of("1004", "1005"), List.of("1006", "1007"));

  private final Distribution distribution = Distribution.unpacked();
  private final Path home = distribution.newHome();

  @Test
  void aVersionTakesOverByStepsGoesBackAndIsGoneAfterAKill() throws Exception {
    List<Path> jars = signed("0.2.0", "0.3.0", "0.4.0");
    try (RunningProcess pbx = distribution.startPbx(home, "--calls", "0");
        PbxHands hands = new PbxHands(home)) {
      FourPhones.prepare(distribution, home, hands);
      RunningServer server = start();
      try {
        String shipped = version(server);
        String transfer = FourPhones.consult(server, FourPhones.call(server, hands, "1001"));

        // when a version takes over by steps, and calls are made meanwhile
        String id = staged(server, jars.get(0));
        assertThat(version(server)).isEqualTo(shipped);
        HttpResponse<String> begun =
            server.post(
                "/api/v1/rollouts",
                "{\"bundle\":\"%s\",\"strategy\":{\"steps\":[50,100],\"stepMs\":2000}}"
                    .formatted(id));
        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
        String first = id;
        server.await(
            "it has begun",
            SOON,
            () ->
                List.of("rolling", "active")
                    .contains(rollout(server, first).path("state").asText()));
        List<String> sessions = new ArrayList<>();
        for (List<String> pair : PAIRS) {
          sessions.add(call(server, pair.get(0), pair.get(1)));
        }
        is(server, id, "active");

        // then it serves all, and every call lives
        assertThat(version(server)).isEqualTo("0.2.0");
        for (String session : sessions) {
          server.await("it talks", SOON, () -> state(server, session).equals("connected"));
        }
        FourPhones.isConsulting(server, transfer);
        System.out.println(rollout(server, id).at("/bundle/steps").toPrettyString());

        // when the next one is rolled out and back again, as the page says
        id = typed(documented("jackfield:deploy -s"), jars.get(1), "");
        typed(documented("jackfield:rollout -s"), jars.get(1), id);
        is(server, id, "rolling");
        assertThat(shell("jackfield:rollout").output()).contains(id).contains("rolling");
        typed(documented("jackfield:rollback"), jars.get(1), id);

        // then
        is(server, id, "removed");
        assertThat(version(server)).isEqualTo("0.2.0");
        FourPhones.isConsulting(server, transfer);

        // when the server is killed while the last one drains
        id = typed(documented("jackfield:deploy -s"), jars.get(2), "");
        typed(documented("jackfield:drain"), jars.get(2), id);
        String last = id;
        server.await("it drains", SOON, () -> share(server, last) == 100);
        server.process().destroyForcibly();
        server.waitForEnd();
      } finally {
        server.close();
      }
      RunningServer next = start();
      try {
        // then
        JsonNode record = next.json("/api/v1/rollouts").path("items").path(0);
        assertThat(record.path("state").asText()).as(record.toPrettyString()).isEqualTo("failed");
        assertThat(record.path("why").asText()).contains("ended while it was rolling");
        assertThat(version(next)).isEqualTo("0.2.0");
        String transfer = next.json("/api/v1/transfers").at("/items/0/id").asText();
        FourPhones.isConsulting(next, transfer);

        // when the first is rolled back, long after
        String id = next.json("/api/v1/rollouts").at("/items/2/id").asText();
        assertThat(next.post("/api/v1/rollouts/" + id + "/rollback", "{}").statusCode())
            .isEqualTo(202);

        // then
        next.await("the shipped one serves", SOON, () -> !version(next).equals("0.2.0"));
        FourPhones.isConsulting(next, transfer);
        FourPhones.complete(next, transfer);
        hands.await(next, "1001+6001", "1002+1003", "1004+1005", "1006+1007");
        assertThat(next.stop()).isZero();
      } finally {
        next.close();
      }
      pbx.stop();
    }
  }

  private List<Path> signed(String... versions) throws Exception {
    List<Path> jars = new ArrayList<>();
    List<String> sign = new ArrayList<>(List.of("bundle", "sign"));
    for (String version : versions) {
      Path jar = home.resolve("driver-" + version + ".jar");
      Files.write(jar, DriverEdition.SAME.of(distribution, version));
      jars.add(jar);
      sign.add(jar.toString());
    }
    assertThat(distribution.run(home, "bundle", "keys").exitCode()).isZero();
    assertThat(distribution.run(home, sign.toArray(String[]::new)).exitCode()).isZero();
    return jars;
  }

  private RunningServer start() throws IOException {
    Files.deleteIfExists(home.resolve("data/shell.sock"));
    RunningServer server = distribution.startServer(home);
    server.awaitUp("pbx");
    server.await(
        "the shell",
        SOON,
        () -> distribution.run(home, "shell", "jackfield:rollout").exitCode() == 0);
    return server;
  }

  private static String version(RunningServer server) throws Exception {
    return server.provider("pbx").path("version").asText();
  }

  private static String staged(RunningServer server, Path jar) throws Exception {
    HttpResponse<String> answer =
        server
            .client()
            .send(
                server
                    .request("/api/v1/bundles?stage=true")
                    .header("Content-Type", "application/java-archive")
                    .POST(HttpRequest.BodyPublishers.ofFile(jar))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return JSON.readTree(answer.body()).path("id").asText();
  }

  private static JsonNode rollout(RunningServer server, String id) throws Exception {
    return server.json("/api/v1/rollouts/" + id);
  }

  private static void is(RunningServer server, String id, String state) {
    server.await(
        "it is " + state, SOON, () -> rollout(server, id).path("state").asText().equals(state));
  }

  private static int share(RunningServer server, String id) throws Exception {
    return rollout(server, id).at("/shares/0/percent").asInt();
  }

  private static String call(RunningServer server, String from, String to) throws Exception {
    HttpResponse<String> answer =
        server.post(
            "/api/v1/sessions",
            "{\"provider\":\"pbx\",\"from\":\"%s\",\"to\":\"%s\"}".formatted(from, to));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return JSON.readTree(answer.body()).path("session").asText();
  }

  private static String state(RunningServer server, String session) throws Exception {
    return server.json("/api/v1/sessions/" + session).path("state").asText();
  }

  /** The line of the page that has these words. */
  private static String documented(String words) throws IOException {
    return Documented.blocks("docs/deploying.md").stream()
        .flatMap(String::lines)
        .filter(line -> line.contains(words))
        .findFirst()
        .orElseThrow();
  }

  /** Types it with the JAR and the id put in; the id that it prints, if it does. */
  private String typed(String line, Path jar, String id) throws Exception {
    String words =
        line.replaceAll("#.*", "")
            .replace("bin/jackfield shell", "")
            .replace("acme.jar", jar.toString())
            .replaceAll("\\bID\\b", id)
            .strip();
    Finished done = shell(words.split("\\s+"));
    assertThat(done.exitCode()).as(done.output()).isZero();
    return done.output().replaceAll("(?s).* is staged as (\\S+).*", "$1");
  }

  private Finished shell(String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of("shell"));
    all.addAll(List.of(words));
    return distribution.run(home, all.toArray(String[]::new));
  }
}
