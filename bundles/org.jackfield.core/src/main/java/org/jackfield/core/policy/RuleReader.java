package org.jackfield.core.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jackfield.api.policy.AutoChoice;
import org.jackfield.api.policy.PolicyProblem;
import org.jackfield.api.policy.PolicyProblem.Type;
import org.jackfield.api.policy.PolicyRule;
import org.jackfield.api.session.Address;
import org.jackfield.api.transfer.RecallRung;

/**
 * Reads one object of a policy's rule strictly, and goes on after a problem, so that all are named
 * at once.
 */
final class RuleReader {
  private static final int MOST_RUNGS = 8;
  private static final long DAY = Duration.ofDays(1).toMillis();

  private final JsonNode object;
  private final boolean isObject;
  private final String prefix;
  private final List<PolicyProblem> problems;
  private final int rule;
  private final String name;
  private final Set<String> known = new HashSet<>();

  /**
   * @param prefix what stands before the names of its fields
   * @param problems where problems go
   * @param rule the rule's number, from 1
   * @param name the rule's name
   */
  RuleReader(JsonNode node, String prefix, List<PolicyProblem> problems, int rule, String name) {
    this.prefix = prefix;
    this.problems = problems;
    this.rule = rule;
    this.name = name.length() > PolicyReader.LONGEST_NAME ? "" : name;
    isObject = node.isObject();
    object = isObject ? node : JsonNodeFactory.instance.objectNode();
    if (!isObject) {
      String field = prefix.endsWith(".") ? prefix.substring(0, prefix.length() - 1) : prefix;
      problems.add(new PolicyProblem(Type.WRONG_TYPE, rule, this.name, field, "must be an object"));
    }
  }

  private void problem(Type type, String field, String text) {
    problems.add(new PolicyProblem(type, rule, name, prefix + field, text));
  }

  /** A member that may be left out. */
  Optional<JsonNode> member(String field) {
    known.add(field);
    return Optional.ofNullable(object.get(field));
  }

  /** Every member has been asked for. */
  void end() {
    for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
      String field = names.next();
      if (!known.contains(field)) {
        String shown = field.length() > 64 ? field.substring(0, 64) + "…" : field;
        problem(Type.UNKNOWN_FIELD, shown, "is not known");
      }
    }
  }

  private RuleReader object(String field) {
    return new RuleReader(
        member(field).orElse(JsonNodeFactory.instance.objectNode()),
        prefix + field + ".",
        problems,
        rule,
        name);
  }

  PolicyRule rule() {
    Optional<String> named = text("name", PolicyReader.LONGEST_NAME);
    if (isObject && !object.has("name")) {
      problem(Type.MISSING_FIELD, "name", "is missing");
    }
    String comment = text("comment", PolicyReader.LONGEST_COMMENT).orElse("");
    RuleReader match = object("match");
    PolicyRule.Match matching = match.match();
    RuleReader set = object("set");
    PolicyRule.Settings settings = set.settings();
    if (isObject && set.isObject && set.object.isEmpty()) {
      problem(Type.MISSING_FIELD, "set", "must set something");
    }
    end();
    return new PolicyRule(named.orElse(""), comment, matching, settings);
  }

  private PolicyRule.Match match() {
    PolicyRule.Match match =
        new PolicyRule.Match(
            pattern("provider"), pattern("address"), pattern("destination"), pattern("requester"));
    end();
    return match;
  }

  private PolicyRule.Settings settings() {
    PolicyRule.Settings settings =
        new PolicyRule.Settings(
            auto(),
            truth("conferenceMayStandIn"),
            time("answerMs"),
            time("completeMs"),
            time("recallMs"),
            recall());
    end();
    return settings;
  }

  private Optional<String> text(String field, int longest) {
    Optional<JsonNode> node = member(field);
    if (node.isEmpty()) {
      return Optional.empty();
    }
    if (!node.get().isTextual()) {
      problem(Type.WRONG_TYPE, field, "must be a text");
      return Optional.empty();
    }
    String text = node.get().textValue();
    if (text.length() > longest) {
      problem(Type.TOO_LONG, field, "may have " + longest + " characters at most");
    } else if (text.isBlank() || text.chars().anyMatch(Character::isISOControl)) {
      problem(Type.INVALID_VALUE, field, "must have characters, and no control characters");
    }
    return Optional.of(text);
  }

  private Optional<String> pattern(String field) {
    Optional<String> text = text(field, Glob.LONGEST);
    text.filter(t -> !t.isBlank() && t.length() <= Glob.LONGEST)
        .flatMap(Glob::wrong)
        .ifPresent(why -> problem(Type.INVALID_VALUE, field, why));
    return text;
  }

  private Optional<Boolean> truth(String field) {
    Optional<JsonNode> node = member(field);
    if (node.isPresent() && !node.get().isBoolean()) {
      problem(Type.WRONG_TYPE, field, "must be true or false");
      return Optional.empty();
    }
    return node.map(JsonNode::booleanValue);
  }

  private Optional<Duration> time(String field) {
    Optional<JsonNode> node = member(field);
    if (node.isEmpty()) {
      return Optional.empty();
    }
    if (!node.get().isIntegralNumber()) {
      problem(Type.WRONG_TYPE, field, "must be a whole number of milliseconds");
      return Optional.empty();
    }
    long value = node.get().canConvertToLong() ? node.get().longValue() : -1;
    if (value < 1 || value > DAY) {
      problem(Type.INVALID_VALUE, field, "must be from 1 to " + DAY);
      return Optional.empty();
    }
    return Optional.of(Duration.ofMillis(value));
  }

  private Optional<List<JsonNode>> list(String field, int most) {
    Optional<JsonNode> node = member(field);
    if (node.isEmpty()) {
      return Optional.empty();
    }
    if (!node.get().isArray()) {
      problem(Type.WRONG_TYPE, field, "must be a list");
      return Optional.empty();
    }
    if (node.get().isEmpty() || node.get().size() > most) {
      problem(Type.INVALID_VALUE, field, "must have 1 to " + most + " items");
      return Optional.empty();
    }
    List<JsonNode> items = new ArrayList<>();
    node.get().forEach(items::add);
    return Optional.of(items);
  }

  private Optional<List<AutoChoice>> auto() {
    Optional<List<JsonNode>> items = list("auto", AutoChoice.values().length);
    if (items.isEmpty()) {
      return Optional.empty();
    }
    Set<AutoChoice> choices = new LinkedHashSet<>();
    for (int i = 0; i < items.get().size(); i++) {
      String word = items.get().get(i).asText();
      Optional<AutoChoice> choice =
          Arrays.stream(AutoChoice.values()).filter(c -> c.text().equals(word)).findFirst();
      if (choice.isEmpty()) {
        String all =
            String.join(", ", Arrays.stream(AutoChoice.values()).map(AutoChoice::text).toList());
        problem(Type.INVALID_VALUE, "auto[" + i + "]", "must be one of " + all);
      } else if (!choices.add(choice.get())) {
        problem(Type.INVALID_VALUE, "auto[" + i + "]", "is named twice");
      }
    }
    return Optional.of(List.copyOf(choices));
  }

  private Optional<List<RecallRung>> recall() {
    Optional<List<JsonNode>> items = list("recall", MOST_RUNGS);
    if (items.isEmpty()) {
      return Optional.empty();
    }
    List<RecallRung> rungs = new ArrayList<>();
    for (int i = 0; i < items.get().size(); i++) {
      RuleReader rung =
          new RuleReader(items.get().get(i), prefix + "recall[" + i + "].", problems, rule, name);
      rung.rung().ifPresent(rungs::add);
      rung.end();
    }
    return Optional.of(rungs);
  }

  private Optional<RecallRung> rung() {
    if (!isObject) {
      return Optional.empty();
    }
    String to = member("to").map(JsonNode::asText).orElse("");
    if (to.equals("transferor")) {
      return Optional.of(new RecallRung.ToTransferor());
    }
    if (!to.equals("address") && !to.equals("park")) {
      member("address");
      problem(Type.INVALID_VALUE, "to", "must be one of transferor, address, park");
      return Optional.empty();
    }
    Optional<Address> address =
        text("address", 64).filter(t -> !t.isBlank() && t.length() <= 64).flatMap(this::dialable);
    if (!object.has("address")) {
      problem(Type.MISSING_FIELD, "address", "is missing");
    }
    return address.map(
        a -> to.equals("park") ? new RecallRung.ToPark(a) : new RecallRung.ToAddress(a));
  }

  private Optional<Address> dialable(String text) {
    if (text.chars().noneMatch(Character::isISOControl) && new Address(text).isDialable()) {
      return Optional.of(new Address(text));
    }
    problem(Type.INVALID_VALUE, "address", "must be letters, digits and + * # . _ @ : -");
    return Optional.empty();
  }
}
