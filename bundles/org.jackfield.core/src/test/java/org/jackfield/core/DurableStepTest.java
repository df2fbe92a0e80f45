package org.jackfield.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jackfield.api.journal.Journal;
import org.jackfield.api.journal.JournalRecord;
import org.jackfield.api.security.Requester;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Reason;
import org.jackfield.api.session.Session;
import org.jackfield.api.transfer.TransferMode;
import org.jackfield.api.transfer.TransferReply;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.api.transfer.TransferStep;
import org.jackfield.api.transfer.TransferTarget;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A step that was acknowledged is not forgotten: it is durable before its answer is told. */
class DurableStepTest {
  private static final Requester ALICE = new Requester("alice", "rest", "");

  private final SlowJournal journal = new SlowJournal();
  private final VirtualTime time = new VirtualTime();
  private final CoreFixture core = new CoreFixture(time, 1, journal);
  private CompletableFuture<TransferReply> answer;

  /** A journal that keeps the one who writes waiting from some moment on. */
  private static final class SlowJournal implements Journal {
    private CompletableFuture<Void> durable = CompletableFuture.completedFuture(null);

    @Override
    public CompletionStage<Void> append(JournalRecord entry) {
      return durable;
    }
  }

  @BeforeEach
  void cancelWhileTheJournalIsSlow() {
    core.install(core.driver, "1.0.0");
    core.configure("host", "pbx.example");
    Session session = core.aliceAndBobTalk();
    TransferReply reply =
        core.answer(
            () ->
                core.core
                    .transfers()
                    .transfer(
                        TransferRequest.of(
                            ALICE,
                            session.id(),
                            Optional.of(session.parties().getFirst().id()),
                            new TransferTarget.To(new Address("carol")),
                            TransferMode.BLIND)));
    journal.durable = new CompletableFuture<>();
    answer =
        core.core
            .transfers()
            .step(new TransferStep.Cancel(ALICE, ((TransferReply.Accepted) reply).transfer().id()))
            .toCompletableFuture();
    time.settle();
    assertThat(answer).isNotDone();
  }

  @Test
  void itIsAcknowledgedWhenItIsDurable() {
    journal.durable.complete(null);
    time.settle();

    assertThat(answer.getNow(null)).isInstanceOf(TransferReply.Accepted.class);
  }

  @Test
  void itIsRefusedWhenTheJournalHasNotTakenIt() {
    journal.durable.completeExceptionally(new IOException("no space left"));
    time.settle();

    assertThat(answer.getNow(null))
        .isInstanceOfSatisfying(
            TransferReply.Refused.class,
            no -> assertThat(no.refusal().reason()).isEqualTo(Reason.JOURNAL_UNAVAILABLE));
  }
}
