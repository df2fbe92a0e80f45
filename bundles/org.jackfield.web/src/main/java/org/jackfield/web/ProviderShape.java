package org.jackfield.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Limits;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.provider.AddressInfo;
import org.jackfield.api.provider.ConfigKey;
import org.jackfield.api.provider.DriverInfo;
import org.jackfield.api.provider.ProbeReport;
import org.jackfield.api.provider.ProviderStatus;

/** Drivers, providers and addresses as JSON. */
final class ProviderShape {
  private ProviderShape() {}

  static ObjectNode driver(DriverInfo driver, List<ProviderStatus> providers) {
    ObjectNode json = Json.object();
    json.put("name", driver.name());
    json.put("version", driver.version());
    json.put("bundle", driver.bundle());
    json.put("state", "active");
    ArrayNode schema = json.putArray("schema");
    driver.schema().forEach(key -> schema.add(key(key)));
    ArrayNode opened = json.putArray("providers");
    for (ProviderStatus provider : providers) {
      if (provider.driver().equals(driver.name())
          && provider.driverVersion().equals(driver.version())) {
        opened.add(provider.name());
      }
    }
    json.set("capabilities", capabilities(driver.declared(), Map.of()));
    driver.declared().traitSet().forEach(trait -> json.withArray("traits").add(trait.text()));
    json.withArray("traits");
    return json;
  }

  static ObjectNode provider(ProviderStatus provider) {
    ObjectNode json = Json.object();
    json.put("name", provider.name());
    json.put("driver", provider.driver());
    json.put("version", provider.driverVersion());
    json.put("state", provider.state().text());
    json.put("since", Json.time(provider.since()));
    json.put("why", provider.why());
    json.set("capabilities", capabilities(provider.capabilities(), provider.absent()));
    ArrayNode traits = json.putArray("traits");
    provider.capabilities().traitSet().forEach(trait -> traits.add(trait.text()));
    json.set("limits", limits(provider.capabilities().limits()));
    json.set("probe", probe(provider.probe()));
    json.put("sessions", provider.sessions());
    return json;
  }

  static ObjectNode address(String provider, AddressInfo address) {
    ObjectNode json =
        Json.object()
            .put("provider", provider)
            .put("address", address.address().value())
            .put("name", address.name())
            .put("state", address.state().text());
    address
        .may()
        .ifPresent(
            may -> {
              ArrayNode operations = json.putArray("operations");
              may.operationSet().forEach(operation -> operations.add(operation.text()));
            });
    return json;
  }

  private static ArrayNode capabilities(Capabilities may, Map<Operation, String> absent) {
    ArrayNode json = Json.array();
    for (Operation operation : Operation.values()) {
      boolean unsaid = operation == Operation.COMPLETE && may.completionUndeclared();
      String ever = may.permits(operation) ? (unsaid ? "unsaid" : "yes") : "no";
      ObjectNode item = json.addObject().put("operation", operation.text()).put("ever", ever);
      String why = absent.get(operation);
      if (why != null) {
        item.put("why", why);
      }
    }
    return json;
  }

  private static ObjectNode limits(Limits limits) {
    ObjectNode json = Json.object();
    limit(json, "onHold", limits.onHold());
    limit(json, "onHoldPending", limits.onHoldPending());
    limit(json, "conference", limits.conference());
    return json;
  }

  private static void limit(ObjectNode json, String name, int limit) {
    if (limit != Integer.MAX_VALUE) {
      json.put(name, limit);
    }
  }

  private static ObjectNode probe(ProbeReport probe) {
    ObjectNode json = Json.object();
    json.put("usable", probe.usable());
    ArrayNode findings = json.putArray("findings");
    for (ProbeReport.Finding finding : probe.findings()) {
      findings
          .addObject()
          .put("level", finding.level().text())
          .put("subject", finding.subject())
          .put("text", finding.text());
    }
    return json;
  }

  private static ObjectNode key(ConfigKey key) {
    ObjectNode json = Json.object();
    json.put("name", key.name());
    json.put("type", key.type().name().toLowerCase(Locale.ROOT));
    json.put("required", key.required());
    key.defaultValue().ifPresent(value -> json.put("default", value));
    json.put("text", key.text());
    return json;
  }
}
