package org.jackfield.deployer.verify;

import org.jackfield.api.rollout.BundleProblem;

/** A check's no. It never leaves this package: the verdict has it as a value. */
final class Refused extends Exception {
  private static final long serialVersionUID = 1L;

  private final BundleProblem problem;

  /**
   * @param text what was found and what to do, a sentence for a person
   */
  Refused(BundleProblem problem, String text) {
    super(text, null, false, false);
    this.problem = problem;
  }

  BundleProblem problem() {
    return problem;
  }

  String text() {
    return String.valueOf(getMessage());
  }
}
