package org.jackfield.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jackfield.api.journal.Journal;
import org.jackfield.api.journal.JournalRecord;
import org.jackfield.api.journal.Remembered;
import org.jackfield.api.provider.AddressInfo;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.CallSnapshot;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.security.Requester;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.ConversationId;
import org.jackfield.api.session.OperationReply;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.session.SessionRequest;
import org.jackfield.core.FakeDriver;
import org.jackfield.core.VirtualTime;
import org.jackfield.core.event.Teller;
import org.jackfield.core.run.Environment;
import org.junit.jupiter.api.Test;

/** A lane for each PBX, with all that works on it. */
class LanesTest {
  private static final CallId CALL = new CallId("c1");

  private final VirtualTime time = new VirtualTime();
  private final List<String> told = new ArrayList<>();
  private final Environment environment = time.environment(1);
  private final Paper journal = new Paper(List.of());
  private final Silent silent = new Silent();
  private final Lanes lanes =
      new Lanes(
          new Published(
              environment,
              new SessionIndex(),
              new Teller(environment, 1),
              journal,
              new Genealogy(environment)),
          new OperationLog(environment),
          List.of(),
          new Work());

  private final class Work implements LaneWork {
    @Override
    public CallWatcher open(SessionLane lane) {
      return new CallWatcher() {
        @Override
        public void ended(LiveSession session, Cause cause) {
          told.add(lane.provider() + ": " + session.id().value() + " ended");
        }
      };
    }

    @Override
    public void gone(String provider) {
      told.add(provider + " is gone");
    }
  }

  /** A journal that was written before, and what is written now. */
  private static final class Paper implements Journal {
    private final List<JournalRecord> before;
    private final List<JournalRecord> records = new ArrayList<>();

    Paper(List<JournalRecord> before) {
      this.before = before;
    }

    @Override
    public CompletionStage<Void> append(JournalRecord one) {
      records.add(one);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void replay(Consumer<JournalRecord> reader) {
      before.forEach(reader);
    }
  }

  private static final class Silent implements LaneListener, ProviderLink {
    @Override
    public void linkUp(ProviderLink link, ProviderEvent.LinkUp event) {}

    @Override
    public void linkDown(ProviderLink link, Cause cause) {}

    @Override
    public void snapshotTaken(ProviderLink link) {}

    @Override
    public void addressChanged(AddressInfo address) {}

    @Override
    public void send(Command command, Consumer<CommandResult> done) {}

    @Override
    public void requestSnapshot() {}
  }

  private SessionLane opened(String provider) {
    SessionLane lane = lanes.create(provider, silent);
    lane.post(() -> lane.attach(silent));
    lane.fact(silent, new ProviderEvent.LinkUp(FakeDriver.ALL, Map.of()));
    lane.fact(
        silent,
        new ProviderEvent.Snapshot(
            List.of(
                new CallSnapshot(
                    CALL,
                    List.of(
                        FakeDriver.connection("alice", ConnectionState.CONNECTED),
                        FakeDriver.connection("bob", ConnectionState.CONNECTED))))));
    time.settle();
    return lane;
  }

  @Test
  void eachPbxHasItsLaneUntilItIsConfiguredNoMore() {
    // when
    SessionLane one = opened("one");
    SessionLane two = opened("two");

    // then
    assertThat(lanes.find("one")).map(Lanes.Entry::lane).containsSame(one);
    assertThat(lanes.find("two")).map(Lanes.Entry::lane).containsSame(two);
    assertThat(lanes.find("three")).isEmpty();
    lanes.remove("one");
    assertThat(told).containsExactly("one is gone");
    assertThat(lanes.find("one")).isEmpty();
    assertThat(lanes.find("two")).isPresent();
  }

  @Test
  void whatElseWorksOnALaneFollowsItsCallsAndNothingIsLeft() {
    // given
    assertThat(lanes.areEmpty()).isTrue();
    SessionLane lane = opened("one");
    SessionId session = lane.calls().find(CALL).orElseThrow().id();
    assertThat(lanes.areEmpty()).isFalse();

    // when
    lane.post(() -> lane.endAll(Cause.NORMAL));
    time.settle();

    // then
    assertThat(told).containsExactly("one: " + session.value() + " ended");
    assertThat(lanes.areEmpty()).isTrue();
  }

  @Test
  void aCallOfAnEarlierLifeIsTheSessionThatItWasAndOneThatIsGoneIsOver() {
    // given
    SessionId session = new SessionId(4711);
    ConversationId conversation = new ConversationId(4710);
    CallId gone = new CallId("c0");
    Instant longAgo = time.instant().minusSeconds(3_600);
    JournalRecord.CallBound.Started began = new JournalRecord.CallBound.Started(longAgo, 7);
    List<JournalRecord> before =
        List.of(
            new JournalRecord.CallBound("one", CALL, session, conversation, Optional.of(began)),
            new JournalRecord.CallBound(
                "one", gone, new SessionId(3), new ConversationId(3), Optional.empty()));

    // when
    lanes.remember(Remembered.of(new Paper(before), Instant.EPOCH));
    SessionLane lane = opened("one");

    // then
    assertThat(lane.calls().find(CALL)).map(LiveSession::id).contains(session);
    assertThat(lane.calls().find(CALL).map(LiveSession::conversation))
        .isEqualTo(Optional.of(conversation));
    assertThat(lane.calls().find(CALL).map(LiveSession::startedAt)).contains(longAgo);
    assertThat(lane.calls().find(CALL).map(LiveSession::order)).contains(7L);
    assertThat(journal.records).contains(new JournalRecord.CallEnded("one", gone));
    LiveSession other = opened("two").calls().find(CALL).orElseThrow();
    assertThat(other.id()).isNotEqualTo(session);
    assertThat(other.order()).as("behind those that were before").isGreaterThan(7);
  }

  @Test
  void anOperationIsUnderWayUntilTheCallShowsIt() {
    // given
    SessionLane lane = opened("one");
    LiveSession session = lane.calls().find(CALL).orElseThrow();
    List<OperationReply> replies = new ArrayList<>();
    lane.post(
        () ->
            lanes
                .find("one")
                .orElseThrow()
                .operations()
                .handle(
                    new SessionRequest.Hold(
                        new Requester("operator", "rest", ""),
                        session.id(),
                        FakeDriver.party("alice"),
                        OptionalLong.empty()),
                    replies::add));
    time.settle();
    assertThat(replies).hasOnlyElementsOfType(OperationReply.Accepted.class).hasSize(1);
    assertThat(lanes.find("one").orElseThrow().operations().isEmpty()).isFalse();

    // when
    lane.fact(
        silent,
        new ProviderEvent.ConnectionChanged(
            CALL, FakeDriver.connection("alice", ConnectionState.ON_HOLD)));
    time.settle();

    // then
    assertThat(lanes.find("one").orElseThrow().operations().isEmpty()).isTrue();
  }

  @Test
  void aCallThatIsBeingMadeIsSomethingThatIsLeft() {
    // given
    SessionLane lane = opened("one");
    lane.post(() -> lane.endAll(Cause.NORMAL));
    time.settle();
    assertThat(lanes.areEmpty()).isTrue();

    // when
    lane.post(
        () ->
            lanes
                .find("one")
                .orElseThrow()
                .operations()
                .handle(
                    new SessionRequest.MakeCall(
                        new Requester("operator", "rest", ""),
                        "one",
                        new Address("101"),
                        new Address("102")),
                    reply -> {}));
    time.settle();

    // then
    assertThat(lanes.areEmpty()).isFalse();
  }
}
