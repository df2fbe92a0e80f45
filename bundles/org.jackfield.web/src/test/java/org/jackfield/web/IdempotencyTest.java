package org.jackfield.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jackfield.api.journal.JournalRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A request that is sent twice is done once. */
class IdempotencyTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String ALICE = "{\"party\":\"alice\"}";
  private static final String BOB = "{\"party\":\"bob\"}";

  @TempDir Path data;
  private final Diary diary = new Diary();
  private Server server;

  @BeforeEach
  void start() throws Exception {
    server = new Server(data, LONG, diary);
  }

  private void startAgain() throws Exception {
    server.close();
    start();
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private Server.Result hold(String key, String body) throws Exception {
    return server
        .post("/sessions/1/hold", body)
        .header("Idempotency-Key", key)
        .as("/sessions/{id}/hold");
  }

  @Test
  void theSameBodyHasTheFirstAnswer() throws Exception {
    // given
    Server.Result first = hold("k", ALICE);
    // when
    Server.Result second = hold("k", ALICE);
    // then
    assertThat(second.status()).isEqualTo(202);
    assertThat(second.bytes()).isEqualTo(first.bytes());
    assertThat(second.header("Location")).isEqualTo(first.header("Location"));
    assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(first.header("Idempotency-Replayed")).isEmpty();
    assertThat(server.switchboard.asked).hasSize(1);
  }

  @Test
  void anotherBodyOrAnotherRouteIsRefused() throws Exception {
    hold("k", ALICE);
    assertThat(hold("k", BOB).status()).isEqualTo(422);
    assertThat(hold("k", BOB).text("/reason")).isEqualTo("idempotency-key-reused");
    assertThat(
            server
                .post("/sessions/1/alternate", ALICE)
                .header("Idempotency-Key", "k")
                .as("/sessions/{id}/alternate")
                .status())
        .isEqualTo(422);
    assertThat(server.switchboard.asked).hasSize(1);
  }

  @Test
  void afterADayTheKeyIsFree() throws Exception {
    hold("k", ALICE);
    server.now.updateAndGet(now -> now.plus(Duration.ofHours(24)));
    assertThat(hold("k", BOB).status()).isEqualTo(202);
    assertThat(server.switchboard.asked).hasSize(2);
  }

  @Test
  void aKeyThatIsTooLongIsNamed() throws Exception {
    Server.Result refused = hold("k".repeat(65), ALICE);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.text("/field")).isEqualTo("Idempotency-Key");
  }

  @Test
  void aRefusalIsAnAnswerTooButNotOneThatWaitingCouldChange() throws Exception {
    // given
    assertThat(hold("k", "{\"party\":\"nobody\"}").status()).isEqualTo(404);
    assertThat(hold("k", "{\"party\":\"nobody\"}").header("Idempotency-Replayed"))
        .isEqualTo("true");
    server.services.unset(server.switchboard);
    assertThat(hold("k2", ALICE).status()).isEqualTo(503);
    // when
    server.services.set((org.jackfield.api.session.SessionService) server.switchboard);
    // then
    assertThat(hold("k2", ALICE).status()).isEqualTo(202);
  }

  @Test
  void theSecondWaitsForTheFirst() throws Exception {
    // given
    CompletableFuture<Object> pause = new CompletableFuture<>();
    server.switchboard.pause = pause;
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Future<Server.Result> first = threads.submit(() -> hold("k", ALICE));
      Future<Server.Result> second = threads.submit(() -> hold("k", ALICE));
      // when
      Waiting.until("the service is asked", () -> !server.switchboard.asked.isEmpty());
      pause.complete(null);
      // then
      assertThat(first.get(60, TimeUnit.SECONDS).bytes())
          .isEqualTo(second.get(60, TimeUnit.SECONDS).bytes());
      assertThat(server.switchboard.asked).hasSize(1);
    }
  }

  @Test
  void aServiceThatDoesNotAnswerHoldsNobodyForEver() throws Exception {
    // given
    server.close();
    server = new Server(data, Duration.ofMillis(500), diary);
    server.switchboard.pause = new CompletableFuture<>();
    // when
    Server.Result late = server.post("/sessions/1/hold", ALICE).as("/sessions/{id}/hold");
    // then
    assertThat(late.status()).isEqualTo(503);
    assertThat(late.text("/reason")).isEqualTo("overloaded");
  }

  @Test
  void theServerThatIsStartedAgainGivesTheFirstAnswer() throws Exception {
    // given
    Server.Result first = hold("k", ALICE);
    // when
    startAgain();
    // then
    Server.Result second = hold("k", ALICE);
    assertThat(second.status()).isEqualTo(202);
    assertThat(second.bytes()).isEqualTo(first.bytes());
    assertThat(second.header("Location")).isEqualTo(first.header("Location"));
    assertThat(second.header("Content-Type")).isEqualTo(first.header("Content-Type"));
    assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(hold("k", BOB).text("/reason")).isEqualTo("idempotency-key-reused");
    assertThat(server.switchboard.asked).isEmpty();
  }

  @Test
  void whatWasBegunAndNotAnsweredIsNotDoneAgain() throws Exception {
    // given a server that stopped before it wrote the answer down
    hold("k", ALICE);
    diary.records.removeIf(r -> r instanceof JournalRecord.RequestAnswered);
    // when
    startAgain();
    // then
    Server.Result lost = hold("k", ALICE);
    assertThat(lost.status()).isEqualTo(409);
    assertThat(lost.text("/reason")).isEqualTo("answer-lost");
    assertThat(hold("k", BOB).status()).isEqualTo(422);
    assertThat(server.switchboard.asked).isEmpty();
  }

  @Test
  void theServerThatIsStartedAgainLetsATryAgainThrough() throws Exception {
    // given
    server.services.unset(server.switchboard);
    assertThat(hold("busy", ALICE).status()).isEqualTo(503);
    // when
    startAgain();
    // then
    assertThat(hold("busy", ALICE).status()).isEqualTo(202);
    server.now.updateAndGet(now -> now.plus(Duration.ofHours(24)));
    assertThat(hold("busy", BOB).status()).isEqualTo(202);
  }

  @Test
  void aJournalThatCannotBeWrittenTakesNoAnswerAway() throws Exception {
    diary.full = true;
    assertThat(hold("k", ALICE).status()).isEqualTo(202);
    assertThat(hold("k", ALICE).header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(server.switchboard.asked).hasSize(1);
  }
}
