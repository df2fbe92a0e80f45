package org.jackfield.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** openapi.json as a judge: whether an answer is one that it allows, and says all of it. */
final class Contract {
  private static final JsonSchemaFactory SCHEMAS =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

  private final JsonNode document;
  private final ObjectNode closedComponents;

  Contract() throws IOException {
    document = Json.read(Api.document());
    closedComponents = document.get("components").deepCopy();
    closedComponents.get("schemas").forEach(Contract::close);
  }

  /** An answer may say more than the document; ours must not, or the document is behind. */
  private static void close(JsonNode schema) {
    if (schema instanceof ObjectNode object
        && object.has("properties")
        && !object.has("additionalProperties")) {
      object.put("additionalProperties", false);
    }
    schema.path("properties").forEach(Contract::close);
    if (schema.has("items")) {
      close(schema.get("items"));
    }
  }

  /** Each documented route as {@code GET /path}. */
  TreeSet<String> routes() {
    TreeSet<String> routes = new TreeSet<>();
    forEachOperation((name, operation) -> routes.add(name));
    return routes;
  }

  void forEachOperation(BiConsumer<String, JsonNode> consumer) {
    for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        consumer.accept(
            method.getKey().toUpperCase(java.util.Locale.ROOT) + " " + path.getKey(),
            method.getValue());
      }
    }
  }

  JsonNode document() {
    return document;
  }

  /** Fails unless the operation documents this status, this content type and this body. */
  void check(String method, String template, int status, String contentType, byte[] body) {
    JsonNode operation =
        document.at(
            "/paths/"
                + template.replace("/", "~1")
                + "/"
                + method.toLowerCase(java.util.Locale.ROOT));
    assertThat(operation.isMissingNode()).as("%s %s is documented", method, template).isFalse();
    JsonNode response = resolved(operation.path("responses").path(Integer.toString(status)));
    assertThat(response.isMissingNode())
        .as("%s %s documents %s", method, template, status)
        .isFalse();
    if (body.length == 0) {
      assertThat(response.has("content")).as("%s %s %s: body", method, template, status).isFalse();
      return;
    }
    JsonNode media = response.path("content").path(contentType.replaceFirst(";.*", ""));
    assertThat(media.isMissingNode())
        .as("%s %s %s documents %s", method, template, status, contentType)
        .isFalse();
    check(media.get("schema"), Json.read(body), method + " " + template + " " + status);
  }

  void checkEvent(JsonNode data) {
    ObjectNode schema = Json.object().put("$ref", "#/components/schemas/Event");
    check(schema, data, "event");
  }

  private void check(JsonNode schema, JsonNode body, String what) {
    ObjectNode whole = schema.deepCopy();
    whole.set("components", closedComponents);
    List<String> errors = new ArrayList<>();
    SCHEMAS
        .getSchema(whole, SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build())
        .validate(body)
        .forEach(error -> errors.add(error.toString()));
    assertThat(errors).as("%s against openapi.json: %s", what, body).isEmpty();
  }

  private JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? document.at(node.get("$ref").asText().substring(1)) : node;
  }
}
