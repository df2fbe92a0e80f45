package org.jackfield.api.event;

import java.util.Optional;

/**
 * A place in the log; the text is {@code epoch:sequence}.
 *
 * @param epoch the start of the server that told it; grows with each start
 * @param sequence counts events from 1, without gaps; 0 is before the first
 */
public record Position(long epoch, long sequence) {
  /** The position of that text, or empty if the text is none. */
  public static Optional<Position> parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 1) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Position(
              Long.parseUnsignedLong(text.substring(0, colon)),
              Long.parseUnsignedLong(text.substring(colon + 1))));
    } catch (NumberFormatException notAPosition) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return Long.toUnsignedString(epoch) + ":" + Long.toUnsignedString(sequence);
  }
}
