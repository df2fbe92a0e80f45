package org.jackfield.api.history;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.ConversationId;
import org.jackfield.api.session.SessionId;

/**
 * One session as the history knows it.
 *
 * @param id its identity
 * @param provider the name of the PBX it was on
 * @param conversation the conversation it belongs to, by its present id
 * @param state whether it is over
 * @param startedAt when it was first seen
 * @param endedAt when it was over, if that was seen
 * @param mergedInto the session it went on in
 * @param cause why it ended
 * @param parties everybody who was in it, in the order in which they came
 */
public record SessionRecord(
    SessionId id,
    String provider,
    ConversationId conversation,
    State state,
    Instant startedAt,
    Optional<Instant> endedAt,
    Optional<SessionId> mergedInto,
    Optional<Cause> cause,
    List<PartyRecord> parties) {

  public SessionRecord {
    parties = List.copyOf(parties);
  }

  /**
   * One who was in it.
   *
   * @param id its identity
   * @param address its address
   * @param name its display name, may be empty
   * @param role its last part in the session, as the API names it
   * @param seenAt when it was first seen there
   * @param leftAt when it had left
   */
  public record PartyRecord(
      String id,
      String address,
      String name,
      String role,
      Instant seenAt,
      Optional<Instant> leftAt) {}

  /** Whether it is over. */
  public enum State {
    LIVE,
    ENDED,
    MERGED,
    /** It was live when the server last saw it, and its end was not seen. */
    UNKNOWN;

    /** The name used in JSON. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
