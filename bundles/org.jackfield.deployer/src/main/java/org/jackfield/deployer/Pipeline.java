package org.jackfield.deployer;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jackfield.api.provider.DriverMove;
import org.jackfield.api.provider.DriverShares;
import org.jackfield.api.rollout.BundleCheck;
import org.jackfield.api.rollout.BundleProblem;
import org.jackfield.api.rollout.DeployedBundle;
import org.jackfield.api.rollout.DeployedBundle.State;
import org.jackfield.api.rollout.DeployedBundle.Step;
import org.jackfield.deployer.verify.Rules;
import org.jackfield.deployer.verify.Surroundings;
import org.jackfield.deployer.verify.Trust;
import org.jackfield.deployer.verify.Verdict;
import org.jackfield.deployer.verify.Verifier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one way in: verify, install the very bytes that were verified, start beside what runs, move
 * what is open; or take it out again. Each step is durable before the next begins. One JAR at a
 * time, on a thread of its own; any thread may submit.
 */
final class Pipeline implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);

  /** Longer than a PBX takes at most for its probe, its link and its hand-over. */
  static final Duration MOVE_WITHIN = Duration.ofSeconds(40);

  /** What is demanded and compared with, at the moment of asking. */
  interface Present {
    /**
     * @throws IOException if etc/ cannot be read: then nothing can be let in
     */
    Rules rules() throws IOException;

    Surroundings surroundings();

    /**
     * What rules of a driver it breaks, if that is to be looked at.
     *
     * @throws IOException if etc/ cannot be read: then nothing can be let in
     */
    default Optional<String> brokenRules(Bundle bundle) throws IOException {
      return Optional.empty();
    }

    /** How the open PBXs move to a bundle's driver. */
    CompletionStage<List<DriverMove>> moves(Bundle bundle);

    /** Who lets PBXs go over step by step; while there is nobody nothing is rolled out. */
    default Optional<DriverShares> shares() {
      return Optional.empty();
    }

    /** Whether what is configured has been opened, or cannot be. */
    default boolean ready() {
      return true;
    }
  }

  /** Hears of each step that begins, and of the end. */
  interface Ears {
    void told(DeployedBundle now);

    /** Hears of numbers that have changed. */
    default void shown(DeployedBundle now) {}
  }

  /**
   * Who brought a JAR, and how.
   *
   * @param file its name in deploy/; empty where it came otherwise
   */
  record Sender(String by, String via, String file) {}

  private final Records records;
  private final Present present;
  private final Ears ears;
  private final InstantSource clock;
  private final Installation installation;

  /**
   * Those that must not start before the core knows who may choose them; of the worker's thread.
   */
  private final List<DeployedBundle> waiting = new ArrayList<>();

  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("jackfield-deployer").daemon().factory());

  Pipeline(
      BundleContext context,
      Gate gate,
      Records records,
      Present present,
      Ears ears,
      InstantSource clock,
      Duration startWithin) {
    this.records = records;
    this.present = present;
    this.ears = ears;
    this.clock = clock;
    this.installation = new Installation(context, gate, startWithin);
  }

  Records records() {
    return records;
  }

  /** Takes a copy of the bytes and works on it in its turn. */
  CompletionStage<DeployedBundle> submit(Sender sender, byte[] jar, boolean downgrade) {
    return submit(sender, jar, downgrade, false);
  }

  /**
   * Takes a copy of the bytes and works on it in its turn.
   *
   * @param stage whether it is only verified and kept
   */
  CompletionStage<DeployedBundle> submit(
      Sender sender, byte[] jar, boolean downgrade, boolean stage) {
    byte[] own = jar.clone();
    CompletableFuture<DeployedBundle> answer = new CompletableFuture<>();
    Journey journey = new Journey(sender, own, stage);
    try {
      worker.execute(() -> answer.complete(run(journey, own, downgrade)));
    } catch (RejectedExecutionException closed) {
      answer.complete(journey.now(State.FAILED, "The server stops."));
    }
    return answer;
  }

  /** One JAR's record as it grows. Of the worker's thread. */
  private final class Journey {
    private final String id = UUID.randomUUID().toString().replace("-", "");
    private final Instant receivedAt = clock.instant();
    private final Sender sender;
    private final String sha256;
    private final boolean stage;
    private final List<Step> steps = new ArrayList<>();
    private Optional<Verdict> verdict = Optional.empty();
    private long began = System.nanoTime();

    Journey(Sender sender, byte[] jar, boolean stage) {
      this.sender = sender;
      this.stage = stage;
      this.sha256 = Trust.sha256(jar);
    }

    DeployedBundle now(State state, String why) {
      return new DeployedBundle(
          id,
          verdict.map(Verdict::symbolicName).orElse(""),
          verdict.map(v -> v.symbolicName().isEmpty() ? "" : v.version().toString()).orElse(""),
          sha256,
          verdict.map(Verdict::signer).orElse(""),
          sender.by(),
          sender.via(),
          sender.file(),
          receivedAt,
          state,
          why,
          verdict.map(Verdict::checks).orElse(List.of()),
          steps);
    }

    void enter(State state) throws IOException {
      DeployedBundle now = now(state, "");
      records.write(now);
      ears.told(now);
      began = System.nanoTime();
    }

    void leave(State state, boolean done, String text) {
      steps.add(new Step(state, done, text, Duration.ofNanos(System.nanoTime() - began)));
    }
  }

  private DeployedBundle run(Journey journey, byte[] jar, boolean downgrade) {
    Optional<DeployedBundle> known = records.bySha256(journey.sha256);
    if (known.isPresent() && known.get().state() == State.DRAINING) {
      return stays(known.get(), journey.sender);
    }
    if (known.isPresent() && isSettled(known.get().state(), journey)) {
      return known.get();
    }
    known
        .filter(one -> one.state() == State.STAGED)
        .ifPresent(one -> close(one, State.REMOVED, "It was deployed without a rollout."));
    DeployedBundle end;
    try {
      end = work(journey, jar, downgrade);
      records.write(end);
    } catch (IOException | RuntimeException e) {
      LOG.error("A JAR could not be deployed", e);
      end = journey.now(State.FAILED, "It could not be worked on: " + e.getMessage() + ".");
      installation.remove(journey.sha256);
    }
    ears.told(end);
    return end;
  }

  /**
   * A file that lies in deploy/ is met again at each start of the server: what has failed is not
   * tried again, for it may be what brought the server down.
   */
  private static boolean isSettled(State state, Journey journey) {
    return switch (state) {
      case ACTIVE, INSTALLING, STARTING, MOVING, ROLLING -> true;
      case STAGED -> journey.stage;
      case FAILED -> !journey.sender.file().isEmpty();
      case VERIFYING, REFUSED, REMOVED, DRAINING -> false;
    };
  }

  /** It was to be taken out, and was brought again: as of now by this sender. */
  private DeployedBundle stays(DeployedBundle one, Sender sender) {
    List<Step> steps = new ArrayList<>(one.steps());
    Duration took =
        one.draining()
            .map(draining -> Duration.between(draining.since(), clock.instant()))
            .orElse(Duration.ZERO);
    steps.add(new Step(State.DRAINING, false, "It was brought again, and stays.", took));
    DeployedBundle now =
        new DeployedBundle(
            one.id(),
            one.symbolicName(),
            one.version(),
            one.sha256(),
            one.signer(),
            sender.by(),
            sender.via(),
            sender.file(),
            one.receivedAt(),
            State.ACTIVE,
            "",
            one.checks(),
            steps);
    try {
      records.write(now);
    } catch (IOException e) {
      LOG.error("{} goes on to drain: that it stays cannot be written", one.symbolicName(), e);
      return one;
    }
    drainsNoMore(now);
    ears.told(now);
    return now;
  }

  private void drainsNoMore(DeployedBundle one) {
    present.shares().ifPresent(core -> core.drainNoMore(one.symbolicName(), one.version()));
  }

  private DeployedBundle work(Journey journey, byte[] jar, boolean downgrade) throws IOException {
    journey.enter(State.VERIFYING);
    Rules rules = present.rules();
    Verdict verdict =
        Verifier.verify(
            jar,
            downgrade ? rules.withDowngrade() : rules,
            present.surroundings(),
            clock.instant());
    journey.verdict = Optional.of(verdict);
    Optional<BundleCheck> no = verdict.refusal();
    if (no.isPresent()) {
      journey.leave(State.VERIFYING, false, no.get().text());
      return journey.now(State.REFUSED, no.get().text());
    }
    journey.leave(State.VERIFYING, true, "All checks have passed.");
    if (journey.stage) {
      records.keepJar(journey.sha256, jar);
      return journey.now(State.STAGED, "");
    }
    journey.enter(State.INSTALLING);
    records.keepJar(journey.sha256, jar);
    Bundle bundle;
    try {
      bundle = installation.install(journey.sha256, jar);
    } catch (BundleException e) {
      return failed(
          journey, State.INSTALLING, "The framework does not take it: " + Installation.said(e));
    }
    journey.leave(State.INSTALLING, true, "Installed beside what runs.");
    journey.enter(State.STARTING);
    Optional<String> why = installation.start(bundle);
    if (why.isEmpty()) {
      why = present.brokenRules(bundle);
    }
    if (why.isPresent()) {
      return failed(journey, State.STARTING, why.get());
    }
    journey.leave(State.STARTING, true, "It runs.");
    journey.enter(State.MOVING);
    return moved(journey, bundle);
  }

  /** All PBXs move to it, or none does: those that had are moved back when it goes. */
  private DeployedBundle moved(Journey journey, Bundle bundle) throws IOException {
    List<DriverMove> moves;
    try {
      moves =
          present
              .moves(bundle)
              .toCompletableFuture()
              .get(MOVE_WITHIN.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.error("How PBXs move to {} is not known", bundle, e);
      return failed(
          journey,
          State.MOVING,
          "Its PBXs did not move within " + MOVE_WITHIN.toSeconds() + " s; they go back.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return journey.now(State.FAILED, "The server stopped while its PBXs moved.");
    }
    String no =
        moves.stream()
            .filter(move -> !move.moved())
            .map(move -> move.provider() + ": " + move.why() + ".")
            .collect(Collectors.joining(" "));
    if (!no.isEmpty()) {
      return failed(journey, State.MOVING, "The version before goes on. " + no);
    }
    journey.leave(
        State.MOVING,
        true,
        moves.isEmpty()
            ? "No PBX was open with another version."
            : moves.stream()
                .map(move -> move.provider() + " in " + move.took().toMillis() + " ms")
                .collect(Collectors.joining(", ", "Moved: ", ".")));
    return journey.now(State.ACTIVE, "");
  }

  private DeployedBundle failed(Journey journey, State at, String why) throws IOException {
    journey.leave(at, false, why);
    installation.remove(journey.sha256);
    records.dropJar(journey.sha256);
    return journey.now(State.FAILED, why);
  }

  private void execute(Runnable work) {
    try {
      worker.execute(work);
    } catch (RejectedExecutionException closed) {
      LOG.debug("The deployer is closed", closed);
    }
  }

  private void close(DeployedBundle was, State state, String why) {
    List<Step> steps = new ArrayList<>(was.steps());
    steps.add(new Step(was.state(), state == State.ACTIVE, why, Duration.ZERO));
    close(was.becomes(state, state == State.ACTIVE ? "" : why, steps));
  }

  private void close(DeployedBundle now) {
    try {
      records.write(now);
      if (now.state() != State.ACTIVE) {
        records.dropJar(now.sha256());
      }
    } catch (IOException e) {
      LOG.error("What became of {} cannot be written", now.symbolicName(), e);
    }
    drainsNoMore(now);
    ears.told(now);
  }

  /**
   * After a start of the server: what was let in is there again; what was under way has failed, so
   * that a driver which brings the server down does not do so again.
   *
   * @param gone whether a file of deploy/ was taken out meanwhile
   * @param waits those that are brought back by {@link #restoreRest} only
   */
  void restore(Predicate<String> gone, Predicate<DeployedBundle> waits) {
    execute(
        () -> {
          for (DeployedBundle one : records.newest().reversed()) {
            restore(one, gone, waits);
          }
        });
  }

  /** The core knows who may choose those that wait. */
  void restoreRest() {
    execute(
        () -> {
          waiting.forEach(this::again);
          waiting.clear();
        });
  }

  private void restore(
      DeployedBundle one, Predicate<String> gone, Predicate<DeployedBundle> waits) {
    switch (one.state()) {
      case VERIFYING, INSTALLING, STARTING, MOVING, ROLLING ->
          close(
              one,
              State.FAILED,
              "The server ended while it was " + one.state().text() + "; deploy it again.");
      case ACTIVE -> {
        if (!one.file().isEmpty() && gone.test(one.file())) {
          close(one, State.REMOVED, one.file() + " was taken out while the server was down.");
        } else if (waits.test(one)) {
          waiting.add(one);
        } else {
          again(one);
        }
      }
      case DRAINING -> waiting.add(one);
      case STAGED, REFUSED, FAILED, REMOVED ->
          LOG.debug("{} stays {}", one.id(), one.state().text());
    }
  }

  /** What was verified once is taken if it is the same, and nothing of it was revoked since. */
  private void again(DeployedBundle one) {
    bringBack(one).ifPresent(why -> close(one, State.FAILED, why));
  }

  /** Installs and starts what was verified earlier; gives why it does not run. */
  private Optional<String> bringBack(DeployedBundle one) {
    try {
      byte[] jar = records.readJar(one.sha256());
      Trust trust = present.rules().trust();
      if (!Trust.sha256(jar).equals(one.sha256())) {
        return Optional.of("Its file in data/deploy was altered; deploy it again.");
      }
      if (trust.revoked().contains(one.sha256()) || trust.revoked().contains(one.signer())) {
        return Optional.of("It was revoked (" + BundleProblem.REVOKED.text() + ").");
      }
      Optional<String> why = installation.start(installation.install(one.sha256(), jar));
      why.ifPresent(no -> installation.remove(one.sha256()));
      return why;
    } catch (IOException | BundleException e) {
      return Optional.of("It could not be installed again: " + Installation.said(e));
    }
  }

  // For rollouts and those that drain, which work with the framework in its turn.

  /**
   * @return completes when it has been done; exceptionally where that is a bug, or it is closed
   */
  <T> CompletionStage<T> inTurn(Supplier<T> work) {
    try {
      return CompletableFuture.supplyAsync(work, worker);
    } catch (RejectedExecutionException closed) {
      return CompletableFuture.failedFuture(closed);
    }
  }

  /** In its turn: whether the framework has it. */
  boolean isInstalled(DeployedBundle one) {
    return installation.find(one.sha256()).isPresent();
  }

  /** In its turn: takes it out of the framework. */
  void remove(DeployedBundle end) {
    installation.remove(end.sha256());
    close(end);
  }

  /** Shows numbers; what is durable stays as it is. */
  void show(DeployedBundle now) {
    records.show(now);
    ears.shown(now);
  }

  Present present() {
    return present;
  }

  /** Makes a step of a rollout durable, and tells it. */
  void step(DeployedBundle now) throws IOException {
    records.write(now);
    ears.told(now);
  }

  CompletionStage<Optional<String>> launch(DeployedBundle staged) {
    return CompletableFuture.supplyAsync(() -> bringBack(staged), worker);
  }

  /** How the open PBXs move to one that runs. */
  CompletionStage<List<DriverMove>> moves(DeployedBundle one) {
    return installation
        .find(one.sha256())
        .map(present::moves)
        .orElse(CompletableFuture.completedStage(List.of()));
  }

  /** Takes one out that was rolled out in part. */
  CompletionStage<Void> takeOut(DeployedBundle end) {
    return CompletableFuture.runAsync(() -> remove(end), worker);
  }

  /** What runs goes on; what waits is not begun. */
  @Override
  public void close() {
    worker.shutdownNow();
  }
}
