package org.jackfield.deployer;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jackfield.api.provider.DriverMove;
import org.jackfield.api.provider.DriverShares;
import org.jackfield.api.provider.DriverShares.Candidate;
import org.jackfield.api.provider.ShareProgress;
import org.jackfield.api.rollout.DeployedBundle;
import org.jackfield.api.rollout.DeployedBundle.State;
import org.jackfield.api.rollout.DeployedBundle.Step;
import org.jackfield.api.rollout.Rollout;
import org.jackfield.api.rollout.RolloutPlan;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One rollout from its first step to its last, on a thread of its own; each step is durable before
 * the next begins. Whatever is not as planned ends it, and the version before goes on.
 */
final class RollingOut implements Runnable {
  /** How often limits are looked at. */
  private static final long LOOK_MS = 200;

  private static final Logger LOG = LoggerFactory.getLogger(RollingOut.class);

  private final Pipeline pipeline;
  private final DriverShares shares;
  private final RolloutPlan plan;
  private final CompletableFuture<String> back = new CompletableFuture<>();
  private DeployedBundle now;
  private List<Candidate> all = List.of();
  private volatile List<Rollout.Share> seen = List.of();
  private volatile boolean decided;
  private long began = System.nanoTime();

  /** Why it goes no further. */
  private static final class Broken extends Exception {
    private static final long serialVersionUID = 1;
    private final State end;

    Broken(State end, String why) {
      super(why);
      this.end = end;
    }

    Broken(String why) {
      this(State.FAILED, why);
    }

    String why() {
      return String.valueOf(getMessage());
    }
  }

  RollingOut(Pipeline pipeline, DriverShares shares, RolloutPlan plan, DeployedBundle staged) {
    this.pipeline = pipeline;
    this.shares = shares;
    this.plan = plan;
    this.now = staged;
  }

  String id() {
    return plan.bundle();
  }

  boolean isOf(String bundle) {
    return id().equals(bundle);
  }

  boolean isOver() {
    return decided;
  }

  /** How the calls were shared when that was looked at last. */
  List<Rollout.Share> shares() {
    return seen;
  }

  /** Asks it to go back; no, where it is over. */
  synchronized boolean goBack(String why) {
    return !decided && back.complete(why);
  }

  @Override
  public void run() {
    try {
      roll();
      decide();
      pipeline.step(now.becomes(State.ACTIVE, "", now.steps()));
    } catch (Broken broken) {
      LOG.warn("{} {} goes back: {}", now.symbolicName(), now.version(), broken.why());
      goBack(broken);
    } catch (IOException | RuntimeException bug) {
      LOG.error("{} {} goes back", now.symbolicName(), now.version(), bug);
      goBack(new Broken("It could not be rolled out: " + bug.getMessage() + "."));
    } catch (InterruptedException closed) {
      LOG.debug("The server stops while a rollout is under way", closed);
      Thread.currentThread().interrupt();
    } finally {
      decided = true;
      seen = List.of();
    }
  }

  /** From here on it is over, and goes back as any bundle that runs does. */
  private synchronized void decide() throws Broken {
    if (back.isDone()) {
      throw new Broken(State.REMOVED, back.join());
    }
    decided = true;
  }

  private void roll() throws Broken, IOException, InterruptedException {
    enter(State.STARTING);
    shares.reserve(now.symbolicName(), now.version(), Set.of());
    Optional<String> why = await(pipeline.launch(now), "Its start");
    if (why.isPresent()) {
      throw new Broken(why.get());
    }
    all = candidates();
    for (Candidate pbx : sharing()) {
      begun(pbx.provider(), await(begin(pbx), pbx.provider()));
    }
    leave(true, "It runs. " + Plans.text(plan) + atOnce());
    for (int percent : steps()) {
      enter(State.ROLLING);
      sharing().forEach(pbx -> shares.share(pbx.provider(), percent));
      watch(plan.step());
      leave(true, percent + " % of the new calls. " + told());
    }
    boolean release = plan.mode() == RolloutPlan.Mode.DRAIN && drained();
    enter(State.MOVING);
    finish(release);
    leave(true, "All calls are served by it.");
  }

  private CompletionStage<Optional<String>> begin(Candidate pbx) {
    return shares.begin(pbx.provider(), now.symbolicName(), now.version());
  }

  private static void begun(String provider, Optional<String> why) throws Broken {
    if (why.isPresent()) {
      throw new Broken(provider + ": " + why.get() + ". The version before goes on.");
    }
  }

  private List<Candidate> candidates() throws Broken, InterruptedException {
    List<Candidate> may =
        await(shares.candidates(now.symbolicName(), now.version()), "The core").stream()
            .filter(pbx -> plan.providers().isEmpty() || plan.providers().contains(pbx.provider()))
            .toList();
    List<String> missing = new ArrayList<>(plan.providers());
    may.forEach(pbx -> missing.remove(pbx.provider()));
    if (!missing.isEmpty()) {
      throw new Broken(
          "Not open with another version of this driver, or not to have this one: "
              + String.join(", ", missing)
              + ".");
    }
    return may;
  }

  private List<Candidate> sharing() {
    boolean byShares = !plan.steps().isEmpty() || plan.mode() == RolloutPlan.Mode.DRAIN;
    return byShares ? all.stream().filter(Candidate::shares).toList() : List.of();
  }

  /** Those that cannot be served by two versions are cut over at the end, and that is said. */
  private String atOnce() {
    String names =
        all.stream()
            .filter(pbx -> !sharing().contains(pbx))
            .map(Candidate::provider)
            .collect(Collectors.joining(", "));
    return names.isEmpty() ? "" : " At once, at the end, with a hand-over: " + names + ".";
  }

  /** Who is to drain takes no new calls. */
  private List<Integer> steps() {
    List<Integer> steps = new ArrayList<>(sharing().isEmpty() ? List.of() : plan.steps());
    boolean needsAll =
        plan.mode() == RolloutPlan.Mode.DRAIN
            && !sharing().isEmpty()
            && (steps.isEmpty() || steps.getLast() < 100);
    if (needsAll) {
      steps.add(100);
    }
    return steps;
  }

  private void watch(Duration time) throws Broken, InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    do {
      look();
    } while (System.nanoTime() < end);
  }

  /** Waits a moment; then nobody must have asked for the end, and no limit be broken. */
  private void look() throws Broken, InterruptedException {
    try {
      throw new Broken(State.REMOVED, back.get(LOOK_MS, TimeUnit.MILLISECONDS));
    } catch (TimeoutException nobody) {
      List<Rollout.Share> looked = new ArrayList<>();
      for (Candidate pbx : all) {
        Optional<ShareProgress> progress = Optional.empty();
        if (sharing().contains(pbx)) {
          progress = await(shares.progress(pbx.provider()), pbx.provider());
          isWithinLimits(pbx.provider(), progress);
        }
        looked.add(new Rollout.Share(pbx.provider(), progress));
      }
      seen = List.copyOf(looked);
    } catch (ExecutionException never) {
      throw new IllegalStateException(never);
    }
  }

  private void isWithinLimits(String provider, Optional<ShareProgress> progress) throws Broken {
    ShareProgress p =
        progress.orElseThrow(
            () -> new Broken(provider + " is no longer served by both; see its status."));
    int percent = plan.failurePercent().orElse(100);
    if (p.commands() >= RolloutPlan.ENOUGH_COMMANDS
        && p.failed() * 100L > (long) percent * p.commands()) {
      throw new Broken(
          "%s: %d of %d commands have failed, more than %d %%."
              .formatted(provider, p.failed(), p.commands(), percent));
    }
    if (plan.stall().filter(most -> p.longest().compareTo(most) > 0).isPresent()) {
      throw new Broken(
          "%s: an answer took %d ms, more than %d ms."
              .formatted(provider, p.longest().toMillis(), plan.stall().get().toMillis()));
    }
  }

  private String told() {
    return seen.stream()
        .flatMap(share -> share.progress().map(p -> told(share.provider(), p)).stream())
        .collect(Collectors.joining(" "));
  }

  private static String told(String provider, ShareProgress p) {
    return "%s: %d sessions, %d on the version before; %d commands, %d failed, longest %d ms."
        .formatted(
            provider, p.newer(), p.older(), p.commands(), p.failed(), p.longest().toMillis());
  }

  /** Waits until the version before serves no call; yes where its calls are to be let go. */
  private boolean drained() throws Broken, IOException, InterruptedException {
    enter(State.ROLLING);
    long from = System.nanoTime();
    boolean late = false;
    do {
      look();
      late =
          plan.onDeadline() != RolloutPlan.OnDeadline.WAIT
              && plan.deadline()
                  .filter(most -> System.nanoTime() - from >= most.toNanos())
                  .isPresent();
    } while (!late && seen.stream().anyMatch(RollingOut::isServedByOlder));
    boolean drained = seen.stream().noneMatch(RollingOut::isServedByOlder);
    leave(
        true,
        (drained ? "Drained. " : "Not drained in time: " + plan.onDeadline().text() + ". ")
            + told());
    return !drained && plan.onDeadline() == RolloutPlan.OnDeadline.RELEASE;
  }

  private static boolean isServedByOlder(Rollout.Share share) {
    return share.progress().filter(p -> p.older() > 0).isPresent();
  }

  /** Each PBX takes it from here on; those that cannot share go over now. */
  private void finish(boolean release) throws Broken, InterruptedException {
    Set<String> names = all.stream().map(Candidate::provider).collect(Collectors.toSet());
    shares.reserve(now.symbolicName(), now.version(), names);
    for (Candidate pbx : sharing()) {
      begun(pbx.provider(), await(shares.finish(pbx.provider(), release), pbx.provider()));
    }
    for (DriverMove move : await(pipeline.moves(now), "The PBXs")) {
      begun(move.provider(), Optional.of(move.why()).filter(why -> !move.moved()));
    }
    if (plan.providers().isEmpty()) {
      shares.release(now.symbolicName(), now.version());
    }
  }

  private void enter(State state) throws IOException {
    now = now.becomes(state, "", now.steps());
    pipeline.step(now);
    began = System.nanoTime();
  }

  private void leave(boolean done, String text) {
    List<Step> steps = new ArrayList<>(now.steps());
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    steps.add(new Step(now.state(), done, text, took));
    now = now.becomes(now.state(), now.why(), steps);
  }

  private static <T> T await(CompletionStage<T> answer, String who)
      throws Broken, InterruptedException {
    try {
      return answer.toCompletableFuture().get(Pipeline.MOVE_WITHIN.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new Broken(who + " did not answer within " + Pipeline.MOVE_WITHIN.toSeconds() + " s.");
    } catch (ExecutionException bug) {
      throw new IllegalStateException(bug.getCause());
    }
  }

  /** Calls go back first; a PBX that has gone over already goes back when the bundle goes. */
  private void goBack(Broken broken) {
    leave(false, broken.why());
    try {
      for (Candidate pbx : sharing()) {
        await(shares.takeBack(pbx.provider(), broken.why()), pbx.provider());
      }
      await(pipeline.takeOut(now.becomes(broken.end, broken.why(), now.steps())), "The framework");
      shares.release(now.symbolicName(), now.version());
    } catch (Broken | RejectedExecutionException late) {
      LOG.error("{} could not be taken out cleanly", now.symbolicName(), late);
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }
}
