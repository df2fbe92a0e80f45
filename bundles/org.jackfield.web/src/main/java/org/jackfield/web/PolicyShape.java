package org.jackfield.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jackfield.api.policy.AutoChoice;
import org.jackfield.api.policy.PolicyProblem;
import org.jackfield.api.policy.PolicyRule;
import org.jackfield.api.policy.PolicySnapshot;

/** The policy as JSON: its rules as they stand in the file. */
final class PolicyShape {
  private PolicyShape() {}

  static ObjectNode policy(PolicySnapshot policy) {
    ObjectNode json = Json.object();
    json.put("version", policy.version());
    json.put("since", Json.time(policy.since()));
    json.put("source", policy.source().text());
    json.put("by", policy.by());
    json.put("file", "etc/" + policy.file());
    ArrayNode rules = json.putArray("rules");
    policy.policy().rules().forEach(rule -> rules.add(rule(rule)));
    json.set("warnings", problems(policy.warnings()));
    json.set("refused", problems(policy.refused()));
    return json;
  }

  private static ObjectNode rule(PolicyRule rule) {
    ObjectNode json = Json.object();
    json.put("name", rule.name());
    if (!rule.comment().isEmpty()) {
      json.put("comment", rule.comment());
    }
    ObjectNode match = json.putObject("match");
    rule.match().provider().ifPresent(p -> match.put("provider", p));
    rule.match().address().ifPresent(p -> match.put("address", p));
    rule.match().destination().ifPresent(p -> match.put("destination", p));
    rule.match().requester().ifPresent(p -> match.put("requester", p));
    json.set("set", settings(rule.set()));
    return json;
  }

  private static ObjectNode settings(PolicyRule.Settings settings) {
    ObjectNode json = Json.object();
    settings
        .auto()
        .ifPresent(auto -> auto.stream().map(AutoChoice::text).forEach(json.putArray("auto")::add));
    settings.conferenceMayStandIn().ifPresent(may -> json.put("conferenceMayStandIn", may));
    settings.answer().ifPresent(time -> json.put("answerMs", time.toMillis()));
    settings.complete().ifPresent(time -> json.put("completeMs", time.toMillis()));
    settings.recallAfter().ifPresent(time -> json.put("recallMs", time.toMillis()));
    settings
        .recall()
        .ifPresent(
            rungs -> {
              ArrayNode recall = json.putArray("recall");
              rungs.forEach(rung -> recall.add(TransferShape.rung(rung)));
            });
    return json;
  }

  static ArrayNode problems(List<PolicyProblem> problems) {
    ArrayNode json = Json.array();
    for (PolicyProblem problem : problems) {
      ObjectNode item = json.addObject().put("type", problem.type().text());
      if (problem.rule() > 0) {
        item.put("rule", problem.rule());
      }
      if (!problem.name().isEmpty()) {
        item.put("name", problem.name());
      }
      if (!problem.field().isEmpty()) {
        item.put("field", problem.field());
      }
      item.put("text", problem.text());
    }
    return json;
  }
}
