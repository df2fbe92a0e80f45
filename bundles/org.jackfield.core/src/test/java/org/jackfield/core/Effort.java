package org.jackfield.core;

import java.util.SplittableRandom;

/** How much the tests that play at random do, and from which seed. */
public enum Effort {
  /** Mutation testing runs them once for each mutant: little, and always the same. */
  BRIEF,
  USUAL,
  LONG;

  public static final Effort NOW =
      Boolean.getBoolean("jackfield.brief")
          ? BRIEF
          : Boolean.getBoolean("jackfield.long") ? LONG : USUAL;

  /** How many, by how much is to be done. */
  public static int of(int brief, int usual, int full) {
    return switch (NOW) {
      case BRIEF -> brief;
      case USUAL -> usual;
      case LONG -> full;
    };
  }

  /** The seed that is asked for; else always the same, but any in the long runs, which search. */
  public static long seed() {
    return Long.getLong("jackfield.seed", NOW == LONG ? new SplittableRandom().nextLong() : 1);
  }
}
