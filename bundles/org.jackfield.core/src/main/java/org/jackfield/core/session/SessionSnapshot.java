package org.jackfield.core.session;

import java.util.ArrayList;
import java.util.List;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.ConversationId;
import org.jackfield.api.session.Party;
import org.jackfield.api.session.Session;
import org.jspecify.annotations.Nullable;

/**
 * One revision of a session as it was published, in few bytes and, as its ends, one object less to
 * step through; what callers see is made of it when they look. Immutable; any thread.
 */
final class SessionSnapshot extends Ends {
  private final LiveSession of;
  private final int revision;
  private final long conversation;
  private final Capabilities may;
  private final @Nullable List<List<ConnectionState>> elsewhere;

  /**
   * @param may what the PBX may ever do
   * @param elsewhere for each end its states in other calls, or null if nobody is in another
   */
  SessionSnapshot(
      LiveSession of,
      int revision,
      ConversationId conversation,
      Ends ends,
      Capabilities may,
      @Nullable List<List<ConnectionState>> elsewhere) {
    super(ends);
    this.of = of;
    this.revision = revision;
    this.conversation = conversation.value();
    this.may = may;
    this.elsewhere = elsewhere;
  }

  LiveSession of() {
    return of;
  }

  int revision() {
    return revision;
  }

  /** For each end its states in other calls, or null if nobody is in another. */
  @Nullable List<List<ConnectionState>> elsewhere() {
    return elsewhere;
  }

  /** The states of an end in its other calls, when this was published. */
  List<ConnectionState> elsewhere(ConnectionId party) {
    if (elsewhere != null) {
      List<Connection> connections = connections();
      for (int i = 0; i < connections.size(); i++) {
        if (connections.get(i).id().equals(party)) {
          return elsewhere.get(i);
        }
      }
    }
    return List.of();
  }

  /** Whether a caller could tell the two apart, beside the revision. */
  boolean looksLike(SessionSnapshot other) {
    return conversation == other.conversation
        && sameAs(other)
        && may.traits() == other.may.traits()
        && may.limits().equals(other.may.limits());
  }

  /** What callers see. */
  Session session() {
    List<Connection> connections = connections();
    List<Party> parties = new ArrayList<>(connections.size());
    for (int i = 0; i < connections.size(); i++) {
      Capabilities permitted = new Capabilities(permitted(i), may.traits(), may.limits());
      parties.add(new Party(connections.get(i), role(i), permitted));
    }
    return new Session(
        of.id(),
        of.provider(),
        new ConversationId(conversation),
        revision,
        of.startedAt(),
        parties);
  }
}
