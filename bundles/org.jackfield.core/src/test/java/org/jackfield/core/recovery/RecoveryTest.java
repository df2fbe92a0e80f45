package org.jackfield.core.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jackfield.api.journal.JournalRecord;
import org.jackfield.api.journal.Remembered;
import org.jackfield.api.security.Requester;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.Reason;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionQuery;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.CompleteWhen;
import org.jackfield.api.transfer.Timeouts;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferId;
import org.jackfield.api.transfer.TransferMode;
import org.jackfield.api.transfer.TransferOutcome;
import org.jackfield.api.transfer.TransferPhase;
import org.jackfield.api.transfer.TransferReply;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.api.transfer.TransferStep;
import org.jackfield.api.transfer.TransferTarget;
import org.jackfield.pbx.simulated.Control;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that is started again goes on where it was: 1002 consults 6001 for 1001. */
class RecoveryTest {
  private static final Requester ALICE = new Requester("alice", "rest", "");
  private static final Duration TALK = Duration.ofSeconds(40);

  private Lives lives = new Lives("full", List.of());
  private Session before;
  private TransferId id;
  private Instant answeredAt;

  @BeforeEach
  void consult() {
    lives.start();
    lives.pass(1_000);
    lives.pbx.tester(new Control.Handset("a", "1001", Control.Act.CALL, "1002"));
    lives.pass(30_000);
    before = session("1001", "1002");
    CompletableFuture<TransferReply> reply =
        lives.life().core().transfers().transfer(request()).toCompletableFuture();
    lives.pass(100);
    id = ((TransferReply.Accepted) reply.join()).transfer().id();
    while (transfer().targetState() != Transfer.TargetState.ANSWERED) {
      lives.pass(100);
    }
    answeredAt = lives.time.instant();
  }

  private TransferRequest request() {
    return request("6001", CompleteWhen.MANUAL);
  }

  private TransferRequest request(String target, CompleteWhen complete) {
    return new TransferRequest(
        ALICE,
        before.id(),
        before.parties().stream()
            .filter(p -> p.address().value().equals("1002"))
            .map(p -> p.id())
            .findFirst(),
        new TransferTarget.To(new Address(target)),
        TransferMode.CONSULTATION,
        Optional.of(complete),
        Optional.empty(),
        CompleteAs.TRANSFER,
        Set.of(),
        new Timeouts.Asked(Optional.empty(), Optional.of(TALK), Optional.empty()),
        List.of(),
        OptionalLong.empty(),
        "");
  }

  private Session session(String... addresses) {
    return lives.life().core().sessions().list(SessionQuery.all(50)).items().stream()
        .filter(
            s -> {
              TreeSet<String> in = new TreeSet<>();
              s.parties().forEach(p -> in.add(p.address().value()));
              return in.equals(new TreeSet<>(List.of(addresses)));
            })
        .findFirst()
        .orElseThrow();
  }

  private Transfer transfer() {
    return lives.life().core().transfers().find(id).orElseThrow();
  }

  private TransferReply step(TransferStep step) {
    CompletableFuture<TransferReply> reply =
        lives.life().core().transfers().step(step).toCompletableFuture();
    lives.pass(1_000);
    return reply.join();
  }

  @Test
  void idsLinksAndTheOwnerSurviveAndTheTransferIsCompleted() {
    // given somebody else has taken it over
    Requester bob = new Requester("bob", "console", "");
    step(new TransferStep.TakeOver(bob, id, OptionalLong.empty(), "alice has gone home"));
    Session away = session("1002", "6001");
    var kinship = lives.life().core().sessions().genealogy(before.id());
    assertThat(kinship).isNotEmpty();

    // when
    lives.kill();
    lives.start();
    lives.pass(2_000);

    // then
    assertThat(session("1001", "1002").id()).isEqualTo(before.id());
    assertThat(session("1002", "6001").id()).isEqualTo(away.id());
    assertThat(session("1002", "6001").conversation()).isEqualTo(away.conversation());
    assertThat(lives.life().core().sessions().genealogy(before.id())).isEqualTo(kinship);
    assertThat(transfer().phase()).isEqualTo(TransferPhase.CONSULTING);
    assertThat(transfer().owner()).isEqualTo(bob);
    assertThat(transfer().timeline()).anyMatch(line -> line.kind().equals("recovery"));
    assertThat(step(new TransferStep.Complete(bob, id, Optional.empty())))
        .isInstanceOf(TransferReply.Accepted.class);
    assertThat(transfer().outcome()).get().isInstanceOf(TransferOutcome.Completed.class);
    assertThat(lives.pbx.repeated).isEmpty();
  }

  @Test
  void whatRecoveryFoundAndDecidedIsToldInOrder() {
    // when
    lives.kill();
    lives.start();
    lives.pass(2_000);

    // then
    List<String> told =
        transfer().timeline().stream()
            .filter(line -> line.kind().equals("recovery"))
            .map(Transfer.TimelineEntry::text)
            .toList();
    assertThat(told.getFirst())
        .isEqualTo("the server was started again; how its calls are is asked of the PBX");
    assertThat(told.get(1))
        .startsWith("the PBX is back and shows ")
        .contains("transferor 1002: onHold", "transferee 1001: connected", "6001: connected");
    assertThat(told.subList(2, told.size() - 1))
        .isNotEmpty()
        .allMatch(line -> line.endsWith("asked for before the restart: it is not asked for again"));
    assertThat(told.getLast()).matches("it goes on, consulting, for 3[6-9] s at most");
  }

  @Test
  void aConsultationEndsByTheDeadlineThatItHad() {
    // when the server is away for a part of it
    lives.pass(10_000);
    lives.kill();
    lives.time.pass(Duration.ofSeconds(10));
    lives.start();
    while (transfer().outcome().isEmpty()) {
      lives.pass(100);
    }

    // then
    assertThat(transfer().outcome()).get().isInstanceOf(TransferOutcome.Reverted.class);
    assertThat(Duration.between(answeredAt, lives.time.instant()))
        .isBetween(TALK.minusSeconds(1), TALK.plusSeconds(3));
  }

  @Test
  void aConsultationThatIsOpenedAfterTheRestartHasAllItsTime() {
    // given one that had not left: what runs out is the time that the PBX had for it
    lives.pbx.tester(new Control.Handset("b", "1003", Control.Act.CALL, "1004"));
    lives.pass(30_000);
    Session other = session("1003", "1004");
    var reply =
        lives
            .life()
            .core()
            .transfers()
            .transfer(
                TransferRequest.of(
                    ALICE,
                    other.id(),
                    Optional.of(other.parties().getFirst().id()),
                    new TransferTarget.To(new Address("6001")),
                    TransferMode.CONSULTATION))
            .toCompletableFuture();
    for (int ms = 0; ms < 1_000 && lives.journal.stream().noneMatch(this::isHold); ms++) {
      lives.time.pass(Duration.ofMillis(1));
    }
    assertThat(lives.journal).anyMatch(this::isHold);
    lives.kill();

    // when
    lives.start();
    lives.pass(30_000);

    // then
    id = ((TransferReply.Accepted) reply.join()).transfer().id();
    assertThat(transfer().targetState()).isEqualTo(Transfer.TargetState.ANSWERED);
  }

  @Test
  void aBlindTransferThatThePbxPutBackMeanwhileIsNotWaitedFor() {
    // given the server dies as soon as it has asked, and the target declines
    blindAskedAndKilled("6004");
    lives.time.pass(Duration.ofSeconds(10));

    // when
    lives.start();
    lives.pass(5_000);

    // then
    TransferOutcome outcome = transfer().outcome().orElseThrow();
    assertThat(outcome).isInstanceOf(TransferOutcome.Reverted.class);
    assertThat(outcome.evidence().verified()).isTrue();
    assertThat(session("1003", "1004").state()).isEqualTo(ConnectionState.CONNECTED);
    assertThat(lives.pbx.repeated).isEmpty();
  }

  @Test
  void aBlindTransferThatRingsHasAllItsTimeAfterTheRestart() {
    // given
    blindAskedAndKilled("6003");

    // when
    lives.start();
    lives.pass(20_000);

    // then
    assertThat(transfer().outcome()).isEmpty();
    assertThat(transfer().targetState()).isEqualTo(Transfer.TargetState.ALERTING);
  }

  @Test
  void aTransferThatEndsInItsRecoveryIsNotRecoveringAnyMore() {
    // given the target has answered while the server was down
    blindAskedAndKilled("6001");
    lives.time.pass(Duration.ofSeconds(20));

    // when
    lives.start();
    lives.pass(2_000);

    // then
    assertThat(transfer().outcome()).get().isInstanceOf(TransferOutcome.Completed.class);
    assertThat(transfer().recovering()).isFalse();
  }

  @Test
  void aTransferThatGoesOnWhileItsPictureIsAwaitedIsRecoveredAllTheSame() {
    // given a consultation that is completed as soon as its target answers, ringing when it is left
    step(new TransferStep.Cancel(ALICE, id));
    TransferRequest auto = request("6003", CompleteWhen.ON_ANSWER);
    var reply = lives.life().core().transfers().transfer(auto).toCompletableFuture();
    lives.pass(1_000);
    id = ((TransferReply.Accepted) reply.join()).transfer().id();
    assertThat(transfer().targetState()).isEqualTo(Transfer.TargetState.ALERTING);
    lives.kill();

    // when it answers after all commands were asked for and before the picture is there, and the
    // PBX never does what it is asked for then
    int[] pictures = {0};
    lives.pbx.wire =
        text -> {
          if (text.contains("\"do\":\"snapshot\"") && ++pictures[0] == 2) {
            lives.pbx.tester(
                new Control.Fault("f", Control.What.NOT_DONE, "complete", null, 1, null, null));
            lives.pbx.tester(new Control.Handset("b", "6003", Control.Act.ANSWER, null));
          }
          return lives.life().send(text);
        };
    lives.start();
    lives.pass(3_000);

    // then
    assertThat(transfer().phase()).isEqualTo(TransferPhase.COMPLETING);
    assertThat(transfer().recovering()).isFalse();
  }

  /** The server dies in the moment in which it has asked for a blind transfer. */
  private void blindAskedAndKilled(String target) {
    lives = new Lives("full", List.of(new Lives.Point(false, 1, false)));
    lives.start();
    lives.pass(1_000);
    lives.pbx.tester(new Control.Handset("a", "1003", Control.Act.CALL, "1004"));
    lives.pass(30_000);
    Session call = session("1003", "1004");
    lives.life().counts();
    var reply =
        lives
            .life()
            .core()
            .transfers()
            .transfer(
                TransferRequest.of(
                    ALICE,
                    call.id(),
                    Optional.of(call.parties().getFirst().id()),
                    new TransferTarget.To(new Address(target)),
                    TransferMode.BLIND))
            .toCompletableFuture();
    lives.time.pass(Duration.ofMillis(500));
    assertThat(lives.life().isAlive()).isFalse();
    id = ((TransferReply.Accepted) reply.join()).transfer().id();
    lives.pbx.driversAreGone();
  }

  private boolean isHold(JournalRecord written) {
    return written instanceof JournalRecord.TransferStands stands
        && !stands.transfer().equals(id)
        && stands.phase().containsValue("holding");
  }

  @Test
  void untilItsPbxIsBackATransferSaysSo() {
    // given a PBX that cannot be reached
    lives.kill();
    lives.pbx.tester(
        new Control.Fault("f", Control.What.DROP_LINK, null, null, null, 10_000L, null));

    // when
    lives.start();
    lives.pass(3_000);
    TransferReply early = step(new TransferStep.Cancel(ALICE, id));
    Transfer meanwhile = transfer();
    lives.pass(12_000);

    // then
    assertThat(meanwhile.recovering()).isTrue();
    assertThat(meanwhile.permitted()).isEmpty();
    assertThat(((TransferReply.Refused) early).refusal().reason()).isEqualTo(Reason.RECOVERING);
    assertThat(transfer().recovering()).isFalse();
    assertThat(transfer().phase()).isEqualTo(TransferPhase.CONSULTING);
  }

  @Test
  void aTransferOfAPbxThatIsNotConfiguredAnyMoreHasAnOutcomeTooAndSaysWhatIsMissing() {
    lives.kill();
    lives.start(false);
    lives.pass(1_000);
    assertThat(transfer().recovering()).isTrue();

    lives.pass(120_000);

    TransferOutcome outcome = transfer().outcome().orElseThrow();
    assertThat(outcome).isInstanceOf(TransferOutcome.Failed.class);
    assertThat(outcome.evidence().verified()).isFalse();
    assertThat(outcome.cause().code()).isEqualTo(Cause.Code.PROVIDER_LOST);
    assertThat(lives.journal.getLast()).isInstanceOf(JournalRecord.TransferEnded.class);
  }

  @Test
  void anOutcomeIsKnownAfterARestartAndWhatEndedMeanwhileIsForgotten() {
    // given
    step(new TransferStep.Complete(ALICE, id, Optional.empty()));
    Transfer ended = transfer();
    assertThat(ended.outcome()).isPresent();

    // when all hang up while nobody looks
    lives.kill();
    lives.pbx.tester(new Control.Handset("h", "1001", Control.Act.HANG_UP, null));
    lives.pbx.tester(new Control.Handset("i", "6001", Control.Act.HANG_UP, null));
    lives.time.pass(Duration.ofSeconds(10));
    lives.start();
    lives.pass(2_000);

    // then
    assertThat(transfer()).isEqualTo(ended);
    assertThat(Remembered.of(lives.life(), lives.time.instant()).takeCalls("pbx")).isEmpty();
    assertThat(lives.life().core().isEmpty()).isTrue();
  }
}
