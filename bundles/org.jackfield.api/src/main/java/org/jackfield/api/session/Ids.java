package org.jackfield.api.session;

import java.util.Optional;

/** How 64-bit ids are read from text. */
public final class Ids {
  private Ids() {}

  /** The base-36 text of 64 bits, in lower case and without leading zeros. */
  public static String text(long value) {
    char[] digits = new char[13];
    int at = digits.length;
    long rest = value;
    do {
      long next = Long.divideUnsigned(rest, 36);
      digits[--at] = Character.forDigit((int) (rest - next * 36), 36);
      rest = next;
    } while (rest != 0);
    return new String(digits, at, digits.length - at);
  }

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
