package org.jackfield.api.audit;

import java.time.Instant;
import java.util.Optional;

/**
 * Which entries to list.
 *
 * @param principal only those of this one
 * @param action only of this action: {@code transfer}
 * @param subject only of this subject: {@code session/2x9…}
 * @param result only with this result: {@code accepted}
 * @param from only those recorded then or later
 * @param to only those recorded before
 * @param after the cursor of the page before
 * @param limit at most so many, 1 to 500
 */
public record AuditQuery(
    Optional<String> principal,
    Optional<String> action,
    Optional<String> subject,
    Optional<String> result,
    Optional<Instant> from,
    Optional<Instant> to,
    Optional<String> after,
    int limit) {

  public AuditQuery {
    if (limit < 1 || limit > 500) {
      throw new IllegalArgumentException("limit must be 1 to 500");
    }
  }

  /** The first page of all. */
  public static AuditQuery all(int limit) {
    return new AuditQuery(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        limit);
  }

  /** The same, from another place on. */
  public AuditQuery after(Optional<String> cursor) {
    return new AuditQuery(principal, action, subject, result, from, to, cursor, limit);
  }
}
