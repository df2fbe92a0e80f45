package org.jackfield.web;

/**
 * Leaves a handler with a problem as the answer. It carries no stack: a refusal is an expected end
 * of a request, and reading a body would otherwise have to pass a result through each step.
 */
final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  Refused(Problem problem) {
    super(problem.reason().code() + ": " + problem.detail(), null, false, false);
    this.problem = problem;
  }

  Problem problem() {
    return problem;
  }
}
