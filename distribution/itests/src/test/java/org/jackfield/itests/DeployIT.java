package org.jackfield.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.jackfield.itests.Distribution.Finished;
import org.jackfield.itests.odd.OddBundle;
import org.junit.jupiter.api.Test;

/**
 * A driver comes into the server as it is delivered, and goes: from outside, as an operator does.
 */
class DeployIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  private final Distribution distribution = Distribution.unpacked();
  private final Path home = distribution.newHome();

  private RunningProcess start() throws IOException {
    RunningProcess server = distribution.start(home, "server", "run", "--port", "0");
    Path shell = home.resolve("data/shell.sock");
    server.await("the shell", SOON, () -> Files.exists(shell));
    // the commands come with the services that they use
    server.await("the deployer", SOON, () -> run("shell", "jackfield:bundles").exitCode() == 0);
    server.await("the core", SOON, () -> run("shell", "jackfield:providers").exitCode() == 0);
    return server;
  }

  private Finished run(String... words) {
    try {
      return distribution.run(home, words);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Path odd(String name, String version) throws IOException {
    Path jar = home.resolve(name);
    try (InputStream in = OddBundle.of(version)) {
      Files.copy(in, jar);
    }
    return jar;
  }

  private boolean says(String command, String... words) {
    String output = run("shell", command).output();
    return Stream.of(words).allMatch(output::contains);
  }

  @Test
  void aSignedDriverIsDroppedInServesOutlivesARestartAndIsTakenOut() throws Exception {
    // given
    distribution.configure(home, "org.jackfield.provider~other.cfg", "driver = odd\n");
    assertThat(run("bundle", "keys").exitCode()).isZero();
    Path jar = odd("odd.jar", "1.0.0");
    assertThat(run("bundle", "sign", jar.toString()).exitCode()).isZero();
    Path dropped = home.resolve("deploy/odd.jar");

    try (RunningProcess server = start()) {
      // when
      Files.copy(jar, dropped);

      // then
      server.await("it runs", SOON, () -> says("jackfield:bundles", "1.0.0", "active", "folder"));
      server.await("the PBX", SOON, () -> says("jackfield:providers", "other", "1.0.0", "up"));
      assertThat(server.stop()).isZero();
    }

    try (RunningProcess server = start()) {
      // then
      server.await("the PBX again", SOON, () -> says("jackfield:providers", "1.0.0", "up"));

      // when
      Files.delete(dropped);

      // then
      server.await("it is gone", SOON, () -> says("jackfield:bundles", "1.0.0", "removed"));
      server.await("the PBX waits", SOON, () -> says("jackfield:providers", "other", "waiting"));
      assertThat(server.stop()).isZero();
    }
  }

  @Test
  void theShellDeploysASignedOneBesideAndRefusesOthersWithTheirReason() throws Exception {
    // given
    run("bundle", "keys");
    Path newer = home.resolve("newer.jar");
    Files.write(newer, DriverEdition.SAME.of(distribution, "0.2.0"));
    run("bundle", "sign", newer.toString());
    Path unsigned = odd("unsigned.jar", "1.0.0");

    try (RunningProcess server = start()) {
      // when
      Finished refused = run("shell", "jackfield:deploy", unsigned.toString());
      Finished deployed = run("shell", "jackfield:deploy", newer.toString());
      Finished missing = run("shell", "jackfield:deploy", "nothing.jar");

      // then
      assertThat(refused.exitCode()).isEqualTo(1);
      assertThat(refused.output()).contains("unsigned").contains("bundle sign");
      assertThat(deployed.output()).contains("org.jackfield.provider.simulated 0.2.0 runs");
      assertThat(deployed.exitCode()).isZero();
      assertThat(missing.exitCode()).isEqualTo(1);
      assertThat(run("shell", "felix:lb", "-s").output().lines())
          .filteredOn(line -> line.contains("org.jackfield.provider.simulated"))
          .hasSize(2)
          .allMatch(line -> line.contains("Active"));

      // when
      Finished list = run("shell", "jackfield:bundles");
      String id = list.output().lines().filter(l -> l.contains("active")).findFirst().orElseThrow();
      Finished gone = run("shell", "jackfield:undeploy", id.replaceAll(" .*", ""));

      // then
      assertThat(gone.output()).contains("0.2.0 is taken out");
      server.await("it is out", SOON, () -> says("jackfield:bundles", "removed"));

      // when development is switched on
      distribution.configure(home, "org.jackfield.deployer.cfg", "development = true\n");
      Finished allowed = run("shell", "jackfield:deploy", unsigned.toString());

      // then
      assertThat(allowed.exitCode()).as(allowed.output()).isZero();
      assertThat(allowed.output()).contains("Nobody has signed it");
      assertThat(run("status").output()).contains("unsigned drivers are let in");
      assertThat(Files.readString(home.resolve("data/log/jackfield.log")))
          .contains("is not deployed, unsigned")
          .contains("Nobody has signed it");
      assertThat(server.stop()).isZero();
    }
  }

  @Test
  void aVersionThatComesByHttpTakesOverWhileCallsLiveAndGivesThemBack() throws Exception {
    // given a consultation half done through the driver of the distribution
    run("bundle", "keys");
    Path newer = home.resolve("newer.jar");
    Files.write(newer, DriverEdition.SAME.of(distribution, "0.2.0"));
    run("bundle", "sign", newer.toString());
    try (RunningProcess pbx = distribution.startPbx(home, "--calls", "0")) {
      configure("");
      try (RunningServer server = distribution.startServer(home)) {
        server.awaitUp("pbx");
        String shipped = server.provider("pbx").path("version").asText();
        String session =
            posted(server, "/sessions", "{\"provider\":\"pbx\",\"from\":\"1000\",\"to\":\"1001\"}")
                .path("session")
                .asText();
        server.await(
            "they talk",
            SOON,
            () -> state(server, "/api/v1/sessions/" + session).equals("connected"));
        String transfer = "/api/v1/transfers/" + FourPhones.consult(server, session);

        // when
        HttpResponse<String> deployed =
            server
                .client()
                .send(
                    server
                        .request("/api/v1/bundles")
                        .header("Content-Type", "application/java-archive")
                        .POST(HttpRequest.BodyPublishers.ofFile(newer))
                        .build(),
                    HttpResponse.BodyHandlers.ofString());

        // then
        assertThat(deployed.statusCode()).as(deployed.body()).isEqualTo(201);
        server.await(
            "the new version serves",
            SOON,
            () -> server.provider("pbx").path("version").asText().equals("0.2.0"));
        assertThat(server.json(transfer).path("phase").asText()).isEqualTo("consulting");

        // when it is taken out again
        String bundle = deployed.headers().firstValue("Location").orElseThrow();
        HttpResponse<String> gone = server.send("DELETE", bundle, "");

        // then
        assertThat(gone.statusCode()).as(gone.body()).isEqualTo(200);
        assertThat(isServed(server, shipped, "up")).isTrue();
        String id = transfer.replaceAll(".*/", "");
        FourPhones.isConsulting(server, id);
        FourPhones.complete(server, id);

        // when its file comes, for a PBX that is to have no other version
        configure("version = 0.2.0\n");
        server.await(
            "it waits for it",
            SOON,
            () -> server.provider("pbx").path("why").asText().contains("0.2.0"));
        Files.copy(newer, home.resolve("deploy/newer.jar"));
        server.await("served by it", SOON, () -> isServed(server, "0.2.0", "up"));
        server.await("one call is left", SOON, () -> sessions(server).size() == 1);
        drains(server, newer);
      }
      drainsOnAfterARestart();
    }
  }

  /** A call lives on it when its JAR is taken out; the JAR is put back, and taken out again. */
  private void drains(RunningServer server, Path newer) throws Exception {
    // when
    Path dropped = home.resolve("deploy/newer.jar");
    String session = sessions(server).get(0).path("id").asText();
    String party = sessions(server).get(0).at("/parties/0/id").asText();
    Files.delete(dropped);

    // then
    server.await("it drains", SOON, () -> left(server) == 1);
    server.await("its PBX drains", SOON, () -> isServed(server, "0.2.0", "draining"));
    HttpResponse<String> refused =
        server.post(
            "/api/v1/sessions/" + session + "/transfers",
            "{\"transferor\":\"" + party + "\",\"target\":\"6001\",\"mode\":\"blind\"}");
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(409);
    assertThat(refused.body()).contains("draining").contains("newer.jar was taken out of deploy/");
    assertThat(state(server, "/api/v1/sessions/" + session)).isEqualTo("connected");

    // when it is put back
    Files.copy(newer, dropped);

    // then
    server.await("it stays", SOON, () -> isServed(server, "0.2.0", "up"));
    server.await(
        "it is active again", SOON, () -> bundle(server).path("state").asText().equals("active"));
    assertThat(state(server, "/api/v1/sessions/" + session)).isEqualTo("connected");

    // when
    Files.delete(dropped);
    server.await("it drains again", SOON, () -> left(server) == 1);
    server.kill();
  }

  private void drainsOnAfterARestart() throws Exception {
    try (RunningServer server = distribution.startServer(home)) {
      // then
      server.await("it drains on", SOON, () -> left(server) == 1);
      server.await("its PBX drains", SOON, () -> isServed(server, "0.2.0", "draining"));
      server.await(
          "they talk",
          SOON,
          () -> sessions(server).path(0).path("state").asText().equals("connected"));
      JsonNode session = sessions(server).path(0);

      // when the call ends
      String path = "/api/v1/sessions/" + session.path("id").asText();
      assertThat(server.send("DELETE", path, "").statusCode()).isEqualTo(202);

      // then
      server.await(
          "it is gone", SOON, () -> bundle(server).path("state").asText().equals("removed"));
      server.await(
          "the PBX waits",
          SOON,
          () -> server.provider("pbx").path("state").asText().equals("waiting"));
      server.await(
          "one version is left",
          SOON,
          () ->
              run("shell", "felix:lb", "-s")
                      .output()
                      .lines()
                      .filter(line -> line.contains("org.jackfield.provider.simulated"))
                      .count()
                  == 1);
    }
  }

  private void configure(String more) throws IOException {
    distribution.configure(
        home,
        "org.jackfield.provider~pbx.cfg",
        "driver = simulated\npbx.address = "
            + Files.readString(home.resolve("data/pbx.address")).strip()
            + "\n"
            + more);
  }

  private static boolean isServed(RunningServer server, String version, String state)
      throws Exception {
    JsonNode pbx = server.provider("pbx");
    return pbx.path("version").asText().equals(version) && pbx.path("state").asText().equals(state);
  }

  /** The newest. */
  private static JsonNode bundle(RunningServer server) throws Exception {
    return server.json("/api/v1/bundles").at("/items/0");
  }

  /** How many calls are waited for; -1 while it does not drain. */
  private static int left(RunningServer server) throws Exception {
    return bundle(server).at("/draining/left/0/sessions").asInt(-1);
  }

  private static JsonNode sessions(RunningServer server) throws Exception {
    return server.json("/api/v1/sessions?provider=pbx").path("items");
  }

  /** What is not there yet has none. */
  private static String state(RunningServer server, String path) throws Exception {
    HttpResponse<String> answer = server.get(path);
    return answer.statusCode() == 200
        ? new ObjectMapper().readTree(answer.body()).path("state").asText()
        : "";
  }

  private static JsonNode posted(RunningServer server, String path, String json) throws Exception {
    HttpResponse<String> answer = server.post("/api/v1" + path, json);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return new ObjectMapper().readTree(answer.body());
  }
}
