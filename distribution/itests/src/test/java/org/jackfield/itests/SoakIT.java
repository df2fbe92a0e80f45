package org.jackfield.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A thousand live calls, transfers all the time for a minute, then silence: nothing is left. */
class SoakIT {
  private static final int CALLS = 1_000;
  private static final Duration BUSY =
      Boolean.getBoolean("jackfield.long") ? Duration.ofMinutes(5) : Duration.ofMinutes(1);

  private final Distribution distribution = Distribution.unpacked();
  private final Path home = distribution.newHome();
  private final Map<String, Integer> outcomes = new HashMap<>();
  private final Set<String> open = new HashSet<>();
  private Optional<String> cursor = Optional.empty();
  private int asked;
  private int refused;

  @Test
  void leavesNoSessionTransferOrThreadBehind() throws Exception {
    try (RunningServer server = distribution.startServer(home)) {
      int threadsBefore;
      try (RunningProcess pbx = distribution.startPbx(home, "--calls", String.valueOf(CALLS))) {
        // given
        connect(server, pbx);
        server.await("a thousand calls", Duration.ofMinutes(2), () -> live(server) >= CALLS * 0.9);
        threadsBefore = threads(server);

        // when
        long end = System.nanoTime() + BUSY.toNanos();
        while (System.nanoTime() < end) {
          transferSome(server);
        }
        server.await(
            "an outcome for each transfer",
            Duration.ofMinutes(3),
            () -> {
              settle(server);
              return open.isEmpty();
            });
        pbx.stop();
      }

      // then
      System.out.println("asked " + asked + ", refused " + refused + ", outcomes " + outcomes);
      assertThat(outcomes.keySet())
          .as("each outcome rests on facts")
          .allSatisfy(o -> assertThat(o).endsWith("verified").doesNotEndWith("unverified"));
      assertThat(outcomes.values().stream().mapToInt(i -> i).sum()).isGreaterThan(100);
      // the PBX comes back, without a call: what the server knew is compared with it and ends
      try (RunningProcess empty = distribution.startPbx(home, "--calls", "0")) {
        server.await("no session left", Duration.ofMinutes(2), () -> live(server) == 0);
        empty.stop();
      }
      server.await(
          "no transfer left",
          Duration.ofMinutes(2),
          () -> server.json("/api/v1/transfers?open=true").path("items").isEmpty());
      server.await(
          "threads as before", Duration.ofMinutes(2), () -> threads(server) <= threadsBefore + 4);
      System.out.printf("threads %d before, %d after%n", threadsBefore, threads(server));
    }
  }

  private void connect(RunningServer server, RunningProcess pbx) throws IOException {
    distribution.configure(
        home,
        "org.jackfield.provider~soak.cfg",
        "driver = simulated\npbx.address.file = %s\n".formatted(home.resolve("data/pbx.address")));
    server.awaitUp("soak");
  }

  /** One page of calls, each sent somewhere: to those who answer and to those who do not. */
  private void transferSome(RunningServer server) throws IOException, InterruptedException {
    String[] targets = {"6001", "1999", "6002", "1998", "6004", "1997", "6005", "6001"};
    String[] modes = {"blind", "auto", "oneStep"};
    JsonNode page =
        server.json(
            "/api/v1/sessions?state=connected&limit=50"
                + cursor.map(c -> "&cursor=" + c).orElse(""));
    cursor =
        Optional.of(page.path("next").asText("")).filter(c -> !c.isEmpty() && !c.equals("null"));
    for (JsonNode session : page.path("items")) {
      asked++;
      String party = session.at("/parties/" + asked % 2 + "/id").asText();
      HttpResponse<String> answer =
          server.post(
              "/api/v1/sessions/" + session.path("id").asText() + "/transfers",
              "{\"transferor\":\"%s\",\"target\":\"%s\",\"mode\":\"%s\"}"
                  .formatted(party, targets[asked % targets.length], modes[asked % modes.length]));
      if (answer.statusCode() == 202) {
        open.add(answer.headers().firstValue("Location").orElseThrow());
      } else {
        assertThat(answer.statusCode()).as(answer.body()).isIn(404, 409, 422);
        refused++;
      }
    }
    settle(server);
  }

  private void settle(RunningServer server) throws IOException, InterruptedException {
    for (String location : Set.copyOf(open)) {
      JsonNode outcome = server.json(location).path("outcome");
      if (outcome.isObject()) {
        open.remove(location);
        outcomes.merge(
            outcome.path("type").asText() + " " + outcome.path("evidence").asText(),
            1,
            Integer::sum);
      }
    }
  }

  private static int live(RunningServer server) throws IOException, InterruptedException {
    int sessions = 0;
    for (JsonNode provider : server.json("/api/v1/providers").path("items")) {
      sessions += provider.path("sessions").asInt();
    }
    return sessions;
  }

  /** What the operating system counts. */
  private static int threads(RunningServer server) throws IOException {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/" + server.process().pid() + "/task"))) {
      return (int) tasks.count();
    }
  }
}
