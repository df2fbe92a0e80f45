package org.jackfield.deployer;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jackfield.api.provider.DriverShares;
import org.jackfield.api.rollout.DeployedBundle;
import org.jackfield.api.rollout.DeployedBundle.State;
import org.jackfield.api.rollout.DeployedBundle.Step;
import org.jackfield.api.rollout.Drain;
import org.jackfield.api.rollout.Draining;
import org.jackfield.api.rollout.RolloutPlan.OnDeadline;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes drivers out. PBXs go over to another version where there is one; else the calls that live
 * on it are waited for, with a deadline, and nothing new is begun. Any thread; the work is done in
 * the pipeline's turn, a moment at a time.
 */
final class Withdrawals {
  private static final Logger LOG = LoggerFactory.getLogger(Withdrawals.class);

  private static final Duration TELL_WITHIN = Duration.ofSeconds(5);

  /** What the operator wants where nothing is said. */
  interface Usual {
    Drain drain() throws IOException;
  }

  private final Pipeline pipeline;
  private final InstantSource clock;
  private final Usual usual;
  private final AtomicBoolean looking = new AtomicBoolean();

  Withdrawals(Pipeline pipeline, InstantSource clock, Usual usual) {
    this.pipeline = pipeline;
    this.clock = clock;
    this.usual = usual;
  }

  /** Takes one out as usual; completes empty where none of that id runs, is staged or drains. */
  CompletionStage<Optional<DeployedBundle>> withdraw(String id, String why) {
    return withdraw(id, why, usually());
  }

  CompletionStage<Optional<DeployedBundle>> withdraw(String id, String why, Drain how) {
    return pipeline
        .inTurn(
            () -> {
              Optional<DeployedBundle> one = pipeline.records().find(id).filter(Withdrawals::mayGo);
              one.ifPresent(b -> takeOut(List.of(b), why, how));
              return one.flatMap(b -> pipeline.records().find(b.id()));
            })
        .exceptionally(
            closed -> {
              LOG.warn("{} is not taken out", id, closed);
              return Optional.empty();
            });
  }

  private static boolean mayGo(DeployedBundle one) {
    return switch (one.state()) {
      case ACTIVE, STAGED, DRAINING -> true;
      default -> false;
    };
  }

  /** A file was taken out of deploy/: all that came as this file goes, its earlier versions too. */
  void withdrawFile(String file) {
    var unused =
        pipeline.inTurn(
            () -> {
              // The oldest first: none goes over to another one that goes too.
              List<DeployedBundle> its =
                  pipeline.records().newest().reversed().stream()
                      .filter(one -> one.file().equals(file) && one.state() == State.ACTIVE)
                      .toList();
              takeOut(its, file + " was taken out of deploy/.", usually());
              return its;
            });
  }

  private Drain usually() {
    try {
      return usual.drain();
    } catch (IOException e) {
      LOG.error("How long calls may drain cannot be read; they are waited for", e);
      return Drain.WAIT;
    }
  }

  // In the pipeline's turn.

  private void takeOut(List<DeployedBundle> these, String why, Drain how) {
    Optional<DriverShares> core = pipeline.present().shares();
    List<DeployedBundle> draining = new ArrayList<>();
    for (DeployedBundle one : these) {
      if (core.isEmpty() || one.state() == State.STAGED) {
        pipeline.remove(one.becomes(State.REMOVED, why, step(one.steps(), one, true, why)));
      } else {
        begin(one, why, how).ifPresent(draining::add);
      }
    }
    List<CompletionStage<Void>> moves =
        draining.stream().flatMap(one -> core.stream().map(c -> tell(c, one))).toList();
    moves.forEach(move -> answer(move, Pipeline.MOVE_WITHIN));
    draining.forEach(this::look);
  }

  private static List<Step> step(List<Step> before, DeployedBundle of, boolean done, String text) {
    return step(before, new Step(of.state(), done, text, Duration.ZERO));
  }

  private static List<Step> step(List<Step> before, Step one) {
    List<Step> steps = new ArrayList<>(before);
    steps.add(one);
    return steps;
  }

  /** What could not be made durable is not begun. */
  private Optional<DeployedBundle> begin(DeployedBundle one, String why, Drain how) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    Draining draining =
        new Draining(
            one.draining().map(Draining::since).orElse(now),
            how.deadline().map(now::plus),
            how.onDeadline(),
            one.draining().map(Draining::left).orElse(Map.of()));
    DeployedBundle drains = one.drains(why + " " + text(draining), draining);
    try {
      pipeline.step(drains);
      return Optional.of(drains);
    } catch (IOException e) {
      LOG.error("{} is not taken out: that cannot be written", one.symbolicName(), e);
      return Optional.empty();
    }
  }

  private static String text(Draining draining) {
    String until =
        draining.deadline().map(at -> at.truncatedTo(ChronoUnit.SECONDS) + "").orElse("");
    boolean waits = until.isEmpty() || draining.onDeadline() == OnDeadline.WAIT;
    return waits
        ? "Calls that live are waited for."
        : "Calls that live may go on until %s; then: %s."
            .formatted(until, draining.onDeadline().text());
  }

  private static CompletionStage<Void> tell(DriverShares core, DeployedBundle one) {
    String why = one.why().replaceAll("\\.$", "");
    return core.drain(
        one.symbolicName(),
        one.version(),
        "driver " + one.version() + " takes no new work: " + why);
  }

  /** What drains takes nothing new on, also after a restart; to be said before it starts. */
  void reserve(DriverShares core) {
    for (DeployedBundle one : draining()) {
      var unused = tell(core, one);
    }
  }

  private List<DeployedBundle> draining() {
    return pipeline.records().newest().stream()
        .filter(one -> one.state() == State.DRAINING)
        .toList();
  }

  /** Looks how far those are that drain; to be called about twice a second. */
  void look() {
    if (!draining().isEmpty() && looking.compareAndSet(false, true)) {
      pipeline
          .inTurn(
              () -> {
                draining().forEach(this::look);
                return true;
              })
          .whenComplete(
              (done, bug) -> {
                looking.set(false);
                if (bug != null) {
                  LOG.warn("Those that drain were not looked at", bug);
                }
              });
    }
  }

  private void look(DeployedBundle one) {
    Optional<Draining> how = one.draining();
    if (how.isEmpty() || !pipeline.isInstalled(one)) {
      return; // what comes back after a restart is looked at when it is there
    }
    Draining draining = how.get();
    Optional<Map<String, OptionalInt>> left =
        pipeline
            .present()
            .shares()
            .filter(core -> pipeline.present().ready())
            .flatMap(core -> answer(core.left(one.symbolicName(), one.version()), TELL_WITHIN));
    Map<String, Integer> numbers = new HashMap<>();
    left.orElse(Map.of())
        .forEach((pbx, count) -> count.ifPresent(calls -> numbers.put(pbx, calls)));
    boolean drained =
        left.filter(all -> all.size() == numbers.size()).isPresent()
            && numbers.values().stream().allMatch(calls -> calls == 0);
    if (drained || isLate(draining)) {
      end(one, draining.with(numbers), drained);
    } else if (left.isPresent() && !numbers.equals(draining.left())) {
      pipeline.show(one.drains(one.why(), draining.with(numbers)));
    }
  }

  private boolean isLate(Draining draining) {
    return draining.onDeadline() != OnDeadline.WAIT
        && draining.deadline().filter(at -> !clock.instant().isBefore(at)).isPresent();
  }

  private void end(DeployedBundle one, Draining draining, boolean drained) {
    int calls = draining.left().values().stream().mapToInt(Integer::intValue).sum();
    String text =
        drained
            ? "Drained: no call is left that another version does not serve."
            : "Not drained in time: %s. %d calls stay where the PBX keeps them."
                .formatted(draining.onDeadline().text(), calls);
    Duration took = Duration.between(draining.since(), clock.instant());
    List<Step> steps = step(one.steps(), new Step(State.DRAINING, drained, text, took));
    String why = one.why().replace(" " + text(draining), "");
    pipeline.remove(one.becomes(State.REMOVED, why, steps));
  }

  private static <T> Optional<T> answer(CompletionStage<T> stage, Duration within) {
    try {
      return Optional.ofNullable(
          stage.toCompletableFuture().get(within.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException | ExecutionException e) {
      LOG.warn("The core has not answered within {} s", within.toSeconds(), e);
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
