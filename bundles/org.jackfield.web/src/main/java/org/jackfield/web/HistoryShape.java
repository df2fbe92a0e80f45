package org.jackfield.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Collectors;
import org.jackfield.api.audit.AuditRow;
import org.jackfield.api.audit.AuditVerification;
import org.jackfield.api.history.EventRecord;
import org.jackfield.api.history.HistoryStatus;
import org.jackfield.api.history.SessionRecord;
import org.jackfield.api.history.TransferRecord;
import org.jackfield.api.session.Address;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferOutcome;

/** What has been, as JSON and as lines of a table. */
final class HistoryShape {
  static final List<String> SESSION_COLUMNS =
      List.of(
          "id",
          "provider",
          "conversation",
          "state",
          "startedAt",
          "endedAt",
          "mergedInto",
          "cause",
          "parties");
  static final List<String> TRANSFER_COLUMNS =
      List.of(
          "id",
          "session",
          "conversation",
          "state",
          "outcome",
          "evidence",
          "missing",
          "cause",
          "mode",
          "plan",
          "requester",
          "transferor",
          "transferee",
          "target",
          "acceptedAt",
          "endedAt");
  static final List<String> AUDIT_COLUMNS =
      List.of(
          "row",
          "at",
          "principal",
          "via",
          "origin",
          "action",
          "subject",
          "result",
          "detail",
          "hash");

  private HistoryShape() {}

  static ObjectNode status(HistoryStatus status) {
    ObjectNode json = Json.object();
    json.put("state", status.state().text());
    json.put("text", status.text());
    json.put("database", status.database());
    json.put("stored", status.stored());
    json.put("owed", status.owed());
    json.put("lost", status.lost());
    json.put("refused", status.refused());
    return json;
  }

  static ObjectNode session(SessionRecord session) {
    ObjectNode json = Json.object();
    json.put("id", session.id().toString());
    json.put("provider", session.provider());
    json.put("conversationId", session.conversation().toString());
    json.put("state", session.state().text());
    json.put("startedAt", Json.time(session.startedAt()));
    session.endedAt().ifPresent(at -> json.put("endedAt", Json.time(at)));
    session.mergedInto().ifPresent(id -> json.put("mergedInto", id.toString()));
    session.cause().ifPresent(cause -> json.set("cause", SessionShape.cause(cause)));
    ArrayNode parties = json.putArray("parties");
    for (SessionRecord.PartyRecord party : session.parties()) {
      ObjectNode one = parties.addObject();
      one.put("id", party.id());
      one.put("address", party.address());
      one.put("name", party.name());
      one.put("role", party.role());
      one.put("seenAt", Json.time(party.seenAt()));
      party.leftAt().ifPresent(at -> one.put("leftAt", Json.time(at)));
    }
    return json;
  }

  static ArrayNode events(List<EventRecord> events) {
    ArrayNode json = Json.array();
    for (EventRecord event : events) {
      ObjectNode one = json.addObject();
      one.put("id", event.position().toString());
      one.put("at", Json.time(event.at()));
      one.put("type", event.type());
      event.transfer().ifPresent(id -> one.put("transfer", id.toString()));
      one.put("text", event.text());
    }
    return json;
  }

  static ObjectNode transfer(TransferRecord record) {
    ObjectNode json = Json.object();
    json.put("state", record.state().text());
    record.endedAt().ifPresent(at -> json.put("endedAt", Json.time(at)));
    json.set("transfer", TransferShape.transfer(record.transfer()));
    return json;
  }

  static ObjectNode audit(AuditRow row) {
    ObjectNode json = Json.object();
    json.put("row", row.row());
    json.put("at", Json.time(row.entry().at()));
    json.put("principal", row.entry().requester().principal());
    json.put("via", row.entry().requester().via());
    json.put("origin", row.entry().requester().origin());
    json.put("action", row.entry().action());
    json.put("subject", row.entry().subject());
    json.put("result", row.entry().result());
    json.put("detail", row.entry().detail());
    json.put("hash", row.hash());
    return json;
  }

  static ObjectNode verification(AuditVerification found) {
    ObjectNode json = Json.object();
    json.put("intact", found.intact());
    json.put("rows", found.rows());
    found.badRow().ifPresent(row -> json.put("row", row));
    json.put("text", found.text());
    return json;
  }

  static List<String> line(SessionRecord session) {
    return List.of(
        session.id().toString(),
        session.provider(),
        session.conversation().toString(),
        session.state().text(),
        Json.time(session.startedAt()),
        session.endedAt().map(Json::time).orElse(""),
        session.mergedInto().map(Object::toString).orElse(""),
        session.cause().map(cause -> cause.code().text()).orElse(""),
        session.parties().stream()
            .map(SessionRecord.PartyRecord::address)
            .collect(Collectors.joining("; ")));
  }

  static List<String> line(TransferRecord record) {
    Transfer t = record.transfer();
    return List.of(
        t.id().toString(),
        t.session().toString(),
        t.conversation().toString(),
        record.state().text(),
        t.outcome().map(TransferOutcome::text).orElse(""),
        t.outcome().map(o -> o.evidence().verified() ? "verified" : "unverified").orElse(""),
        t.outcome().map(o -> String.join("; ", o.evidence().missing())).orElse(""),
        t.outcome().map(o -> o.cause().code().text()).orElse(""),
        t.plan().mode().text(),
        t.plan().kind().text(),
        t.requester().principal(),
        t.transferor().address().value(),
        t.transferee().address().value(),
        t.target().map(Address::value).orElse(""),
        Json.time(t.acceptedAt()),
        record.endedAt().map(Json::time).orElse(""));
  }

  static List<String> line(AuditRow row) {
    return List.of(
        Long.toString(row.row()),
        Json.time(row.entry().at()),
        row.entry().requester().principal(),
        row.entry().requester().via(),
        row.entry().requester().origin(),
        row.entry().action(),
        row.entry().subject(),
        row.entry().result(),
        row.entry().detail(),
        row.hash());
  }
}
