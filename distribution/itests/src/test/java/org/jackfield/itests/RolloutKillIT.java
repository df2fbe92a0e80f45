package org.jackfield.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * The server is killed (SIGKILL) at each step of a driver's way in, with a consultation half done.
 * After the restart one version serves, the other is not there, the record says which and why, and
 * the consultation is completed.
 */
class RolloutKillIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  private static final List<String> STATES =
      List.of("verifying", "installing", "starting", "moving", "active");

  /** A moment may pass before it is seen and the server killed: then it is tried again. */
  private static final int MOST_TRIES = 10;

  private final Distribution distribution = Distribution.unpacked();
  private final Path home = distribution.newHome();
  private String shipped = "";

  /** Where it is killed, and what makes that step last. */
  private static final Map<String, DriverEdition> STEPS = new LinkedHashMap<>();

  static {
    STEPS.put("verifying", DriverEdition.BIG);
    STEPS.put("installing", DriverEdition.BIG);
    STEPS.put("starting", DriverEdition.SLOW_START);
    STEPS.put("moving, probe", DriverEdition.SLOW_PROBE);
    STEPS.put("moving, hand-over", DriverEdition.SLOW_PICTURE);
  }

  @Test
  void oneVersionServesTheOtherDoesNotAndTheRecordSaysWhy() throws Exception {
    // given
    List<String> command = new ArrayList<>(List.of("bundle", "sign"));
    List<Path> jars = new ArrayList<>();
    for (DriverEdition slow : STEPS.values()) {
      Path jar = home.resolve("driver-" + jars.size() + ".jar");
      Files.write(jar, slow.of(distribution, "0.2." + jars.size()));
      jars.add(jar);
      command.add(jar.toString());
    }
    Path last = home.resolve("driver-last.jar");
    Files.write(last, DriverEdition.OTHER.of(distribution, "0.3.0"));
    command.add(last.toString());
    assertThat(distribution.run(home, "bundle", "keys").exitCode()).isZero();
    assertThat(distribution.run(home, command.toArray(String[]::new)).exitCode()).isZero();
    try (RunningProcess pbx = distribution.startPbx(home, "--calls", "0");
        PbxHands hands = new PbxHands(home)) {
      FourPhones.prepare(distribution, home, hands);
      RunningServer server = start();
      try {
        shipped = server.provider("pbx").path("version").asText();
        String transfer = FourPhones.consult(server, FourPhones.call(server, hands, "1001"));
        List<String> calls = calls(server);
        assertThat(calls).hasSize(2);

        // when
        int jar = 0;
        for (String step : STEPS.keySet()) {
          String state = step.replaceAll(",.*", "");
          boolean met = false;
          for (int tries = 0; !met; tries++) {
            assertThat(tries).as("the moment of " + step + " is not met").isLessThan(MOST_TRIES);
            sendUntil(server, jars.get(jar), state);
            if (step.endsWith("hand-over")) {
              // its first picture takes two seconds and the one with which it takes over two more
              LockSupport.parkNanos(3_000_000_000L);
            }
            kill(server);
            server = start();

            // then, whenever it was met
            JsonNode record = newest(server);
            met = record.path("why").asText().contains("ended while it was " + state);
            System.out.println("killed " + step + ": " + record.path("why").asText());
            if (record.path("state").asText().equals("active")) {
              isServedBy(server, record.path("version").asText());
              takeOut(server, record);
            } else {
              assertThat(record.path("state").asText())
                  .as(record.toPrettyString())
                  .isEqualTo("failed");
              assertThat(record.path("why").asText()).contains("ended while it was ");
            }
            isServedBy(server, shipped);
            FourPhones.isConsulting(server, transfer);
            assertThat(calls(server)).isEqualTo(calls);
          }
          jar++;
        }

        // when it has come in
        sendUntil(server, last, "active");
        kill(server);
        server = start();

        // then
        assertThat(newest(server).path("state").asText()).isEqualTo("active");
        isServedBy(server, "0.3.0");
        FourPhones.isConsulting(server, transfer);
        FourPhones.complete(server, transfer);
        hands.await(server, "1001+6001");
        assertThat(server.stop()).isZero();
      } finally {
        server.close();
      }
      pbx.stop();
    }
  }

  private RunningServer start() throws IOException {
    RunningServer server = distribution.startServer(home);
    server.awaitUp("pbx");
    return server;
  }

  private static void kill(RunningServer server) throws InterruptedException {
    server.process().destroyForcibly();
    server.waitForEnd();
  }

  private static JsonNode newest(RunningServer server) throws Exception {
    return server.json("/api/v1/bundles").path("items").path(0);
  }

  /** The live calls in the order in which they began, and when. */
  private static List<String> calls(RunningServer server) throws Exception {
    return server
        .json("/api/v1/sessions")
        .path("items")
        .valueStream()
        .map(session -> session.path("id").asText() + " " + session.path("startedAt").asText())
        .toList();
  }

  /** Alone, and not only said to. */
  private void isServedBy(RunningServer server, String version) throws Exception {
    assertThat(server.provider("pbx").path("version").asText()).isEqualTo(version);
    List<String> active =
        server
            .json("/api/v1/bundles")
            .path("items")
            .valueStream()
            .filter(b -> b.path("state").asText().equals("active"))
            .map(b -> b.path("version").asText())
            .toList();
    assertThat(active).isEqualTo(version.equals(shipped) ? List.of() : List.of(version));
  }

  /** What had come in before it could be killed. */
  private static void takeOut(RunningServer server, JsonNode record) throws Exception {
    String path = "/api/v1/bundles/" + record.path("id").asText();
    assertThat(server.send("DELETE", path, "").statusCode()).isEqualTo(200);
  }

  /** Until it is seen in that state, or in a later one. */
  private static void sendUntil(RunningServer server, Path jar, String state) throws Exception {
    String before = newest(server).path("id").asText();
    send(server, jar);
    server.await(
        "the driver is " + state,
        SOON,
        () -> {
          JsonNode now = newest(server);
          boolean isNew = !now.path("id").asText().equals(before);
          assertThat(isNew && List.of("failed", "refused").contains(now.path("state").asText()))
              .as("it does not come in: %s", now.toPrettyString())
              .isFalse();
          return isNew && STATES.indexOf(now.path("state").asText()) >= STATES.indexOf(state);
        });
  }

  /** Nobody waits for the answer. */
  private static void send(RunningServer server, Path jar) throws Exception {
    var answer =
        server
            .client()
            .sendAsync(
                server
                    .request("/api/v1/bundles")
                    .header("Content-Type", "application/java-archive")
                    .POST(HttpRequest.BodyPublishers.ofFile(jar))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    var unused = answer.whenComplete((a, gone) -> System.out.println("POST: " + (a != null)));
  }
}
