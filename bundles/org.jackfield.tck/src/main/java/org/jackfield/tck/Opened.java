package org.jackfield.tck;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
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
import org.jackfield.api.provider.ProviderConfig;
import org.jackfield.api.provider.ProviderContext;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.provider.TelephonyDriver;
import org.jackfield.api.provider.TelephonyProvider;

/** A PBX opened through the driver, as the server would do it, and all that it has told. */
public final class Opened implements AutoCloseable {

  /** How soon a call of the server returns, and how soon a command is acknowledged. */
  static final Duration AT_ONCE = Duration.ofSeconds(2);

  private final ScheduledThreadPoolExecutor executor =
      new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "tck-provider"));
  private final List<ProviderEvent> facts = new ArrayList<>();
  private final Picture picture = new Picture();
  private final Duration patience;
  private final Duration atOnce;
  private final TelephonyProvider provider;
  private Capabilities capabilities = Capabilities.NONE;
  private boolean closed;
  private int afterClose;

  /** Opens, waits for the link and for the first snapshot. */
  Opened(Testbed bed) {
    this(bed.driver(), bed.config(), bed.patience());
    awaitFact(Rule.R1, "LinkUp, by itself", ProviderEvent.LinkUp.class, 1);
    snapshot();
  }

  /** Opens only. */
  Opened(TelephonyDriver driver, ProviderConfig config, Duration patience) {
    this(driver, config, patience, AT_ONCE);
  }

  /**
   * Opens only.
   *
   * @param atOnce how long a call may take, where others are at work on the same machine
   */
  Opened(TelephonyDriver driver, ProviderConfig config, Duration patience, Duration atOnce) {
    this.patience = patience;
    this.atOnce = atOnce;
    executor.setRemoveOnCancelPolicy(true);
    try {
      provider =
          onExecutor(
              Rule.R1,
              "open",
              () -> driver.open(config, new Context(), Optional.empty()),
              patience); // the first one also loads the driver's classes
    } catch (Throwable notOpened) {
      executor.shutdownNow();
      throw notOpened;
    }
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

  /** Calls the driver as the server does; whose fault it is if it throws is the rule's. */
  private <T> T onExecutor(Rule rule, String what, Callable<T> call, Duration within) {
    CompletableFuture<T> done = new CompletableFuture<>();
    executor.execute(
        () -> {
          try {
            done.complete(call.call());
          } catch (Throwable thrown) { // a driver may throw anything
            done.completeExceptionally(thrown);
          }
        });
    Rule late = rule == Rule.R1 ? Rule.R1 : Rule.R3;
    return get(done, within, rule, late, what);
  }

  private void run(Rule rule, String what, Runnable call) {
    onExecutor(rule, what, Executors.callable(call, true), atOnce);
  }

  private static <T> T get(
      CompletableFuture<T> future, Duration within, Rule broken, Rule late, String what) {
    try {
      return future.get(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new RuleBroken(late, what + " did not come back within " + within, e);
    } catch (ExecutionException e) {
      throw new RuleBroken(broken, what + " threw " + e.getCause(), e.getCause());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", stopped);
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
    CompletionStage<ProviderReply> reply =
        onExecutor(Rule.R4, "execute", () -> provider.execute(command), atOnce);
    Rule.R4.holds(reply != null, "no reply to " + command);
    return get(
        reply.toCompletableFuture(), atOnce, Rule.R4, Rule.R4, "the acknowledgement of " + command);
  }

  /** Gives a command that must be accepted, since it is declared. */
  public void does(Command command) {
    does(Rule.R8, command);
  }

  void does(Rule otherwise, Command command) {
    otherwise.same("the reply to " + command, ProviderReply.ACCEPTED, ask(command));
  }

  /** Waits for what the facts must tell of something that was asked of the PBX. */
  public void await(String what, Predicate<Picture> told) {
    await(Rule.R8, what, told);
  }

  /**
   * Waits for what the facts must tell. What they do not tell, and a snapshot shows, is a fact that
   * is missing; else the given rule is broken.
   */
  void await(Rule otherwise, String what, Predicate<Picture> told) {
    if (!awaitLocked(() -> told.test(picture))) {
      Picture seen = picture();
      snapshot();
      boolean shown = told.test(picture());
      Rule broken = seen.twoIds() ? Rule.R6 : shown ? Rule.R5 : otherwise;
      throw new RuleBroken(
          broken,
          (shown ? "a snapshot shows what no fact has told" : "not told")
              + (seen.twoIds() ? ", and a party has two ids, within " : " within ")
              + patience
              + ": "
              + what
              + seen);
    }
  }

  /** Waits until a kind of fact has been told so often. */
  void awaitFact(Rule rule, String what, Class<? extends ProviderEvent> kind, long times) {
    rule.holds(
        awaitLocked(() -> facts.stream().filter(kind::isInstance).count() >= times),
        "not told within " + patience + ": " + what);
  }

  private boolean awaitLocked(BooleanSupplier told) {
    long end = System.nanoTime() + patience.toNanos();
    synchronized (facts) {
      while (!told.getAsBoolean()) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          return false;
        }
        try {
          facts.wait(left);
        } catch (InterruptedException stopped) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException("interrupted", stopped);
        }
      }
      return true;
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
    askForSnapshot();
    awaitFact(Rule.R9, "a snapshot", ProviderEvent.Snapshot.class, before + 1);
    return facts().reversed().stream()
        .filter(ProviderEvent.Snapshot.class::isInstance)
        .map(ProviderEvent.Snapshot.class::cast)
        .findFirst()
        .orElseThrow();
  }

  /** Asks for a snapshot. */
  void askForSnapshot() {
    run(Rule.R9, "requestSnapshot", provider::requestSnapshot);
  }

  /** What it hands to the next one. */
  Optional<Handover> handOver() {
    return onExecutor(Rule.R11, "handOver", provider::handOver, atOnce);
  }

  /** Goes on with what was handed over, and tells its picture anew. */
  void takeOver(Optional<Handover> handover) {
    run(Rule.R11, "takeOver", () -> handover.ifPresent(provider::takeOver));
    snapshot();
  }

  /** Whether it says that it does not know a form. */
  boolean refuses(Handover handover) {
    return onExecutor(
        Rule.R11,
        "takeOver",
        () -> {
          try {
            provider.takeOver(handover);
            return false;
          } catch (IllegalArgumentException unknown) {
            return true;
          }
        },
        atOnce);
  }

  /** What was reported after the close. */
  int toldAfterClose() {
    synchronized (facts) {
      return afterClose;
    }
  }

  /** Timers of the driver that are left on the executor, when all that was due has been run. */
  int tasksLeft() {
    return onExecutor(
        Rule.R10, "what was due after the close", () -> executor.getQueue().size(), atOnce);
  }

  /** Closes the provider, and keeps the executor, so that what is left can be seen. */
  void closeProvider() {
    run(
        Rule.R10,
        "close",
        () -> {
          provider.close();
          synchronized (facts) {
            closed = true;
          }
        });
  }

  @Override
  public void close() {
    try {
      if (!closed) {
        closeProvider();
      }
    } finally {
      executor.shutdownNow();
    }
  }
}
