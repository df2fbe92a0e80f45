package org.jackfield.core.session;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.ConversationId;
import org.jackfield.api.session.Party;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionId;
import org.jspecify.annotations.Nullable;

/** One live call in its lane; plain fields, touched by that lane only. */
public final class LiveSession {
  private final SessionId id;
  private final CallId call;
  private final Instant startedAt;
  private final Map<ConnectionId, Connection> connections = new LinkedHashMap<>();
  private ConversationId conversation;
  private @Nullable ConnectionId caller;
  private @Nullable Marks marks;
  private @Nullable Session published;
  private boolean over;

  LiveSession(SessionId id, CallId call, ConversationId conversation, Instant startedAt) {
    this.id = id;
    this.call = call;
    this.conversation = conversation;
    this.startedAt = startedAt;
  }

  /**
   * What a transfer under way says of a session's parties.
   *
   * @param roles who plays which part; others keep theirs
   * @param permits what each party may do meanwhile, beside being cleared
   */
  public record Marks(
      Map<ConnectionId, Party.Role> roles, Map<ConnectionId, Set<Operation>> permits) {
    public Marks {
      roles = Map.copyOf(roles);
      permits = Map.copyOf(permits);
    }

    /** What the transfer permits a party, beside being cleared. */
    Set<Operation> permitted(ConnectionId party) {
      return permits.getOrDefault(party, Set.of());
    }
  }

  public SessionId id() {
    return id;
  }

  public CallId call() {
    return call;
  }

  public ConversationId conversation() {
    return conversation;
  }

  public boolean isOver() {
    return over;
  }

  /** Its present connections, in the order in which they came. */
  public List<Connection> connections() {
    return List.copyOf(connections.values());
  }

  public Optional<Connection> connection(ConnectionId party) {
    return Optional.ofNullable(connections.get(party));
  }

  /** The last snapshot that was published. */
  public Optional<Session> published() {
    return Optional.ofNullable(published);
  }

  /** What the transfer under way says of its parties, if there is one. */
  public Optional<Marks> marks() {
    return Optional.ofNullable(marks);
  }

  void mark(@Nullable Marks marks) {
    this.marks = marks;
  }

  void join(ConversationId conversation) {
    this.conversation = conversation;
  }

  Instant startedAt() {
    return startedAt;
  }

  void put(Connection connection) {
    connections.put(connection.id(), connection);
    if (caller == null && placedTheCall(connection.state())) {
      caller = connection.id();
    }
  }

  /** The caller is whoever is first seen in the call without having been offered it. */
  private static boolean placedTheCall(ConnectionState state) {
    return state != ConnectionState.OFFERING && state != ConnectionState.UNKNOWN;
  }

  void remove(ConnectionId party) {
    connections.remove(party);
  }

  boolean hasNobody() {
    return connections.isEmpty();
  }

  void end() {
    over = true;
  }

  /** Its snapshot if anything has changed since the last one, which it replaces. */
  Optional<Session> changed(String provider, Capabilities may, Elsewhere elsewhere) {
    List<Party> parties = new ArrayList<>(connections.size());
    for (Connection connection : connections.values()) {
      parties.add(
          new Party(connection, role(connection.id()), permitted(connection, may, elsewhere)));
    }
    Session before = published;
    if (before != null
        && before.parties().equals(parties)
        && before.conversation().equals(conversation)) {
      return Optional.empty();
    }
    long revision = before == null ? 1 : before.revision() + 1;
    Session now = new Session(id, provider, conversation, revision, startedAt, parties);
    published = now;
    return Optional.of(now);
  }

  private Party.Role role(ConnectionId party) {
    Party.Role usual = party.equals(caller) ? Party.Role.CALLER : Party.Role.CALLED;
    return marks == null ? usual : marks.roles.getOrDefault(party, usual);
  }

  /** What may be asked for one of its connections now. */
  Capabilities permitted(Connection connection, Capabilities may, Elsewhere elsewhere) {
    return Permissions.permitted(situation(connection, may, elsewhere));
  }

  Permissions.Situation situation(Connection connection, Capabilities may, Elsewhere elsewhere) {
    List<Connection> others = new ArrayList<>(connections.values());
    others.remove(connection);
    Optional<Set<Operation>> underTransfer = marks().map(m -> m.permitted(connection.id()));
    return new Permissions.Situation(
        may, connection, others, elsewhere.of(this, connection.id()), underTransfer);
  }

  /** Where else a party is. */
  @FunctionalInterface
  interface Elsewhere {
    List<Connection> of(LiveSession but, ConnectionId party);
  }
}
