package org.jackfield.web;

import java.util.Optional;

/** The stream of events. */
final class EventRoutes {
  private static final int LONGEST_ID = 64;

  private final Services services;
  private final PageSessions pages;

  EventRoutes(Services services, PageSessions pages) {
    this.services = services;
    this.pages = pages;
  }

  void addTo(Router.Builder routes) {
    routes.get("/events", this::events);
  }

  private Answer events(Exchange exchange) {
    Optional<String> lastId =
        exchange.header("Last-Event-ID", LONGEST_ID).or(() -> exchange.query("after", LONGEST_ID));
    PageSessions.Page page = exchange.user().page();
    return services.stream().open(lastId, () -> page == null || pages.stands(page));
  }
}
