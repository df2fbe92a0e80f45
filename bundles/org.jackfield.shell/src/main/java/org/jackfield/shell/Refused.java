package org.jackfield.shell;

import org.jackfield.api.session.Refusal;

/** Ends a command with a service's no, or with what is wrong with its arguments. */
final class Refused extends Exception {
  private static final long serialVersionUID = 1L;

  Refused(String message) {
    super(message);
  }

  Refused(Refusal refusal) {
    super(refusal.reason().text() + ": " + Text.plain(refusal.detail()));
  }
}
