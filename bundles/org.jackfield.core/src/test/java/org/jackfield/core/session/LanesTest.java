package org.jackfield.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jackfield.api.journal.Journal;
import org.jackfield.api.journal.JournalRecord;
import org.jackfield.api.provider.AddressInfo;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.CallSnapshot;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.ConversationId;
import org.jackfield.api.session.SessionId;
import org.jackfield.core.FakeDriver;
import org.jackfield.core.VirtualTime;
import org.jackfield.core.event.Teller;
import org.jackfield.core.record.MemoryJournal;
import org.jackfield.core.recovery.Remembered;
import org.jackfield.core.run.Environment;
import org.junit.jupiter.api.Test;

/** A lane for each PBX, with all that works on it. */
class LanesTest {
  private static final CallId CALL = new CallId("c1");

  private final VirtualTime time = new VirtualTime();
  private final List<String> told = new ArrayList<>();
  private final Environment environment = time.environment(1);
  private final Lanes lanes =
      new Lanes(
          new Published(
              environment,
              new SessionIndex(),
              new Teller(environment, 1),
              new MemoryJournal(),
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
    Silent silent = new Silent();
    SessionLane lane = lanes.create(provider, silent);
    lane.post(() -> lane.attach(silent));
    lane.fact(silent, new ProviderEvent.LinkUp(FakeDriver.ALL, Map.of()));
    lane.fact(
        silent,
        new ProviderEvent.Snapshot(
            List.of(
                new CallSnapshot(
                    CALL, List.of(FakeDriver.connection("alice", ConnectionState.CONNECTED))))));
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
  void aCallOfAnEarlierLifeIsTheSessionThatItWas() {
    // given
    MemoryJournal journal = new MemoryJournal();
    SessionId session = new SessionId(4711);
    ConversationId conversation = new ConversationId(4710);
    Remembered left =
        Remembered.of(
            new Journal() {
              @Override
              public CompletionStage<Void> append(JournalRecord one) {
                return journal.append(one);
              }

              @Override
              public void replay(Consumer<JournalRecord> to) {
                to.accept(new JournalRecord.CallBound("one", CALL, session, conversation));
              }
            });

    // when
    lanes.remember(left);
    SessionLane lane = opened("one");

    // then
    assertThat(lane.calls().find(CALL)).map(LiveSession::id).contains(session);
    assertThat(lane.calls().find(CALL).map(LiveSession::conversation))
        .isEqualTo(Optional.of(conversation));
    assertThat(opened("two").calls().find(CALL).orElseThrow().id()).isNotEqualTo(session);
  }
}
