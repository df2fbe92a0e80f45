package org.jackfield.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Versions of a driver that break, hang, lie or die come into the server as it is delivered, while
 * calls live and a consultation is half done. The one before goes on, no call is touched, and the
 * record says what happened. At last one that hangs under its calls is replaced.
 */
class HostileSwapIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  /** What comes, and what the record says of it. */
  private static final Map<DriverEdition, String> HOSTILE = new LinkedHashMap<>();

  static {
    HOSTILE.put(DriverEdition.LIKES_ALL, "R2, harmless probe: a PBX that is not there is usable");
    HOSTILE.put(DriverEdition.ACCEPTS_ALL, "R4, an acknowledgement is no outcome: accepts");
    HOSTILE.put(DriverEdition.FAILS_PROBE, "the rights: there are none");
    HOSTILE.put(DriverEdition.PROMISES_MORE, "promises what it does not declare: completeOnBusy");
    HOSTILE.put(DriverEdition.SEES_NOTHING, "does not have who lives by the present one's");
    HOSTILE.put(DriverEdition.DIES_HALFWAY, "it did not picture the calls in 5 s");
    HOSTILE.put(DriverEdition.THROWS_AT_START, "breaks when it is made");
    HOSTILE.put(DriverEdition.HANGS_AT_START, "did not start within 6000 ms");
  }

  private final Distribution distribution = Distribution.unpacked();
  private final Path home = distribution.newHome();

  @Test
  void theOneBeforeGoesOnAndNoCallIsTouched() throws Exception {
    // given
    List<Path> jars = signed();
    distribution.configure(
        home, "org.jackfield.deployer.cfg", "start.seconds = 6\nkit = offline\n");
    try (RunningProcess pbx = distribution.startPbx(home, "--calls", "0");
        PbxHands hands = new PbxHands(home)) {
      FourPhones.prepare(distribution, home, hands);
      for (int i = 2; i < 8; i += 2) {
        assertThat(hands.act("100" + i, "call", "100" + (i + 1))).isTrue();
      }
      try (RunningServer server = distribution.startServer(home)) {
        server.awaitUp("pbx");
        String shipped = server.provider("pbx").path("version").asText();
        String session = FourPhones.call(server, hands, "1001");
        server.await(
            "all calls",
            SOON,
            () -> server.json("/api/v1/sessions?state=connected").path("items").size() == 4);
        String transfer = FourPhones.consult(server, session);
        List<String> sessions = sessions(server);
        List<String> talking = hands.talking();
        int asked = hands.commands().size();

        int jar = 0;
        for (var one : HOSTILE.entrySet()) {
          // when
          JsonNode record = deploy(server, jars.get(jar++));

          // then
          System.out.println(one.getKey() + ": " + record.path("why").asText());
          assertThat(record.path("state").asText()).as(record.toPrettyString()).isEqualTo("failed");
          assertThat(record.path("why").asText()).contains(one.getValue());
          assertThat(server.provider("pbx").path("version").asText()).isEqualTo(shipped);
          assertThat(server.provider("pbx").path("state").asText()).isEqualTo("up");
          assertThat(sessions(server)).isEqualTo(sessions);
          assertThat(server.json("/api/v1/transfers/" + transfer).path("phase").asText())
              .isEqualTo("consulting");
          assertThat(hands.talking()).isEqualTo(talking);
          assertThat(hands.commands()).as("nothing was asked of the PBX").hasSize(asked);
        }
        oneThatHangsIsReplaced(server, jars.get(jar), jars.get(jar + 1));

        // then what was half done is completed through the one that works
        FourPhones.complete(server, transfer);
        hands.await(server, "1001+6001", "1002+1003", "1004+1005", "1006+1007");
        server.kill(); // two threads hang in it for good
      }
    }
  }

  private void oneThatHangsIsReplaced(RunningServer server, Path hanging, Path good)
      throws Exception {
    // given that it serves, for nobody looks at the rules, and has hung in a command
    distribution.configure(home, "org.jackfield.deployer.cfg", "start.seconds = 6\n");
    assertThat(deploy(server, hanging).path("state").asText()).isEqualTo("active");
    JsonNode session = FourPhones.connected(server, "1002").orElseThrow();
    server.post(
        "/api/v1/sessions/" + session.path("id").asText() + "/hold",
        "{\"party\":\"" + FourPhones.party(session, "1002") + "\"}");
    server.await(
        "it hangs",
        SOON,
        () -> server.provider("pbx").path("why").asText().contains("more than 2 s"));

    // when
    JsonNode record = deploy(server, good);

    // then
    assertThat(record.path("state").asText()).as(record.toPrettyString()).isEqualTo("active");
    assertThat(server.provider("pbx").path("version").asText()).isEqualTo("0.3.9");
    Path log = home.resolve("data/log/jackfield.log");
    server.await(
        "it is told that the other one hangs",
        SOON,
        () -> Files.readString(log).contains("is interrupted and left"));
  }

  private List<Path> signed() throws Exception {
    List<DriverEdition> editions = new ArrayList<>(HOSTILE.keySet());
    editions.add(DriverEdition.HANGS_IN_COMMANDS);
    editions.add(DriverEdition.SAME);
    List<String> command = new ArrayList<>(List.of("bundle", "sign"));
    List<Path> jars = new ArrayList<>();
    for (DriverEdition one : editions) {
      Path jar = home.resolve(one + ".jar");
      Files.write(jar, one.of(distribution, "0.3." + jars.size()));
      jars.add(jar);
      command.add(jar.toString());
    }
    assertThat(distribution.run(home, "bundle", "keys").exitCode()).isZero();
    assertThat(distribution.run(home, command.toArray(String[]::new)).exitCode()).isZero();
    return jars;
  }

  /** The record of what became of it. */
  private static JsonNode deploy(RunningServer server, Path jar) throws Exception {
    server
        .client()
        .send(
            server
                .request("/api/v1/bundles")
                .timeout(Duration.ofMinutes(2))
                .header("Content-Type", "application/java-archive")
                .POST(HttpRequest.BodyPublishers.ofFile(jar))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    return server.json("/api/v1/bundles").path("items").path(0);
  }

  private static List<String> sessions(RunningServer server) throws Exception {
    return server
        .json("/api/v1/sessions")
        .path("items")
        .valueStream()
        .map(s -> s.path("id").asText() + " " + s.path("state").asText())
        .toList();
  }
}
