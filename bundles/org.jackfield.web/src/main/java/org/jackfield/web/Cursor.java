package org.jackfield.web;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** Where the next page begins, as the opaque text that a client gives back. */
final class Cursor {
  private static final int LONGEST = 512;

  private Cursor() {}

  /**
   * @param list which list it belongs to: a cursor of one list is not one of another
   */
  static String encode(String list, String... keys) {
    String all = list + "\n" + String.join("\n", keys);
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(all.getBytes(StandardCharsets.UTF_8));
  }

  static List<String> decode(String cursor, String list, int keys) {
    try {
      String all = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
      List<String> parts = List.of(all.split("\n", -1));
      if (cursor.length() <= LONGEST && parts.size() == keys + 1 && parts.getFirst().equals(list)) {
        return parts.subList(1, parts.size());
      }
    } catch (IllegalArgumentException e) {
      throw invalid();
    }
    throw invalid();
  }

  static Refused invalid() {
    return Problem.of(Reason.INVALID_CURSOR, "Begin again without a cursor.")
        .with("field", "cursor")
        .refused();
  }
}
