package driver.@name@;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The PBX's client library: lines of JSON over TCP, as the simulated PBX speaks them. Most makers
 * have a library, and yours goes here. It knows nothing of Jackfield: it connects, and again when
 * the line is lost, on a thread of its own, and never blocks who asks it for something.
 */
final class PbxClient implements AutoCloseable {
  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private final URI pbx;
  private final Ears ears;
  private final Map<String, CompletableFuture<String>> asked = new ConcurrentHashMap<>();
  private final Set<String> leaving = new HashSet<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Socket socket = new Socket();
  private volatile PrintStream out = new PrintStream(OutputStream.nullOutputStream());

  /** Who hears what the PBX tells, on the client's thread. */
  interface Ears {
    void connected();

    void lost(String why);

    void changed(Leg leg);

    void merged(String from, String into);

    void all(Map<String, List<Leg>> calls);
  }

  /** One end of a call, in the PBX's words. */
  record Leg(
      String call,
      String connection,
      String address,
      String name,
      String state,
      boolean heldByThem,
      String cause) {}

  PbxClient(String address, Ears ears) {
    this.pbx = URI.create("pbx://" + address);
    this.ears = ears;
    Thread.ofVirtual().name("@name@").start(this::stayConnected);
  }

  /** Why no PBX answers there; empty if one does. */
  static String problem(String address) {
    try (Socket socket = connect(URI.create("pbx://" + address))) {
      socket.setSoTimeout(5_000);
      return JSON.readTree(socket.getInputStream()).has("pbx") ? "" : "something else answers";
    } catch (IOException | IllegalArgumentException e) {
      return e.getMessage() + "; start it with bin/jackfield pbx";
    }
  }

  private static Socket connect(URI pbx) throws IOException {
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress(pbx.getHost(), pbx.getPort()), 2_000);
    return socket;
  }

  private void stayConnected() {
    do {
      String why = "it hung up";
      try (Socket line = connect(pbx)) {
        socket = line;
        listen(line);
      } catch (IOException | IllegalArgumentException e) {
        why = String.valueOf(e.getMessage());
      }
      lose(why);
    } while (!closesWithin(1));
  }

  private boolean closesWithin(int seconds) {
    try {
      return closed.await(seconds, TimeUnit.SECONDS);
    } catch (InterruptedException stopped) {
      return true;
    }
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  private void listen(Socket line) throws IOException {
    out = new PrintStream(line.getOutputStream(), true, StandardCharsets.UTF_8);
    Scanner lines = new Scanner(line.getInputStream(), StandardCharsets.UTF_8);
    while (!isClosed() && lines.hasNextLine()) {
      hear(JSON.readTree(lines.nextLine()));
    }
  }

  private void hear(JsonNode told) throws IOException {
    switch (told.path("type").asText()) {
      case "hello" -> ears.connected();
      case "answer" -> answer(told);
      case "connection" -> changed(JSON.treeToValue(told.path("connection"), Leg.class));
      case "merged" -> ears.merged(told.path("from").asText(), told.path("into").asText());
      case "snapshot" -> all(told);
      default -> {} // what nobody here has a use for
    }
  }

  private void answer(JsonNode told) {
    CompletableFuture<String> answer = asked.remove(told.path("command").asText());
    if (answer != null) {
      answer.complete(told.path("accepted").asBoolean() ? "" : told.path("reason").asText());
    }
  }

  /** The PBX tells of a tone and then of silence: who heard the tone has left by then. */
  private void changed(Leg leg) {
    boolean hadLeft = leaving.remove(leg.call() + ' ' + leg.connection());
    if (leg.state().equals("disconnected")) {
      leaving.add(leg.call() + ' ' + leg.connection());
    }
    if (!hadLeft || !leg.state().equals("idle")) {
      ears.changed(leg);
    }
  }

  /** Who only hears the tone at the end of a call is no longer in it. */
  private void all(JsonNode told) throws IOException {
    Map<String, List<Leg>> calls = new LinkedHashMap<>();
    for (JsonNode call : told.path("calls")) {
      List<Leg> legs = new ArrayList<>();
      for (JsonNode leg : call.path("connections")) {
        if (!leg.path("state").asText().equals("disconnected")) {
          legs.add(JSON.treeToValue(leg, Leg.class));
        }
      }
      if (!legs.isEmpty()) {
        calls.put(call.path("call").asText(), legs);
      }
    }
    ears.all(calls);
  }

  private void lose(String why) {
    out = new PrintStream(OutputStream.nullOutputStream());
    List.copyOf(asked.values()).forEach(a -> a.completeExceptionally(new IOException(why)));
    asked.clear();
    leaving.clear();
    if (!isClosed()) {
      ears.lost(why);
    }
  }

  /**
   * Asks for something about a call; words are names and values in turn.
   *
   * @return why not, in the PBX's words; empty if it takes it on
   */
  CompletableFuture<String> ask(String id, String call, String what, Object... words) {
    ObjectNode line = JSON.createObjectNode().put("id", id).put("call", call).put("do", what);
    for (int i = 0; i < words.length; i += 2) {
      line.put(words[i].toString(), words[i + 1].toString());
    }
    CompletableFuture<String> answer = asked.computeIfAbsent(id, i -> new CompletableFuture<>());
    out.println(line);
    return answer;
  }

  /** Asks for all calls. */
  void askForAll() {
    out.println(JSON.createObjectNode().put("id", UUID.randomUUID().toString()).put("do", "snapshot"));
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      socket.close();
    } catch (IOException e) {
      throw new IllegalStateException("the line cannot be closed", e);
    }
  }
}
