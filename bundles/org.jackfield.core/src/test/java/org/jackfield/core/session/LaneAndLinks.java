package org.jackfield.core.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jackfield.core.FakeDriver.connection;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jackfield.api.provider.AddressInfo;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.CallSnapshot;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.CommandFate;
import org.jackfield.api.provider.CommandId;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.core.FakeDriver;
import org.jackfield.core.VirtualTime;
import org.jackfield.core.event.Teller;
import org.jackfield.core.record.MemoryJournal;
import org.jackfield.core.run.Environment;

/** A lane and the links by which its PBX may be opened; what is told is kept in its order. */
abstract class LaneAndLinks {
  static final CallId CALL = new CallId("c1");
  static final Connection ALICE = connection("alice", ConnectionState.CONNECTED);
  static final Connection BOB = connection("bob", ConnectionState.OFFERING);
  static final Command COMMAND = new Command.ClearAll(new CommandId(7), CALL);
  static final Cause LOST = Cause.of(Cause.Code.PROVIDER_LOST);

  final VirtualTime time = new VirtualTime();
  final SessionIndex index = new SessionIndex();

  /** What the lane's opener and its watcher are told, in order. */
  final List<String> told = new ArrayList<>();

  /** How much had been told at each moment at which the watcher was to settle. */
  final List<Integer> settled = new ArrayList<>();

  final Link link = new Link("first");
  final Link other = new Link("second");
  final SessionLane lane = lane();

  static final class Link implements ProviderLink {
    final String name;
    int snapshots;
    int floods;
    Optional<String> unwell = Optional.empty();
    final List<Command> sent = new ArrayList<>();
    final List<Command> asked = new ArrayList<>();
    CommandResult result = new CommandResult.Replied(ProviderReply.ACCEPTED);

    Link(String name) {
      this.name = name;
    }

    @Override
    public void send(Command command, Consumer<CommandResult> done) {
      sent.add(command);
      done.accept(result);
    }

    @Override
    public void ask(Command command, Consumer<CommandFate> done) {
      asked.add(command);
      done.accept(CommandFate.NEVER_GIVEN);
    }

    @Override
    public void toldTooMuch() {
      floods++;
    }

    @Override
    public Optional<String> unwell() {
      return unwell;
    }

    @Override
    public void requestSnapshot() {
      snapshots++;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private final class Opener implements LaneListener {
    @Override
    public void linkUp(ProviderLink from, ProviderEvent.LinkUp event) {
      told.add("opener: up by " + from);
    }

    @Override
    public void linkDown(ProviderLink from, Cause cause) {
      told.add("opener: down by " + from + ", " + cause.code().text());
    }

    @Override
    public void snapshotTaken(ProviderLink from) {
      told.add("opener: picture by " + from);
    }

    @Override
    public void addressChanged(AddressInfo address) {
      told.add("opener: address " + address.address());
    }
  }

  private final class Watcher implements CallWatcher {
    @Override
    public void connectionChanged(LiveSession session, Connection now) {
      told.add(now.address() + " " + now.state().text());
    }

    @Override
    public void merged(LiveSession from, LiveSession into) {
      told.add(from.call().value() + " merged into " + into.call().value());
    }

    @Override
    public void ended(LiveSession session, Cause cause) {
      told.add(session.call().value() + " ended, " + cause.code().text());
    }

    @Override
    public void commandFailed(CommandId command, Cause cause) {
      told.add("command " + command.value() + " failed, " + cause.code().text());
    }

    @Override
    public void snapshotTaken(long ticket) {
      told.add("picture for ticket " + ticket);
    }

    @Override
    public void linkLost(Cause cause) {
      told.add("link lost, " + cause.code().text());
    }

    @Override
    public void linkUp() {
      told.add("link up");
    }

    @Override
    public void givenUp() {
      told.add("given up");
    }

    @Override
    public void settle() {
      settled.add(told.size());
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
    SessionLane made = new SessionLane("pbx", out, new Opener());
    made.calls().watch(new Watcher());
    return made;
  }

  /** What was told since the last call of this. */
  List<String> heard() {
    time.settle();
    List<String> since = List.copyOf(told);
    told.clear();
    return since;
  }

  void on(Runnable task) {
    lane.post(task);
    time.settle();
  }

  void opened() {
    on(() -> lane.attach(link));
    lane.fact(link, new ProviderEvent.LinkUp(FakeDriver.ALL, Map.of()));
    time.settle();
  }

  void picture(Link by, Connection... connections) {
    lane.fact(
        by,
        new ProviderEvent.Snapshot(
            connections.length == 0
                ? List.of()
                : List.of(new CallSnapshot(CALL, List.of(connections)))));
    time.settle();
  }

  void fact(Connection connection) {
    lane.fact(link, new ProviderEvent.ConnectionChanged(CALL, connection));
    time.settle();
  }

  /** Up, with one call of alice and bob. */
  void live() {
    opened();
    picture(link, ALICE, BOB);
    assertThat(lane.isUp()).isTrue();
    assertThat(lane.isPictured()).isTrue();
    told.clear();
  }
}
