package org.jackfield.api.session;

import java.util.Optional;

/**
 * The identity of one conversation; it stays the same over chained transfers. A conversation is
 * named after its first session.
 *
 * @param value any 64 bits; the text is base 36
 */
public record ConversationId(long value) implements Comparable<ConversationId> {
  /** The id of that text, or empty if the text is none. */
  public static Optional<ConversationId> parse(String text) {
    return Ids.parse(text).map(ConversationId::new);
  }

  @Override
  public int compareTo(ConversationId other) {
    return Long.compareUnsigned(value, other.value);
  }

  @Override
  public String toString() {
    return Ids.text(value);
  }
}
