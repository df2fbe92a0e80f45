package org.jackfield.tck;

import java.util.function.Predicate;
import org.jackfield.api.capability.Capabilities;

/**
 * What a declared capability must lead to.
 *
 * @param name what is shown
 * @param applies to which declarations
 * @param play what happens, and what must be told of it
 */
record Scenario(String name, Predicate<Capabilities> applies, Play play) {

  /** The course of a scenario. */
  @FunctionalInterface
  interface Play {
    void in(Scene scene);
  }
}
