package org.jackfield.core.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.jackfield.api.policy.PolicyProblem;
import org.jackfield.api.policy.PolicyRule;

/**
 * Finds the settings that are never used, as an earlier rule that sets the same matches whatever
 * theirs does. Rules that cover another one only together are not found.
 */
final class Reachability {
  private static final Map<String, Function<PolicyRule.Settings, Optional<?>>> SETTINGS =
      new LinkedHashMap<>();

  static {
    SETTINGS.put("auto", PolicyRule.Settings::auto);
    SETTINGS.put("conferenceMayStandIn", PolicyRule.Settings::conferenceMayStandIn);
    SETTINGS.put("answerMs", PolicyRule.Settings::answer);
    SETTINGS.put("completeMs", PolicyRule.Settings::complete);
    SETTINGS.put("recallMs", PolicyRule.Settings::recallAfter);
    SETTINGS.put("recall", PolicyRule.Settings::recall);
  }

  /** About a second's work: enough for any policy that a person writes. */
  private static final int LOOKS = 500_000;

  private Reachability() {}

  static List<PolicyProblem> warnings(CompiledPolicy policy) {
    List<PolicyProblem> warnings = new ArrayList<>();
    Glob.Budget budget = new Glob.Budget(LOOKS);
    for (int i = 0; i < policy.rules().size(); i++) {
      warnings.addAll(warnings(policy.rules(), i, budget));
    }
    return warnings;
  }

  private static List<PolicyProblem> warnings(
      List<CompiledPolicy.Rule> rules, int number, Glob.Budget budget) {
    CompiledPolicy.Rule rule = rules.get(number);
    List<CompiledPolicy.Rule> covering =
        rules.subList(0, number).stream().filter(earlier -> earlier.covers(rule, budget)).toList();
    Map<String, String> unused = new LinkedHashMap<>();
    int set = 0;
    for (Map.Entry<String, Function<PolicyRule.Settings, Optional<?>>> setting :
        SETTINGS.entrySet()) {
      if (setting.getValue().apply(rule.rule.set()).isPresent()) {
        set++;
        covering.stream()
            .filter(earlier -> setting.getValue().apply(earlier.rule.set()).isPresent())
            .findFirst()
            .ifPresent(earlier -> unused.put(setting.getKey(), earlier.rule.name()));
      }
    }
    if (unused.size() == set) {
      String who = String.join("”, “", new TreeSet<>(unused.values()));
      return List.of(
          warning(number, rule, "", "this rule is never reached: “" + who + "” decides before it"));
    }
    List<PolicyProblem> some = new ArrayList<>();
    unused.forEach(
        (field, who) ->
            some.add(
                warning(
                    number, rule, "set." + field, "never used: “" + who + "” decides before it")));
    return some;
  }

  private static PolicyProblem warning(
      int number, CompiledPolicy.Rule rule, String field, String text) {
    return new PolicyProblem(
        PolicyProblem.Type.NEVER_REACHED, number + 1, rule.rule.name(), field, text);
  }
}
