package org.jackfield.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The files of PBXs in {@code etc/} of a server that runs: each has the effect that is said. */
class ConfigurationFilesIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PROVIDER = "/api/v1/providers/life";

  private final Distribution distribution = Distribution.unpacked();
  private final Path home = distribution.newHome();
  private RunningProcess pbx;
  private RunningServer server;
  private String address;

  @BeforeEach
  void start() throws Exception {
    pbx = distribution.startPbx(home);
    server = distribution.startServer(home);
    address = Files.readString(home.resolve("data/pbx.address")).strip();
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
    if (pbx != null) {
      pbx.close();
    }
  }

  private void file(String text) throws Exception {
    distribution.configure(home, "org.jackfield.provider~life.cfg", text);
  }

  private void awaitState(String state) {
    server.await(
        state,
        SOON,
        () -> {
          HttpResponse<String> answer = server.get(PROVIDER);
          return answer.statusCode() == 200
              && JSON.readTree(answer.body()).path("state").asText().equals(state);
        });
  }

  private JsonNode provider() throws Exception {
    return server.json(PROVIDER);
  }

  private void awaitWhy(String word) {
    server.await("why: " + word, SOON, () -> provider().path("why").asText().contains(word));
  }

  private boolean talks(String session) throws Exception {
    return server.json("/api/v1/sessions/" + session).path("state").asText().equals("connected");
  }

  private int makeCall() throws Exception {
    String body = "{\"provider\":\"life\",\"from\":\"1003\",\"to\":\"1004\"}";
    return server.post("/api/v1/sessions", body).statusCode();
  }

  /** A call of two who talk. */
  private String call() throws Exception {
    server.post("/api/v1/sessions", "{\"provider\":\"life\",\"from\":\"1001\",\"to\":\"1002\"}");
    server.await(
        "they talk",
        SOON,
        () -> !server.json("/api/v1/sessions?state=connected").path("items").isEmpty());
    return server.json("/api/v1/sessions").at("/items/0/id").asText();
  }

  @Test
  void aNewFileIsProbedAndOpened() throws Exception {
    // given
    assertThat(server.get(PROVIDER).statusCode()).isEqualTo(404);

    // when
    file("driver = simulated\npbx.address = " + address);

    // then
    awaitState("up");
    assertThat(provider().at("/probe/usable").asBoolean()).isTrue();
    assertThat(provider().at("/probe/findings/0/text").asText()).contains("profile");
  }

  @Test
  void aFileThatCannotBeUsedSaysWhyUntilItIsRight() throws Exception {
    // when its driver is not there
    file("driver = nowhere");

    // then
    awaitState("waiting");
    assertThat(provider().path("why").asText()).contains("nowhere");

    // when a key is wrong
    file("driver = simulated\ncolour = blue");

    // then
    awaitState("failed");
    assertThat(provider().path("why").asText()).contains("colour");

    // when
    file("driver = simulated\npbx.address = " + address);

    // then
    awaitState("up");
    server.await("nothing is wrong", SOON, () -> provider().path("why").asText().isEmpty());
  }

  @Test
  void aChangedFileTakesOverWithEverySessionAndAWrongOneIsRefused() throws Exception {
    // given
    file("driver = simulated\npbx.address = " + address);
    awaitState("up");
    String session = call();

    // when a key is wrong
    file("driver = simulated\npbx.address = " + address + "\ncolour = blue");

    // then
    awaitWhy("colour");
    assertThat(provider().path("why").asText()).contains("refused");
    assertThat(provider().path("state").asText()).isEqualTo("up");
    assertThat(talks(session)).isTrue();

    // when the same PBX is named otherwise
    file("driver = simulated\npbx.address.file = " + home.resolve("data/pbx.address"));

    // then
    server.await("in use", SOON, () -> provider().path("why").asText().isEmpty());
    assertThat(provider().path("state").asText()).isEqualTo("up");
    assertThat(talks(session)).isTrue();
    assertThat(makeCall()).isEqualTo(202);
  }

  @Test
  void aRemovedFileTakesNoNewWorkAndClosesAfterTheLastSession() throws Exception {
    // given
    file("driver = simulated\npbx.address = " + address);
    awaitState("up");
    String session = call();

    // when
    Files.delete(home.resolve("etc/org.jackfield.provider~life.cfg"));

    // then
    awaitState("draining");
    assertThat(makeCall()).isGreaterThanOrEqualTo(400);
    assertThat(talks(session)).isTrue();

    // when
    server.send("DELETE", "/api/v1/sessions/" + session, "");

    // then
    server.await("gone", SOON, () -> server.get(PROVIDER).statusCode() == 404);
  }
}
