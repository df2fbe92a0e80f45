package org.jackfield.core.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import org.jackfield.api.policy.AutoChoice;
import org.jackfield.api.policy.Policy;
import org.jackfield.api.policy.PolicyRule;
import org.jackfield.api.transfer.RecallRung;

/** Writes a policy as a person would, below the comment at the head of the file before. */
final class PolicyWriter {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private PolicyWriter() {}

  static String write(Policy policy, String before) {
    ObjectNode root = MAPPER.createObjectNode();
    ArrayNode rules = root.putArray("rules");
    policy.rules().forEach(rule -> rule(rules.addObject(), rule));
    DefaultIndenter lines = new DefaultIndenter("  ", "\n");
    try {
      return head(before)
          + MAPPER
              .writer(
                  new DefaultPrettyPrinter()
                      .withObjectIndenter(lines)
                      .withArrayIndenter(new DefaultPrettyPrinter.FixedSpaceIndenter()))
              .writeValueAsString(root)
          + "\n";
    } catch (JsonProcessingException cannotBe) {
      throw new UncheckedIOException(cannotBe);
    }
  }

  /** The lines of comment with which a file begins. */
  static String head(String text) {
    StringBuilder head = new StringBuilder();
    for (String line : text.split("\n", -1)) {
      if (!line.startsWith("//")) {
        break;
      }
      head.append(line.stripTrailing()).append('\n');
    }
    return head.toString();
  }

  private static void rule(ObjectNode json, PolicyRule rule) {
    json.put("name", rule.name());
    if (!rule.comment().isEmpty()) {
      json.put("comment", rule.comment());
    }
    ObjectNode match = json.putObject("match");
    rule.match().provider().ifPresent(p -> match.put("provider", p));
    rule.match().address().ifPresent(p -> match.put("address", p));
    rule.match().destination().ifPresent(p -> match.put("destination", p));
    rule.match().requester().ifPresent(p -> match.put("requester", p));
    ObjectNode set = json.putObject("set");
    PolicyRule.Settings settings = rule.set();
    settings
        .auto()
        .ifPresent(auto -> auto.stream().map(AutoChoice::text).forEach(set.putArray("auto")::add));
    settings.conferenceMayStandIn().ifPresent(may -> set.put("conferenceMayStandIn", may));
    settings.answer().ifPresent(time -> set.put("answerMs", time.toMillis()));
    settings.complete().ifPresent(time -> set.put("completeMs", time.toMillis()));
    settings.recallAfter().ifPresent(time -> set.put("recallMs", time.toMillis()));
    settings
        .recall()
        .ifPresent(
            recall -> {
              ArrayNode rungs = set.putArray("recall");
              recall.forEach(rung -> rung(rungs.addObject(), rung));
            });
  }

  private static void rung(ObjectNode json, RecallRung rung) {
    switch (rung) {
      case RecallRung.ToTransferor transferor -> json.put("to", "transferor");
      case RecallRung.ToAddress to ->
          json.put("to", "address").put("address", to.address().value());
      case RecallRung.ToPark park -> json.put("to", "park").put("address", park.place().value());
    }
  }
}
