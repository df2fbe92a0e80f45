package org.jackfield.api.session;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An immutable snapshot of one live call.
 *
 * @param id its identity
 * @param provider the name of the PBX it lives on
 * @param conversation the conversation it belongs to
 * @param revision counts its changes from 1; together with the server's epoch it is the ETag
 * @param startedAt when it was first seen, also by an earlier life of the server, to the
 *     microsecond
 * @param parties its ends, in the order in which they came; those that left are gone
 */
public record Session(
    SessionId id,
    String provider,
    ConversationId conversation,
    long revision,
    Instant startedAt,
    List<Party> parties) {

  public Session {
    parties = List.copyOf(parties);
  }

  /** The party of that id, if it is in the session. */
  public Optional<Party> party(ConnectionId id) {
    for (Party party : parties) {
      if (party.id().equals(id)) {
        return Optional.of(party);
      }
    }
    return Optional.empty();
  }

  /**
   * The session's state: connected when two or more parties are (conferenced counts), else that of
   * its most advanced party.
   */
  public ConnectionState state() {
    int talking = 0;
    ConnectionState most = ConnectionState.UNKNOWN;
    for (Party party : parties) {
      if (party.state().isTalking()) {
        talking++;
      }
      if (party.state().advance() > most.advance()) {
        most = party.state();
      }
    }
    return talking >= 2 ? ConnectionState.CONNECTED : most;
  }
}
