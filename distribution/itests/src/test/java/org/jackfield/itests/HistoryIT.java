package org.jackfield.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jackfield.itests.Distribution.Finished;
import org.junit.jupiter.api.Test;

/** History and audit from outside: by the API, by the operator's command, over a kill. */
class HistoryIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  private final Distribution distribution = Distribution.unpacked();
  private final Path home = distribution.newHome();

  @Test
  void aTransferStaysInTheHistoryAndTheAuditOverAKill() throws Exception {
    // before the first start there is nothing to read
    assertThat(distribution.run(home, "audit", "verify").exitCode()).isEqualTo(2);
    assertThat(distribution.run(home, "audit").exitCode()).isEqualTo(64);
    String transfer;
    try (RunningProcess pbx = distribution.startPbx(home, "--calls", "0")) {
      try (RunningServer server = distribution.startServer(home)) {
        // given a call
        distribution.configure(
            home,
            "org.jackfield.provider~pbx.cfg",
            "driver = simulated\npbx.address.file = %s\n"
                .formatted(home.resolve("data/pbx.address")));
        server.await(
            "the PBX is up",
            SOON,
            () -> server.get("/api/v1/providers/pbx").body().contains("\"state\":\"up\""));
        assertThat(
                server
                    .post(
                        "/api/v1/sessions",
                        "{\"provider\":\"pbx\",\"from\":\"1001\",\"to\":\"1002\"}")
                    .statusCode())
            .isEqualTo(202);
        server.await(
            "they talk", SOON, () -> !items(server, "/api/v1/sessions?state=connected").isEmpty());
        JsonNode session = items(server, "/api/v1/sessions?state=connected").getFirst();
        String id = session.path("id").asText();

        // when it is moved
        var answer =
            server.post(
                "/api/v1/sessions/" + id + "/transfers",
                "{\"transferor\":\"%s\",\"target\":\"6001\",\"mode\":\"blind\"}"
                    .formatted(session.at("/parties/1/id").asText()));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        transfer = answer.headers().firstValue("Location").orElseThrow().replaceAll(".*/", "");

        // then the history has it with its outcome, and the audit who wanted it
        String path = "/api/v1/history/transfers/" + transfer;
        server.await(
            "its outcome is in the history",
            SOON,
            () -> server.get(path).body().contains("\"outcome\":{\"type\":\"completed\""));
        server.await(
            "the call is in the history, and the audit is written",
            SOON,
            () ->
                !items(server, "/api/v1/history/sessions?q=1001").isEmpty()
                    && !items(server, audit(id)).isEmpty());
        assertThat(items(server, "/api/v1/history/sessions?q=1001")).hasSize(1);
        assertThat(items(server, audit(id)))
            .hasSize(1)
            .allMatch(row -> row.path("principal").asText().equals("admin"));
        assertThat(server.get("/api/v1/history/transfers?format=csv").body())
            .contains(transfer + "," + id);
        assertThat(server.json("/api/v1/history").path("lost").asInt()).isZero();
        assertVerified();

        // when the process is killed
        server.kill();
      }
      assertVerified();
      try (RunningServer again = distribution.startServer(home)) {
        again.await(
            "the history is read again",
            SOON,
            () ->
                again
                    .get("/api/v1/history/transfers/" + transfer)
                    .body()
                    .contains("\"type\":\"completed\""));
        assertVerified();
        assertThat(again.stop()).isZero();
      }
      assertVerified();
      pbx.stop();
    }

    // when the file that says where the chain ends is of another chain's end
    try (Stream<Path> files = Files.list(home.resolve("data/history"))) {
      Path end = files.filter(f -> f.toString().endsWith(".end")).findFirst().orElseThrow();
      Files.writeString(end, Files.readString(end).replaceAll("(?m)^\\d+ ", "999 "));
    }

    // then
    Finished cut = distribution.run(home, "audit", "verify");
    assertThat(cut.output()).contains("NOT intact").contains("999");
    assertThat(cut.exitCode()).isEqualTo(1);
  }

  private static String audit(String session) {
    return "/api/v1/audit?action=transfer&subject=session/" + session;
  }

  private void assertVerified() throws Exception {
    Finished verified = distribution.run(home, "audit", "verify");
    assertThat(verified.output()).startsWith("intact: ").contains("rows are as they were written");
    assertThat(verified.exitCode()).isZero();
  }

  private static List<JsonNode> items(RunningServer server, String path) throws Exception {
    return server.json(path).path("items").valueStream().toList();
  }
}
