package org.jackfield.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jackfield.api.rollout.BundleCheck;
import org.jackfield.api.rollout.BundleService;
import org.jackfield.api.rollout.DeployedBundle;
import org.jackfield.api.rollout.DeployedBundle.State;
import org.jackfield.api.rollout.Drain;
import org.jackfield.api.rollout.Draining;
import org.jackfield.api.rollout.RolloutPlan.OnDeadline;

/** Drivers that come in and go while the server runs. */
final class BundleRoutes {
  private final Services services;

  BundleRoutes(Services services) {
    this.services = services;
  }

  void addTo(Router.Builder routes) {
    routes
        .get("/bundles", exchange -> list())
        .upload("POST", "/bundles", this::deploy)
        .get("/bundles/{id}", this::one)
        .on("DELETE", "/bundles/{id}", this::withdraw);
  }

  private Answer list() {
    return Answer.Reply.json(
        200,
        SessionRoutes.items(services.bundles().bundles(), BundleRoutes::bundle, Optional.empty()));
  }

  private Answer one(Exchange exchange) {
    return Answer.Reply.json(
        200,
        bundle(services.bundles().bundle(exchange.path("id")).orElseThrow(BundleRoutes::unknown)));
  }

  private CompletionStage<Answer> deploy(Exchange exchange) {
    boolean downgrade = exchange.query("downgrade", Words.TRUTH).orElse(false);
    boolean stage = exchange.query("stage", Words.TRUTH).orElse(false);
    BundleService bundles = services.bundles();
    CompletionStage<DeployedBundle> brought =
        stage
            ? bundles.stage(exchange.requester(), exchange.upload(), downgrade)
            : bundles.deploy(exchange.requester(), exchange.upload(), downgrade);
    return brought.thenApply(
        one ->
            switch (one.state()) {
              case ACTIVE, STAGED ->
                  Answer.Reply.json(201, bundle(one))
                      .with("Location", exchange.location("/bundles/" + one.id()));
              case REFUSED -> no(ProblemType.BUNDLE_REFUSED, one);
              default -> no(ProblemType.BUNDLE_FAILED, one);
            });
  }

  private static Answer.Reply no(ProblemType type, DeployedBundle one) {
    return Answer.Reply.of(Problem.of(type, one.why()).with("bundle", bundle(one)));
  }

  private CompletionStage<Answer> withdraw(Exchange exchange) {
    BundleService bundles = services.bundles();
    String id = exchange.path("id");
    Optional<Duration> deadline = exchange.query("deadlineMs", 12).map(BundleRoutes::deadline);
    Optional<OnDeadline> then = exchange.query("onDeadline", Words.ON_DEADLINE);
    CompletionStage<Optional<DeployedBundle>> gone =
        deadline.isEmpty() && then.isEmpty()
            ? bundles.withdraw(exchange.requester(), id)
            : bundles.withdraw(
                exchange.requester(), id, new Drain(deadline, then.orElse(OnDeadline.WAIT)));
    return gone.thenApply(
        found -> {
          DeployedBundle one = found.orElseThrow(BundleRoutes::unknown);
          return Answer.Reply.json(one.state() == State.DRAINING ? 202 : 200, bundle(one));
        });
  }

  private static Duration deadline(String millis) {
    if (!millis.matches("[0-9]{1,10}")) {
      throw Fields.wrong(
          ProblemType.INVALID_VALUE, "deadlineMs", "must be a number of milliseconds");
    }
    return Duration.ofMillis(Long.parseLong(millis));
  }

  private static Refused unknown() {
    return Problem.of(
            ProblemType.NO_SUCH_BUNDLE, "No deployed bundle has this id, or it does not run.")
        .refused();
  }

  private static void draining(ObjectNode json, Draining draining) {
    json.put("since", Json.time(draining.since()));
    draining.deadline().ifPresent(at -> json.put("deadline", Json.time(at)));
    json.put("onDeadline", draining.onDeadline().text());
    ArrayNode left = json.putArray("left");
    draining
        .left()
        .forEach((pbx, calls) -> left.addObject().put("provider", pbx).put("sessions", calls));
  }

  static ObjectNode bundle(DeployedBundle one) {
    ObjectNode json =
        Json.object()
            .put("id", one.id())
            .put("symbolicName", one.symbolicName())
            .put("version", one.version())
            .put("sha256", one.sha256())
            .put("signer", one.signer())
            .put("by", one.by())
            .put("via", one.via())
            .put("file", one.file())
            .put("receivedAt", Json.time(one.receivedAt()))
            .put("state", one.state().text())
            .put("why", one.why());
    ArrayNode checks = json.putArray("checks");
    for (BundleCheck check : one.checks()) {
      ObjectNode row = checks.addObject();
      row.put("name", check.name().text()).put("state", check.state().text());
      check.problem().ifPresent(problem -> row.put("problem", problem.text()));
      row.put("text", check.text()).put("tookMs", check.took().toMillis());
    }
    ArrayNode steps = json.putArray("steps");
    for (DeployedBundle.Step step : one.steps()) {
      steps
          .addObject()
          .put("name", step.name().text())
          .put("done", step.done())
          .put("text", step.text())
          .put("tookMs", step.took().toMillis());
    }
    one.draining().ifPresent(draining -> draining(json.putObject("draining"), draining));
    return json;
  }
}
