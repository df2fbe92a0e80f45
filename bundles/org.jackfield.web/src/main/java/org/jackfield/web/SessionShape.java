package org.jackfield.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.OperationStatus;
import org.jackfield.api.session.Party;
import org.jackfield.api.session.Refusal;
import org.jackfield.api.session.Session;

/** Sessions and single operations as JSON. */
final class SessionShape {
  private final Services services;

  SessionShape(Services services) {
    this.services = services;
  }

  ObjectNode session(Session session) {
    ObjectNode json = Json.object();
    json.put("id", session.id().toString());
    json.put("provider", session.provider());
    json.put("conversationId", session.conversation().toString());
    json.put("state", session.state().text());
    json.put("revision", session.revision());
    json.put("startedAt", Json.time(session.startedAt()));
    ArrayNode parties = json.putArray("parties");
    session.parties().forEach(party -> parties.add(party(session, party)));
    services
        .transfers()
        .ofSession(session.id())
        .ifPresent(transfer -> json.put("transfer", transfer.id().toString()));
    return json;
  }

  private ObjectNode party(Session session, Party party) {
    ObjectNode json = Json.object();
    json.put("id", party.id().value());
    json.put("address", party.address().value());
    json.put("name", party.connection().name());
    json.put("state", party.state().text());
    json.put("heldByThem", party.connection().heldByThem());
    json.put("role", party.role().text());
    ArrayNode permitted = json.putArray("permitted");
    party.permitted().operationSet().forEach(operation -> permitted.add(operation.text()));
    ObjectNode refused = json.putObject("refused");
    ObjectNode why = json.putObject("why");
    for (Map.Entry<Operation, Refusal> no :
        services.sessions().refused(session, party.id()).entrySet()) {
      refused.put(no.getKey().text(), no.getValue().reason().text());
      why.put(no.getKey().text(), no.getValue().detail());
    }
    return json;
  }

  static ArrayNode candidates(List<Party> parties) {
    ArrayNode json = Json.array();
    for (Party party : parties) {
      json.addObject()
          .put("id", party.id().value())
          .put("address", party.address().value())
          .put("name", party.connection().name());
    }
    return json;
  }

  static ObjectNode operation(OperationStatus status) {
    ObjectNode json = Json.object();
    json.put("id", status.id().toString());
    json.put("operation", status.operation().text());
    json.put("session", status.session().toString());
    json.put("state", status.state().text());
    json.put("acceptedAt", Json.time(status.acceptedAt()));
    status.cause().ifPresent(cause -> json.set("cause", cause(cause)));
    return json;
  }

  static ObjectNode cause(Cause cause) {
    ObjectNode json = Json.object();
    json.put("code", cause.code().text());
    json.put("text", cause.text());
    json.put("driver", cause.driver());
    return json;
  }
}
