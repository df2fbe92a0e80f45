package org.jackfield.itests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Hands on the phones of a simulated PBX that runs as a process, and its own word on who is where:
 * by its wire, past the server. One thread.
 */
public final class PbxHands implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Of the PBX's log: what no driver sends, and what changes nothing. */
  private static final Set<String> NOT_COMMANDS =
      Set.of("phone", "operator", "script", "fault", "snapshot", "addresses", "fate");

  private final Path data;
  private final Socket socket;
  private final BufferedReader in;
  private final OutputStream out;
  private int asked;

  /**
   * @param home where the PBX was started
   */
  public PbxHands(Path home) throws IOException {
    data = home.resolve("data");
    String[] address = Files.readString(data.resolve("pbx.address")).strip().split(":");
    socket = new Socket(InetAddress.getByName(address[0]), Integer.parseInt(address[1]));
    socket.setSoTimeout(120_000);
    in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    out = socket.getOutputStream();
  }

  /** Sends a command and waits for the line of that type that names it. */
  private JsonNode ask(ObjectNode command, String type) throws IOException {
    String id = "hands-" + socket.getLocalPort() + "-" + ++asked; // the PBX remembers them
    out.write((command.put("id", id) + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      JsonNode said = JSON.readTree(line);
      if (said.path("command").asText().equals(id) && said.path("type").asText().equals(type)) {
        return said;
      }
    }
    throw new IOException("the PBX has hung up");
  }

  private static ObjectNode command(String verb) {
    return JSON.createObjectNode().put("do", verb);
  }

  /** Somebody acts at a phone; whether the PBX took it. */
  public boolean act(String phone, String act, String target) throws IOException {
    ObjectNode command = command("phone").put("address", phone).put("act", act);
    if (!target.isEmpty()) {
      command.put("target", target);
    }
    return ask(command, "answer").path("accepted").asBoolean();
  }

  /** A phone answers by itself after so long. */
  public void answers(String phone, int ringMs) throws IOException {
    ask(
        command("script").put("address", phone).put("behaviour", "answers").put("ringMs", ringMs),
        "answer");
  }

  /** The calls that there are, as the PBX knows them. */
  public JsonNode calls() throws IOException {
    return ask(command("snapshot"), "snapshot").path("calls");
  }

  /**
   * Who talks to whom: for each call the addresses of its parties in order, each with its state
   * where that is not simply connected.
   */
  public List<String> talking() throws IOException {
    List<String> talking = new ArrayList<>();
    for (JsonNode call : calls()) {
      TreeSet<String> parties = new TreeSet<>();
      for (JsonNode one : call.path("connections")) {
        String state = one.path("state").asText();
        boolean talks =
            (state.equals("connected") || state.equals("conferenced"))
                && !one.path("heldByThem").asBoolean();
        parties.add(one.path("address").asText() + (talks ? "" : " " + state));
      }
      talking.add(String.join("+", parties));
    }
    talking.sort(null);
    return talking;
  }

  /** Waits until exactly these talk with each other, each call as {@link #talking} has it. */
  void await(RunningProcess server, String... talking) {
    List<String> wanted = Stream.of(talking).sorted().toList();
    List<List<String>> last = new ArrayList<>(List.of(List.of()));
    try {
      server.await(
          "talking: " + wanted,
          Duration.ofSeconds(60),
          () -> {
            last.set(0, talking());
            return last.getFirst().equals(wanted);
          });
    } catch (ConditionTimeoutException late) {
      throw new AssertionError("instead they talk so: " + last.getFirst(), late);
    }
  }

  /** What drivers have asked of it since it was started, by its own log. */
  public List<JsonNode> commands() throws IOException {
    List<JsonNode> commands = new ArrayList<>();
    for (String line : Files.readAllLines(data.resolve("pbx-commands.log"))) {
      JsonNode one = JSON.readTree(line);
      if (!NOT_COMMANDS.contains(one.path("verb").asText())) {
        commands.add(one);
      }
    }
    return commands;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
