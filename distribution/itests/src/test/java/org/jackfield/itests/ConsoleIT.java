package org.jackfield.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * The console of the demo in a real browser: in by the one-time link, a live call found and
 * transferred to 6001 by the keyboard, the outcome seen, and every view accessible in both themes;
 * and that of a server which was killed in the midst of a transfer.
 */
class ConsoleIT {
  private static final Duration START = Duration.ofMinutes(3);

  private static final String VERSION = "0.2.0";

  private final Distribution distribution = Distribution.unpacked();
  private final Path home = distribution.newHome();

  @Test
  void aLiveCallIsTransferredInTheBrowser() throws Exception {
    // given
    Path link = home.resolve("data/login.link");
    whoRingsHasTime();
    try (RunningProcess pbx = distribution.startPbx(home, "--calls", "0");
        RunningProcess demo = distribution.start(home, "demo", "demo", "--port", "0")) {
      // the address is written after the link: who sees the link alone is too early for the server
      Path address = home.resolve("data/http.address");
      demo.await("data/http.address", START, () -> Files.exists(address));
      callThatNobodyEnds(new RunningServer(demo, home));
      Path driver = home.resolve("driver.jar");
      Files.write(driver, DriverEdition.OTHER.of(distribution, VERSION));
      Path next = home.resolve("next.jar");
      Files.write(next, DriverEdition.SAME.of(distribution, "0.3.0"));
      assertThat(distribution.run(home, "bundle", "keys").exitCode()).isZero();
      assertThat(
              distribution
                  .run(home, "bundle", "sign", driver.toString(), next.toString())
                  .exitCode())
          .isZero();

      // when
      Browsed browsed =
          browse(
              "console.mjs",
              Files.readString(link).strip(),
              driver.toString(),
              VERSION,
              next.toString());

      // then
      assertThat(browsed.exitCode()).as(browsed.output()).isZero();
      assertThat(browsed.output())
          .contains("the one-time link logs in")
          .contains("the transfer to 6001 is completed, verified")
          .contains("the consultation of 6003 is cancelled: reverted, verified")
          .contains("the outcome, light: 0 violations", "the outcome, dark: 0 violations")
          .contains("the driver " + VERSION + " has taken over")
          .contains("the version before serves again")
          .contains("the calls are shared: demo5 % of the new calls")
          .contains("the share is taken back");
    }
  }

  @Test
  void whatRecoveryFindsAndDecidesIsSeenInTheBrowser() throws Exception {
    // given a consultation, half done when the server dies
    try (RunningProcess pbx = distribution.startPbx(home, "--calls", "0");
        PbxHands hands = new PbxHands(home)) {
      FourPhones.prepare(distribution, home, hands);
      try (RunningServer server = distribution.startServer(home)) {
        FourPhones.consult(server, FourPhones.call(server, hands, "1001"));
        server.kill();
      }

      // when it is started again, and its PBX cannot be found until the page has been looked at
      Path address = home.resolve("data/pbx.address");
      Path away = home.resolve("data/pbx.away");
      Files.move(address, away);
      try (RunningServer server = distribution.startServer(home)) {
        String link = Files.readString(home.resolve("data/login.link")).strip();
        Browsed browsed = browse("recovering.mjs", link, away.toString(), address.toString());

        // then
        assertThat(browsed.exitCode()).as(browsed.output()).isZero();
        assertThat(browsed.output())
            .contains("the page tells of a transfer that recovers")
            .contains("no step may be taken until its PBX is back")
            .contains("recovering, light: 0 violations", "recovering, dark: 0 violations")
            .contains("what was found and decided is told")
            .contains("recovered, light: 0 violations", "recovered, dark: 0 violations")
            .contains("the transfer is completed, verified");
        hands.await(server, "1001+6001");
        assertThat(server.stop()).isZero();
      }
      pbx.stop();
    }
  }

  /** What rings for ever is looked at in both themes, which may take long. */
  private void whoRingsHasTime() throws IOException {
    String file = "org.jackfield.policy.jsonc";
    String shipped = Files.readString(distribution.folder().resolve("etc").resolve(file));
    assertThat(shipped).contains("\"answerMs\": 30000");
    distribution.configure(
        home, file, shipped.replace("\"answerMs\": 30000", "\"answerMs\": 600000"));
  }

  /** The generator's calls end when they like; this one stays. */
  static void callThatNobodyEnds(RunningServer server) throws Exception {
    String addresses = "/api/v1/addresses?provider=demo&q=1&limit=2";
    server.await("two addresses", START, () -> server.get(addresses).body().contains("free"));
    JsonNode free = server.json(addresses).get("items");
    String body =
        "{\"provider\":\"demo\",\"from\":\"%s\",\"to\":\"%s\"}"
            .formatted(free.at("/0/address").asText(), free.at("/1/address").asText());
    assertThat(server.post("/api/v1/sessions", body).statusCode()).isEqualTo(202);
    server.await(
        "a live call",
        START,
        () -> !server.json("/api/v1/sessions?state=connected").get("items").isEmpty());
  }

  private record Browsed(int exitCode, String output) {}

  /** Runs a script of the console's, with its own arguments and then the folder for pictures. */
  private Browsed browse(String script, String... arguments)
      throws IOException, InterruptedException {
    Path console = Distribution.sources().resolve("admin-ui");
    Path out = home.resolve("browser.out");
    List<String> command = new ArrayList<>();
    command.add("node");
    command.add(console.resolve("src/test/browser").resolve(script).toString());
    command.addAll(List.of(arguments));
    command.add(Distribution.archive().resolveSibling("itests/console").toString());
    Process process =
        new ProcessBuilder(command)
            .directory(console.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    process.getOutputStream().close();
    boolean ended = process.waitFor(10, TimeUnit.MINUTES);
    if (!ended) {
      process.destroyForcibly();
    }
    String output = Files.readString(out);
    System.out.print(output);
    return new Browsed(ended ? process.exitValue() : -1, output);
  }
}
