package org.jackfield.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jackfield.core.CoreFixture.ALICE;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jackfield.api.audit.AuditEntry;
import org.jackfield.api.event.Event;
import org.jackfield.api.journal.Journal;
import org.jackfield.api.journal.JournalRecord;
import org.jackfield.api.security.Requester;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Reason;
import org.jackfield.api.session.Session;
import org.jackfield.api.transfer.PlanReply;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferMode;
import org.jackfield.api.transfer.TransferReply;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.api.transfer.TransferStep;
import org.jackfield.api.transfer.TransferTarget;
import org.junit.jupiter.api.Test;

/** Two who want to move the same call: one does, the other knows. */
class ContentionTest {
  private static final Requester BOB = new Requester("bob", "rest", "127.0.0.1");

  private final CoreFixture fixture = CoreFixture.open();

  private static TransferRequest request(Requester who, Session session, OptionalLong ifRevision) {
    TransferRequest of =
        TransferRequest.of(
            who,
            session.id(),
            Optional.of(session.parties().getFirst().id()),
            new TransferTarget.To(new Address("carol")),
            TransferMode.CONSULTATION);
    return new TransferRequest(
        of.requester(),
        of.session(),
        of.transferor(),
        of.target(),
        of.mode(),
        of.complete(),
        of.release(),
        of.completeAs(),
        of.needs(),
        of.timeouts(),
        of.recall(),
        ifRevision,
        of.reason());
  }

  private CompletionStage<TransferReply> ask(Requester who, Session session) {
    return fixture
        .core
        .transfers()
        .transfer(request(who, session, OptionalLong.of(session.revision())));
  }

  private Transfer begun() {
    Session session = fixture.aliceAndBobTalk();
    return ((TransferReply.Accepted) fixture.answer(() -> ask(ALICE, session))).transfer();
  }

  private TransferReply step(TransferStep step) {
    return fixture.answer(() -> fixture.core.transfers().step(step));
  }

  private Transfer now(Transfer transfer) {
    return fixture.core.transfers().find(transfer.id()).orElseThrow();
  }

  private List<String> audited() {
    return fixture.audit.latest(100).reversed().stream()
        .map(e -> e.requester().principal() + " " + e.action() + " " + e.result())
        .toList();
  }

  private static Reason reason(TransferReply reply) {
    return ((TransferReply.Refused) reply).refusal().reason();
  }

  @Test
  void ofTwoWhoPressAtOnceOneHasItAndTheOtherIsToldWhose() {
    // given
    Session session = fixture.aliceAndBobTalk();
    // when
    CompletionStage<TransferReply> first = ask(ALICE, session);
    CompletionStage<TransferReply> second = ask(BOB, session);
    fixture.time.settle();
    // then
    Transfer transfer = ((TransferReply.Accepted) first.toCompletableFuture().join()).transfer();
    assertThat(second.toCompletableFuture().join())
        .isInstanceOfSatisfying(
            TransferReply.Refused.class,
            no -> {
              assertThat(no.refusal().reason()).isEqualTo(Reason.TRANSFER_EXISTS);
              assertThat(no.existing()).hasValue(transfer.id());
            });
    assertThat(audited())
        .containsExactlyInAnyOrder("alice transfer accepted", "bob transfer transfer-exists");
    assertThat(transfer.owner()).isEqualTo(ALICE);
  }

  @Test
  void onlyTheOwnerTakesSteps() {
    // given
    Transfer transfer = begun();
    long before = now(transfer).revision();
    // when
    TransferReply cancel = step(new TransferStep.Cancel(BOB, transfer.id()));
    // then
    assertThat(reason(cancel)).isEqualTo(Reason.NOT_OWNER);
    assertThat(((TransferReply.Refused) cancel).refusal().detail()).contains("alice");
    assertThat(now(transfer).revision()).isEqualTo(before);
    assertThat(audited()).endsWith("bob cancel not-owner");
  }

  @Test
  void whoTakesATransferOverHasItAndTheOneBeforeHasNot() {
    // given
    Transfer transfer = begun();
    long events = fixture.latest();
    long before = now(transfer).revision();
    // when
    TransferReply taken =
        step(
            new TransferStep.TakeOver(
                BOB, transfer.id(), OptionalLong.of(before), "alice is at lunch"));
    // then
    assertThat(taken).isInstanceOf(TransferReply.Accepted.class);
    assertThat(now(transfer).owner()).isEqualTo(BOB);
    assertThat(now(transfer).requester()).isEqualTo(ALICE);
    assertThat(now(transfer).revision()).isEqualTo(before + 1);
    assertThat(now(transfer).timeline().getLast().text())
        .isEqualTo("taken over from alice by bob: alice is at lunch");
    assertThat(fixture.events(events))
        .singleElement()
        .isInstanceOfSatisfying(
            Event.OfTransfer.class,
            event -> assertThat(event.event().transfer().owner()).isEqualTo(BOB));
    AuditEntry entry = fixture.audit.latest(1).getFirst();
    assertThat(entry.action() + " " + entry.result()).isEqualTo("takeOver accepted");
    assertThat(entry.detail()).contains("alice is at lunch");
    assertThat(reason(step(new TransferStep.Cancel(ALICE, transfer.id()))))
        .isEqualTo(Reason.NOT_OWNER);
    assertThat(step(new TransferStep.Cancel(BOB, transfer.id())))
        .isInstanceOf(TransferReply.Accepted.class);
  }

  @Test
  void aStaleStepIsRefusedAndChangesNothing() {
    // given
    Transfer transfer = begun();
    long before = now(transfer).revision();
    OptionalLong stale = OptionalLong.of(before - 1);
    // when
    List<TransferReply> replies =
        List.of(
            step(new TransferStep.Cancel(ALICE, transfer.id(), stale)),
            step(new TransferStep.Alternate(ALICE, transfer.id(), stale)),
            step(new TransferStep.Complete(ALICE, transfer.id(), stale, Optional.empty())),
            step(new TransferStep.Dial(ALICE, transfer.id(), stale, Optional.empty())),
            step(new TransferStep.TakeOver(BOB, transfer.id(), stale, "why not")));
    // then
    assertThat(replies).extracting(ContentionTest::reason).containsOnly(Reason.STALE_REVISION);
    assertThat(now(transfer).revision()).isEqualTo(before);
    // when two cancel what both have seen
    OptionalLong seen = OptionalLong.of(before);
    CompletionStage<TransferReply> one =
        fixture.core.transfers().step(new TransferStep.Cancel(ALICE, transfer.id(), seen));
    CompletionStage<TransferReply> two =
        fixture.core.transfers().step(new TransferStep.Cancel(ALICE, transfer.id(), seen));
    fixture.time.settle();
    // then
    assertThat(one.toCompletableFuture().join()).isInstanceOf(TransferReply.Accepted.class);
    assertThat(reason(two.toCompletableFuture().join())).isEqualTo(Reason.STALE_REVISION);
  }

  @Test
  void anEndedTransferIsNotTakenOver() {
    // given
    Transfer transfer = begun();
    step(new TransferStep.Cancel(ALICE, transfer.id()));
    fixture.pass(java.time.Duration.ofMinutes(3));
    assertThat(now(transfer).outcome()).isPresent();
    // when
    TransferReply taken =
        step(new TransferStep.TakeOver(BOB, transfer.id(), OptionalLong.empty(), "late"));
    // then
    assertThat(reason(taken)).isEqualTo(Reason.NOT_PERMITTED_NOW);
  }

  @Test
  void aRefusedDryRunIsAuditedAndAShownPlanIsNot() {
    // given
    Session session = fixture.aliceAndBobTalk();
    // when
    PlanReply shown =
        fixture.answer(
            () -> fixture.core.transfers().plan(request(ALICE, session, OptionalLong.empty())));
    PlanReply refused =
        fixture.answer(
            () ->
                fixture
                    .core
                    .transfers()
                    .plan(request(ALICE, session, OptionalLong.of(session.revision() + 1))));
    // then
    assertThat(shown).isInstanceOf(PlanReply.Planned.class);
    assertThat(refused).isInstanceOf(PlanReply.Refused.class);
    assertThat(audited()).containsExactly("alice plan stale-revision");
  }

  /** A journal that takes what it is given when the test says so. */
  private static final class SlowJournal implements Journal {
    private final CompletableFuture<Void> accepted = new CompletableFuture<>();
    private boolean first = true;

    @Override
    public CompletionStage<Void> append(JournalRecord entry) {
      if (first && entry instanceof JournalRecord.TransferAccepted) {
        first = false;
        return accepted;
      }
      return CompletableFuture.completedFuture(null);
    }
  }

  @Test
  void theSecondWaitsUntilTheFirstStandsAndHasItsTurnWhereItDoesNot() {
    for (boolean durable : new boolean[] {true, false}) {
      // given
      SlowJournal journal = new SlowJournal();
      VirtualTime time = new VirtualTime();
      CoreFixture slow = new CoreFixture(time, 1, journal);
      slow.install(slow.driver, "1.0.0");
      slow.configure("host", "pbx.example");
      Session session = slow.aliceAndBobTalk();
      OptionalLong seen = OptionalLong.of(session.revision());
      CompletableFuture<TransferReply> first =
          slow.core.transfers().transfer(request(ALICE, session, seen)).toCompletableFuture();
      CompletableFuture<TransferReply> second =
          slow.core.transfers().transfer(request(BOB, session, seen)).toCompletableFuture();
      time.settle();
      assertThat(first).isNotDone();
      assertThat(second).isNotDone();
      // when
      if (durable) {
        journal.accepted.complete(null);
      } else {
        journal.accepted.completeExceptionally(new java.io.IOException("the disk is full"));
      }
      time.settle();
      // then
      if (durable) {
        assertThat(reason(second.join())).isEqualTo(Reason.TRANSFER_EXISTS);
        assertThat(((TransferReply.Refused) second.join()).existing())
            .hasValue(((TransferReply.Accepted) first.join()).transfer().id());
      } else {
        assertThat(reason(first.join())).isEqualTo(Reason.JOURNAL_UNAVAILABLE);
        assertThat(second.join()).isInstanceOf(TransferReply.Accepted.class);
      }
    }
  }
}
