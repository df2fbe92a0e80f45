package org.jackfield.api.transfer;

import java.util.Optional;
import org.jackfield.api.session.Ids;

/**
 * The identity of one transfer: opaque, unique across nodes and restarts.
 *
 * @param value any 64 bits; the text is base 36
 */
public record TransferId(long value) {
  /** The id of that text, or empty if the text is none. */
  public static Optional<TransferId> parse(String text) {
    return Ids.parse(text).map(TransferId::new);
  }

  @Override
  public String toString() {
    return Ids.text(value);
  }
}
