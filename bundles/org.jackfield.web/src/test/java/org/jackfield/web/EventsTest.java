package org.jackfield.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jackfield.api.event.Event;
import org.jackfield.api.provider.ProviderStatusEvent;
import org.jackfield.api.rollout.DeployedBundle;
import org.jackfield.api.security.Requester;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.ConversationId;
import org.jackfield.api.session.SessionEvent;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.transfer.TransferEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The stream of events: in order, without a gap, from where the reader was. */
@Timeout(180)
class EventsTest {
  @TempDir Path data;
  private Server server;

  @BeforeEach
  void start() throws Exception {
    server = new Server(data);
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  /** Reads a stream frame by frame. */
  private static final class Reader implements AutoCloseable {
    final HttpResponse<InputStream> response;
    private final BufferedReader lines;

    Reader(Server.Call call) throws Exception {
      response = call.stream();
      lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    /** The next frame by field; a comment alone is a frame with the field "". */
    Map<String, String> frame() throws IOException {
      Map<String, String> frame = new HashMap<>();
      for (String line = lines.readLine(); line != null && !line.isEmpty(); ) {
        int colon = line.indexOf(':');
        frame.put(line.substring(0, colon), line.substring(colon + 1).strip());
        line = lines.readLine();
      }
      return frame;
    }

    boolean ended() throws IOException {
      return lines.readLine() == null;
    }

    @Override
    public void close() throws IOException {
      response.body().close();
    }
  }

  private Reader read(String path) throws Exception {
    return new Reader(server.get(path));
  }

  @Test
  void whatHappensIsToldInOrder() throws Exception {
    try (Reader reader = read("/events")) {
      // given
      assertThat(reader.response.statusCode()).isEqualTo(200);
      assertThat(reader.response.headers().firstValue("Content-Type").orElseThrow())
          .startsWith("text/event-stream");
      assertThat(reader.frame()).containsEntry("id", "7:0").containsKey("retry");
      // when
      for (int revision = 1; revision <= 200; revision++) {
        server.tape.changed(1, revision);
      }
      // then
      for (int revision = 1; revision <= 200; revision++) {
        Map<String, String> frame = reader.frame();
        assertThat(frame).containsEntry("id", "7:" + revision);
        assertThat(frame).containsEntry("event", "session.changed");
        JsonNode data = Json.read(frame.get("data").getBytes(StandardCharsets.UTF_8));
        assertThat(data.at("/session/revision").asInt()).isEqualTo(revision);
      }
    }
  }

  @Test
  void everyKindOfEventIsAsTheDocumentSays() throws Exception {
    // given
    server.tape.append(
        p ->
            new Event.OfSession(
                p, Switchboard.NOON, new SessionEvent.Started(Switchboard.session(1, 1))));
    server.tape.changed(1, 2);
    server.tape.append(
        p ->
            new Event.OfSession(
                p,
                Switchboard.NOON,
                new SessionEvent.Ended(Switchboard.session(1, 3), Cause.NORMAL)));
    server.tape.append(
        p ->
            new Event.OfSession(
                p,
                Switchboard.NOON,
                new SessionEvent.Merged(
                    Switchboard.session(1, 3), new SessionId(2), new ConversationId(1))));
    server.tape.append(
        p ->
            new Event.OfTransfer(
                p,
                Switchboard.NOON,
                new TransferEvent.Changed(Switchboard.transfer(1, Optional.empty()))));
    server.tape.append(
        p ->
            new Event.OfTransfer(
                p,
                Switchboard.NOON,
                new TransferEvent.Ended(Switchboard.transfer(1, Optional.empty()))));
    server.tape.append(
        p ->
            new Event.OfProvider(
                p, Switchboard.NOON, new ProviderStatusEvent.Changed(Switchboard.DEMO)));
    server.tape.append(
        p ->
            new Event.OfProvider(
                p, Switchboard.NOON, new ProviderStatusEvent.Removed(Switchboard.DEMO)));
    server.tape.append(
        p ->
            new Event.OfBundle(
                p,
                Switchboard.NOON,
                BundleRoutesTest.bundle(
                    "b1", new Requester("admin", "rest", ""), DeployedBundle.State.MOVING)));
    // when
    try (Reader reader = read("/events?after=7:0")) {
      reader.frame();
      // then
      for (String type :
          new String[] {
            "session.started", "session.changed", "session.ended", "session.merged",
            "transfer.changed", "transfer.ended", "provider.changed", "provider.removed",
            "rollout.changed"
          }) {
        Map<String, String> frame = reader.frame();
        assertThat(frame).containsEntry("event", type);
        JsonNode data = Json.read(frame.get("data").getBytes(StandardCharsets.UTF_8));
        assertThat(data.get("type").asText()).isEqualTo(type);
        server.contract.checkEvent(data);
      }
    }
  }

  @Test
  void aReaderGoesOnWhereItWas() throws Exception {
    // given
    for (int revision = 1; revision <= 10; revision++) {
      server.tape.changed(1, revision);
    }
    // when
    try (Reader reader = new Reader(server.get("/events").header("Last-Event-ID", "7:8"))) {
      // then
      assertThat(reader.frame()).containsEntry("id", "7:8");
      assertThat(reader.frame()).containsEntry("id", "7:9");
      assertThat(reader.frame()).containsEntry("id", "7:10");
    }
  }

  @Test
  void aReaderWhosePlaceIsGoneBeginsAgain() throws Exception {
    // given
    for (int revision = 1; revision <= 1100; revision++) {
      server.tape.changed(1, revision);
    }
    for (String place : new String[] {"7:50", "6:1090", "7:2000", "nonsense", "7:"}) {
      // when
      try (Reader reader = new Reader(server.get("/events").header("Last-Event-ID", place))) {
        reader.frame();
        // then
        Map<String, String> frame = reader.frame();
        assertThat(frame).as(place).containsEntry("event", "reset").containsEntry("id", "7:1100");
        server.contract.checkEvent(Json.read(frame.get("data").getBytes(StandardCharsets.UTF_8)));
      }
    }
    // and
    try (Reader reader = read("/events?after=7:20")) {
      reader.frame();
      reader.frame();
      server.tape.changed(1, 1101);
      assertThat(reader.frame()).containsEntry("id", "7:1101");
    }
  }

  @Test
  void whoDoesNotReadDelaysNobody() throws Exception {
    URI uri = URI.create(server.address);
    try (Socket stuck = new Socket(uri.getHost(), uri.getPort());
        Reader reader = read("/events")) {
      // given
      stuck.setReceiveBufferSize(1024);
      String request =
          "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
              + server.token
              + "\r\n\r\n";
      stuck.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      Waiting.until("both are there", () -> server.stream.clients() == 2);
      reader.frame();
      // when
      int many = 20_000;
      for (int revision = 1; revision <= many; revision++) {
        server.tape.changed(1, revision);
        if (revision % 500 == 0) {
          // then: the other one keeps up, whatever the stuck one does
          Map<String, String> frame = reader.frame();
          while (!frame.get("id").equals("7:" + revision)) {
            assertThat(frame).containsEntry("event", "session.changed");
            frame = reader.frame();
          }
        }
      }
    }
  }

  @Test
  void aConnectionThatIsGoneIsForgotten() throws Exception {
    // given
    Reader reader = read("/events");
    Waiting.until("it is there", () -> server.stream.clients() == 1);
    // when
    reader.close();
    // then
    Waiting.until(
        "it is forgotten",
        () -> {
          server.tape.changed(1, 1);
          return server.stream.clients() == 0;
        });
  }

  @Test
  void thereAreOnlySoManyStreams() throws Exception {
    List<Reader> readers = new ArrayList<>();
    try {
      // given
      for (int i = 0; i < 8; i++) {
        readers.add(read("/events"));
      }
      Waiting.until("all are there", () -> server.stream.clients() == 8);
      // when
      Server.Result refused = server.get("/events").as("/events");
      // then
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.text("/reason")).isEqualTo("overloaded");
    } finally {
      for (Reader reader : readers) {
        reader.close();
      }
    }
  }

  @Test
  void aServerThatLeavesEndsItsStreams() throws Exception {
    try (Reader reader = read("/events")) {
      // given
      reader.frame();
      // when
      server.stream.close();
      // then
      assertThat(reader.ended()).isTrue();
    }
  }

  @Test
  void nobodyListensWithoutAToken() throws Exception {
    assertThat(server.call("GET", "/events").as("/events").status()).isEqualTo(401);
  }
}
