package org.jackfield.core.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jackfield.api.policy.Policy;
import org.jackfield.api.policy.PolicyProblem;
import org.jackfield.api.policy.PolicyProblem.Type;
import org.jackfield.api.policy.PolicyRule;

/** Reads a policy: JSON, in which {@code //} and {@code /*} begin comments. Names every problem. */
final class PolicyReader {
  static final int LONGEST_NAME = 80;
  static final int LONGEST_COMMENT = 512;

  private static final int DEEPEST = 8;
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
          .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  static {
    MAPPER
        .getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder().maxNestingDepth(DEEPEST).maxNumberLength(32).build());
  }

  private final List<PolicyProblem> problems = new ArrayList<>();

  /**
   * What was read.
   *
   * @param policy empty if there are problems
   */
  record Read(Optional<Policy> policy, List<PolicyProblem> problems) {}

  private PolicyReader() {}

  static Read read(String text) {
    PolicyReader reader = new PolicyReader();
    List<PolicyRule> rules = reader.document(text);
    return reader.problems.isEmpty()
        ? new Read(Optional.of(new Policy(rules)), List.of())
        : new Read(Optional.empty(), List.copyOf(reader.problems));
  }

  private void problem(Type type, String field, String text) {
    problems.add(new PolicyProblem(type, 0, "", field, text));
  }

  private List<PolicyRule> document(String text) {
    JsonNode root;
    try {
      root = MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      String where =
          e.getLocation() == null
              ? ""
              : "line %d, column %d: "
                  .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
      problem(Type.MALFORMED, "", where + e.getOriginalMessage());
      return List.of();
    }
    RuleReader document = new RuleReader(root, "", problems, 0, "");
    Optional<JsonNode> rules = document.member("rules");
    document.end();
    if (rules.isEmpty()) {
      if (root.isObject()) {
        problem(Type.MISSING_FIELD, "rules", "is missing");
      }
      return List.of();
    }
    if (!rules.get().isArray()) {
      problem(Type.WRONG_TYPE, "rules", "must be a list");
      return List.of();
    }
    if (rules.get().size() > Policy.MOST_RULES) {
      problem(Type.TOO_LONG, "rules", "may have " + Policy.MOST_RULES + " rules at most");
      return List.of();
    }
    return rules(rules.get());
  }

  private List<PolicyRule> rules(JsonNode list) {
    List<PolicyRule> rules = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < list.size(); i++) {
      JsonNode node = list.get(i);
      String name = node.path("name").asText("");
      PolicyRule rule = new RuleReader(node, "", problems, i + 1, name).rule();
      if (!name.isEmpty() && !names.add(name)) {
        problems.add(
            new PolicyProblem(
                Type.DUPLICATE_NAME, i + 1, name, "name", "is the name of an earlier rule"));
      }
      rules.add(rule);
    }
    return rules;
  }
}
