package org.jackfield.deployer;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jackfield.api.provider.DriverShares;
import org.jackfield.api.rollout.DeployedBundle;
import org.jackfield.api.rollout.DeployedBundle.State;
import org.jackfield.api.rollout.Rollout;
import org.jackfield.api.rollout.RolloutPlan;
import org.jackfield.api.rollout.RolloutReply;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rollouts, of which one at most is under way. Any thread. */
final class Rollouts implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Rollouts.class);

  private final Pipeline pipeline;
  private final Withdrawals withdrawals;
  private final Plans plans;
  private @Nullable RollingOut current;
  private @Nullable Thread thread;

  Rollouts(Pipeline pipeline, Withdrawals withdrawals, Plans plans) {
    this.pipeline = pipeline;
    this.withdrawals = withdrawals;
    this.plans = plans;
  }

  List<Rollout> all() {
    return pipeline.records().newest().stream().flatMap(one -> of(one).stream()).toList();
  }

  Optional<Rollout> find(String id) {
    return pipeline.records().find(id).flatMap(this::of);
  }

  private Optional<Rollout> of(DeployedBundle one) {
    return plans.find(one.id()).map(plan -> new Rollout(one, plan, shares(one.id())));
  }

  private synchronized List<Rollout.Share> shares(String id) {
    RollingOut now = current;
    return now == null || !now.isOf(id) ? List.of() : now.shares();
  }

  synchronized RolloutReply begin(RolloutPlan plan) {
    Optional<DeployedBundle> staged =
        pipeline.records().find(plan.bundle()).filter(one -> one.state() == State.STAGED);
    Optional<DriverShares> shares = pipeline.present().shares();
    if (staged.isEmpty()) {
      return new RolloutReply.Refused("No bundle of this id is staged.");
    }
    if (shares.isEmpty()) {
      return new RolloutReply.Refused("The core is not there yet.");
    }
    if (current != null && !current.isOver()) {
      return new RolloutReply.Refused("Another rollout is under way: " + current.id() + ".");
    }
    try {
      plans.keep(plan);
    } catch (IOException e) {
      LOG.error("The plan of a rollout cannot be written", e);
      return new RolloutReply.Refused("Its plan cannot be written: " + e.getMessage() + ".");
    }
    RollingOut next = new RollingOut(pipeline, shares.get(), plan, staged.get());
    current = next;
    thread = Thread.ofPlatform().name("jackfield-rollout").daemon().start(next);
    return new RolloutReply.Accepted(new Rollout(staged.get(), plan, List.of()));
  }

  /** Goes back, whether it is under way or over. */
  synchronized CompletionStage<RolloutReply> back(String id, String why) {
    RollingOut now = current;
    Optional<Rollout> one = find(id);
    if (one.isEmpty()) {
      return refused("There is no rollout of this id.");
    }
    if (now != null && now.isOf(id) && now.goBack(why)) {
      return CompletableFuture.completedStage(new RolloutReply.Accepted(one.get()));
    }
    if (one.get().bundle().state() != State.ACTIVE) {
      return refused("It is over: " + one.get().bundle().state().text() + ".");
    }
    return withdrawals
        .withdraw(id, why)
        .thenApply(
            gone ->
                gone.flatMap(this::of)
                    .<RolloutReply>map(RolloutReply.Accepted::new)
                    .orElse(new RolloutReply.Refused("It does not run any more.")));
  }

  private static CompletionStage<RolloutReply> refused(String why) {
    return CompletableFuture.completedStage(new RolloutReply.Refused(why));
  }

  /** Versions that were rolled out to some PBXs are those PBXs' also after a restart. */
  void reserve(DriverShares shares) {
    for (DeployedBundle bundle : pipeline.records().newest()) {
      if (isReserved(bundle)) {
        Set<String> only = plans.find(bundle.id()).orElseThrow().providers();
        shares.reserve(bundle.symbolicName(), bundle.version(), only);
      }
    }
  }

  /** Whether only some PBXs may choose it. */
  boolean isReserved(DeployedBundle one) {
    boolean runs = one.state() == State.ACTIVE || one.state() == State.DRAINING;
    return runs && plans.find(one.id()).filter(plan -> !plan.providers().isEmpty()).isPresent();
  }

  /** What is under way is found half done at the next start, and said to have failed. */
  @Override
  public synchronized void close() {
    if (thread != null) {
      thread.interrupt();
    }
  }
}
