package org.jackfield.api.history;

import java.util.Optional;

/** What a query may ask for. */
final class Limits {
  private Limits() {}

  static void check(Optional<String> prefix, int limit) {
    if (limit < 1 || limit > 500) {
      throw new IllegalArgumentException("limit must be 1 to 500");
    }
    if (prefix.filter(p -> p.isEmpty() || p.length() > 64).isPresent()) {
      throw new IllegalArgumentException("the prefix must have 1 to 64 characters");
    }
  }
}
