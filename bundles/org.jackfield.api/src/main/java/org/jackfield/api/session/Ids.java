package org.jackfield.api.session;

import java.util.Optional;

/** How 64-bit ids are read from text. */
public final class Ids {
  private Ids() {}

  /** The 64 bits of a base-36 text, or empty if the text is none. */
  public static Optional<Long> parse(String text) {
    if (text.isEmpty() || text.length() > 13 || text.charAt(0) == '+' || text.charAt(0) == '-') {
      return Optional.empty();
    }
    try {
      return Optional.of(Long.parseUnsignedLong(text, 36));
    } catch (NumberFormatException notAnId) {
      return Optional.empty();
    }
  }
}
