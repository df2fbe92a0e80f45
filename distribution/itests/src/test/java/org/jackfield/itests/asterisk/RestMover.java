package org.jackfield.itests.asterisk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jackfield.itests.RunningServer;

/** Moves calls as a program does: by the HTTP interface of a server that runs from the archive. */
final class RestMover implements Mover {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RunningServer server;

  RestMover(RunningServer server) {
    this.server = server;
    Wait.until("the server is ready", LIMIT, this::linked, this::picture);
  }

  private JsonNode get(String path) {
    try {
      return JSON.readTree(server.get("/api/v1" + path).body());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private HttpResponse<String> post(String path, ObjectNode body) {
    try {
      return server.post("/api/v1" + path, body.toString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private JsonNode accepted(String path, ObjectNode body) {
    HttpResponse<String> answer = post(path, body);
    if (answer.statusCode() != 202) {
      throw new AssertionError(
          path + " " + body + ": " + answer.statusCode() + " " + answer.body() + picture());
    }
    try {
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void await(String fact, java.util.function.Supplier<Boolean> holds) {
    Wait.until(fact, LIMIT, holds, this::picture);
  }

  private Optional<String> find(Voice... parties) {
    Set<String> wanted =
        Arrays.stream(parties).map(Voice::address).collect(Collectors.toCollection(TreeSet::new));
    for (JsonNode session : get("/sessions").path("items")) {
      Set<String> addresses = new TreeSet<>();
      boolean talk = true;
      for (JsonNode party : session.path("parties")) {
        addresses.add(party.path("address").asText());
        String state = party.path("state").asText();
        talk &=
            (state.equals("connected") || state.equals("conferenced"))
                && !party.path("heldByThem").asBoolean();
      }
      if (talk && addresses.equals(wanted)) {
        return Optional.of(session.path("id").asText());
      }
    }
    return Optional.empty();
  }

  @Override
  public String talking(Voice... parties) {
    await(Arrays.toString(parties) + " talk", () -> find(parties).isPresent());
    return find(parties).orElseThrow();
  }

  /** Who is in calls, by the server's picture, in order. */
  List<String> addresses() {
    List<String> addresses = new ArrayList<>();
    for (JsonNode session : get("/sessions").path("items")) {
      session.path("parties").forEach(p -> addresses.add(p.path("address").asText()));
    }
    addresses.sort(null);
    return addresses;
  }

  private String party(String call, Voice voice) {
    for (JsonNode party : get("/sessions/" + call).path("parties")) {
      if (party.path("address").asText().equals(voice.address())) {
        return party.path("id").asText();
      }
    }
    throw new AssertionError(voice + " is not in " + call + picture());
  }

  private static ObjectNode body() {
    return JSON.createObjectNode();
  }

  @Override
  public void makeCall(Voice from, String to) {
    accepted("/sessions", body().put("provider", "lab").put("from", from.address()).put("to", to));
  }

  private void operation(String call, Voice party, String verb) {
    String id =
        accepted("/sessions/" + call + "/" + verb, body().put("party", party(call, party)))
            .path("id")
            .asText();
    await(verb + " is done", () -> get("/operations/" + id).path("state").asText().equals("done"));
  }

  @Override
  public void hold(String call, Voice party) {
    operation(call, party, "hold");
  }

  @Override
  public void retrieve(String call, Voice party) {
    operation(call, party, "retrieve");
  }

  /** The body of a request for a transfer, for a test that adds to it. */
  ObjectNode request(String call, Voice transferor, String target, String mode, Duration deadline) {
    ObjectNode body = request(call, transferor, mode, deadline);
    return body.put("target", target);
  }

  /** The same, and where it goes is still to be said. */
  ObjectNode request(String call, Voice transferor, String mode, Duration deadline) {
    ObjectNode body = body().put("transferor", party(call, transferor)).put("mode", mode);
    body.putObject("timeouts").put("answerMs", deadline.toMillis()).put("recallMs", 3_000);
    return body;
  }

  @Override
  public Move blind(String call, Voice transferor, String target, Duration deadline) {
    return move(call, request(call, transferor, target, "blind", deadline));
  }

  @Override
  public Move consult(String call, Voice transferor, String target, Duration deadline) {
    return move(call, request(call, transferor, target, "consultation", deadline));
  }

  Move move(String call, ObjectNode request) {
    return new Move(
        call, accepted("/sessions/" + call + "/transfers", request).path("id").asText());
  }

  /** What would be done; nothing is. */
  JsonNode plan(String call, ObjectNode request) {
    HttpResponse<String> answer = post("/sessions/" + call + "/transfers?dryRun=true", request);
    if (answer.statusCode() != 200) {
      throw new AssertionError(answer.statusCode() + " " + answer.body() + picture());
    }
    try {
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The operations that were asked of the PBX for a transfer, in order, by its own record. */
  List<String> executed(Move move) {
    List<String> operations = new ArrayList<>();
    for (JsonNode line : transfer(move).path("timeline")) {
      String text = line.path("text").asText();
      if (line.path("kind").asText().equals("command") && !text.contains(" withdrawn")) {
        operations.add(text.split(" ")[0]);
      }
    }
    return operations;
  }

  JsonNode transfer(Move move) {
    return get("/transfers/" + move.transfer());
  }

  private void awaitTarget(Move move, String state) {
    await(
        "the target is " + state, () -> transfer(move).path("targetState").asText().equals(state));
  }

  @Override
  public void awaitRinging(Move move) {
    awaitTarget(move, "alerting");
  }

  @Override
  public void awaitAnswered(Move move) {
    awaitTarget(move, "answered");
  }

  /** As soon as it is permitted. */
  private void step(Move move, String verb) {
    await(verb + " is permitted", () -> transfer(move).path("permitted").toString().contains(verb));
    accepted("/transfers/" + move.transfer() + "/" + verb, body());
  }

  @Override
  public void alternate(Move move) {
    String focus = transfer(move).path("focus").asText();
    step(move, "alternate");
    await("alternated", () -> !transfer(move).path("focus").asText().equals(focus));
  }

  @Override
  public void complete(Move move) {
    step(move, "complete");
  }

  @Override
  public void conference(Move move) {
    step(move, "conference");
  }

  @Override
  public void cancel(Move move) {
    step(move, "cancel");
  }

  @Override
  public String outcome(Move move) {
    Predicate<JsonNode> ended = t -> t.path("outcome").isObject();
    Wait.until(
        "the transfer has ended",
        Duration.ofMinutes(2),
        () -> ended.test(transfer(move)),
        () -> transfer(move).toPrettyString() + picture());
    JsonNode outcome = transfer(move).path("outcome");
    if (!outcome.path("evidence").asText().equals("verified")) {
      throw new AssertionError("an outcome without evidence: " + transfer(move).toPrettyString());
    }
    return outcome.path("type").asText();
  }

  /** Why it ended so, after {@link #outcome}. */
  String cause(Move move) {
    return transfer(move).at("/outcome/cause/code").asText();
  }

  /** All that is known of it, for a failed comparison. */
  String story(Move move) {
    return transfer(move).toPrettyString();
  }

  /** The server does it by itself. */
  @Override
  public void giveUp(Move move) {
    if (!outcome(move).equals("abandoned")) {
      throw new AssertionError(transfer(move).toPrettyString());
    }
  }

  /** Asterisk is asked for the extension first: nothing is dialled, and the call is as before. */
  @Override
  public boolean refuses(String call, Voice transferor, String target) {
    Move move = blind(call, transferor, target, LIMIT);
    return outcome(move).equals("reverted") && cause(move).equals("badAddress");
  }

  @Override
  public String picture() {
    return "\n"
        + get("/sessions").toPrettyString()
        + "\n"
        + get("/providers").path("items").path(0).path("why");
  }

  @Override
  public int calls() {
    return get("/sessions").path("items").size();
  }

  @Override
  public boolean linked() {
    return get("/providers/lab").path("state").asText().equals("up")
        && get("/sessions").has("items");
  }

  /** The server is killed, so that it can do nothing for its calls any more. */
  @Override
  public void vanish() {
    try {
      server.kill();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    // the server serves the next test too
  }
}
