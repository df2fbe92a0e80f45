package org.jackfield.core.provider;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.CommandFate;
import org.jackfield.api.provider.Handover;
import org.jackfield.api.provider.ProviderConfig;
import org.jackfield.api.provider.ProviderContext;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.provider.TelephonyProvider;
import org.jackfield.api.session.Reason;
import org.jackfield.core.run.Environment;
import org.jackfield.core.run.SerialExecutor;
import org.jackfield.core.run.Timers;
import org.jackfield.core.session.ProviderLink;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One PBX, opened: the driver's way in and ours out. All calls into the driver run one at a time on
 * an executor of this PBX's own, so that a driver that hangs holds one thread and hurts nobody
 * else.
 */
final class OpenedProvider implements ProviderContext, ProviderLink {
  /** How long a driver may take for anything. */
  static final Duration PATIENCE = Watch.PATIENCE;

  /** How many tasks, and how many timers, may wait. */
  static final int WAITING = 16_384;

  /** How long it is said that a driver has told too much. */
  static final Duration FLOODED = Duration.ofSeconds(30);

  private static final String FLOODS =
      "its driver tells more than can be heard; its whole picture is asked for";

  private static final Logger LOG = LoggerFactory.getLogger(OpenedProvider.class);

  private final String name;
  private final Drivers.Driver driver;
  private final Environment environment;
  private final SerialExecutor serial;
  private final Watch watch;
  private final Circuit circuit;
  private final Consumer<Optional<String>> floods;
  private final Consumer<ProviderEvent> facts;
  private final DriverTimers timers;
  private final AtomicInteger unanswered = new AtomicInteger();
  private final AtomicReference<@Nullable Runnable> whenQuiet = new AtomicReference<>();
  private volatile boolean alive = true;
  private volatile Timers.Timer flooding = Timers.Timer.NONE;
  private volatile @Nullable TelephonyProvider provider;

  /**
   * @param facts where its facts go, in order
   * @param health told that the driver hangs, and with nothing that it no longer does
   */
  OpenedProvider(
      String name,
      Drivers.Driver driver,
      Environment environment,
      Facts facts,
      Consumer<Optional<String>> health) {
    this.name = name;
    this.driver = driver;
    this.environment = environment;
    this.serial = new SerialExecutor(environment.blocking(), WAITING);
    this.facts = event -> facts.told(this, event);
    this.timers = new DriverTimers(environment.timers(), this::execute);
    Complaints complaints = new Complaints(health);
    this.watch = new Watch(name, environment, complaints.about(Complaints.About.HANGS));
    this.circuit = new Circuit(environment.clock(), complaints.about(Complaints.About.SILENT));
    this.floods = complaints.about(Complaints.About.FLOODS);
  }

  /** Where facts go. */
  @FunctionalInterface
  interface Facts {
    void told(OpenedProvider by, ProviderEvent event);
  }

  Drivers.Driver driver() {
    return driver;
  }

  @Override
  public String provider() {
    return name;
  }

  /** Opens it on its executor; {@code done} gets what went wrong, if something did. */
  void open(
      ProviderConfig config, Optional<Handover> handover, Consumer<Optional<Throwable>> done) {
    submit(
        () -> {
          try {
            provider =
                Objects.requireNonNull(
                    driver.driver().open(config, this, handover), "open has returned nothing");
            done.accept(Optional.empty());
          } catch (RuntimeException | Error failure) {
            done.accept(Optional.of(failure));
          }
        });
  }

  @Override
  public void report(ProviderEvent event) {
    Objects.requireNonNull(event, "a fact");
    if (alive) {
      facts.accept(event);
    }
  }

  @Override
  public void toldTooMuch() {
    if (flooding == Timers.Timer.NONE) { // said once, however long it goes on
      LOG.warn("{}: {}", name, FLOODS);
    }
    flooding.cancel();
    flooding =
        environment
            .timers()
            .after(
                FLOODED,
                () -> {
                  flooding = Timers.Timer.NONE;
                  floods.accept(Optional.empty());
                });
    floods.accept(Optional.of(FLOODS));
  }

  @Override
  public void execute(Runnable task) {
    if (alive) {
      submit(
          () -> {
            if (alive) {
              task.run();
            }
          });
    }
  }

  private void submit(Runnable task) {
    serial.execute(() -> watch.run(task));
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    return timers.schedule(delay, task);
  }

  @Override
  public Optional<String> unwell() {
    return watch.isSlow() ? Optional.of(Watch.HANGS) : circuit.present();
  }

  @Override
  public void send(Command command, Consumer<CommandResult> done) {
    unanswered.incrementAndGet();
    Sending sending = new Sending(command, done);
    Optional<String> refusal = unwell().or(circuit::refusal);
    if (refusal.isPresent()) {
      sending.notSent(refusal.get());
      return;
    }
    sending.deadline = environment.timers().after(PATIENCE, sending::late);
    try {
      submit(sending::start);
    } catch (RejectedExecutionException full) {
      LOG.warn("{}: {} was not sent, too much is waiting for its driver", name, command, full);
      sending.notSent("too much is waiting for the driver");
    }
  }

  private enum Progress {
    WAITING,
    STARTED,
    ANSWERED
  }

  /** One command on its way: answered once, by the driver or by its deadline. */
  private final class Sending {
    private final Command command;
    private final Consumer<CommandResult> done;
    private final AtomicReference<Progress> progress = new AtomicReference<>(Progress.WAITING);
    volatile Timers.Timer deadline = Timers.Timer.NONE;

    Sending(Command command, Consumer<CommandResult> done) {
      this.command = command;
      this.done = done;
    }

    void start() {
      TelephonyProvider opened = provider;
      if (!alive || opened == null) {
        notSent("the PBX is not open");
      } else if (progress.compareAndSet(Progress.WAITING, Progress.STARTED)) {
        try {
          opened.execute(command).whenComplete(this::replied);
        } catch (RuntimeException | Error bug) {
          replied(null, bug);
        }
      }
    }

    private void replied(@Nullable ProviderReply reply, @Nullable Throwable bug) {
      circuit.answered();
      if (reply != null && bug == null) {
        answer(Progress.STARTED, new CommandResult.Replied(reply));
      } else {
        LOG.warn("{}: the driver cannot tell what became of {}", name, command.id(), bug);
        answer(
            Progress.STARTED, new CommandResult.FateUnknown("the driver cannot tell what became"));
      }
    }

    void late() {
      // What has not been started never will be, so its fate is known.
      notSent("the driver is busy with something else");
      if (answer(
          Progress.STARTED, new CommandResult.FateUnknown("the driver did not answer in 2 s"))) {
        circuit.unanswered();
      }
    }

    void notSent(String why) {
      answer(
          Progress.WAITING,
          new CommandResult.Replied(ProviderReply.Refused.of(Reason.PROVIDER_DOWN, why)));
    }

    private boolean answer(Progress from, CommandResult result) {
      boolean first = progress.compareAndSet(from, Progress.ANSWERED);
      if (first) {
        deadline.cancel();
        done.accept(result);
        unanswered.decrementAndGet();
        checkQuiet();
      }
      return first;
    }
  }

  @Override
  public void ask(Command command, Consumer<CommandFate> done) {
    Once<CommandFate> once = Once.within(environment.timers(), PATIENCE, CommandFate.UNKNOWN, done);
    try {
      submit(
          () -> {
            TelephonyProvider opened = provider;
            if (!alive || opened == null) {
              once.accept(CommandFate.UNKNOWN);
              return;
            }
            try {
              opened
                  .fate(command)
                  .whenComplete(
                      (fate, bug) -> once.accept(fate == null ? CommandFate.UNKNOWN : fate));
            } catch (RuntimeException | Error bug) {
              LOG.warn("{}: the driver cannot tell what became of {}", name, command.id(), bug);
              once.accept(CommandFate.UNKNOWN);
            }
          });
    } catch (RejectedExecutionException full) {
      LOG.warn("{}: {} was not asked for, too much is waiting", name, command.id(), full);
      once.accept(CommandFate.UNKNOWN);
    }
  }

  @Override
  public void requestSnapshot() {
    execute(
        () -> {
          TelephonyProvider opened = provider;
          if (opened != null) {
            opened.requestSnapshot();
          }
        });
  }

  /** Nothing that it says is heard any more. At once, any thread. */
  void kill() {
    alive = false;
    timers.close();
    flooding.cancel();
  }

  /**
   * Kills it and lets the driver leave; completes when it has, or cannot. One that hangs is
   * interrupted, in that call and once more in its leave, and then left alone.
   */
  CompletionStage<Void> close() {
    kill();
    CompletableFuture<Void> closed = new CompletableFuture<>();
    try {
      submit(() -> leave(closed));
    } catch (RejectedExecutionException full) {
      LOG.warn("{}: its driver hangs and cannot be asked to leave", name, full);
      watch.interrupt().ifPresent(this::warn);
      closed.complete(null);
    }
    whileOpen(closed, () -> whileOpen(closed, () -> closed.complete(null)));
    return closed;
  }

  private void whileOpen(CompletableFuture<Void> closed, Runnable then) {
    Timers.Timer late =
        environment
            .timers()
            .after(
                PATIENCE,
                () -> {
                  watch.interrupt().ifPresent(this::warn);
                  then.run();
                });
    closed.whenComplete((left, bug) -> late.cancel());
  }

  private void warn(String thread) {
    LOG.warn(
        "{}: a call into {} {} hangs while it has to leave; its thread {} is interrupted and left",
        name,
        driver.name(),
        driver.version(),
        thread);
  }

  private void leave(CompletableFuture<Void> closed) {
    TelephonyProvider opened = provider;
    provider = null;
    try {
      if (opened != null) {
        opened.close();
      }
    } catch (RuntimeException | Error bug) {
      LOG.error("{}: the driver broke when it had to leave", name, bug);
    } finally {
      watch.stop();
      closed.complete(null);
    }
  }

  /**
   * Asks for what the next one needs, once each command has been answered; nobody sends another
   * meanwhile. One of the three is told.
   *
   * @param hangs that it does not come back, and nothing can be had from it
   */
  void handOver(
      Consumer<Optional<Handover>> done, Consumer<Throwable> broken, Consumer<String> hangs) {
    whenQuiet.set(
        () -> {
          Once<Runnable> once =
              Once.within(
                  environment.timers(), PATIENCE, () -> hangs.accept(Watch.HANGS), Runnable::run);
          try {
            submit(() -> handOverNow(once, done, broken));
          } catch (RejectedExecutionException full) {
            LOG.warn("{}: its driver hangs and cannot be asked to hand over", name, full);
            once.accept(() -> hangs.accept(Watch.HANGS));
          }
        });
    checkQuiet();
  }

  private void checkQuiet() {
    Runnable waiting = unanswered.get() == 0 ? whenQuiet.getAndSet(null) : null;
    if (waiting != null) {
      waiting.run();
    }
  }

  private void handOverNow(
      Once<Runnable> once, Consumer<Optional<Handover>> done, Consumer<Throwable> broken) {
    TelephonyProvider opened = provider;
    try {
      Optional<Handover> given = opened == null ? Optional.empty() : opened.handOver();
      once.accept(() -> done.accept(given));
    } catch (RuntimeException | Error bug) {
      LOG.error("{}: the driver broke when it had to hand over", name, bug);
      once.accept(() -> broken.accept(bug));
    }
  }

  /** Gives it what another one handed over; {@code done} gets what went wrong, if something did. */
  void takeOver(Handover handover, Consumer<Optional<Throwable>> done) {
    submit(
        () -> {
          TelephonyProvider opened = provider;
          try {
            if (opened == null) {
              throw new IllegalStateException("it is closed");
            }
            opened.takeOver(handover);
            done.accept(Optional.empty());
          } catch (RuntimeException | Error failure) {
            done.accept(Optional.of(failure));
          }
        });
  }
}
