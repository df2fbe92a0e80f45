package org.jackfield.pbx.simulated;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A PBX in real time on loopback TCP, in this process. Any thread. */
public final class RunningPbx implements Closeable {

  /**
   * How to run it.
   *
   * @param calls how many calls its own people keep going
   * @param port 0 for a free one
   * @param data where {@code pbx.address} and {@code pbx-commands.log} are written
   * @param seed of all that is random
   */
  public record Settings(Profile profile, Pace pace, int calls, int port, Path data, long seed) {}

  private static final long ANSWER_SECONDS = 10;

  private final ScheduledThreadPoolExecutor thread = RealTimers.newThread();
  private final Path addressFile;
  private final CommandLog log;
  private final TcpLink link;
  private final Timers timers;
  private final CompletableFuture<Pbx.Client> tester = new CompletableFuture<>();
  private Message.@Nullable Answer answer;

  /** Starts; clients can connect when this returns. A bug of the PBX is printed. */
  public RunningPbx(Settings settings) throws IOException {
    this(settings, (thread, bug) -> bug.printStackTrace(System.err));
  }

  RunningPbx(Settings settings, Thread.UncaughtExceptionHandler onBug) throws IOException {
    timers = new RealTimers(thread, onBug);
    Files.createDirectories(settings.data);
    log = new CommandLog(settings.data.resolve("pbx-commands.log"), timers, System.err);
    Pbx pbx =
        new Pbx(
            Long.toString(System.currentTimeMillis(), 36),
            settings.profile,
            settings.pace,
            timers,
            new Random(settings.seed),
            Math.max(Directory.ORDINARY, Traffic.phonesFor(settings.calls)),
            log);
    timers.after(Duration.ZERO, () -> tester.complete(pbx.attach(new Ear())));
    timers.after(Duration.ZERO, new Traffic(pbx, settings.calls)::start);
    link = new TcpLink(pbx, task -> timers.after(Duration.ZERO, task), settings.port);
    addressFile = settings.data.resolve("pbx.address");
    publish(addressFile, link.address());
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

  /** Where clients find it: {@code host:port}. */
  public String address() {
    return link.address();
  }

  private final class Ear implements Pbx.Outlet {
    @Override
    public void tell(Message message) {
      if (message instanceof Message.Answer told) {
        answer = told;
      }
    }

    @Override
    public void cut() {
      // A tester's link is never cut, and this one is no link.
      return;
    }
  }

  /** Does what a tester wants, and waits for the answer. */
  public Message.Answer act(Command command) {
    CompletableFuture<Message.Answer> answered = new CompletableFuture<>();
    timers.after(
        Duration.ZERO,
        () -> {
          tester.join().command(command);
          answered.complete(answer);
        });
    try {
      return answered.get(ANSWER_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException dead) {
      throw new IllegalStateException("the PBX does not answer", dead);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", stopped);
    }
  }

  /** Stops in order: no new clients, the links, the work, the log. */
  @Override
  public void close() throws IOException {
    Files.deleteIfExists(addressFile);
    link.close();
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(2, TimeUnit.SECONDS)) {
        throw new IOException("the PBX's thread does not end");
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    log.close();
  }
}
