package org.jackfield.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.CommandId;
import org.jackfield.api.provider.Handover;
import org.jackfield.api.provider.ProviderContext;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.provider.TelephonyProvider;

/** A PBX opened through the driver, as the server would do it, and all that it has told. */
public final class Opened implements AutoCloseable {

  /** R4 and R10. */
  private static final Duration ACKNOWLEDGED = Duration.ofSeconds(2);

  private final ScheduledThreadPoolExecutor executor =
      new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "tck-provider"));
  private final List<ProviderEvent> facts = new ArrayList<>();
  private final Picture picture = new Picture();
  private final Duration patience;
  private final TelephonyProvider provider;
  private Capabilities capabilities = Capabilities.NONE;
  private boolean closed;
  private int afterClose;

  /** Opens, waits for the link and for the first snapshot. */
  Opened(Testbed bed) {
    patience = bed.patience();
    executor.setRemoveOnCancelPolicy(true);
    provider =
        onExecutor(
            () -> bed.driver().open(bed.config(), new Context(), Optional.empty()),
            patience); // the first one also loads the driver's classes
    awaitFact("R1: LinkUp", ProviderEvent.LinkUp.class, 1);
    snapshot();
  }

  private final class Context implements ProviderContext {
    @Override
    public String provider() {
      return "tck";
    }

    @Override
    public void report(ProviderEvent event) {
      synchronized (facts) {
        if (closed) {
          afterClose++;
          return;
        }
        facts.add(event);
        picture.apply(event);
        if (event instanceof ProviderEvent.LinkUp up) {
          capabilities = up.capabilities();
        }
        facts.notifyAll();
      }
    }

    @Override
    public void execute(Runnable task) {
      if (!executor.isShutdown()) {
        executor.execute(task);
      }
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
      ScheduledFuture<?> future = executor.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
      return () -> future.cancel(false);
    }
  }

  private <T> T onExecutor(Callable<T> call) {
    return onExecutor(call, ACKNOWLEDGED);
  }

  private <T> T onExecutor(Callable<T> call, Duration within) {
    return get(CompletableFuture.supplyAsync(() -> unchecked(call), executor), within);
  }

  private static <T> T unchecked(Callable<T> call) {
    try {
      return call.call();
    } catch (Exception broken) {
      throw new AssertionError("R3: the driver threw", broken);
    }
  }

  private static <T> T get(CompletableFuture<T> future, Duration within) {
    try {
      return future.get(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      throw new AssertionError("R4: no acknowledgement within " + within, late);
    } catch (ExecutionException broken) {
      throw new AssertionError("R4: the driver failed instead of answering", broken.getCause());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", stopped);
    }
  }

  /** What the PBX may ever do. */
  public Capabilities capabilities() {
    return capabilities;
  }

  /** A name for a new call. */
  public static CallId newCall() {
    return new CallId("tck-" + newCommand());
  }

  /** An id for a new command. */
  public static CommandId newCommand() {
    return new CommandId(ThreadLocalRandom.current().nextLong());
  }

  /** Gives a command and returns its acknowledgement. */
  public ProviderReply ask(Command command) {
    return get(onExecutor(() -> provider.execute(command)).toCompletableFuture(), ACKNOWLEDGED);
  }

  /** Gives a command that must be accepted. */
  public void does(Command command) {
    assertThat(ask(command)).as("%s", command).isEqualTo(ProviderReply.ACCEPTED);
  }

  /** Waits for what the facts must tell. */
  public void await(String what, Predicate<Picture> told) {
    awaitLocked(what, () -> told.test(picture));
  }

  /** Waits until a kind of fact has been told so often. */
  void awaitFact(String what, Class<? extends ProviderEvent> kind, long times) {
    awaitLocked(what, () -> facts.stream().filter(kind::isInstance).count() >= times);
  }

  private void awaitLocked(String what, BooleanSupplier told) {
    long end = System.nanoTime() + patience.toNanos();
    synchronized (facts) {
      while (!told.getAsBoolean()) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          throw new AssertionError("not told within " + patience + ": " + what + picture);
        }
        try {
          facts.wait(left);
        } catch (InterruptedException stopped) {
          Thread.currentThread().interrupt();
          throw new AssertionError("interrupted", stopped);
        }
      }
    }
  }

  /** The picture as it is now. */
  public Picture picture() {
    synchronized (facts) {
      return new Picture(picture);
    }
  }

  /** All facts so far. */
  public List<ProviderEvent> facts() {
    synchronized (facts) {
      return List.copyOf(facts);
    }
  }

  /** Asks for a snapshot, and waits for it. */
  public ProviderEvent.Snapshot snapshot() {
    long before = facts().stream().filter(ProviderEvent.Snapshot.class::isInstance).count();
    onExecutor(
        () -> {
          provider.requestSnapshot();
          return true;
        });
    awaitFact("R9: a snapshot", ProviderEvent.Snapshot.class, before + 1);
    return facts().reversed().stream()
        .filter(ProviderEvent.Snapshot.class::isInstance)
        .map(ProviderEvent.Snapshot.class::cast)
        .findFirst()
        .orElseThrow();
  }

  /** R11: what it hands to the next one. */
  Optional<Handover> handOver() {
    return onExecutor(provider::handOver);
  }

  /** R11: goes on with what was handed over, and tells its picture anew. */
  void takeOver(Optional<Handover> handover) {
    onExecutor(
        () -> {
          handover.ifPresent(provider::takeOver);
          return true;
        });
    snapshot();
  }

  /** What was reported after the close. */
  int toldAfterClose() {
    synchronized (facts) {
      return afterClose;
    }
  }

  /** Timers of the driver that are left on the executor, when all that was due has been run. */
  int tasksLeft() {
    return onExecutor(() -> executor.getQueue().size());
  }

  /** R10: closes the provider, and keeps the executor, so that what is left can be seen. */
  void closeProvider() {
    onExecutor(
        () -> {
          provider.close();
          synchronized (facts) {
            closed = true;
          }
          return true;
        });
  }

  @Override
  public void close() {
    if (!closed) {
      closeProvider();
    }
    executor.shutdownNow();
  }
}
