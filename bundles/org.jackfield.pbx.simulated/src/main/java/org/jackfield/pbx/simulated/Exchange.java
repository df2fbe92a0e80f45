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
import org.jackfield.pbx.simulated.Call.Attempt;
import org.jackfield.pbx.simulated.Call.Keeping;
import org.jspecify.annotations.Nullable;

/**
 * Call processing: who is in which call, who rings, who leaves, and what follows from it.
 *
 * <p>Changes are collected and told as events when the input is done, in the order in which the
 * connections were touched; {@link #flush} tells them earlier where an intermediate state is to be
 * seen.
 */
final class Exchange {

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

  Exchange(
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

  void endCall(Call call) {
    calls.remove(call.id);
    stopKeeping(call);
    detachConsultation(call);
  }

  /** The call is nobody's consultation any more. */
  void detachConsultation(Call consultation) {
    Connection held = consultation.consultsFor;
    if (held == null) {
      return;
    }
    consultation.consultsFor = null;
    held.consultation = null;
    for (Connection c : consultation.parties()) {
      touch(c);
      if (c.state.hasFailed() && c.clearDown == null) {
        clearDown(c);
      }
    }
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

  // Ringing

  /** Dials the attempt's target. */
  void dial(Attempt a) {
    a.call.attempt = a;
    a.call.dialled = a.target;
    if (a.caller != null) {
      a.caller.cause = null;
      set(a.caller, ConnectionState.DIALING);
    } else if (a.transferor != null) {
      set(a.transferor, ConnectionState.ON_HOLD_PENDING_TRANSFER);
    } else {
      limit(a);
    }
    refresh(a.call);
    flush();
    a.progress = later(pace.dial(), a.command, () -> reach(a));
  }

  /** From now on nobody but the PBX watches over this attempt. */
  void limit(Attempt a) {
    if (a.limit == null) {
      a.limit = later(pace.noAnswer(), a.command, () -> fail(a, Cause.NO_ANSWER));
    }
  }

  private void reach(Attempt a) {
    Phone phone = directory.find(a.target);
    if (phone == null || !phone.inService) {
      fail(a, phone == null ? Cause.BAD_ADDRESS : Cause.OUT_OF_ORDER);
      return;
    }
    if (a.caller != null) {
      set(a.caller, ConnectionState.PROCEEDING);
    }
    a.progress = later(pace.dial(), a.command, () -> ring(a, phone));
  }

  private void ring(Attempt a, Phone phone) {
    if (phone.isBusy() || !phone.inService) {
      if (a.campsOn) {
        a.progress = later(pace.campOn(), a.command, () -> ring(a, phone));
      } else {
        fail(a, phone.inService ? Cause.BUSY : Cause.OUT_OF_ORDER);
      }
      return;
    }
    Connection leg = join(a.call, phone, a.reason, ConnectionState.OFFERING);
    a.leg = leg;
    if (a.caller != null) {
      set(a.caller, ConnectionState.RINGBACK);
    }
    switch (phone.behaviour) {
      case ANSWERS -> a.progress = later(ringTime(phone), null, () -> answer(leg));
      case DECLINES -> a.progress = later(ringTime(phone), null, () -> leave(leg, Cause.REJECT));
      case RINGS, BUSY -> a.progress = null;
    }
  }

  private Duration ringTime(Phone phone) {
    if (phone.rings != null) {
      return phone.rings;
    }
    if (phone.lines > 1) {
      return pace.service();
    }
    long min = pace.ringMin().toMillis();
    return Duration.ofMillis(min + random.nextLong(pace.ringMax().toMillis() - min + 1));
  }

  /** The ringing phone is picked up. */
  void answer(Connection leg) {
    Call call = leg.call;
    Attempt a = call.attempt;
    if (a == null || a.leg != leg) {
      return;
    }
    a.stopTimers();
    call.attempt = null;
    stopKeeping(call);
    set(leg, ConnectionState.CONNECTED);
    if (a.caller != null) {
      set(a.caller, ConnectionState.CONNECTED);
    }
    if (a.transferor != null) {
      end(a.transferor, Cause.NORMAL);
    }
    if (a.releasesHolders) {
      letHoldersGo(call);
    }
    refresh(call);
  }

  private void letHoldersGo(Call call) {
    for (Connection c : call.parties()) {
      if (c.state.holds()) {
        if (c.consultation != null) {
          detachConsultation(c.consultation);
        }
        end(c, Cause.NORMAL);
      }
    }
  }

  /** The target cannot be had. Who was there stays there. */
  void fail(Attempt a, Cause cause) {
    Call call = a.call;
    a.stopTimers();
    call.attempt = null;
    end(a.leg != null ? a.leg : neverRang(a), cause);
    Connection caller = a.caller;
    if (caller != null) {
      caller.cause = cause;
      set(caller, cause == Cause.BUSY ? ConnectionState.BUSY : ConnectionState.DISCONNECTED);
      if (call.consultsFor == null) {
        clearDown(caller);
      }
    } else if (a.transferor != null) {
      set(a.transferor, ConnectionState.CONNECTED);
    } else if (call.connections.size() == 1) {
      keepWaiting(call);
    } else {
      stopKeeping(call);
    }
    refresh(call);
  }

  private Connection neverRang(Attempt a) {
    Phone phone = directory.find(a.target);
    return join(
        a.call,
        phone != null ? phone : new Phone(a.target, "", 1, Control.Behaviour.RINGS),
        a.reason,
        ConnectionState.OFFERING);
  }

  /** The attempt is pointless or not wanted any more. */
  void abandon(Attempt a, Cause cause) {
    a.stopTimers();
    a.call.attempt = null;
    if (a.leg != null) {
      end(a.leg, cause);
    }
    if (a.transferor != null) {
      set(a.transferor, ConnectionState.CONNECTED);
    }
  }

  // Keeping whom a transfer has left alone

  private void keepWaiting(Call call) {
    Keeping keeping = call.keeping == null ? new Keeping(null) : call.keeping;
    call.keeping = keeping;
    Phone transferor = keeping.transferor;
    if (transferor != null && !keeping.recalled) {
      keeping.timer = later(pace.recall(), null, () -> recall(call, keeping, transferor));
    } else {
      keeping.timer =
          later(
              pace.patience(), null, () -> call.parties().forEach(c -> leave(c, Cause.NO_ANSWER)));
    }
  }

  private void recall(Call call, Keeping keeping, Phone transferor) {
    keeping.recalled = true;
    dial(new Attempt(call, transferor.address, Reason.REMINDER, null));
  }

  /** Should the call's other party be left alone, then this phone is recalled for it. */
  Keeping keep(Call call, Phone transferor) {
    stopKeeping(call);
    Keeping keeping = new Keeping(transferor);
    call.keeping = keeping;
    return keeping;
  }

  void stopKeeping(Call call) {
    if (call.keeping != null && call.keeping.timer != null) {
      call.keeping.timer.cancel();
    }
    call.keeping = null;
  }

  // Leaving

  /** A party leaves its call, of its own will or by command. */
  void leave(Connection c, Cause cause) {
    Call call = c.call;
    Attempt a = call.attempt;
    if (a != null && a.leg == c) {
      fail(a, cause);
      return;
    }
    if (a != null && a.caller == c) {
      abandon(a, Cause.CANCELLED);
    }
    if (a != null && a.transferor == c) {
      a.transferor = null;
      keep(call, c.phone);
      limit(a);
    }
    Connection held = c.consultsFor();
    end(c, cause);
    if (c.consultation != null) {
      detachConsultation(c.consultation);
    }
    if (held != null) {
      detachConsultation(call);
      reconnect(held);
    }
    settle(call);
  }

  private void reconnect(Connection held) {
    if (profile.has("autoReconnect")
        && held.state == ConnectionState.ON_HOLD_PENDING_TRANSFER
        && held.phone.isFreeBut(held, null)) {
      set(held, ConnectionState.CONNECTED);
      refresh(held.call);
    }
  }

  /** Brings a call to rest after somebody has left. */
  void settle(Call call) {
    Attempt a = call.attempt;
    if (a != null && call.staying().isEmpty()) {
      abandon(a, Cause.CANCELLED);
    }
    if (call.connections.isEmpty()) {
      endCall(call);
    } else if (call.connections.size() == 1 && call.keeping == null && call.attempt == null) {
      call.parties().forEach(this::farEndGone);
    }
    refresh(call);
  }

  private void farEndGone(Connection lone) {
    if (lone.state.hasFailed()) {
      return;
    }
    if (lone.consultation != null) {
      detachConsultation(lone.consultation);
    }
    lone.cause = Cause.NORMAL;
    set(lone, ConnectionState.DISCONNECTED);
    if (lone.call.consultsFor == null) {
      clearDown(lone);
    }
  }

  private void clearDown(Connection c) {
    c.clearDown =
        later(pace.clearDown(), null, () -> leave(c, c.cause == null ? Cause.NORMAL : c.cause));
  }
}
