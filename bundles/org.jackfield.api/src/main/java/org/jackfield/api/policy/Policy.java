package org.jackfield.api.policy;

import java.util.List;

/**
 * What holds where a request says nothing: rules in order. For each setting the first rule that
 * matches the request and sets it decides; what none sets is as shipped.
 *
 * @param rules at most {@value #MOST_RULES}
 */
public record Policy(List<PolicyRule> rules) {
  /** How many rules there may be: they are looked at for each request. */
  public static final int MOST_RULES = 256;

  public Policy {
    rules = List.copyOf(rules);
  }
}
