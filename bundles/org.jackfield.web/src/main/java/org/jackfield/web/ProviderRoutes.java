package org.jackfield.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jackfield.api.provider.AddressInfo;
import org.jackfield.api.provider.ProviderStatus;
import org.jackfield.api.session.Reason;
import org.jackfield.api.session.Refusal;

/** Drivers, PBXs and their addresses. */
final class ProviderRoutes {
  private static final int LONGEST_PREFIX = 64;

  private final Services services;

  ProviderRoutes(Services services) {
    this.services = services;
  }

  void addTo(Router.Builder routes) {
    routes
        .get("/drivers", exchange -> drivers())
        .get("/providers", exchange -> providers())
        .get("/providers/{name}", this::provider)
        .get("/addresses", this::addresses);
  }

  private Answer drivers() {
    List<ProviderStatus> opened = services.providers().providers();
    return list(
        services.providers().drivers().stream()
            .map(driver -> ProviderShape.driver(driver, opened))
            .toList());
  }

  private Answer providers() {
    return list(services.providers().providers().stream().map(ProviderShape::provider).toList());
  }

  private Answer list(List<ObjectNode> items) {
    String asOf = services.log().latest().toString();
    return Answer.Reply.json(
        200, SessionRoutes.items(items, item -> item, Optional.empty()).put("asOf", asOf));
  }

  private Answer provider(Exchange exchange) {
    return Answer.Reply.json(200, ProviderShape.provider(find(exchange.path("name"))));
  }

  private ProviderStatus find(String name) {
    return services
        .providers()
        .provider(name)
        .orElseThrow(
            () ->
                Problem.of(new Refusal(Reason.NO_SUCH_PROVIDER, "No provider has this name."))
                    .refused());
  }

  private Answer addresses(Exchange exchange) {
    String prefix = exchange.query("q", LONGEST_PREFIX).orElse("");
    int limit = exchange.limit();
    Optional<String> provider = exchange.query("provider", SessionRoutes.LONGEST_ID);
    List<ProviderStatus> asked =
        provider.isPresent() ? List.of(find(provider.get())) : services.providers().providers();
    List<ObjectNode> items = new ArrayList<>();
    for (ProviderStatus one : asked) {
      if (items.size() < limit) {
        List<AddressInfo> some =
            services.providers().addresses(one.name(), prefix, limit - items.size());
        some.forEach(address -> items.add(ProviderShape.address(one.name(), address)));
      }
    }
    return list(items);
  }
}
