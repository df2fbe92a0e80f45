package org.jackfield.core;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.capability.Trait;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.CallSnapshot;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.ConfigKey;
import org.jackfield.api.provider.Handover;
import org.jackfield.api.provider.ProbeReport;
import org.jackfield.api.provider.ProviderConfig;
import org.jackfield.api.provider.ProviderContext;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.provider.TelephonyDriver;
import org.jackfield.api.provider.TelephonyProvider;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;

/** A driver whose PBX is a table of connections that the test writes. */
public final class FakeDriver implements TelephonyDriver {
  public static final Map<String, Object> PROPERTIES = Map.of("org.jackfield.driver.name", "fake");

  public static final Capabilities ALL =
      Capabilities.of(
          EnumSet.allOf(Operation.class),
          EnumSet.of(Trait.TRANSFER_NORM, Trait.TRANSFER_CONF, Trait.RELEASE_ON_ANSWER));

  public final Map<CallId, Map<ConnectionId, Connection>> calls = new LinkedHashMap<>();
  public final List<Opened> opened = new ArrayList<>();
  public final List<Command> commands = new ArrayList<>();

  /** How a command is answered; it may also tell facts. */
  public Function<Command, CompletionStage<ProviderReply>> answer =
      command -> CompletableFuture.completedStage(ProviderReply.ACCEPTED);

  public Capabilities capabilities = ALL;
  public ProbeReport probe = new ProbeReport(List.of());
  public boolean linkComesUp = true;

  /** What it hands over, null where it breaks, and whether it takes over what another one did. */
  public Optional<Handover> handover = Optional.empty();

  public boolean takesOver = true;
  public final List<Handover> taken = new ArrayList<>();

  /** What happens between the moment that a picture is of, by its number, and its telling. */
  public IntConsumer picturing = number -> {};

  /** What happens before it returns from opening. */
  public Runnable whileOpening = () -> {};

  @Override
  public List<ConfigKey> schema() {
    return List.of(
        ConfigKey.required("host", ConfigKey.Type.TEXT, "Where it is."),
        ConfigKey.optional("port", ConfigKey.Type.PORT, "5038", "Its port."));
  }

  @Override
  public ProbeReport probe(ProviderConfig config) {
    return probe;
  }

  @Override
  public TelephonyProvider open(
      ProviderConfig config, ProviderContext context, Optional<Handover> handover) {
    Opened one = new Opened(config, context);
    opened.add(one);
    whileOpening.run();
    if (linkComesUp) {
      context.execute(one::linkUp);
    }
    return one;
  }

  /** One that is open. */
  public final class Opened implements TelephonyProvider {
    public final ProviderConfig config;
    private final ProviderContext context;
    public boolean closed;
    public int snapshots;
    public int handOvers;

    Opened(ProviderConfig config, ProviderContext context) {
      this.config = config;
      this.context = context;
    }

    public void linkUp() {
      context.report(new ProviderEvent.LinkUp(capabilities, Map.of()));
    }

    public void linkDown() {
      context.report(new ProviderEvent.LinkDown(Cause.of(Cause.Code.PROVIDER_LOST)));
    }

    public void report(ProviderEvent event) {
      context.report(event);
    }

    @Override
    public void requestSnapshot() {
      snapshots++;
      List<CallSnapshot> all = new ArrayList<>();
      calls.forEach((call, in) -> all.add(new CallSnapshot(call, List.copyOf(in.values()))));
      picturing.accept(snapshots);
      context.report(new ProviderEvent.Snapshot(all));
    }

    @Override
    public CompletionStage<ProviderReply> execute(Command command) {
      commands.add(command);
      return answer.apply(command);
    }

    @Override
    public Optional<Handover> handOver() {
      handOvers++;
      if (handover == null) {
        throw new IllegalStateException("a bug of the driver");
      }
      return handover;
    }

    @Override
    public void takeOver(Handover its) {
      if (!takesOver) {
        throw new IllegalArgumentException("an unknown form");
      }
      taken.add(its);
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  /** The one that was opened last. */
  public Opened last() {
    return opened.getLast();
  }

  /** The PBX changes, and the driver that is open tells it. */
  public void set(String call, String party, ConnectionState state) {
    set(call, connection(party, state));
  }

  public void set(String call, Connection connection) {
    change(call, connection);
    last().report(new ProviderEvent.ConnectionChanged(new CallId(call), connection));
  }

  /** The PBX changes, and nobody tells it. */
  public void change(String call, Connection connection) {
    Map<ConnectionId, Connection> in =
        calls.computeIfAbsent(new CallId(call), c -> new LinkedHashMap<>());
    if (connection.state().isOver()) {
      in.remove(connection.id());
      if (in.isEmpty()) {
        calls.remove(new CallId(call));
      }
    } else {
      in.put(connection.id(), connection);
    }
  }

  public void merge(String from, String into) {
    Map<ConnectionId, Connection> moved = calls.remove(new CallId(from));
    Map<ConnectionId, Connection> in =
        calls.computeIfAbsent(new CallId(into), c -> new LinkedHashMap<>());
    moved.forEach(in::putIfAbsent);
    last().report(new ProviderEvent.CallsMerged(new CallId(from), new CallId(into)));
  }

  public void leave(String call, String party, Cause.Code cause) {
    set(call, connection(party, ConnectionState.CONNECTED).left(Cause.of(cause)));
  }

  public static ConnectionId party(String name) {
    return new ConnectionId("dev-" + name);
  }

  /** A party whose id, address and name follow from its name. */
  public static Connection connection(String party, ConnectionState state) {
    return Connection.of(party(party), new Address(party), "Mx " + party, state);
  }
}
