package org.jackfield.itests.asterisk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jackfield.itests.Distribution;
import org.jackfield.itests.RunningServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole server is killed (SIGKILL) at random moments while it moves a call of a real Asterisk,
 * and is started again: what was acknowledged has one outcome, which is true by the voices; by
 * Asterisk's own log the target was dialled once; nobody is left waiting.
 */
class KillOnAsteriskIT {
  private static final int KILLS = Boolean.getBoolean("jackfield.long") ? 20 : 3;
  private static final long SEED = Long.getLong("jackfield.seed", System.nanoTime());
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Random random = new Random(SEED);
  private final List<Long> recoveries = new ArrayList<>();
  private final Map<String, Integer> outcomes = new TreeMap<>();
  private AsteriskLab lab;
  private Phone alice;
  private Phone bob;
  private Phone carol;
  private RunningServer server;

  /** What bob wants, and what is done when carol has answered. */
  private enum Wish {
    BLIND("blind", "103", ""),
    BLIND_TO_BUSY("blind", "120", ""),
    COMPLETE("consultation", "103", "complete"),
    CANCEL("consultation", "103", "cancel"),
    CONFERENCE("consultation", "103", "conference");

    final String mode;
    final String target;
    final String step;

    Wish(String mode, String target, String step) {
      this.mode = mode;
      this.target = target;
      this.step = step;
    }
  }

  /** One transfer; empty while it was not acknowledged. */
  private static final class Asked {
    volatile String transfer = "";
    volatile boolean stepped;
  }

  @Test
  void nothingIsForgottenAndNobodyIsDialledTwice(@TempDir Path dir) throws Exception {
    System.out.println("seed " + SEED + ", " + KILLS + " kills");
    try (AsteriskLab started = AsteriskLab.start(dir)) {
      lab = started;
      alice = lab.phone(Voice.ALICE);
      bob = lab.phone(Voice.BOB);
      carol = lab.phone(Voice.CAROL);
      server = LabServer.start(TransferScenarios.config(lab));
      try {
        for (int kills = 0; kills < KILLS; kills++) {
          round(Wish.values()[random.nextInt(Wish.values().length)]);
        }
        assertThat(server.stop()).isZero();
      } finally {
        server.close();
      }
    }
    recoveries.sort(null);
    System.out.printf(
        "%d kills: %s; from readiness to the outcome: median %s ms, all %s%n",
        KILLS,
        outcomes,
        recoveries.isEmpty() ? "-" : recoveries.get(recoveries.size() / 2),
        recoveries);
  }

  private void round(Wish wish) throws Exception {
    // given
    RestMover rest = new RestMover(server);
    alice.dial(Voice.BOB.address());
    String call = rest.talking(Voice.ALICE, Voice.BOB);
    ObjectNode body = rest.request(call, Voice.BOB, wish.target, wish.mode, Duration.ofMinutes(5));
    int dialled = lab.dialled(wish.target);
    int lost = lab.foundNoApplication();
    Asked asked = new Asked();

    // when
    RunningServer killed = server;
    var mover =
        CompletableFuture.runAsync(
            () -> move(killed, call, body, wish, asked), Thread.ofVirtual()::start);
    int ms = random.nextInt(2_500);
    CompletableFuture.runAsync(
            killed.process()::destroyForcibly,
            CompletableFuture.delayedExecutor(ms, TimeUnit.MILLISECONDS))
        .get(180, TimeUnit.SECONDS);
    killed.waitForEnd();
    mover.get(180, TimeUnit.SECONDS);
    server = Distribution.unpacked().startServer(killed.home());
    RestMover again = new RestMover(server);
    long ready = System.nanoTime();

    // then
    if (asked.transfer.isEmpty()) {
      asked.transfer = taken(call);
    }
    String outcome = asked.transfer.isEmpty() ? "not taken on" : ended(wish, asked);
    recoveries.add((System.nanoTime() - ready) / 1_000_000);
    String story =
        wish + ", killed after " + ms + " ms: " + outcome + "\n" + story(asked.transfer, again);
    System.out.println(wish + ", killed after " + ms + " ms: " + outcome);
    // died while a channel was on its way into its application: Asterisk's dialplan hangs up
    boolean hungUp = lab.foundNoApplication() > lost;
    outcomes.merge(wish + (hungUp ? " met a dead application, " : " ") + outcome, 1, Integer::sum);
    if (!hungUp) {
      assertThat(outcome).as(story).isIn("not taken on", "completed", "reverted");
    }
    // an outcome by which people talk is never said of one who was hung up
    if (!hungUp || outcome.equals("completed") || outcome.equals("recalled")) {
      hearEachOther(
          !outcome.equals("completed")
              ? List.of(alice, bob)
              : wish == Wish.CONFERENCE ? List.of(alice, bob, carol) : List.of(alice, carol));
    }
    assertThat(lab.dialled(wish.target) - dialled)
        .as("%s is rung %s", wish.target, story)
        .isLessThanOrEqualTo(1)
        .isGreaterThanOrEqualTo(outcome.equals("completed") ? 1 : 0);
    lab.clear();
    Wait.until("no call is left", SOON, () -> again.calls() == 0, again::picture);
  }

  /** Asks for the transfer, then for its step as soon as that is allowed, until the server dies. */
  private static void move(
      RunningServer server, String call, ObjectNode body, Wish wish, Asked asked) {
    try {
      HttpResponse<String> answer =
          server.post("/api/v1/sessions/" + call + "/transfers", body.toString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
      asked.transfer = JSON.readTree(answer.body()).path("id").asText();
      while (server.process().isAlive()) {
        step(server, wish, asked);
        Wait.pause(20);
      }
    } catch (IOException killed) {
      // what had no answer may have been taken on, or not
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void step(RunningServer server, Wish wish, Asked asked)
      throws IOException, InterruptedException {
    if (wish.step.isEmpty() || asked.stepped) {
      return;
    }
    JsonNode transfer = server.json("/api/v1/transfers/" + asked.transfer);
    boolean permitted =
        transfer.path("permitted").valueStream().anyMatch(verb -> verb.asText().equals(wish.step));
    if (permitted && transfer.path("targetState").asText().equals("answered")) {
      HttpResponse<String> answer =
          server.post("/api/v1/transfers/" + asked.transfer + "/" + wish.step, "{}");
      assertThat(answer.statusCode()).as(answer.body()).isIn(202, 409);
      asked.stepped = answer.statusCode() == 202;
    }
  }

  /** Taken on, though nobody was told any more; empty if it was not. */
  private String taken(String call) throws Exception {
    return server
        .json("/api/v1/transfers?limit=500")
        .path("items")
        .valueStream()
        .filter(transfer -> transfer.path("session").asText().equals(call))
        .map(transfer -> transfer.path("id").asText())
        .findFirst()
        .orElse("");
  }

  /** People go on; how it ends, with evidence. */
  private String ended(Wish wish, Asked asked) throws Exception {
    server.await(
        "it has ended",
        SOON,
        () -> {
          step(server, wish, asked);
          return server.json("/api/v1/transfers/" + asked.transfer).path("outcome").isObject();
        });
    JsonNode outcome = server.json("/api/v1/transfers/" + asked.transfer).path("outcome");
    assertThat(outcome.path("evidence").asText()).as(outcome::toString).isEqualTo("verified");
    return outcome.path("type").asText();
  }

  private static String story(String transfer, RestMover rest) {
    return transfer.isEmpty()
        ? rest.picture()
        : rest.story(new Mover.Move("", transfer)) + rest.picture();
  }

  private static void hearEachOther(List<Phone> phones) {
    var expected = new java.util.HashMap<Phone, java.util.Set<Voice>>();
    for (Phone phone : phones) {
      var others = new java.util.HashSet<Voice>();
      phones.stream().filter(p -> p != phone).forEach(p -> others.add(p.voice()));
      expected.put(phone, others);
    }
    Tones.await(expected);
  }
}
