package org.jackfield.api.session;

import java.util.Optional;

/**
 * Which sessions to list, ordered by when they started; answered from indexes, never by a scan.
 *
 * @param provider only those of this PBX
 * @param state only those in this session state
 * @param conversation only those of this conversation, by its present id or an old one
 * @param prefix only those with a party whose address or name begins so, whatever the case; 1 to 64
 *     characters
 * @param after the cursor of the page before
 * @param limit at most so many, 1 to 500
 */
public record SessionQuery(
    Optional<String> provider,
    Optional<ConnectionState> state,
    Optional<ConversationId> conversation,
    Optional<String> prefix,
    Optional<String> after,
    int limit) {

  public SessionQuery {
    if (limit < 1 || limit > 500) {
      throw new IllegalArgumentException("limit must be 1 to 500");
    }
    prefix.ifPresent(
        p -> {
          if (p.isEmpty() || p.length() > 64) {
            throw new IllegalArgumentException("the prefix must have 1 to 64 characters");
          }
        });
  }

  /** A query that asks for no conversation. */
  public SessionQuery(
      Optional<String> provider,
      Optional<ConnectionState> state,
      Optional<String> prefix,
      Optional<String> after,
      int limit) {
    this(provider, state, Optional.empty(), prefix, after, limit);
  }

  /** The first page of all sessions. */
  public static SessionQuery all(int limit) {
    return new SessionQuery(
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), limit);
  }
}
