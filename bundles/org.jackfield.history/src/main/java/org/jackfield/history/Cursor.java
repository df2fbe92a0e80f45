package org.jackfield.history;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import org.jackfield.api.session.Ids;

/**
 * A place in a list that is ordered by time and id.
 *
 * @param at the time of the last item of the page before
 * @param id its id
 */
record Cursor(Instant at, String id) {
  @Override
  public String toString() {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((at + " " + id).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * @throws IllegalArgumentException if no page gave it
   */
  static Cursor of(String text) {
    String[] words =
        new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split(" ");
    if (words.length != 2 || Ids.parse(words[1]).isEmpty()) {
      throw new IllegalArgumentException("no cursor of ours");
    }
    try {
      return new Cursor(Instant.parse(words[0]), words[1]);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("no cursor of ours", e);
    }
  }
}
