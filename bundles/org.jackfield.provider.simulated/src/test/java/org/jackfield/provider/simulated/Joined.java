package org.jackfield.provider.simulated;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.CommandId;
import org.jackfield.api.provider.ProviderConfig;
import org.jackfield.api.provider.ProviderContext;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.provider.TelephonyProvider;
import org.jackfield.api.session.Address;
import org.jackfield.pbx.simulated.Control;
import org.jackfield.pbx.simulated.Lines;
import org.jackfield.pbx.simulated.Message;
import org.jackfield.pbx.simulated.Pace;
import org.jackfield.pbx.simulated.Pbx;
import org.jackfield.pbx.simulated.Profile;
import org.jackfield.pbx.simulated.VirtualTime;

/** A PBX and its driver joined in memory, under one virtual time. */
final class Joined implements ProviderContext, PbxLine.Connector {

  final VirtualTime time = new VirtualTime();
  final List<String> witnessed = new ArrayList<>();
  final List<ProviderEvent> facts = new ArrayList<>();
  final Pbx pbx;
  final TelephonyProvider provider;
  int attempts;
  private final Pbx.Client tester;
  private int faults;

  Joined() {
    pbx =
        new Pbx(
            "run",
            Profile.named("full"),
            Pace.natural(),
            time,
            new Random(1),
            0,
            (client, command, answer, repeated, fault) ->
                witnessed.add(Lines.line(command) + (repeated ? " repeated" : "")));
    tester = pbx.attach(new Outlet(null));
    provider =
        new SimulatedDriver(config -> this)
            .open(new ProviderConfig("sim", Map.of()), this, Optional.empty());
    pass(0);
  }

  /** The PBX's end of a line in memory; the tester's has no ears. */
  private record Outlet(PbxLine.Ears ears) implements Pbx.Outlet {
    @Override
    public void tell(Message message) {
      if (ears != null) {
        ears.heard(Lines.line(message));
      }
    }

    @Override
    public void cut() {
      ears.lost("cut");
    }
  }

  @Override
  public PbxLine connect(PbxLine.Ears ears) {
    attempts++;
    Pbx.Client client = pbx.attach(new Outlet(ears));
    if (client == null) {
      ears.lost("refused");
    }
    return new PbxLine() {
      @Override
      public void send(String text) {
        if (client != null) {
          time.after(Duration.ZERO, () -> client.command(parse(text)));
        }
      }

      @Override
      public void close() {
        if (client != null) {
          client.detach();
        }
      }
    };
  }

  private static org.jackfield.pbx.simulated.Command parse(String text) {
    try {
      return Lines.command(text);
    } catch (Lines.Malformed malformed) {
      throw new AssertionError(text, malformed);
    }
  }

  @Override
  public String provider() {
    return "sim";
  }

  @Override
  public void report(ProviderEvent event) {
    if (!(event instanceof ProviderEvent.AddressChanged)) {
      facts.add(event);
    }
  }

  @Override
  public void execute(Runnable task) {
    time.after(Duration.ZERO, task);
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    return time.after(delay, task)::cancel;
  }

  void pass(long ms) {
    time.pass(Duration.ofMillis(ms));
  }

  void fault(Control.What what, String verb, int count, long ms) {
    tester.command(new Control.Fault("f" + ++faults, what, verb, null, count, ms, null));
  }

  CompletionStage<ProviderReply> makeCall(String call) {
    return provider.execute(
        new Command.MakeCall(
            new CommandId(ThreadLocalRandom.current().nextLong()),
            new CallId(call),
            new Address("1500"),
            new Address("6003")));
  }

  /** The facts about connections in words: {@code 1500 ringback}. */
  List<String> connections() {
    return facts.stream()
        .filter(ProviderEvent.ConnectionChanged.class::isInstance)
        .map(f -> ((ProviderEvent.ConnectionChanged) f).connection())
        .map(c -> c.address() + " " + c.state().text())
        .toList();
  }

  long count(Class<? extends ProviderEvent> kind) {
    return facts.stream().filter(kind::isInstance).count();
  }

  long witnessedCalls(String part) {
    return witnessed.stream().filter(w -> w.contains("makeCall") && w.contains(part)).count();
  }
}
