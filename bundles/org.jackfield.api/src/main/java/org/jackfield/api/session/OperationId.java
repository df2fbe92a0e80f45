package org.jackfield.api.session;

import java.util.Optional;

/**
 * The identity of one single operation (hold, retrieve, make call, …) that was accepted.
 *
 * @param value any 64 bits; the text is base 36
 */
public record OperationId(long value) implements Comparable<OperationId> {
  /** The id of that text, or empty if the text is none. */
  public static Optional<OperationId> parse(String text) {
    return Ids.parse(text).map(OperationId::new);
  }

  @Override
  public int compareTo(OperationId other) {
    return Long.compareUnsigned(value, other.value);
  }

  @Override
  public String toString() {
    return Ids.text(value);
  }
}
