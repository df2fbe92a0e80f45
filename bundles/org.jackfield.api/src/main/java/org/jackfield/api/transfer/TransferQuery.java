package org.jackfield.api.transfer;

import java.util.Optional;
import org.jackfield.api.session.ConversationId;
import org.jackfield.api.session.SessionId;

/**
 * Which transfers to list, newest first: those under way and the last ones that ended.
 *
 * @param session only those of this session
 * @param conversation only those of this conversation, by its present id or an old one
 * @param open only those under way (true) or ended (false)
 * @param after the cursor of the page before
 * @param limit at most so many, 1 to 500
 */
public record TransferQuery(
    Optional<SessionId> session,
    Optional<ConversationId> conversation,
    Optional<Boolean> open,
    Optional<String> after,
    int limit) {
  public TransferQuery {
    if (limit < 1 || limit > 500) {
      throw new IllegalArgumentException("limit must be 1 to 500");
    }
  }

  /** A query that asks for no conversation. */
  public TransferQuery(
      Optional<SessionId> session, Optional<Boolean> open, Optional<String> after, int limit) {
    this(session, Optional.empty(), open, after, limit);
  }
}
