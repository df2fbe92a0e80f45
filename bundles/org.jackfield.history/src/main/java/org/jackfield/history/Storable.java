package org.jackfield.history;

import java.util.Locale;

/** Texts as every database takes them. */
final class Storable {
  private static final char INSTEAD = '\uFFFD';

  private Storable() {}

  /** Without NUL and without halves of surrogate pairs, which PostgreSQL has no place for. */
  static String text(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0 || Character.isSurrogate(c)) {
        return cleaned(text);
      }
    }
    return text;
  }

  private static String cleaned(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> c == 0 || Character.getType(c) == Character.SURROGATE ? INSTEAD : c)
        .forEach(out::appendCodePoint);
    return out.toString();
  }

  /** What a prefix is compared with, whatever the case. */
  static String key(String text) {
    return text(text.toLowerCase(Locale.ROOT));
  }
}
