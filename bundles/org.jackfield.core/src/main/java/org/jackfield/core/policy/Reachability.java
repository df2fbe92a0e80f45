package org.jackfield.core.policy;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jackfield.api.policy.PolicyProblem;
import org.jackfield.api.policy.PolicyRule;
import org.jspecify.annotations.Nullable;

/**
 * Finds the settings that are never used, as earlier rules that set the same match, one of them or
 * several together, whatever theirs does. A policy of very odd patterns is compared as far as the
 * budget goes.
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

  /** One of the four patterns of a rule. */
  private interface Field {
    @Nullable Glob of(CompiledPolicy.Rule rule);
  }

  private static final Field DESTINATION = rule -> rule.destination;
  private static final List<Field> FIELDS =
      List.of(rule -> rule.provider, rule -> rule.requester, rule -> rule.address, DESTINATION);

  /** About a second's work: enough for any policy that a person writes. */
  private static final int LOOKS = 5_000_000;

  /** At most for one comparison of two rules or of many: odd ones leave something to the others. */
  private static final int LOOKS_AT_TWO = 4_000;

  private static final int LOOKS_AT_MANY = 100_000;

  private final List<CompiledPolicy.Rule> rules;
  private final Glob.Budget budget = new Glob.Budget(null, LOOKS);

  private Reachability(List<CompiledPolicy.Rule> rules) {
    this.rules = rules;
  }

  static List<PolicyProblem> warnings(CompiledPolicy policy) {
    Reachability reachability = new Reachability(policy.rules());
    List<PolicyProblem> warnings = new ArrayList<>();
    for (int i = 0; i < policy.rules().size(); i++) {
      warnings.addAll(reachability.warnings(i));
    }
    return warnings;
  }

  private List<PolicyProblem> warnings(int number) {
    CompiledPolicy.Rule rule = rules.get(number);
    Map<List<CompiledPolicy.Rule>, List<CompiledPolicy.Rule>> decided = new LinkedHashMap<>();
    Map<String, List<CompiledPolicy.Rule>> unused = new LinkedHashMap<>();
    int set = 0;
    for (Map.Entry<String, Function<PolicyRule.Settings, Optional<?>>> setting :
        SETTINGS.entrySet()) {
      if (setting.getValue().apply(rule.rule.set()).isPresent()) {
        set++;
        List<CompiledPolicy.Rule> earlier =
            rules.subList(0, number).stream()
                .filter(one -> setting.getValue().apply(one.rule.set()).isPresent())
                .toList();
        List<CompiledPolicy.Rule> deciding =
            decided.computeIfAbsent(earlier, some -> covering(rule, some));
        if (!deciding.isEmpty()) {
          unused.put(setting.getKey(), deciding);
        }
      }
    }
    if (unused.size() == set) {
      Set<CompiledPolicy.Rule> all = new LinkedHashSet<>();
      unused.values().forEach(all::addAll);
      return List.of(warning(number, rule, "", "this rule is never reached: " + decide(all)));
    }
    List<PolicyProblem> some = new ArrayList<>();
    unused.forEach(
        (field, who) ->
            some.add(warning(number, rule, "set." + field, "never used: " + decide(who))));
    return some;
  }

  /** The rules, of some, that leave another one nothing: one if one does, or none. */
  private List<CompiledPolicy.Rule> covering(
      CompiledPolicy.Rule rule, List<CompiledPolicy.Rule> earlier) {
    for (CompiledPolicy.Rule one : earlier) {
      if (cover(rule, List.of(one))) {
        return List.of(one);
      }
    }
    List<CompiledPolicy.Rule> all = earlier.stream().filter(one -> meet(rule, one)).toList();
    if (all.size() < 2 || !cover(rule, all)) {
      return List.of();
    }
    List<CompiledPolicy.Rule> needed = new ArrayList<>(all);
    for (CompiledPolicy.Rule one : all) {
      needed.remove(one);
      if (!cover(rule, needed)) {
        needed.add(one);
      }
    }
    return all.stream().filter(needed::contains).toList();
  }

  /** Whether there is something that both match, as far as can be told. */
  private boolean meet(CompiledPolicy.Rule rule, CompiledPolicy.Rule other) {
    return FIELDS.stream()
        .allMatch(
            field ->
                answers(rule, List.of(other), field, new Glob.Budget(budget, LOOKS_AT_TWO))
                    .map(answers -> answers.stream().anyMatch(answer -> !answer.isEmpty()))
                    .orElse(true));
  }

  /**
   * Whether some rules together match whatever another one does: for each way in which its four
   * patterns can be matched, one of them matches all four.
   */
  private boolean cover(CompiledPolicy.Rule rule, List<CompiledPolicy.Rule> some) {
    Glob.Budget now = new Glob.Budget(budget, some.size() == 1 ? LOOKS_AT_TWO : LOOKS_AT_MANY);
    List<Set<BitSet>> ways = new ArrayList<>();
    for (Field field : FIELDS) {
      Optional<Set<BitSet>> answers = answers(rule, some, field, now);
      if (answers.isEmpty()) {
        return false;
      }
      ways.add(answers.get());
    }
    BitSet all = new BitSet();
    all.set(0, some.size());
    return cover(all, ways, now);
  }

  private static boolean cover(BitSet matching, List<Set<BitSet>> ways, Glob.Budget now) {
    if (matching.isEmpty() || !now.take(1)) {
      return false;
    }
    if (ways.isEmpty()) {
      return true;
    }
    for (BitSet way : ways.getFirst()) {
      BitSet still = (BitSet) matching.clone();
      still.and(way);
      if (!cover(still, ways.subList(1, ways.size()), now)) {
        return false;
      }
    }
    return true;
  }

  /** Which of some rules match, in one field, what another one matches there: each way once. */
  private static Optional<Set<BitSet>> answers(
      CompiledPolicy.Rule rule, List<CompiledPolicy.Rule> some, Field field, Glob.Budget now) {
    List<Glob> globs = some.stream().map(one -> orAll(field.of(one))).toList();
    Optional<Set<BitSet>> answers = orAll(field.of(rule)).alongside(globs, now);
    if (field == DESTINATION && field.of(rule) == null) {
      // A held call has no destination: only rules that name none match it.
      answers.ifPresent(ways -> ways.add(Glob.which(globs, glob -> glob == Glob.ALL)));
    }
    return answers;
  }

  private static Glob orAll(@Nullable Glob pattern) {
    return pattern == null ? Glob.ALL : pattern;
  }

  private static String decide(Iterable<CompiledPolicy.Rule> who) {
    List<String> names = new ArrayList<>();
    who.forEach(rule -> names.add("“" + rule.rule.name() + "”"));
    return names.stream().sorted().collect(Collectors.joining(", "))
        + (names.size() == 1 ? " decides before it" : " decide before it");
  }

  private static PolicyProblem warning(
      int number, CompiledPolicy.Rule rule, String field, String text) {
    return new PolicyProblem(
        PolicyProblem.Type.NEVER_REACHED, number + 1, rule.rule.name(), field, text);
  }
}
