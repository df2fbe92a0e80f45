package org.jackfield.pbx.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The wire, over real sockets. */
@Timeout(120)
class TcpLinkTest {

  @TempDir Path folder;
  private final ScheduledThreadPoolExecutor thread = RealTimers.newThread();
  private CommandLog log;
  private TcpLink link;

  @BeforeEach
  void listen() throws IOException {
    Timers timers =
        new RealTimers(
            thread,
            (t, bug) -> {
              throw new AssertionError(bug);
            });
    log = new CommandLog(folder.resolve("commands.log"), timers, System.err);
    Pbx pbx = new Pbx("run", Profile.named("full"), Bench.PACE, timers, new Random(1), 0, log);
    link = new TcpLink(pbx, task -> timers.after(Duration.ZERO, task), 0);
  }

  @AfterEach
  void close() throws IOException, InterruptedException {
    link.close();
    thread.shutdownNow();
    assertThat(thread.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    log.close();
  }

  private final class Wire implements Closeable {
    private final Socket socket;
    private final BufferedReader in;
    private final PrintWriter out;

    Wire() throws IOException {
      String[] address = link.address().split(":");
      socket = new Socket(address[0], Integer.parseInt(address[1]));
      in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      out = new PrintWriter(socket.getOutputStream(), true, StandardCharsets.UTF_8);
      assertThat(in.readLine()).contains("\"type\":\"hello\"", "\"profile\":\"full\"");
    }

    void send(String line) {
      out.println(line);
    }

    String until(String part) throws IOException {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.contains(part)) {
          return line;
        }
      }
      throw new AssertionError("the link ended before " + part);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @Test
  void eachClientSeesEachCallAndASnapshotSaysTheSame() throws IOException {
    try (Wire one = new Wire();
        Wire two = new Wire()) {
      one.send(
          "{\"do\":\"makeCall\",\"id\":\"1\",\"call\":\"A\",\"from\":\"1500\",\"to\":\"6003\"}");
      assertThat(one.until("answer")).contains("\"command\":\"1\"", "\"accepted\":true");

      String last = two.until("ringback");
      assertThat(last).contains("\"call\":\"A\"", "\"command\":\"1\"");
      two.send("{\"do\":\"snapshot\",\"id\":\"2\"}");
      assertThat(two.until("snapshot")).contains("ringback", "offering");
    }
    assertThat(Files.readString(folder.resolve("commands.log")))
        .contains("\"verb\":\"makeCall\"", "\"accepted\":true");
  }

  @Test
  void aCommandThatIsNotWholeIsRefused() throws IOException {
    try (Wire wire = new Wire()) {
      wire.send("{\"do\":\"hold\",\"id\":\"1\",\"call\":\"A\"}");
      assertThat(wire.until("answer")).contains("malformed");
      wire.send("{\"do\":\"levitate\",\"id\":\"2\"}");
      assertThat(wire.until("answer")).contains("malformed", "\"command\":\"2\"");
    }
  }

  @Test
  void aClientThatSpeaksNoJsonIsDroppedAndTheOthersAreNot() throws IOException {
    try (Wire wire = new Wire();
        Wire other = new Wire()) {
      wire.send("GET / HTTP/1.1");
      assertThat(wire.in.readLine()).isNull();

      other.send("{\"do\":\"snapshot\",\"id\":\"1\"}");
      other.until("snapshot");
    }
  }

  @Test
  void aClientThatDoesNotReadIsDroppedAndTheOthersAreNot() throws IOException {
    try (Wire deaf = new Wire();
        Wire other = new Wire()) {
      for (int i = 0; i < 2000; i++) {
        deaf.send("{\"do\":\"addresses\",\"id\":\"a" + i + "\"}");
      }
      other.send("{\"do\":\"snapshot\",\"id\":\"1\"}");
      assertThat(other.until("\"snapshot\"")).isNotNull();
    }
  }
}
