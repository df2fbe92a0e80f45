package org.jackfield.core.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jackfield.core.FakeDriver.connection;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jackfield.api.provider.AddressInfo;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.CallSnapshot;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.core.FakeDriver;
import org.jackfield.core.VirtualTime;
import org.jackfield.core.event.Teller;
import org.jackfield.core.record.MemoryJournal;
import org.jackfield.core.run.Environment;
import org.junit.jupiter.api.Test;

/** One lane by itself, with a link that only counts. */
class SessionLaneTest {
  private final VirtualTime time = new VirtualTime();
  private final SessionIndex index = new SessionIndex();
  private final Link link = new Link();
  private final SessionLane lane = lane();

  private static final class Link implements ProviderLink {
    int snapshots;

    @Override
    public void send(Command command, Consumer<CommandResult> done) {}

    @Override
    public void requestSnapshot() {
      snapshots++;
    }
  }

  private SessionLane lane() {
    Environment environment = time.environment(1);
    Published out =
        new Published(
            environment,
            index,
            new Teller(environment, 1),
            new MemoryJournal(),
            new Genealogy(environment));
    SessionLane made =
        new SessionLane(
            "pbx",
            out,
            new LaneListener() {
              @Override
              public void linkUp(ProviderLink from, ProviderEvent.LinkUp event) {}

              @Override
              public void linkDown(ProviderLink from, Cause cause) {}

              @Override
              public void snapshotTaken(ProviderLink from) {}

              @Override
              public void addressChanged(AddressInfo address) {}
            });
    made.post(() -> made.attach(link));
    made.fact(link, new ProviderEvent.LinkUp(FakeDriver.ALL, Map.of()));
    time.settle();
    return made;
  }

  @Test
  void aPictureThatIsDroppedWithTheFactsIsAskedForAgain() {
    // given
    assertThat(link.snapshots).isEqualTo(1);
    lane.fact(
        link,
        new ProviderEvent.Snapshot(
            List.of(
                new CallSnapshot(
                    new CallId("c1"), List.of(connection("alice", ConnectionState.CONNECTED))))));

    // when
    for (int i = 0; i < Inbox.FACTS; i++) {
      lane.fact(
          link,
          new ProviderEvent.ConnectionChanged(
              new CallId("c2"), connection("bob", ConnectionState.CONNECTED)));
    }
    time.settle();

    // then
    assertThat(link.snapshots).isEqualTo(2);
  }

  @Test
  void workThatBreaksDoesNotStopTheWorkBehindIt() {
    // given
    List<String> done = new ArrayList<>();
    lane.post(
        () -> {
          throw new NoClassDefFoundError("of a bundle that has gone");
        });

    // when
    lane.post(() -> done.add("behind it"));
    time.settle();

    // then
    assertThat(done).containsExactly("behind it");
  }
}
