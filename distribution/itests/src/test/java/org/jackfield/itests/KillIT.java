package org.jackfield.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;

/**
 * The server is killed (SIGKILL) again and again at random moments under load, while the PBX lives
 * on in a process of its own. What was acknowledged is not lost, nothing is asked of the PBX twice,
 * each transfer has the outcome that was wanted, once, and nobody is left on hold.
 */
class KillIT {
  private static final boolean LONG = Boolean.getBoolean("jackfield.long");
  private static final int KILLS = LONG ? 200 : 20;
  private static final long SEED = Long.getLong("jackfield.seed", System.nanoTime());
  private static final int CALLS = 12;
  private static final int WORKERS = 3;
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Distribution distribution = Distribution.unpacked();
  private final Path home = distribution.newHome();
  private final Random random = new Random(SEED);

  /** How each transfer ended, as it was first read. */
  private final Map<String, String> outcomes = new LinkedHashMap<>();

  private final List<Long> recoveries = new ArrayList<>();

  /** The transfer that was waited for last. */
  private String last = "";

  /** What somebody wants, what they do when the consultation is answered, and what must be. */
  private enum Wish {
    BLIND("blind", "6001", "", "completed"),
    BLIND_DECLINED("blind", "6004", "", "reverted"),
    AUTO("auto", "6001", "", "completed"),
    COMPLETE("consultation", "6001", "complete", "completed"),
    CANCEL("consultation", "6001", "cancel", "reverted"),
    CANCEL_RINGING("consultation", "6003", "cancel", "reverted"),
    CONFERENCE("consultation", "6001", "conference", "completed");

    final String mode;
    final String target;
    final String step;
    final String outcome;

    Wish(String mode, String target, String step, String outcome) {
      this.mode = mode;
      this.target = target;
      this.step = step;
      this.outcome = outcome;
    }
  }

  /** A call of two that is moved at most once. */
  private static final class Move {
    final String session;
    final String transferor;
    final String from;
    final String to;
    final Wish wish;
    volatile String transfer = "";

    /** Whether it was asked for, answered or not. */
    volatile boolean asked;

    /** Whether its step was taken on: nobody asks for that again. */
    volatile boolean stepped;

    Move(String session, String transferor, String from, String to, Wish wish) {
      this.session = session;
      this.transferor = transferor;
      this.from = from;
      this.to = to;
      this.wish = wish;
    }

    /** Who must talk in the end. */
    String talking() {
      return switch (transfer.isEmpty() ? "" : wish.outcome) {
        case "completed" ->
            wish == Wish.CONFERENCE ? from + "+" + to + "+" + wish.target : to + "+" + wish.target;
        default -> from + "+" + to;
      };
    }
  }

  @Test
  void nothingIsForgottenAndNothingDoneTwice() throws Exception {
    System.out.println("seed " + SEED + ", " + KILLS + " kills");
    try (RunningProcess pbx = distribution.startPbx(home, "--calls", "0", "--seed", "1");
        PbxHands hands = new PbxHands(home);
        ExecutorService workers = Executors.newFixedThreadPool(WORKERS)) {
      distribution.configure(
          home,
          "org.jackfield.provider~pbx.cfg",
          "driver = simulated\npbx.address.file = %s\n"
              .formatted(home.resolve("data/pbx.address")));
      for (int i = 0; i < 2 * CALLS; i++) {
        hands.answers(phone(i), 20);
      }
      RunningServer server = start();
      try {
        for (int kills = 0; kills < KILLS; ) {
          List<Move> moves = calls(server, hands);
          List<Future<?>> load = load(workers, server, moves);
          kill(server, random.nextInt(1_500));
          kills++;
          for (Future<?> worker : load) {
            worker.get(180, TimeUnit.SECONDS);
          }
          server = start();
          while (random.nextInt(4) == 0 && kills < KILLS) {
            // in the midst of its recovery
            kill(server, random.nextInt(1_000));
            kills++;
            server = start();
          }
          settle(server, moves);
          assertTopology(server, hands, moves);
          clear(server, hands);
        }
        assertOutcomesStand(server);
        assertThat(server.stop()).isZero();
      } finally {
        server.close();
      }
      assertNothingTwice(hands.commands());
      pbx.stop();
    }
    recoveries.sort(null);
    System.out.printf(
        "%d kills, %d transfers; from readiness to the last outcome: median %d ms, most %d ms%n",
        KILLS, outcomes.size(), recoveries.get(recoveries.size() / 2), recoveries.getLast());
  }

  /** Kills it so much later. */
  private static void kill(RunningServer server, int ms) throws Exception {
    Executor later = CompletableFuture.delayedExecutor(ms, TimeUnit.MILLISECONDS);
    CompletableFuture.runAsync(server.process()::destroyForcibly, later).get(60, TimeUnit.SECONDS);
    server.waitForEnd();
  }

  private static String phone(int number) {
    return String.valueOf(1_000 + number);
  }

  private RunningServer start() throws IOException {
    return distribution.listening(home, Map.of());
  }

  /** New calls of two each, known to the server. */
  private List<Move> calls(RunningServer server, PbxHands hands) throws Exception {
    server.awaitReady();
    for (int i = 0; i < CALLS; i++) {
      assertThat(hands.act(phone(2 * i), "call", phone(2 * i + 1))).isTrue();
    }
    server.await("calls", SOON, () -> connected(server).size() == CALLS);
    List<Move> moves = new ArrayList<>();
    for (JsonNode session : connected(server)) {
      JsonNode caller = session.path("parties").path(0);
      JsonNode called = session.path("parties").path(1);
      boolean inOrder = caller.path("address").asInt() < called.path("address").asInt();
      JsonNode from = inOrder ? caller : called;
      JsonNode to = inOrder ? called : caller;
      moves.add(
          new Move(
              session.path("id").asText(),
              from.path("id").asText(),
              from.path("address").asText(),
              to.path("address").asText(),
              Wish.values()[random.nextInt(Wish.values().length)]));
    }
    return moves;
  }

  private static List<JsonNode> connected(RunningServer server) throws Exception {
    return items(server, "/api/v1/sessions?state=connected");
  }

  private static List<JsonNode> items(RunningServer server, String path) throws Exception {
    return server.json(path).path("items").valueStream().toList();
  }

  /** All calls are moved at once, until the server is gone. */
  private static List<Future<?>> load(
      ExecutorService workers, RunningServer server, List<Move> moves) {
    List<Future<?>> load = new ArrayList<>();
    for (int worker = 0; worker < WORKERS; worker++) {
      List<Move> own = new ArrayList<>();
      for (int i = worker; i < moves.size(); i += WORKERS) {
        own.add(moves.get(i));
      }
      load.add(
          workers.submit(
              () -> {
                try {
                  for (Move move : own) {
                    ask(server, move);
                  }
                  while (server.process().isAlive()) {
                    takeSteps(server, own);
                  }
                } catch (IOException gone) {
                  // killed: what had no answer may have been taken on, or not
                }
                return null;
              }));
    }
    return load;
  }

  private static void ask(RunningServer server, Move move) throws Exception {
    move.asked = true;
    HttpResponse<String> answer =
        server.post(
            "/api/v1/sessions/" + move.session + "/transfers",
            // time enough for a machine on which a start takes long
            ("{\"transferor\":\"%s\",\"target\":\"%s\",\"mode\":\"%s\","
                    + "\"timeouts\":{\"answerMs\":600000,\"completeMs\":3600000}}")
                .formatted(move.transferor, move.wish.target, move.wish.mode));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    move.transfer = JSON.readTree(answer.body()).path("id").asText();
  }

  /** What people do as soon as they may. */
  private static void takeSteps(RunningServer server, Collection<Move> moves) throws Exception {
    for (Move move : moves) {
      if (move.transfer.isEmpty() || move.wish.step.isEmpty() || move.stepped) {
        continue;
      }
      JsonNode transfer = server.json("/api/v1/transfers/" + move.transfer);
      String awaited = move.wish == Wish.CANCEL_RINGING ? "alerting" : "answered";
      if (transfer.path("phase").asText().equals("consulting")
          && transfer.path("targetState").asText().equals(awaited)
          && transfer
              .path("permitted")
              .valueStream()
              .anyMatch(p -> p.asText().equals(move.wish.step))) {
        HttpResponse<String> answer =
            server.post("/api/v1/transfers/" + move.transfer + "/" + move.wish.step, "{}");
        assertThat(answer.statusCode()).as(answer.body()).isIn(202, 409);
        move.stepped = answer.statusCode() == 202;
      }
    }
  }

  /** People go on with what they wanted, and each transfer ends. */
  private void settle(RunningServer server, List<Move> moves) throws Exception {
    server.awaitReady();
    long ready = System.nanoTime();
    // what was taken on and not acknowledged any more is found by its session
    Map<String, Move> unknown = new HashMap<>();
    moves.stream()
        .filter(m -> m.asked && m.transfer.isEmpty())
        .forEach(m -> unknown.put(m.session, m));
    for (JsonNode transfer : items(server, "/api/v1/transfers?limit=500")) {
      Move move = unknown.get(transfer.path("session").asText());
      if (move != null) {
        move.transfer = transfer.path("id").asText();
      }
    }
    List<Move> open = new ArrayList<>(moves.stream().filter(m -> !m.transfer.isEmpty()).toList());
    try {
      server.await(
          open.size() + " transfers have their outcome",
          SOON,
          () -> {
            takeSteps(server, open);
            last = open.isEmpty() ? last : open.getLast().transfer;
            open.removeIf(move -> hasEnded(server, move));
            return open.isEmpty();
          });
    } catch (ConditionTimeoutException late) {
      StringBuilder stories = new StringBuilder();
      for (Move move : open) {
        stories.append(move.wish).append(": ");
        stories.append(server.json("/api/v1/transfers/" + move.transfer).toPrettyString());
      }
      throw new AssertionError(stories.toString(), late);
    }
    long took = (System.nanoTime() - ready) / 1_000_000;
    recoveries.add(took);
    if (took > 5_000) {
      System.out.println("slow: " + server.json("/api/v1/transfers/" + last).toPrettyString());
    }
  }

  private boolean hasEnded(RunningServer server, Move move) {
    try {
      JsonNode transfer = server.json("/api/v1/transfers/" + move.transfer);
      JsonNode outcome = transfer.path("outcome");
      if (!outcome.isObject()) {
        return false;
      }
      assertThat(outcome.path("type").asText() + ", " + outcome.path("evidence").asText())
          .as(() -> move.wish + ": " + transfer.toPrettyString())
          .isEqualTo(move.wish.outcome + ", verified");
      outcomes.put(move.transfer, outcome.toString());
      return true;
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** By the PBX's own word: nobody is on hold, and everybody is where they should be. */
  private static void assertTopology(RunningServer server, PbxHands hands, List<Move> moves) {
    List<String> wanted = new ArrayList<>(moves.stream().map(Move::talking).sorted().toList());
    List<List<String>> last = new ArrayList<>();
    try {
      server.await(
          "everybody is where they should be",
          SOON,
          () -> {
            last.clear();
            last.add(hands.talking());
            return last.getFirst().equals(wanted);
          });
    } catch (RuntimeException late) {
      assertThat(last.getFirst()).isEqualTo(wanted);
      throw late;
    }
  }

  /** All hang up. */
  private static void clear(RunningServer server, PbxHands hands) {
    server.await(
        "no call is left",
        SOON,
        () -> {
          Set<String> phones = new HashSet<>();
          for (JsonNode call : hands.calls()) {
            call.path("connections").forEach(c -> phones.add(c.path("address").asText()));
          }
          phones.remove("6001"); // leaves by itself
          for (String phone : phones) {
            hands.act(phone, "hangUp", "");
          }
          return phones.isEmpty()
              && hands.calls().isEmpty()
              && items(server, "/api/v1/sessions").isEmpty();
        });
  }

  /** An outcome is told once: no restart has changed one. The newest thousand are kept. */
  private void assertOutcomesStand(RunningServer server) throws Exception {
    List<String> ids = new ArrayList<>(outcomes.keySet());
    for (String id : ids.subList(Math.max(0, ids.size() - 900), ids.size())) {
      assertThat(server.json("/api/v1/transfers/" + id).path("outcome").toString())
          .isEqualTo(outcomes.get(id));
    }
  }

  /** Each call was moved once: whatever moves it was asked for once, and no id came twice. */
  private static void assertNothingTwice(List<JsonNode> commands) {
    Set<String> ids = new HashSet<>();
    Set<String> acts = new HashSet<>();
    Map<String, Integer> verbs = new HashMap<>();
    int repeated = 0;
    for (JsonNode line : commands) {
      JsonNode command = line.path("command");
      String verb = line.path("verb").asText();
      verbs.merge(verb, 1, Integer::sum);
      if (line.path("repeated").asBoolean()) {
        repeated++; // a driver that waits for an answer may ask again; the PBX does nothing twice
        continue;
      }
      assertThat(ids.add(command.path("id").asText())).as(line.toString()).isTrue();
      if (line.path("accepted").asBoolean()) {
        String act = verb + " " + command.path("call").asText() + " " + command.path("connection");
        assertThat(acts.add(act)).as(() -> "twice: " + line).isTrue();
      }
    }
    System.out.println("what the PBX was asked for: " + verbs + ", asked again: " + repeated);
    assertThat(verbs).isNotEmpty();
  }
}
