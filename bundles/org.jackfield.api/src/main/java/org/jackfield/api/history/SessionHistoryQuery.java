package org.jackfield.api.history;

import java.time.Instant;
import java.util.Optional;
import org.jackfield.api.session.ConversationId;

/**
 * Which sessions to list.
 *
 * @param provider only those of this PBX
 * @param state only those in this state
 * @param conversation only those of this conversation, by its present id or an old one
 * @param prefix only those with a party whose address or name begins so, whatever the case; 1 to 64
 *     characters
 * @param from only those that started then or later
 * @param to only those that started before
 * @param after the cursor of the page before
 * @param limit at most so many, 1 to 500
 */
public record SessionHistoryQuery(
    Optional<String> provider,
    Optional<SessionRecord.State> state,
    Optional<ConversationId> conversation,
    Optional<String> prefix,
    Optional<Instant> from,
    Optional<Instant> to,
    Optional<String> after,
    int limit) {

  public SessionHistoryQuery {
    Limits.check(prefix, limit);
  }

  /** The first page of all. */
  public static SessionHistoryQuery all(int limit) {
    return new SessionHistoryQuery(
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
  public SessionHistoryQuery after(Optional<String> cursor) {
    return new SessionHistoryQuery(provider, state, conversation, prefix, from, to, cursor, limit);
  }
}
