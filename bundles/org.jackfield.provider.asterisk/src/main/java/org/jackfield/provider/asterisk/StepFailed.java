package org.jackfield.provider.asterisk;

import org.jackfield.api.session.Cause;

/** A step that the PBX did not take. */
final class StepFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Cause reason;

  StepFailed(String step, String words) {
    super(step + ": " + words);
    this.reason = new Cause(Cause.Code.STEP_REFUSED, step, words);
  }

  Cause reason() {
    return reason;
  }
}
