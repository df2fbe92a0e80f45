package org.jackfield.core;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jackfield.pbx.simulated.Command;
import org.jackfield.pbx.simulated.Control;
import org.jackfield.pbx.simulated.Lines;
import org.jackfield.pbx.simulated.Message;
import org.jackfield.pbx.simulated.Pace;
import org.jackfield.pbx.simulated.Pbx;
import org.jackfield.pbx.simulated.Profile;
import org.jackfield.pbx.simulated.Timers;
import org.jackfield.provider.simulated.PbxLine;

/** The simulated PBX in memory, under the virtual time of the core that is connected to it. */
final class SimulatedPbx implements PbxLine.Connector {
  /** The commands that were done, by the PBX's own log. */
  final List<String> done = new ArrayList<>();


  private final VirtualTime time;
  private final Pbx pbx;
  private final Pbx.Client tester;
  private int given;

  SimulatedPbx(VirtualTime time, String profile, long seed) {
    this.time = time;
    pbx =
        new Pbx(
            "run",
            Profile.named(profile),
            Pace.natural(),
            new Clock(time),
            new Random(seed),
            0,
            (client, command, answer, repeated, fault) -> {
              boolean lost = fault == Control.What.LOST || fault == Control.What.NOT_DONE;
              if (!(command instanceof Command.ByTester) && !repeated && !lost) {
                done.add(command.id());
              }
            });
    tester = pbx.attach(new Deaf());
  }

  private record Clock(VirtualTime time) implements Timers {
    @Override
    public Instant now() {
      return time.instant();
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
      return time.after(delay, task)::cancel;
    }
  }

  private record Deaf() implements Pbx.Outlet {
    @Override
    public void tell(Message message) {}

    @Override
    public void cut() {}
  }

  /** What the PBX itself says. */
  List<Message.CallView> calls() {
    return pbx.snapshot("test").calls();
  }

  void act(String address, Control.Act act, String target) {
    tester.command(new Control.Handset("t" + ++given, address, act, target));
  }

  void fault(Control.What what, int count, long ms) {
    tester.command(new Control.Fault("t" + ++given, what, null, null, count, ms, null));
  }

  void clearAll() {
    for (Message.CallView call : calls()) {
      tester.command(new Command.ClearCall("t" + ++given, call.call()));
    }
  }

  @Override
  public PbxLine connect(PbxLine.Ears ears) {
    Pbx.Client client =
        pbx.attach(
            new Pbx.Outlet() {
              @Override
              public void tell(Message message) {
                ears.heard(Lines.line(message));
              }

              @Override
              public void cut() {
                ears.lost("cut");
              }
            });
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

  private static Command parse(String text) {
    try {
      return Lines.command(text);
    } catch (Lines.Malformed malformed) {
      throw new AssertionError(text, malformed);
    }
  }
}
