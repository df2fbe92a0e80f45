package org.jackfield.web;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;

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
  static List<HealthRoutes.Check> checks(Services services) {
    boolean ready = services.ready();
    return List.of(
        new HealthRoutes.Check(
            "core", true, ready, ready ? "" : "its services, or a provider, are not there yet"));
  }
}
