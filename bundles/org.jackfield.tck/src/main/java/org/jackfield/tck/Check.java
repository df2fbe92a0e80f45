package org.jackfield.tck;

import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jackfield.api.capability.Capabilities;

/**
 * One thing that the kit looks at. It is required of every driver, or of those that declare what it
 * is about.
 */
public final class Check {

  /** What is done; it opens and closes the testbeds that it needs. */
  @FunctionalInterface
  interface Course {
    void on(Supplier<Testbed> testbeds);
  }

  /** What is done on one testbed, opened, by people who leave nothing. */
  @FunctionalInterface
  interface Play {
    void in(Scene scene);
  }

  private static final Predicate<Capabilities> ALWAYS = c -> true;

  private final Rule rule;
  private final String name;
  private final Predicate<Capabilities> applies;
  private final Course course;
  private final boolean alone;

  private Check(
      Rule rule, String name, Predicate<Capabilities> applies, Course course, boolean alone) {
    this.rule = rule;
    this.name = name;
    this.applies = applies;
    this.course = course;
    this.alone = alone;
  }

  static Check required(Rule rule, String name, Course course) {
    return new Check(rule, name, ALWAYS, course, false);
  }

  /** A check that counts what the whole process has. */
  static Check alone(Rule rule, String name, Course course) {
    return new Check(rule, name, ALWAYS, course, true);
  }

  static Check scene(Rule rule, String name, Play play) {
    return declared(rule, name, ALWAYS, play);
  }

  static Check declared(Rule rule, String name, Predicate<Capabilities> applies, Play play) {
    return new Check(rule, name, applies, testbeds -> play(testbeds, play), false);
  }

  private static void play(Supplier<Testbed> testbeds, Play play) {
    try (Scene s = new Scene(testbeds.get())) {
      play.in(s);
      s.leaveNothing();
    }
  }

  /** The rule that it belongs to. A driver that fails it may break another one. */
  public Rule rule() {
    return rule;
  }

  /** What must be so. */
  public String name() {
    return name;
  }

  /** Whether every driver must pass it; else those that declare what it is about. */
  public boolean required() {
    return applies == ALWAYS;
  }

  /** Whether nothing else may run in the process meanwhile. */
  public boolean alone() {
    return alone;
  }

  boolean applies(Capabilities declared) {
    return applies.test(declared);
  }

  void run(Supplier<Testbed> testbeds) {
    course.on(testbeds);
  }
}
