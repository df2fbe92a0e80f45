package org.jackfield.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** Whether the process lives, whether it serves requests, and how each of its parts is. */
final class HealthRoutes {

  /**
   * How one part is.
   *
   * @param needed whether no request can be served while it is down
   */
  record Check(String name, boolean needed, boolean up, String text) {}

  private final String version;
  private final Supplier<String> epoch;
  private final Instant started;
  private final Supplier<List<Check>> checks;

  HealthRoutes(
      String version, Supplier<String> epoch, Instant started, Supplier<List<Check>> checks) {
    this.version = version;
    this.epoch = epoch;
    this.started = started;
    this.checks = checks;
  }

  void addTo(Router.Builder routes) {
    routes
        .openGet("/health/live", exchange -> live())
        .openGet("/health/ready", exchange -> ready())
        .get("/health", exchange -> health());
  }

  private static Answer live() {
    ObjectNode json = Json.object();
    json.put("status", "up");
    return Answer.Reply.json(200, json);
  }

  private Answer ready() {
    List<Check> missing =
        checks.get().stream().filter(check -> check.needed() && !check.up()).toList();
    ObjectNode json = Json.object();
    json.put("status", missing.isEmpty() ? "ready" : "notReady");
    ArrayNode reasons = json.putArray("reasons");
    missing.forEach(check -> reasons.add(check.name() + ": " + check.text()));
    return missing.isEmpty()
        ? Answer.Reply.json(200, json)
        : Answer.Reply.json(503, json).with("Retry-After", "1");
  }

  private Answer health() {
    List<Check> all = checks.get();
    ObjectNode json = Json.object();
    json.put("status", status(all));
    json.put("version", version);
    json.put("epoch", epoch.get());
    json.put("startedAt", Json.time(started));
    ArrayNode items = json.putArray("checks");
    for (Check check : all) {
      items
          .addObject()
          .put("name", check.name())
          .put("status", check.up() ? "up" : "down")
          .put("text", check.text());
    }
    return Answer.Reply.json(200, json);
  }

  private static String status(List<Check> all) {
    if (all.stream().allMatch(Check::up)) {
      return "up";
    }
    return all.stream().anyMatch(check -> check.needed() && !check.up()) ? "down" : "degraded";
  }
}
