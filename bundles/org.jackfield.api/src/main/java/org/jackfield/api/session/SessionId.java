package org.jackfield.api.session;

import java.util.Optional;

/**
 * The identity of one session: opaque, unique across nodes and restarts, naming no lane.
 *
 * @param value any 64 bits; the text is base 36
 */
public record SessionId(long value) implements Comparable<SessionId> {
  /** The id of that text, or empty if the text is none. */
  public static Optional<SessionId> parse(String text) {
    return Ids.parse(text).map(SessionId::new);
  }

  @Override
  public int compareTo(SessionId other) {
    return Long.compareUnsigned(value, other.value);
  }

  @Override
  public String toString() {
    return Ids.text(value);
  }
}
