package org.jackfield.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jackfield.core.CoreFixture.ALICE;
import static org.jackfield.core.FakeDriver.connection;
import static org.jackfield.core.FakeDriver.party;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jackfield.api.audit.AuditEntry;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.event.Event;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.OperationReply;
import org.jackfield.api.session.OperationStatus;
import org.jackfield.api.session.Party;
import org.jackfield.api.session.Reason;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionEvent;
import org.jackfield.api.session.SessionRequest;
import org.junit.jupiter.api.Test;

/** Sessions as facts make them, and single operations, on a fake PBX under virtual time. */
class SessionsTest {
  private final CoreFixture core = CoreFixture.open();
  private final FakeDriver pbx = core.driver;

  @Test
  void aCallIsASessionFromItsFirstConnectionToItsLast() {
    // given
    long start = core.latest();
    pbx.set("c1", "alice", ConnectionState.RINGBACK);
    pbx.set("c1", "bob", ConnectionState.OFFERING);
    Session ringing = core.session();

    // when
    pbx.leave("c1", "bob", Cause.Code.BUSY);
    pbx.leave("c1", "alice", Cause.Code.NORMAL);

    // then
    assertThat(ringing.state()).isEqualTo(ConnectionState.RINGBACK);
    assertThat(ringing.party(party("alice")).orElseThrow().role()).isEqualTo(Party.Role.CALLER);
    assertThat(ringing.party(party("bob")).orElseThrow().role()).isEqualTo(Party.Role.CALLED);
    assertThat(core.sessions()).isEmpty();
    assertThat(kinds(core.events(start))).containsExactly("Started", "Changed", "Changed", "Ended");
    assertThat(core.core.isEmpty()).isTrue();
  }

  @Test
  void aRepeatedFactChangesNothing() {
    // given
    Session before = core.aliceAndBobTalk();

    // when
    pbx.set("c1", "bob", ConnectionState.CONNECTED);

    // then
    assertThat(core.session()).isEqualTo(before);
  }

  @Test
  void aLateFactOfACallThatIsOverBringsNothingBack() {
    // given
    core.aliceAndBobTalk();
    pbx.leave("c1", "bob", Cause.Code.NORMAL);
    pbx.leave("c1", "alice", Cause.Code.NORMAL);

    // when
    pbx.last()
        .report(
            new ProviderEvent.ConnectionChanged(
                new CallId("c1"), connection("bob", ConnectionState.CONNECTED)));

    // then
    assertThat(core.sessions()).isEmpty();
  }

  @Test
  void eachChangeOfASessionHasANewRevisionAndOneEvent() {
    // given
    Session before = core.aliceAndBobTalk();
    long place = core.latest();

    // when
    pbx.set("c1", "bob", ConnectionState.ON_HOLD);

    // then
    Session after = core.session();
    assertThat(after.revision()).isEqualTo(before.revision() + 1);
    assertThat(core.events(place))
        .singleElement()
        .isInstanceOfSatisfying(
            Event.OfSession.class,
            e -> assertThat(e.event()).isEqualTo(new SessionEvent.Changed(after)));
  }

  @Test
  void aMergedSessionGoesOnInTheOtherOfTheOlderConversation() {
    // given
    Session first = core.aliceAndBobTalk();
    pbx.set("c1", "bob", ConnectionState.ON_HOLD_PENDING_TRANSFER);
    pbx.set("c2", "bob", ConnectionState.CONNECTED);
    pbx.set("c2", "carol", ConnectionState.CONNECTED);
    core.sessions();

    // when
    pbx.merge("c1", "c2");

    // then
    Session left = core.session();
    assertThat(core.core.sessions().mergedInto(first.id())).contains(left.id());
    assertThat(left.conversation()).isEqualTo(first.conversation());
    assertThat(left.parties())
        .extracting(p -> p.address().value())
        .containsExactlyInAnyOrder("bob", "carol", "alice");
  }

  @Test
  void whatAPartyMayDoDependsOnItsOtherCall() {
    // given
    core.aliceAndBobTalk();
    pbx.set("c1", "bob", ConnectionState.ON_HOLD);

    // when
    pbx.set("c2", "bob", ConnectionState.CONNECTED);
    pbx.set("c2", "carol", ConnectionState.CONNECTED);

    // then
    assertThat(core.sessions())
        .allSatisfy(
            s ->
                assertThat(
                        s.party(party("bob"))
                            .orElseThrow()
                            .permitted()
                            .permits(Operation.ALTERNATE))
                    .isTrue());
  }

  @Test
  void holdIsDoneWhenTheFactShowsItAndNotBefore() {
    // given
    Session session = core.aliceAndBobTalk();

    // when
    OperationStatus accepted = accepted(hold(session, "bob"));

    // then
    assertThat(core.core.sessions().operation(accepted.id()).orElseThrow().state())
        .isEqualTo(OperationStatus.State.PENDING);
    pbx.set("c1", "bob", ConnectionState.ON_HOLD);
    core.sessions();
    assertThat(core.core.sessions().operation(accepted.id()).orElseThrow().state())
        .isEqualTo(OperationStatus.State.DONE);
    assertThat(core.audit.latest(10))
        .extracting(AuditEntry::action, AuditEntry::result)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("hold", "accepted"));
  }

  @Test
  void whatIsNotPermittedNowIsRefusedAndNothingIsSent() {
    // given
    pbx.set("c1", "alice", ConnectionState.RINGBACK);
    pbx.set("c1", "bob", ConnectionState.OFFERING);
    Session session = core.session();

    // when
    OperationReply reply = hold(session, "bob");

    // then
    assertThat(reason(reply)).isEqualTo(Reason.NOT_PERMITTED_NOW);
    assertThat(pbx.commands).isEmpty();
    assertThat(core.audit.latest(10)).hasSize(1);
  }

  @Test
  void aStaleRevisionIsRefused() {
    // given
    Session session = core.aliceAndBobTalk();

    // when
    OperationReply reply =
        core.answer(
            () ->
                core.core
                    .sessions()
                    .operate(
                        new SessionRequest.Hold(
                            ALICE,
                            session.id(),
                            party("bob"),
                            OptionalLong.of(session.revision() - 1))));

    // then
    assertThat(reason(reply)).isEqualTo(Reason.STALE_REVISION);
  }

  @Test
  void aDriverThatDoesNotAnswerIsAskedForItsPictureBeforeTheOperationFails() {
    // given
    Session session = core.aliceAndBobTalk();
    pbx.answer = command -> new CompletableFuture<>();
    int snapshots = pbx.last().snapshots;
    OperationStatus accepted = accepted(hold(session, "bob"));

    // when
    core.pass(Duration.ofSeconds(40));

    // then
    assertThat(pbx.last().snapshots).isGreaterThan(snapshots);
    OperationStatus end = core.core.sessions().operation(accepted.id()).orElseThrow();
    assertThat(end.state()).isEqualTo(OperationStatus.State.FAILED);
    assertThat(end.cause().orElseThrow().code()).isEqualTo(Cause.Code.DEADLINE);
  }

  @Test
  void aRefusalOfThePbxFailsTheOperationWithItsWords() {
    // given
    Session session = core.aliceAndBobTalk();
    pbx.answer =
        command ->
            CompletableFuture.completedStage(
                ProviderReply.Refused.of(Reason.REFUSED_BY_PBX, "no such channel"));

    // when
    OperationStatus accepted = accepted(hold(session, "bob"));

    // then
    OperationStatus end = core.core.sessions().operation(accepted.id()).orElseThrow();
    assertThat(end.state()).isEqualTo(OperationStatus.State.FAILED);
    assertThat(end.cause().orElseThrow().driver()).isEqualTo("no such channel");
  }

  @Test
  void aNewCallHasItsIdBeforeTheCommandLeaves() {
    // when
    OperationStatus accepted =
        accepted(
            core.answer(
                () ->
                    core.core
                        .sessions()
                        .operate(
                            new SessionRequest.MakeCall(
                                ALICE, "pbx", new Address("alice"), new Address("bob")))));

    // then
    String call = ((Command.MakeCall) pbx.commands.getFirst()).call().value();
    assertThat(call).isEqualTo("jf-" + accepted.session());
    pbx.set(call, "alice", ConnectionState.OFFERING);
    assertThat(core.session().id()).isEqualTo(accepted.session());
    assertThat(core.core.sessions().operation(accepted.id()).orElseThrow().state())
        .isEqualTo(OperationStatus.State.DONE);
  }

  @Test
  void aHotSessionIsRefusedAndOthersAreServed() {
    // given
    Session hot = core.aliceAndBobTalk();
    pbx.set("c2", "carol", ConnectionState.CONNECTED);
    pbx.set("c2", "dan", ConnectionState.CONNECTED);
    Session other =
        core.sessions().stream().filter(s -> !s.id().equals(hot.id())).findFirst().orElseThrow();

    // when
    List<CompletableFuture<OperationReply>> many = new java.util.ArrayList<>();
    for (int i = 0; i < 100; i++) {
      many.add(
          core.core
              .sessions()
              .operate(
                  new SessionRequest.Retrieve(ALICE, hot.id(), party("bob"), OptionalLong.empty()))
              .toCompletableFuture());
    }
    OperationReply fine =
        core.answer(
            () ->
                core.core
                    .sessions()
                    .operate(
                        new SessionRequest.Hold(
                            ALICE, other.id(), party("carol"), OptionalLong.empty())));

    // then
    assertThat(fine).isInstanceOf(OperationReply.Accepted.class);
    assertThat(many)
        .filteredOn(f -> reason(f.getNow(null)) == Reason.OVERLOADED)
        .hasSizeGreaterThanOrEqualTo(60);
  }

  @Test
  void moreFactsThanFitAreReplacedByThePbxsPicture() {
    // given
    core.aliceAndBobTalk();
    int before = pbx.last().snapshots;

    // when
    for (int i = 0; i < 20_000; i++) {
      pbx.set("x" + i % 4_000, "p" + i, ConnectionState.CONNECTED);
    }
    core.pass(Duration.ofSeconds(1));

    // then
    assertThat(pbx.last().snapshots).isGreaterThan(before);
    assertThat(core.sessions()).hasSizeLessThanOrEqualTo(500);
    assertThat(core.core.sessions().count()).isEqualTo(4_001);
  }

  @Test
  void aThousandSessionsThatComeAndGoLeaveNothing() {
    // given
    for (int i = 0; i < 1_000; i++) {
      pbx.set("c" + i, "a" + i, ConnectionState.RINGBACK);
      pbx.set("c" + i, "b" + i, ConnectionState.OFFERING);
      pbx.set("c" + i, "a" + i, ConnectionState.CONNECTED);
      pbx.set("c" + i, "b" + i, ConnectionState.CONNECTED);
      core.time.settle();
    }
    for (Session session : core.sessions()) {
      accepted(hold(session, session.parties().getFirst().id().value().substring(4)));
    }

    // when
    for (int i = 0; i < 1_000; i++) {
      pbx.leave("c" + i, "a" + i, Cause.Code.NORMAL);
      pbx.leave("c" + i, "b" + i, Cause.Code.NORMAL);
    }
    core.pass(Duration.ofMinutes(1));

    // then
    assertThat(core.core.isEmpty()).isTrue();
    assertThat(core.time.timers()).isZero();
  }

  @Test
  void whyAnOperationIsNotPermittedIsSaid() {
    // given
    Session session = core.aliceAndBobTalk();

    // when
    var refused = core.core.sessions().refused(session, party("bob"));

    // then
    assertThat(refused.get(Operation.RETRIEVE).reason()).isEqualTo(Reason.NOT_PERMITTED_NOW);
    assertThat(refused).doesNotContainKeys(Operation.HOLD, Operation.CLEAR);
    assertThat(session.party(party("bob")).orElseThrow().permitted().operationSet())
        .doesNotContainAnyElementsOf(refused.keySet());
  }

  private OperationReply hold(Session session, String party) {
    return core.answer(
        () ->
            core.core
                .sessions()
                .operate(
                    new SessionRequest.Hold(
                        ALICE, session.id(), party(party), OptionalLong.empty())));
  }

  private static OperationStatus accepted(OperationReply reply) {
    return ((OperationReply.Accepted) reply).status();
  }

  private static Reason reason(OperationReply reply) {
    return reply instanceof OperationReply.Refused no ? no.refusal().reason() : null;
  }

  private static List<String> kinds(List<Event> events) {
    return events.stream()
        .flatMap(e -> e instanceof Event.OfSession s ? Optional.of(s).stream() : null)
        .map(s -> s.event().getClass().getSimpleName())
        .toList();
  }
}
