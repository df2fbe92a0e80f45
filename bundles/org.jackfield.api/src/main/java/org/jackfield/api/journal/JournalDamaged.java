package org.jackfield.api.journal;

/**
 * What a journal kept is damaged where records were durable already. The message says where and
 * names the command that repairs it; it is never guessed over.
 */
public final class JournalDamaged extends RuntimeException {
  private static final long serialVersionUID = 1;

  public JournalDamaged(String message) {
    super(message);
  }
}
