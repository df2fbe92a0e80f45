package org.jackfield.pbx.simulated;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

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

  private record Options(int calls, Profile profile, int port, Path home, long seed) {

    static Options parse(String[] args) {
      Map<String, String> given = new HashMap<>();
      for (int i = 0; i < args.length; i += 2) {
        if (!OPTIONS.contains(args[i]) || i + 1 == args.length) {
          throw new IllegalArgumentException("unknown option, or one without a value: " + args[i]);
        }
        given.put(args[i], args[i + 1]);
      }
      String home = System.getenv().getOrDefault("JACKFIELD_HOME", ".");
      return new Options(
          Integer.parseUnsignedInt(given.getOrDefault("--calls", "0")),
          Profile.named(given.getOrDefault("--profile", "full")),
          Integer.parseUnsignedInt(given.getOrDefault("--port", "0")),
          Path.of(given.getOrDefault("--home", home)),
          Long.parseLong(given.getOrDefault("--seed", String.valueOf(System.nanoTime()))));
    }
  }

  private Main() {}

  /** Runs until it is told to stop. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Options options;
    try {
      options = Options.parse(args);
    } catch (IllegalArgumentException wrong) {
      System.err.println(wrong.getMessage() + "\n" + USAGE);
      System.exit(2);
      return;
    }
    CountDownLatch stopped = new CountDownLatch(1);
    run(options, stopped);
    stopped.await();
  }

  private static void run(Options options, CountDownLatch stopped) throws IOException {
    ScheduledThreadPoolExecutor thread =
        new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "pbx"));
    thread.setRemoveOnCancelPolicy(true);
    // what comes once the stop has begun is not wanted any more, and no bug
    thread.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    Timers timers =
        new RealTimers(
            thread,
            (t, bug) -> {
              bug.printStackTrace(System.err);
              Runtime.getRuntime().halt(70);
            });
    Path data = Files.createDirectories(options.home.resolve("data"));
    CommandLog log = new CommandLog(data.resolve("pbx-commands.log"), timers, System.err);
    Pbx pbx =
        new Pbx(
            Long.toString(System.currentTimeMillis(), 36),
            options.profile,
            Pace.natural(),
            timers,
            new Random(options.seed),
            Traffic.phonesFor(options.calls),
            log);
    timers.after(Duration.ZERO, new Traffic(pbx, options.calls)::start);
    TcpLink link = new TcpLink(pbx, task -> timers.after(Duration.ZERO, task), options.port);
    Path address = data.resolve("pbx.address");
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> stop(thread, link, log, address, stopped), "pbx-shutdown"));
    publish(address, link.address());
    System.out.printf(
        "Simulated PBX at %s, profile %s, %d calls, seed %d%n",
        link.address(), options.profile.name(), options.calls, options.seed);
  }

  /** Readers see the whole address or none. */
  private static void publish(Path file, String address) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(next, address + "\n");
    try {
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException plainFileSystem) {
      Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void stop(
      ScheduledThreadPoolExecutor thread,
      TcpLink link,
      CommandLog log,
      Path address,
      CountDownLatch stopped) {
    try {
      Files.deleteIfExists(address);
      link.close();
      thread.shutdown();
      if (!thread.awaitTermination(2, TimeUnit.SECONDS)) {
        thread.shutdownNow();
      }
      log.close();
    } catch (IOException e) {
      System.err.println("The PBX stops, and could not tidy up: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      stopped.countDown();
    }
  }
}
