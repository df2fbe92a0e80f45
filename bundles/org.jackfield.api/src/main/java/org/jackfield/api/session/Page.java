package org.jackfield.api.session;

import java.util.List;
import java.util.Optional;

/**
 * A page of an ordered list.
 *
 * @param items at most as many as were asked for
 * @param next an opaque cursor to the next page, if there is one
 */
public record Page<T>(List<T> items, Optional<String> next) {
  public Page {
    items = List.copyOf(items);
  }
}
