package org.jackfield.api.policy;

import java.util.Locale;

/**
 * Something that is wrong, or odd, with a policy.
 *
 * @param type what kind
 * @param rule which rule, from 1; 0 for the whole
 * @param name the rule's name, where it has one
 * @param field where in the rule: {@code set.recall[0].to}; empty for the whole
 * @param text for a person
 */
public record PolicyProblem(Type type, int rule, String name, String field, String text) {
  /** What kind of problem. */
  public enum Type {
    /** No JSON. */
    MALFORMED,
    MISSING_FIELD,
    UNKNOWN_FIELD,
    WRONG_TYPE,
    INVALID_VALUE,
    TOO_LONG,
    DUPLICATE_NAME,
    /** The file cannot be read, or is gone. */
    UNREADABLE,
    /** A warning: another rule decides whenever this one, or this setting, could. */
    NEVER_REACHED;

    /** The word used in JSON: {@code missing-field}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
