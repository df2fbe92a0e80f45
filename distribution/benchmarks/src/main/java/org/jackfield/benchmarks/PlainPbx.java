package org.jackfield.benchmarks;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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

/**
 * The smallest PBX that can move a call: a table of connections, no lines and no JSON, and phones
 * that answer at once. What the core costs is seen with it, as it costs little itself.
 */
final class PlainPbx implements TelephonyDriver {
  static final Capabilities MAY =
      Capabilities.of(
          EnumSet.of(
              Operation.MAKE_CALL,
              Operation.HOLD,
              Operation.RETRIEVE,
              Operation.ALTERNATE,
              Operation.BLIND_TRANSFER,
              Operation.CONSULT,
              Operation.DIAL,
              Operation.COMPLETE,
              Operation.RECALL,
              Operation.CLEAR),
          EnumSet.of(Trait.TRANSFER_NORM, Trait.RELEASE_ON_ANSWER, Trait.AUTO_RECONNECT));

  private final Map<CallId, List<Connection>> calls = new HashMap<>();
  private Optional<ProviderContext> server = Optional.empty();
  private long parties;

  @Override
  public List<ConfigKey> schema() {
    return List.of();
  }

  @Override
  public ProbeReport probe(ProviderConfig config) {
    return new ProbeReport(List.of());
  }

  @Override
  public TelephonyProvider open(
      ProviderConfig config, ProviderContext context, Optional<Handover> handover) {
    server = Optional.of(context);
    context.execute(() -> context.report(new ProviderEvent.LinkUp(MAY, Map.of())));
    return new Opened(context);
  }

  /** A call of two that talk; told, as any other change. */
  void call(String name, String from, String to) {
    CallId call = new CallId(name);
    put(call, party(from, ConnectionState.CONNECTED));
    put(call, party(to, ConnectionState.CONNECTED));
  }

  private Connection party(String address, ConnectionState state) {
    return Connection.of(
        new ConnectionId("dev-" + Long.toString(++parties, 36)), new Address(address), "", state);
  }

  private void put(CallId call, Connection now) {
    List<Connection> in = calls.computeIfAbsent(call, c -> new ArrayList<>(3));
    int at = indexOf(in, now.id());
    if (now.state().isOver()) {
      in.remove(at);
      if (in.isEmpty()) {
        calls.remove(call);
      }
    } else if (at < 0) {
      in.add(now);
    } else {
      in.set(at, now);
    }
    tell(new ProviderEvent.ConnectionChanged(call, now));
  }

  private static int indexOf(List<Connection> in, ConnectionId party) {
    for (int i = 0; i < in.size(); i++) {
      if (in.get(i).id().equals(party)) {
        return i;
      }
    }
    return -1;
  }

  private List<Connection> in(CallId call) {
    return Objects.requireNonNull(calls.get(call));
  }

  private Connection at(CallId call, ConnectionId party) {
    List<Connection> in = in(call);
    return in.get(indexOf(in, party));
  }

  /** Tells the server something, true or not. */
  void tell(ProviderEvent event) {
    server.ifPresent(to -> to.report(event));
  }

  /** Nothing can stand between a phone's ringing and its answer here but the server. */
  private final class Opened implements TelephonyProvider {
    private final ProviderContext context;

    Opened(ProviderContext context) {
      this.context = context;
    }

    @Override
    public CompletionStage<ProviderReply> execute(Command command) {
      switch (command) {
        case Command.BlindTransfer c -> {
          hold(c.call(), c.transferor());
          Connection target = party(c.target().value(), ConnectionState.OFFERING);
          put(c.call(), target);
          context.execute(() -> blindAnswered(c, target));
        }
        case Command.Consult c -> {
          hold(c.call(), c.transferor());
          put(c.consultation(), at(c.call(), c.transferor()).in(ConnectionState.DIALTONE));
        }
        case Command.Dial c -> {
          put(c.call(), at(c.call(), c.transferor()).in(ConnectionState.RINGBACK));
          Connection target = party(c.target().value(), ConnectionState.OFFERING);
          put(c.call(), target);
          context.execute(() -> dialAnswered(c, target));
        }
        case Command.Complete c -> complete(c);
        default -> throw new IllegalStateException("this benchmark asks for no " + command);
      }
      return CompletableFuture.completedStage(ProviderReply.ACCEPTED);
    }

    private void hold(CallId call, ConnectionId transferor) {
      put(call, at(call, transferor).in(ConnectionState.ON_HOLD_PENDING_TRANSFER));
      others(call, transferor).forEach(other -> put(call, other.heldByThem(true)));
    }

    private List<Connection> others(CallId call, ConnectionId but) {
      return in(call).stream().filter(c -> !c.id().equals(but)).toList();
    }

    private void blindAnswered(Command.BlindTransfer c, Connection target) {
      put(c.call(), target.in(ConnectionState.CONNECTED));
      put(c.call(), at(c.call(), c.transferor()).left(Cause.NORMAL));
      others(c.call(), target.id()).forEach(other -> put(c.call(), other.heldByThem(false)));
    }

    private void dialAnswered(Command.Dial c, Connection target) {
      put(c.call(), target.in(ConnectionState.CONNECTED));
      put(c.call(), at(c.call(), c.transferor()).in(ConnectionState.CONNECTED));
    }

    private void complete(Command.Complete c) {
      List<Connection> moved = in(c.consultation());
      calls.remove(c.consultation());
      for (Connection one : moved) {
        if (indexOf(in(c.call()), one.id()) < 0) {
          in(c.call()).add(one);
        }
      }
      tell(new ProviderEvent.CallsMerged(c.consultation(), c.call()));
      put(c.call(), at(c.call(), c.transferor()).left(Cause.NORMAL));
      for (Connection other : List.copyOf(in(c.call()))) {
        if (other.heldByThem()) {
          put(c.call(), other.heldByThem(false));
        }
      }
    }

    @Override
    public void requestSnapshot() {
      List<CallSnapshot> all = new ArrayList<>();
      calls.forEach((call, in) -> all.add(new CallSnapshot(call, List.copyOf(in))));
      context.report(new ProviderEvent.Snapshot(all));
    }

    @Override
    public void close() {
      server = Optional.empty();
    }
  }
}
