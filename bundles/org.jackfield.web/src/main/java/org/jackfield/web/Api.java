package org.jackfield.web;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jackfield.api.history.HistoryService;
import org.jackfield.api.history.HistoryStatus;
import org.jackfield.api.journal.Journal;

/** All routes of the API, put together. */
final class Api {
  private Api() {}

  static Router routes(
      Services services,
      HealthRoutes health,
      UserRoutes user,
      PageSessions pages,
      byte[] document) {
    SessionShape shape = new SessionShape(services);
    SessionRoutes sessions = new SessionRoutes(services, shape);
    Router.Builder routes = Router.builder();
    health.addTo(routes);
    user.addTo(routes);
    new ProviderRoutes(services).addTo(routes);
    sessions.addTo(routes);
    new TransferRoutes(services, sessions).addTo(routes);
    new PolicyRoutes(services).addTo(routes);
    new EventRoutes(services, pages).addTo(routes);
    new HistoryRoutes(services).addTo(routes);
    new BundleRoutes(services).addTo(routes);
    new RolloutRoutes(services).addTo(routes);
    routes.openGet(
        "/openapi.json", exchange -> new Answer.Reply(200, Map.of(), Answer.Reply.JSON, document));
    return routes.build();
  }

  /** openapi.json as it is in the bundle. */
  static byte[] document() throws IOException {
    try (InputStream in = Api.class.getResourceAsStream("/openapi.json")) {
      if (in == null) {
        throw new IOException("openapi.json is not in the bundle");
      }
      return in.readAllBytes();
    }
  }

  /** How the parts of the server are. */
  static List<HealthRoutes.Check> checks(Services services, Journal journal) {
    boolean ready = services.ready();
    List<HealthRoutes.Check> checks = new ArrayList<>();
    checks.add(
        new HealthRoutes.Check(
            "core", true, ready, ready ? "" : "its services, or a provider, are not there yet"));
    String trouble = journal.trouble().orElse("");
    checks.add(new HealthRoutes.Check("journal", false, trouble.isEmpty(), trouble));
    services.history().map(HistoryService::status).map(Api::check).ifPresent(checks::add);
    return checks;
  }

  private static HealthRoutes.Check check(HistoryStatus status) {
    String text = status.text();
    if (status.owed() > 0 && !text.isEmpty()) {
      text += "; " + status.owed() + " events and entries wait for the database";
    }
    if (status.lost() > 0) {
      text += (text.isEmpty() ? "" : "; ") + status.lost() + " were lost";
    }
    return new HealthRoutes.Check("history", false, text.isEmpty(), text);
  }
}
