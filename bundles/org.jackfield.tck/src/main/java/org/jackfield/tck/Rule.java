package org.jackfield.tck;

/** The rules of {@code org.jackfield.api.provider}, by their numbers there. */
public enum Rule {
  R1("quiet start"),
  R2("harmless probe"),
  R3("one thread, and nothing blocks it"),
  R4("an acknowledgement is no outcome"),
  R5("facts are whole and in order"),
  R6("ids"),
  R7("at most once"),
  R8("the declaration holds"),
  R9("the link, and the truth of a snapshot"),
  R10("a clean leave"),
  R11("hand-over");

  private final String title;

  Rule(String title) {
    this.title = title;
  }

  /** The rule in few words. */
  public String title() {
    return title;
  }

  /** Says that the driver breaks the rule, unless it is kept. */
  void holds(boolean kept, String what) {
    if (!kept) {
      throw new RuleBroken(this, what);
    }
  }

  /** The same for two things that must be equal. */
  void same(String what, Object expected, Object found) {
    holds(expected.equals(found), what + ": expected " + expected + ", found " + found);
  }
}
