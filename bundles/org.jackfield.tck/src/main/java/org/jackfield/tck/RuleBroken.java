package org.jackfield.tck;

import org.jspecify.annotations.Nullable;

/** The driver breaks a rule. Whatever else a check throws is a fault of the kit or its testbed. */
public final class RuleBroken extends AssertionError {
  private static final long serialVersionUID = 1;

  private final Rule rule;

  RuleBroken(Rule rule, String what) {
    this(rule, what, null);
  }

  RuleBroken(Rule rule, String what, @Nullable Throwable cause) {
    super(rule + ", " + rule.title() + ": " + what, cause);
    this.rule = rule;
  }

  /** Which one. */
  public Rule rule() {
    return rule;
  }
}
