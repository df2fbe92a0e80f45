package org.jackfield.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jackfield.api.session.Address;
import org.jackfield.api.transfer.RecallRung;
import org.jackfield.api.transfer.Timeouts;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferOutcome;
import org.jackfield.api.transfer.TransferPlan;
import org.jackfield.api.transfer.TransferReply;
import org.jackfield.api.transfer.TransferVerb;

/** Transfers, plans and outcomes as JSON. */
final class TransferShape {
  private TransferShape() {}

  static ObjectNode transfer(Transfer transfer) {
    ObjectNode json = Json.object();
    json.put("id", transfer.id().toString());
    json.put("session", transfer.session().toString());
    json.put("conversationId", transfer.conversation().toString());
    json.put("transferor", transfer.transferor().party().value());
    json.put("transferorAddress", transfer.transferor().address().value());
    json.put("transferee", transfer.transferee().party().value());
    json.put("transfereeAddress", transfer.transferee().address().value());
    json.put("target", transfer.target().map(Address::value).orElse(null));
    transfer.consultation().ifPresent(id -> json.put("consultation", id.toString()));
    json.put("targetState", transfer.targetState().text());
    json.put("focus", transfer.focus().text());
    json.put("phase", transfer.phase().text());
    if (transfer.recovering()) {
      json.put("recovering", true);
    }
    json.put("acceptedAt", Json.time(transfer.acceptedAt()));
    json.put("revision", transfer.revision());
    json.put("requester", transfer.requester().principal());
    json.put("owner", transfer.owner().principal());
    ArrayNode permitted = json.putArray("permitted");
    transfer.permitted().stream().sorted().map(TransferVerb::text).forEach(permitted::add);
    json.set("plan", plan(transfer.plan()));
    ArrayNode timeline = json.putArray("timeline");
    for (Transfer.TimelineEntry entry : transfer.timeline()) {
      timeline
          .addObject()
          .put("at", Json.time(entry.at()))
          .put("kind", entry.kind())
          .put("text", entry.text());
    }
    transfer.outcome().ifPresent(outcome -> json.set("outcome", outcome(outcome)));
    return json;
  }

  static ObjectNode plan(TransferPlan plan) {
    ObjectNode json = Json.object();
    json.put("mode", plan.mode().text());
    json.put("kind", plan.kind().text());
    ArrayNode steps = json.putArray("steps");
    for (TransferPlan.PlanStep step : plan.steps()) {
      steps.addObject().put("operation", step.operation().text()).put("text", step.text());
    }
    json.set("reasons", reasons(plan.reasons()));
    json.set("rejected", rejected(plan.rejected()));
    plan.loss().forEach(json.putArray("loss")::add);
    plan.identities().forEach(json.putArray("identities")::add);
    json.put("irreversibleAfter", plan.irreversibleAfter());
    json.put("complete", plan.complete().text());
    json.put("release", plan.release().text());
    json.put("completeAs", plan.completeAs().text());
    json.set("timeouts", timeouts(plan.timeouts()));
    ArrayNode recall = json.putArray("recall");
    plan.recall().forEach(rung -> recall.add(rung(rung)));
    return json;
  }

  static ArrayNode reasons(List<TransferPlan.PlanReason> reasons) {
    ArrayNode json = Json.array();
    for (TransferPlan.PlanReason reason : reasons) {
      String source = reason.source().equals("fact") ? "fact" : "rule";
      json.addObject().put(source, reason.text()).put("effect", reason.effect());
    }
    return json;
  }

  static ArrayNode rejected(List<TransferPlan.Rejected> plans) {
    ArrayNode json = Json.array();
    for (TransferPlan.Rejected plan : plans) {
      ObjectNode item =
          json.addObject().put("mode", plan.kind().text()).put("reason", plan.reason());
      if (!plan.tapiError().isEmpty()) {
        item.put("tapiError", "LINEERR_" + plan.tapiError());
      }
    }
    return json;
  }

  /** A refusal with all that the arbiter says about it. */
  static Problem problem(TransferReply.Refused refused) {
    Problem problem = Problem.of(refused.refusal());
    if (!refused.reasons().isEmpty()) {
      problem = problem.with("reasons", reasons(refused.reasons()));
    }
    if (!refused.rejected().isEmpty()) {
      problem = problem.with("rejected", rejected(refused.rejected()));
    }
    if (!refused.candidates().isEmpty()) {
      problem = problem.with("candidates", SessionShape.candidates(refused.candidates()));
    }
    if (refused.existing().isPresent()) {
      problem = problem.with("transfer", refused.existing().get().toString());
    }
    return problem;
  }

  private static ObjectNode outcome(TransferOutcome outcome) {
    ObjectNode json = Json.object();
    json.put("type", outcome.text());
    switch (outcome) {
      case TransferOutcome.Completed completed -> json.put("as", completed.as().text());
      case TransferOutcome.Recalled recalled -> json.set("to", rung(recalled.to()));
      case TransferOutcome.Failed failed ->
          failed.lastKnown().forEach(json.putArray("lastKnown")::add);
      case TransferOutcome.Reverted reverted -> {}
      case TransferOutcome.Abandoned abandoned -> {}
    }
    json.put("evidence", outcome.evidence().verified() ? "verified" : "unverified");
    outcome.evidence().missing().forEach(json.putArray("missing")::add);
    json.set("cause", SessionShape.cause(outcome.cause()));
    return json;
  }

  private static ObjectNode timeouts(Timeouts timeouts) {
    ObjectNode json = Json.object();
    json.put("answerMs", timeouts.answer().toMillis());
    json.put("completeMs", timeouts.complete().toMillis());
    json.put("recallMs", timeouts.recall().toMillis());
    return json;
  }

  static ObjectNode rung(RecallRung rung) {
    ObjectNode json = Json.object();
    return switch (rung) {
      case RecallRung.ToTransferor transferor -> json.put("to", "transferor");
      case RecallRung.ToAddress to ->
          json.put("to", "address").put("address", to.address().value());
      case RecallRung.ToPark park -> json.put("to", "park").put("address", park.place().value());
    };
  }
}
