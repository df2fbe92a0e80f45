package org.jackfield.pbx.simulated;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/**
 * The simulated PBX as a process.
 *
 * <p>Options: {@code --calls N}, {@code --profile P}, {@code --port N} (0: a free one), {@code
 * --home DIR} (else {@code JACKFIELD_HOME}, else the working directory), {@code --seed S}. Its
 * address is in {@code data/pbx.address} from the moment that it listens until it stops, and each
 * command that it is given is in {@code data/pbx-commands.log}.
 */
public final class Main {

  private static final Set<String> OPTIONS =
      Set.of("--calls", "--profile", "--port", "--home", "--seed");
  private static final String USAGE =
      "usage: pbx [--calls N] [--profile P] [--port N] [--home DIR] [--seed S]\n"
          + "profiles: "
          + String.join(", ", Profile.NAMES);

  private static RunningPbx.Settings parse(String[] args) {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < args.length; i += 2) {
      if (!OPTIONS.contains(args[i]) || i + 1 == args.length) {
        throw new IllegalArgumentException("unknown option, or one without a value: " + args[i]);
      }
      given.put(args[i], args[i + 1]);
    }
    String home = System.getenv().getOrDefault("JACKFIELD_HOME", ".");
    return new RunningPbx.Settings(
        Profile.named(given.getOrDefault("--profile", "full")),
        Pace.natural(),
        Integer.parseUnsignedInt(given.getOrDefault("--calls", "0")),
        Integer.parseUnsignedInt(given.getOrDefault("--port", "0")),
        Path.of(given.getOrDefault("--home", home)).resolve("data"),
        Long.parseLong(given.getOrDefault("--seed", String.valueOf(System.nanoTime()))));
  }

  private Main() {}

  /** Runs until it is told to stop. */
  public static void main(String[] args) throws IOException, InterruptedException {
    RunningPbx.Settings settings;
    try {
      settings = parse(args);
    } catch (IllegalArgumentException wrong) {
      System.err.println(wrong.getMessage() + "\n" + USAGE);
      System.exit(2);
      return;
    }
    CountDownLatch stopped = new CountDownLatch(1);
    run(settings, stopped);
    stopped.await();
  }

  private static void run(RunningPbx.Settings settings, CountDownLatch stopped) throws IOException {
    RunningPbx pbx = new RunningPbx(settings, Main::stopWithABug);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(pbx, stopped), "pbx-shutdown"));
    System.out.printf(
        "Simulated PBX at %s, profile %s, %d calls, seed %d%n",
        pbx.address(), settings.profile().name(), settings.calls(), settings.seed());
  }

  /** A PBX that is wrong about its calls is worse than none. */
  private static void stopWithABug(Thread thread, Throwable bug) {
    bug.printStackTrace(System.err);
    Runtime.getRuntime().halt(70);
  }

  private static void stop(RunningPbx pbx, CountDownLatch stopped) {
    try {
      pbx.close();
    } catch (IOException e) {
      System.err.println("The PBX stops, and could not tidy up: " + e.getMessage());
    } finally {
      stopped.countDown();
    }
  }
}
