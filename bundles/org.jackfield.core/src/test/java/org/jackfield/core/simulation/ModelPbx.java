package org.jackfield.core.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Limits;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.capability.Trait;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.CallSnapshot;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.pbx.simulated.Command;
import org.jackfield.pbx.simulated.Control;
import org.jackfield.pbx.simulated.Message;
import org.jackfield.pbx.simulated.Pace;
import org.jackfield.pbx.simulated.Pbx;
import org.jackfield.pbx.simulated.Profile;
import org.jackfield.pbx.simulated.Timers;

/**
 * The simulated PBX without its line: commands and messages as objects, and the truth of who is in
 * which call, by which all that the core says is judged.
 */
final class ModelPbx {
  static final List<String> DESKS = List.of("1000", "1001", "1002", "1003");

  private static final Map<org.jackfield.pbx.simulated.ConnectionState, ConnectionState> STATES =
      new EnumMap<>(org.jackfield.pbx.simulated.ConnectionState.class);
  private static final Map<org.jackfield.pbx.simulated.Cause, Cause> CAUSES =
      new EnumMap<>(org.jackfield.pbx.simulated.Cause.class);
  private static final Map<String, ConnectionId> IDS =
      new java.util.concurrent.ConcurrentHashMap<>();
  private static final Map<String, Address> ADDRESSES =
      new java.util.concurrent.ConcurrentHashMap<>();
  private static final Map<String, CallId> CALLS = new java.util.concurrent.ConcurrentHashMap<>();

  static {
    for (var state : org.jackfield.pbx.simulated.ConnectionState.values()) {
      STATES.put(state, ConnectionState.valueOf(state.name()));
    }
    for (var cause : org.jackfield.pbx.simulated.Cause.values()) {
      CAUSES.put(cause, Cause.of(Cause.Code.valueOf(cause.name()), cause.name()));
    }
  }

  private final Clockwork clock;
  private final Pbx pbx;
  private final Pbx.Client people;
  private final Picture truth = new Picture();
  private final List<Consumer<Told>> listeners = new ArrayList<>();
  private final Map<String, String> disconnected = new HashMap<>();
  private final Set<String> consultations = new HashSet<>();
  private int number;

  /**
   * What the PBX told, in the words of the seam.
   *
   * @param seq its number
   * @param cause the command that brought it about, or nothing where people or time did
   * @param event the fact, or nothing where a driver would tell none
   */
  record Told(long seq, String cause, ProviderEvent event) {}

  ModelPbx(Clockwork clock, String profile, long seed) {
    this.clock = clock;
    pbx =
        new Pbx(
            "c",
            Profile.named(profile),
            Pace.natural(),
            new Clock(clock),
            new Random(seed),
            DESKS.size(),
            (client, command, answer, repeated, fault) -> {});
    people = pbx.attach(new Truth());
    // Who has acted as a tester gets no faults on its link.
    script("1000", Control.Behaviour.RINGS, null);
  }

  private record Clock(Clockwork clock) implements Timers {
    @Override
    public Instant now() {
      return clock.instant();
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
      return clock.after(delay, task)::cancel;
    }
  }

  /** Sees all, at once and in order. */
  private final class Truth implements Pbx.Outlet {
    @Override
    public void tell(Message message) {
      if (message instanceof Message.Event event) {
        ProviderEvent fact = fact(event);
        if (fact != null) {
          truth.apply(fact);
        }
        ProviderEvent origin = consultation(event);
        if (origin != null) {
          tell(new Told(event.seq(), event.command(), origin));
        }
        tell(new Told(event.seq(), event.command(), fact));
      }
    }

    private void tell(Told told) {
      listeners.forEach(l -> l.accept(told));
    }

    @Override
    public void cut() {}
  }

  /** Hears of everything that happens, at once. */
  void listen(Consumer<Told> listener) {
    listeners.add(listener);
  }

  /** A driver connects. */
  Pbx.Client attach(Pbx.Outlet outlet) {
    return pbx.attach(outlet);
  }

  Picture truth() {
    return truth;
  }

  // What people do

  void act(String phone, Control.Act act, String target) {
    people.command(new Control.Handset(id(), phone, act, target));
  }

  void script(String phone, Control.Behaviour behaviour, Long ringMs) {
    people.command(new Control.Script(id(), phone, behaviour, ringMs));
  }

  void phone(Control.What what, String phone) {
    people.command(new Control.Fault(id(), what, null, null, null, null, phone));
  }

  /** What goes wrong with the next command. */
  void spoil(Control.What what, String reason) {
    people.command(new Control.Fault(id(), what, null, reason, 1, 0L, null));
  }

  /** All calls, as the PBX itself says. */
  ProviderEvent.Snapshot look() {
    return snapshot(pbx.snapshot("look"));
  }

  /** Everybody in the call goes home. */
  void clear(CallId call) {
    people.command(new Command.ClearCall(id(), call.value()));
  }

  private String id() {
    return "p" + ++number;
  }

  // In the words of the seam

  /** A PBX's own tone for a party that has left, and then its silence, are one fact. */
  private ProviderEvent fact(Message.Event event) {
    return switch (event) {
      case Message.ConnectionChanged c -> {
        Message.ConnectionView view = c.connection();
        Connection connection = connection(view);
        String key = view.call() + ' ' + view.connection();
        boolean toldAlready = disconnected.remove(key) != null;
        if (view.state() == org.jackfield.pbx.simulated.ConnectionState.DISCONNECTED) {
          disconnected.put(key, key);
        }
        yield toldAlready && connection.state().isOver()
            ? null
            : new ProviderEvent.ConnectionChanged(call(view.call()), connection);
      }
      case Message.Merged m -> new ProviderEvent.CallsMerged(call(m.from()), call(m.into()));
      case Message.Branched b ->
          new ProviderEvent.CallBranched(call(b.from()), call(b.into()), false);
      case Message.AddressChanged a -> null;
    };
  }

  /** A call in which a party consults has come out of the one that it holds: told once. */
  private ProviderEvent consultation(Message.Event event) {
    return event instanceof Message.ConnectionChanged c
            && c.connection().consults() != null
            && consultations.add(c.connection().call())
        ? new ProviderEvent.CallBranched(
            call(c.connection().consults()), call(c.connection().call()), true)
        : null;
  }

  static CallId call(String id) {
    return id.startsWith("c") ? CALLS.computeIfAbsent(id, CallId::new) : new CallId(id);
  }

  static Connection connection(Message.ConnectionView view) {
    ConnectionState state = STATES.get(view.state());
    Connection connection =
        Connection.of(
                IDS.computeIfAbsent(view.connection(), ConnectionId::new),
                ADDRESSES.computeIfAbsent(view.address(), Address::new),
                view.name(),
                state)
            .heldByThem(view.heldByThem());
    return state.isOver()
        ? connection.left(view.cause() == null ? Cause.NORMAL : CAUSES.get(view.cause()))
        : connection;
  }

  static ProviderEvent.Snapshot snapshot(Message.Snapshot snapshot) {
    List<CallSnapshot> calls = new ArrayList<>();
    for (Message.CallView call : snapshot.calls()) {
      List<Connection> parties = new ArrayList<>();
      for (Message.ConnectionView view : call.connections()) {
        Connection connection = connection(view);
        if (!connection.state().isOver()) {
          parties.add(connection);
        }
      }
      if (!parties.isEmpty()) {
        calls.add(new CallSnapshot(call(call.call()), parties));
      }
    }
    return new ProviderEvent.Snapshot(calls);
  }

  static Capabilities capabilities(Message.Hello hello) {
    List<Operation> operations = new ArrayList<>();
    hello.operations().forEach(o -> Operation.named(o).ifPresent(operations::add));
    List<Trait> traits = new ArrayList<>();
    hello.traits().forEach(t -> Trait.named(t).ifPresent(traits::add));
    Message.Limits limits = hello.limits();
    return Capabilities.of(operations, traits)
        .withLimits(new Limits(limits.onHold(), limits.onHoldPending(), limits.conference()));
  }
}
