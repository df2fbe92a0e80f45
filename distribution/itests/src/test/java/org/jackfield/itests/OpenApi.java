package org.jackfield.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** The document that a running server gives of itself, as the judge of its answers. */
final class OpenApi {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ROOT = "/api/v1";

  private final JsonNode document;

  OpenApi(RunningServer server) throws IOException, InterruptedException {
    document = server.json(ROOT + "/openapi.json");
  }

  /** Fails unless the document knows this status of this route, and this body for it. */
  JsonNode check(String method, HttpResponse<String> answer) throws IOException {
    String path = answer.uri().getPath().substring(ROOT.length());
    String status = Integer.toString(answer.statusCode());
    JsonNode response =
        resolved(operation(method.toLowerCase(Locale.ROOT), path).path("responses").path(status));
    assertThat(response.isMissingNode())
        .as("%s %s documents %s: %s", method, path, status, answer.body())
        .isFalse();
    if (answer.body().isEmpty()) {
      return JSON.missingNode();
    }
    String type = answer.headers().firstValue("Content-Type").orElse("").replaceFirst(";.*", "");
    JsonNode schema = response.path("content").path(type).path("schema");
    assertThat(schema.isMissingNode()).as("%s %s %s is %s", method, path, status, type).isFalse();
    JsonNode body = JSON.readTree(answer.body());
    assertThat(errors(schema, body)).as("%s %s %s: %s", method, path, status, body).isEmpty();
    return body;
  }

  /** Fails unless the document knows such an event. */
  JsonNode checkEvent(String data) throws IOException {
    JsonNode event = JSON.readTree(data);
    JsonNode schema = JSON.createObjectNode().put("$ref", "#/components/schemas/Event");
    assertThat(errors(schema, event)).as(data).isEmpty();
    return event;
  }

  private List<String> errors(JsonNode schema, JsonNode body) {
    ObjectNode whole = schema.deepCopy();
    whole.set("components", document.get("components"));
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
        .getSchema(whole, SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build())
        .validate(body)
        .stream()
        .map(Object::toString)
        .toList();
  }

  /** A literal path before one with a variable in the same place. */
  private JsonNode operation(String method, String path) {
    JsonNode found = document.at("/paths/" + path.replace("/", "~1"));
    for (Map.Entry<String, JsonNode> entry : document.get("paths").properties()) {
      String pattern = Pattern.quote(entry.getKey()).replaceAll("\\{[a-z]+}", "\\\\E[^/]+\\\\Q");
      if (found.isMissingNode() && path.matches(pattern)) {
        found = entry.getValue();
      }
    }
    assertThat(found.has(method)).as("%s %s is documented", method, path).isTrue();
    return found.get(method);
  }

  private JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? document.at(node.get("$ref").asText().substring(1)) : node;
  }
}
