package org.jackfield.provider.asterisk;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Text that goes to the PBX. */
final class Fields {
  private Fields() {}

  /**
   * @throws IllegalArgumentException the text holds CR, LF or NUL, with which one field could
   *     become another
   */
  static String checked(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\r' || c == '\n' || c == 0) {
        throw new IllegalArgumentException("CR, LF and NUL are not allowed in a field");
      }
    }
    return text;
  }

  /** One path segment or query value of an ARI URI. */
  static String encoded(String text) {
    return URLEncoder.encode(checked(text), StandardCharsets.UTF_8).replace("+", "%20");
  }

  /**
   * Whether the text is an address that may be dialled: 1 to 64 letters, digits and {@code + * # _
   * . -}. Anything else could change the meaning of a dial string, in which {@code / @ & , | ( ) $
   * { } [ ] !} have one.
   */
  static boolean dialable(String address) {
    return address.length() <= 64 && address.matches("[A-Za-z0-9+*#_.-]+");
  }
}
