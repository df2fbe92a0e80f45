package org.jackfield.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jackfield.api.rollout.BundleCheck;
import org.jackfield.api.rollout.BundleService;
import org.jackfield.api.rollout.DeployedBundle;

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
    return services
        .bundles()
        .withdraw(exchange.requester(), exchange.path("id"))
        .thenApply(gone -> Answer.Reply.json(200, bundle(gone.orElseThrow(BundleRoutes::unknown))));
  }

  private static Refused unknown() {
    return Problem.of(
            ProblemType.NO_SUCH_BUNDLE, "No deployed bundle has this id, or it does not run.")
        .refused();
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
    return json;
  }
}
