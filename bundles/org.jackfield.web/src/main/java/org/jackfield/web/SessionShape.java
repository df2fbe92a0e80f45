package org.jackfield.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.ConversationId;
import org.jackfield.api.session.Kinship;
import org.jackfield.api.session.OperationStatus;
import org.jackfield.api.session.Party;
import org.jackfield.api.session.Refusal;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferId;
import org.jackfield.api.transfer.TransferOutcome;
import org.jackfield.api.transfer.TransferQuery;

/** Sessions and single operations as JSON. */
final class SessionShape {
  private static final int MOST_TRANSFERS = 100;

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

  /**
   * How the sessions of a conversation came of one another, and the transfers that moved them,
   * oldest first.
   */
  ArrayNode genealogy(SessionId session, ConversationId conversation) {
    List<Transfer> transfers =
        services
            .transfers()
            .list(
                new TransferQuery(
                    Optional.empty(),
                    Optional.of(conversation),
                    Optional.empty(),
                    Optional.empty(),
                    MOST_TRANSFERS))
            .items();
    List<Line> lines = new ArrayList<>();
    for (Kinship line : services.sessions().genealogy(session)) {
      lines.add(
          new Line(
              line.at(),
              line.from(),
              line.into(),
              line.how().text(),
              transfers.stream().filter(t -> isOf(line, t)).map(Transfer::id).findFirst()));
    }
    for (Transfer transfer : transfers) {
      if (transfer.outcome().filter(SessionShape::hasMoved).isPresent()) {
        lines.add(
            new Line(
                transfer.timeline().getLast().at(),
                transfer.session(),
                services.sessions().mergedInto(transfer.session()).orElse(transfer.session()),
                "transfer",
                Optional.of(transfer.id())));
      }
    }
    lines.sort(Comparator.comparing(Line::at));
    ArrayNode json = Json.array();
    lines.forEach(line -> json.add(line.json()));
    return json;
  }

  /** One line of a genealogy. */
  private record Line(
      Instant at, SessionId from, SessionId into, String how, Optional<TransferId> transfer) {
    ObjectNode json() {
      ObjectNode json = Json.object();
      json.put("from", from.toString());
      json.put("into", into.toString());
      json.put("how", how);
      json.put("at", Json.time(at));
      transfer.ifPresent(id -> json.put("transfer", id.toString()));
      return json;
    }
  }

  /** Whether a line is a transfer's own consultation, or its end. */
  private static boolean isOf(Kinship line, Transfer transfer) {
    return transfer
        .consultation()
        .filter(c -> c.equals(line.from()) || c.equals(line.into()))
        .isPresent();
  }

  private static boolean hasMoved(TransferOutcome outcome) {
    return outcome instanceof TransferOutcome.Completed
        || outcome instanceof TransferOutcome.Recalled;
  }

  /** The session that one began out of, if the PBX has told. */
  Optional<ObjectNode> origin(SessionId session) {
    return services.sessions().genealogy(session).stream()
        .filter(line -> line.into().equals(session) && line.how() != Kinship.How.MERGED)
        .findFirst()
        .map(
            line ->
                Json.object().put("session", line.from().toString()).put("how", line.how().text()));
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
