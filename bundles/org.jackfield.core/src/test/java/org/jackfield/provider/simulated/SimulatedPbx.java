package org.jackfield.provider.simulated;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.provider.TelephonyDriver;
import org.jackfield.pbx.simulated.Command;
import org.jackfield.pbx.simulated.Lines;
import org.jackfield.pbx.simulated.Message;
import org.jackfield.pbx.simulated.Pace;
import org.jackfield.pbx.simulated.Pbx;
import org.jackfield.pbx.simulated.Profile;

/** The simulated PBX with its driver, joined in memory under the test's own time. */
public final class SimulatedPbx {
  private final org.jackfield.core.run.Timers timers;
  private final Pbx pbx;
  private final Pbx.Client tester;
  private final TelephonyDriver driver = new SimulatedDriver(config -> this::connect);

  /** Whether what a driver sends arrives. */
  public java.util.function.Predicate<String> wire = text -> true;

  /** The commands of drivers that were given a second time. */
  public final List<String> repeated = new ArrayList<>();

  private final List<Pbx.Client> drivers = new ArrayList<>();

  /** What each command was, and what came of it. */
  public final List<String> witnessed = new ArrayList<>();

  public SimulatedPbx(
      InstantSource clock, org.jackfield.core.run.Timers timers, long seed, String profile) {
    this.timers = timers;
    pbx =
        new Pbx(
            "run",
            Profile.named(profile),
            Pace.natural(),
            new Clock(clock, timers),
            new Random(seed),
            0,
            (client, command, answer, again, fault) -> {
              witnessed.add(clock.instant() + " " + Lines.line(command) + " " + answer);
              if (again) {
                repeated.add(Lines.line(command));
              }
            });
    tester = pbx.attach(new Outlet(null));
  }

  /** What a PBX of that profile says of itself, in the driver's words. */
  public static Capabilities capabilities(String profile) {
    SimulatedPbx quiet =
        new SimulatedPbx(
            () -> Instant.EPOCH,
            (delay, task) -> org.jackfield.core.run.Timers.Timer.NONE,
            1,
            profile);
    List<String> heard = new ArrayList<>();
    quiet.pbx.attach(
        new Outlet(
            new PbxLine.Ears() {
              @Override
              public void heard(String text) {
                heard.add(text);
              }

              @Override
              public void lost(String why) {
                throw new AssertionError(why);
              }
            }));
    return Words.linkUp(Words.read(heard.getFirst())).capabilities();
  }

  private record Clock(InstantSource clock, org.jackfield.core.run.Timers timers)
      implements org.jackfield.pbx.simulated.Timers {
    @Override
    public Instant now() {
      return clock.instant();
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
      return timers.after(delay, task)::cancel;
    }
  }

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

  private PbxLine connect(PbxLine.Ears ears) {
    Pbx.Client client = pbx.attach(new Outlet(ears));
    if (client == null) {
      ears.lost("refused");
    } else {
      drivers.add(client);
    }
    return new PbxLine() {
      @Override
      public void send(String text) {
        if (client != null && wire.test(text)) {
          timers.after(Duration.ZERO, () -> client.command(parse(text)));
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

  private static Command parse(String text) {
    try {
      return Lines.command(text);
    } catch (Lines.Malformed malformed) {
      throw new AssertionError(text, malformed);
    }
  }

  /** Whoever was connected is gone, as when its process has died. */
  public void driversAreGone() {
    drivers.forEach(Pbx.Client::detach);
    drivers.clear();
  }

  public TelephonyDriver driver() {
    return driver;
  }

  /** The tester does something. */
  public void tester(Command command) {
    tester.command(command);
  }

  /** All calls as the PBX has them. */
  public List<Message.CallView> calls() {
    return pbx.snapshot("look").calls();
  }
}
