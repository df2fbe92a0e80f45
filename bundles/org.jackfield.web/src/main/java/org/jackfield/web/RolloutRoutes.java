package org.jackfield.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jackfield.api.provider.ShareProgress;
import org.jackfield.api.rollout.Rollout;
import org.jackfield.api.rollout.RolloutPlan;
import org.jackfield.api.rollout.RolloutPlan.Mode;
import org.jackfield.api.rollout.RolloutPlan.OnDeadline;
import org.jackfield.api.rollout.RolloutReply;

/** Versions of drivers that take over step by step. */
final class RolloutRoutes {
  private static final int MOST_PROVIDERS = 100;
  private static final int MOST_STEPS = 20;
  private static final long DAY = Duration.ofDays(1).toMillis();

  private final Services services;

  RolloutRoutes(Services services) {
    this.services = services;
  }

  void addTo(Router.Builder routes) {
    routes
        .get("/rollouts", exchange -> list())
        .on("POST", "/rollouts", this::begin)
        .get("/rollouts/{id}", this::one)
        .on("POST", "/rollouts/{id}/rollback", this::back);
  }

  private Answer list() {
    return Answer.Reply.json(
        200,
        SessionRoutes.items(
            services.bundles().rollouts(), RolloutRoutes::rollout, Optional.empty()));
  }

  private Answer one(Exchange exchange) {
    return Answer.Reply.json(200, rollout(found(exchange)));
  }

  private Rollout found(Exchange exchange) {
    return services
        .bundles()
        .rollout(exchange.path("id"))
        .orElseThrow(
            () -> Problem.of(ProblemType.NO_SUCH_ROLLOUT, "No rollout has this id.").refused());
  }

  private CompletionStage<Answer> begin(Exchange exchange) {
    RolloutPlan plan = plan(exchange.fields());
    return services
        .bundles()
        .rollOut(exchange.requester(), plan)
        .thenApply(reply -> answer(exchange, reply));
  }

  private CompletionStage<Answer> back(Exchange exchange) {
    exchange.fields().end();
    String id = found(exchange).bundle().id();
    return services
        .bundles()
        .rollBack(exchange.requester(), id)
        .thenApply(reply -> answer(exchange, reply));
  }

  private static Answer answer(Exchange exchange, RolloutReply reply) {
    return switch (reply) {
      case RolloutReply.Accepted yes ->
          Answer.Reply.json(202, rollout(yes.rollout()))
              .with("Location", exchange.location("/rollouts/" + yes.rollout().bundle().id()));
      case RolloutReply.Refused no ->
          Answer.Reply.of(Problem.of(ProblemType.ROLLOUT_REFUSED, no.why()));
    };
  }

  private static RolloutPlan plan(Fields fields) {
    String bundle = fields.requiredText("bundle", SessionRoutes.LONGEST_ID);
    List<String> providers = fields.texts("providers", MOST_PROVIDERS, SessionRoutes.LONGEST_ID);
    Fields strategy = fields.object("strategy");
    Fields abort = strategy.object("abort");
    OptionalLong percent = abort.whole("failurePercent", 0, 100);
    try {
      RolloutPlan plan =
          new RolloutPlan(
              bundle,
              Set.copyOf(providers),
              strategy.choice("mode", Words.ROLLOUT_MODES).orElse(Mode.HAND_OVER),
              strategy.wholes("steps", MOST_STEPS, 1, 100).stream().map(Long::intValue).toList(),
              time(strategy, "stepMs").orElse(RolloutPlan.STEP),
              time(strategy, "deadlineMs"),
              strategy.choice("onDeadline", Words.ON_DEADLINE).orElse(OnDeadline.WAIT),
              percent.isEmpty() ? Optional.empty() : Optional.of((int) percent.getAsLong()),
              time(abort, "stallMs"));
      abort.end();
      strategy.end();
      fields.end();
      return plan;
    } catch (IllegalArgumentException notAscending) {
      throw Fields.wrong(ProblemType.INVALID_VALUE, "strategy.steps", "must ascend");
    }
  }

  private static Optional<Duration> time(Fields fields, String name) {
    OptionalLong millis = fields.whole(name, 1, DAY);
    return millis.isEmpty() ? Optional.empty() : Optional.of(Duration.ofMillis(millis.getAsLong()));
  }

  static ObjectNode rollout(Rollout one) {
    ObjectNode json = Json.object();
    json.put("id", one.bundle().id()).put("state", one.bundle().state().text());
    json.put("why", one.bundle().why());
    json.set("strategy", strategy(one.plan()));
    ArrayNode named = json.putArray("providers");
    one.plan().providers().stream().sorted().forEach(named::add);
    ArrayNode shares = json.putArray("shares");
    for (Rollout.Share share : one.shares()) {
      ObjectNode row = shares.addObject().put("provider", share.provider());
      row.put("atOnce", share.progress().isEmpty());
      share.progress().ifPresent(progress -> put(row, progress));
    }
    json.set("bundle", BundleRoutes.bundle(one.bundle()));
    return json;
  }

  private static void put(ObjectNode row, ShareProgress progress) {
    row.put("percent", progress.percent())
        .put("newer", progress.newer())
        .put("older", progress.older())
        .put("commands", progress.commands())
        .put("failed", progress.failed())
        .put("longestMs", progress.longest().toMillis());
  }

  private static ObjectNode strategy(RolloutPlan plan) {
    ObjectNode json = Json.object();
    json.put("mode", plan.mode() == Mode.DRAIN ? "drain" : "handOver");
    ArrayNode steps = json.putArray("steps");
    plan.steps().forEach(steps::add);
    json.put("stepMs", plan.step().toMillis());
    plan.deadline().ifPresent(deadline -> json.put("deadlineMs", deadline.toMillis()));
    json.put("onDeadline", plan.onDeadline().text());
    ObjectNode abort = json.putObject("abort");
    plan.failurePercent().ifPresent(percent -> abort.put("failurePercent", percent));
    plan.stall().ifPresent(stall -> abort.put("stallMs", stall.toMillis()));
    return json;
  }
}
