package org.jackfield.pbx.simulated;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Who is in which call, and the telling of it.
 *
 * <p>Changes are collected and told as events when the input is done, in the order in which the
 * connections were touched; {@link #flush} tells them earlier where an intermediate state is to be
 * seen.
 */
abstract class Board {

  final Profile profile;
  final Pace pace;
  final Timers timers;
  final RandomGenerator random;
  final Directory directory;

  private final String run;
  private final Consumer<Message.Event> told;
  private final Map<String, Call> calls = new LinkedHashMap<>();
  private final Set<Connection> touched = new LinkedHashSet<>();
  private long seq;
  private long lastId;
  private @Nullable String command;

  Board(
      String run,
      Profile profile,
      Pace pace,
      Timers timers,
      RandomGenerator random,
      Directory directory,
      Consumer<Message.Event> told) {
    this.run = run;
    this.profile = profile;
    this.pace = pace;
    this.timers = timers;
    this.random = random;
    this.directory = directory;
    this.told = told;
  }

  static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }

  /** Something that may be refused before it has changed anything. */
  @FunctionalInterface
  interface Service {
    void perform() throws Refused;
  }

  /** Does one input as a whole. Events name {@code cause} as their command. */
  void input(@Nullable String cause, Service service) throws Refused {
    String before = command;
    command = cause;
    try {
      service.perform();
    } finally {
      flush();
      command = before;
    }
  }

  /** Does something later, as an input of its own, unless it is cancelled. */
  Timers.Timer later(Duration delay, @Nullable String cause, Runnable action) {
    return timers.after(
        delay,
        () -> {
          String before = command;
          command = cause;
          action.run();
          flush();
          command = before;
        });
  }

  // What is there

  Collection<Call> calls() {
    return calls.values();
  }

  @Nullable Call find(String id) {
    return calls.get(id);
  }

  Call call(String id) throws Refused {
    Call call = calls.get(id);
    if (call == null) {
      throw new Refused(Refused.Because.INVALID_CALL_HANDLE);
    }
    return call;
  }

  Connection connection(String callId, String id) throws Refused {
    Connection connection = call(callId).connections.get(id);
    if (connection == null) {
      throw new Refused(Refused.Because.NO_SUCH_CONNECTION);
    }
    return connection;
  }

  long seq() {
    return seq;
  }

  @Nullable String command() {
    return command;
  }

  /** An id for a call that the PBX's own phones start. */
  String newCallId() {
    return run + "-" + ++lastId;
  }

  // Telling

  void touch(Connection connection) {
    touched.add(connection);
  }

  void flush() {
    for (Connection c : touched) {
      told.accept(new Message.ConnectionChanged(++seq, now(), command, c.view()));
    }
    List<Connection> changed = List.copyOf(touched);
    touched.clear();
    changed.forEach(c -> lamp(c.phone));
  }

  /** Tells a phone's lamp, if it has changed. */
  void lamp(Phone phone) {
    Phone.Lamp lamp = phone.lamp();
    if (lamp != phone.lampTold && directory.find(phone.address) == phone) {
      phone.lampTold = lamp;
      told.accept(new Message.AddressChanged(++seq, now(), command, phone.view()));
    }
  }

  void tellMerged(Call from, Call into) {
    told.accept(new Message.Merged(++seq, now(), command, from.id, into.id));
  }

  void tellBranched(Call from, Call into) {
    told.accept(new Message.Branched(++seq, now(), command, from.id, into.id));
  }

  private long now() {
    return micros(timers.now());
  }

  // Calls and connections

  Call newCall(String id) throws Refused {
    return newCall(id, timers.now());
  }

  Call newCall(String id, Instant startedAt) throws Refused {
    Refused.unless(!calls.containsKey(id), Refused.Because.INVALID_CALL_HANDLE);
    Call call = new Call(id, startedAt);
    calls.put(id, call);
    return call;
  }

  /** The call is over. */
  void forget(Call call) {
    calls.remove(call.id);
  }

  Connection join(Call call, Phone phone, Reason reason, ConnectionState state) {
    return join(call, phone, reason, state, run + "." + ++lastId);
  }

  /** A phone that dials while it holds another call is one party in both, with one id. */
  Connection offHook(Call call, Phone phone) {
    boolean sameParty = phone.lines == 1 && !phone.connections.isEmpty();
    return sameParty
        ? join(
            call,
            phone,
            Reason.DIRECT,
            ConnectionState.DIALTONE,
            phone.connections.iterator().next().id)
        : join(call, phone, Reason.DIRECT, ConnectionState.DIALTONE);
  }

  Connection join(Call call, Phone phone, Reason reason, ConnectionState state, String id) {
    Connection c = new Connection(id, call, phone, reason);
    call.connections.put(c.id, c);
    phone.connections.add(c);
    set(c, state);
    return c;
  }

  void set(Connection c, ConnectionState state) {
    c.state = state;
    touch(c);
  }

  /** Takes a connection out of its call and nothing else. */
  void end(Connection c, Cause cause) {
    remove(c);
    c.cause = cause;
    c.heldByThem = false;
    set(c, ConnectionState.IDLE);
  }

  /** Takes a connection out of its call, and tells nobody. */
  void remove(Connection c) {
    c.call.connections.remove(c.id);
    c.phone.connections.remove(c);
    if (c.clearDown != null) {
      c.clearDown.cancel();
    }
    touched.remove(c);
  }

  /** Works out who hears whom, and tells what has changed. */
  void refresh(Call call) {
    long members =
        call.connections.values().stream().filter(c -> c.state.speaks() || c.state.holds()).count();
    ConnectionState speaking =
        members > 2 ? ConnectionState.CONFERENCED : ConnectionState.CONNECTED;
    for (Connection c : call.connections.values()) {
      if (c.state.speaks() && c.state != speaking) {
        set(c, speaking);
      }
      boolean held = c.state.speaks() && hearsNobody(c);
      if (held != c.heldByThem) {
        c.heldByThem = held;
        touch(c);
      }
    }
  }

  private static boolean hearsNobody(Connection one) {
    return one.call.connections.values().stream().noneMatch(c -> c != one && c.state.speaks());
  }
}
