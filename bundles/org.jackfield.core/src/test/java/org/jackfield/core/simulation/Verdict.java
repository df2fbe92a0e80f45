package org.jackfield.core.simulation;

import org.jspecify.annotations.Nullable;

/** The first invariant that was broken. */
final class Verdict {
  private @Nullable String invariant;
  private String text = "";

  void broken(String which, String how) {
    if (invariant == null) {
      invariant = which;
      text = how;
    }
  }

  boolean isBroken() {
    return invariant != null;
  }

  /** Its name. */
  String invariant() {
    return invariant == null ? "" : invariant;
  }

  /** How it was broken. */
  String text() {
    return text;
  }
}
