package org.jackfield.api.history;

import java.time.Instant;
import java.util.Optional;
import org.jackfield.api.session.ConversationId;
import org.jackfield.api.session.SessionId;

/**
 * Which transfers to list.
 *
 * @param state only those in this state
 * @param outcome only those with this outcome: {@code completed}
 * @param session only those of this session
 * @param conversation only those of this conversation, by its present id or an old one
 * @param principal only those that this one asked for
 * @param prefix only those whose transferor's, transferee's or target's address begins so, whatever
 *     the case; 1 to 64 characters
 * @param from only those that were accepted then or later
 * @param to only those that were accepted before
 * @param after the cursor of the page before
 * @param limit at most so many, 1 to 500
 */
public record TransferHistoryQuery(
    Optional<TransferRecord.State> state,
    Optional<String> outcome,
    Optional<SessionId> session,
    Optional<ConversationId> conversation,
    Optional<String> principal,
    Optional<String> prefix,
    Optional<Instant> from,
    Optional<Instant> to,
    Optional<String> after,
    int limit) {

  public TransferHistoryQuery {
    Limits.check(prefix, limit);
  }

  /** The first page of all. */
  public static TransferHistoryQuery all(int limit) {
    return new TransferHistoryQuery(
        Optional.empty(),
        Optional.empty(),
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
  public TransferHistoryQuery after(Optional<String> cursor) {
    return new TransferHistoryQuery(
        state, outcome, session, conversation, principal, prefix, from, to, cursor, limit);
  }
}
