package org.jackfield.core.session;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Limits;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.ConversationId;
import org.jackfield.api.session.Party;
import org.jackfield.api.session.Refusal;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionId;
import org.jspecify.annotations.Nullable;

/**
 * One live call in its lane; touched by that lane only, but for what is published. A million of
 * them live at once, nearly all of them idle: an idle one keeps no more than its packed ends, and
 * is unpacked while something happens to it.
 */
public final class LiveSession {
  private static final int NOBODY = -1;

  /** The caller has been, and may come again. */
  private static final int LEFT = -2;

  private final long id;
  private final String provider;
  private final long startedMicros;
  private final long order;
  private long conversation;
  private int caller = NOBODY;
  private int callerHash;
  private @Nullable Marks marks;
  private @Nullable Unpacked unpacked;
  private volatile @Nullable SessionSnapshot published;
  private volatile boolean over;
  private volatile boolean gone;

  /** Whether it waits to be published again; for its table. */
  boolean touched;

  /**
   * @param order its place in the order of starting, among all sessions
   */
  LiveSession(
      SessionId id,
      String provider,
      CallId call,
      ConversationId conversation,
      Instant startedAt,
      long order) {
    this.id = id.value();
    this.provider = provider;
    this.conversation = conversation.value();
    this.startedMicros = startedAt.getEpochSecond() * 1_000_000 + startedAt.getNano() / 1_000;
    this.order = order;
    this.unpacked = new Unpacked(call, new ArrayList<>(2));
  }

  /** What is at hand while something happens to it. */
  private record Unpacked(CallId call, List<Connection> connections) {
    int find(ConnectionId party) {
      for (int i = 0; i < connections.size(); i++) {
        if (connections.get(i).id().equals(party)) {
          return i;
        }
      }
      return NOBODY;
    }
  }

  /**
   * What a transfer under way says of the parties of its sessions.
   *
   * @param movers whoever leaves by it, under each of its names
   * @param staying who was in the call before; all others are to be joined to them
   * @param permitted what the movers may do meanwhile, beside being cleared, one bit for each
   */
  public record Marks(Set<ConnectionId> movers, Set<ConnectionId> staying, long permitted) {
    public Marks {
      movers = Set.copyOf(movers);
      staying = Set.copyOf(staying);
    }

    Party.Role role(ConnectionId party) {
      if (movers.contains(party)) {
        return Party.Role.TRANSFEROR;
      }
      return staying.contains(party) ? Party.Role.TRANSFEREE : Party.Role.TARGET;
    }

    long permitted(ConnectionId party) {
      return movers.contains(party) ? permitted : 0;
    }

    /** What the transfer permits a party, beside being cleared. */
    Set<Operation> operations(ConnectionId party) {
      return new Capabilities(permitted(party), 0, Limits.NONE).operationSet();
    }
  }

  public SessionId id() {
    return new SessionId(id);
  }

  boolean isCalled(SessionId name) {
    return name.value() == id;
  }

  /** The name of its PBX. */
  public String provider() {
    return provider;
  }

  public CallId call() {
    Unpacked now = unpacked;
    return now == null ? ends().call() : now.call;
  }

  boolean isOf(CallId call) {
    Unpacked now = unpacked;
    return now == null ? ends().isOf(call) : now.call.equals(call);
  }

  public ConversationId conversation() {
    return new ConversationId(conversation);
  }

  public boolean isOver() {
    return over;
  }

  /** Its place in the order of starting, among all sessions. */
  long order() {
    return order;
  }

  private Ends ends() {
    SessionSnapshot last = published;
    if (last == null) {
      throw new IllegalStateException("session " + id() + " is neither packed nor unpacked");
    }
    return last;
  }

  private Unpacked unpack() {
    Unpacked now = unpacked;
    if (now == null) {
      Ends ends = ends();
      now = new Unpacked(ends.call(), ends.connections());
      unpacked = now;
    }
    return now;
  }

  /** Its present connections, in the order in which they came. */
  public List<Connection> connections() {
    Unpacked now = unpacked;
    return now == null ? ends().connections() : List.copyOf(now.connections);
  }

  public Optional<Connection> connection(ConnectionId party) {
    Unpacked now = unpacked;
    if (now == null) {
      return ends().connection(party);
    }
    int at = now.find(party);
    return at == NOBODY ? Optional.empty() : Optional.of(now.connections.get(at));
  }

  boolean has(ConnectionId party) {
    Unpacked now = unpacked;
    return now == null ? ends().has(party) : now.find(party) != NOBODY;
  }

  /** The last snapshot that was published, as callers see it. */
  public Optional<Session> published() {
    return snapshot().map(SessionSnapshot::session);
  }

  /** The last snapshot that was published. Any thread. */
  Optional<SessionSnapshot> snapshot() {
    return Optional.ofNullable(published);
  }

  /** Whether anybody can see it. Any thread. */
  public boolean isPublished() {
    return published != null;
  }

  /** Replaces the last snapshot, which it answers. */
  @Nullable SessionSnapshot publish(SessionSnapshot now) {
    SessionSnapshot before = published;
    published = now;
    return before;
  }

  /** What the transfer under way says of its parties, if there is one. */
  public Optional<Marks> marks() {
    return Optional.ofNullable(marks);
  }

  public boolean isMarked(Marks as) {
    return as.equals(marks);
  }

  void mark(@Nullable Marks marks) {
    this.marks = marks;
  }

  void join(ConversationId conversation) {
    this.conversation = conversation.value();
  }

  /** When it was first seen, to the microsecond. */
  public Instant startedAt() {
    return Instant.ofEpochSecond(
        Math.floorDiv(startedMicros, 1_000_000L), Math.floorMod(startedMicros, 1_000_000L) * 1_000);
  }

  void put(Connection connection) {
    Unpacked now = unpack();
    int at = now.find(connection.id());
    if (at == NOBODY) {
      at = now.connections.size();
      now.connections.add(connection);
    } else {
      now.connections.set(at, connection);
    }
    boolean first = caller == NOBODY && placedTheCall(connection.state());
    if (first || caller == LEFT && hash(connection.id()) == callerHash) {
      caller = at;
      callerHash = hash(connection.id());
    }
  }

  /** The caller is whoever is first seen in the call without having been offered it. */
  private static boolean placedTheCall(ConnectionState state) {
    return state != ConnectionState.OFFERING && state != ConnectionState.UNKNOWN;
  }

  private static int hash(ConnectionId party) {
    return party.value().hashCode();
  }

  void remove(ConnectionId party) {
    Unpacked now = unpack();
    int at = now.find(party);
    if (at != NOBODY) {
      now.connections.remove(at);
      if (at == caller) {
        caller = LEFT;
      } else if (at < caller) {
        caller--;
      }
    }
  }

  boolean hasNobody() {
    Unpacked now = unpacked;
    return now == null ? ends().size() == 0 : now.connections.isEmpty();
  }

  void end() {
    over = true;
  }

  /**
   * Its snapshot if anything has changed since the last one, which it is to replace.
   *
   * @param may what its PBX may ever do
   * @param begins whether a transfer may begin there now
   * @param forAddress what it may do for each address
   */
  Optional<SessionSnapshot> changed(
      Capabilities may,
      boolean begins,
      Function<Address, Capabilities> forAddress,
      Elsewhere elsewhere) {
    Unpacked now = unpack();
    int count = now.connections.size();
    int[] words = new int[count];
    List<List<ConnectionState>> others = null;
    for (int i = 0; i < count; i++) {
      Connection connection = now.connections.get(i);
      List<ConnectionState> states = elsewhere.of(this, connection.id());
      if (!states.isEmpty()) {
        others = others == null ? nowhere(count) : others;
        others.set(i, states);
      }
      Capabilities can = forAddress.apply(connection.address());
      long permitted = permitted(connection, can, begins, states);
      words[i] = Ends.word(connection, role(i, connection), permitted);
    }
    SessionSnapshot before = published;
    Ends ends = Ends.of(now.call, now.connections, words, before);
    int revision = before == null ? 1 : before.revision() + 1;
    SessionSnapshot next = new SessionSnapshot(this, revision, conversation(), ends, may, others);
    if (before == null || !before.looksLike(next)) {
      return Optional.of(next);
    }
    if (!Objects.equals(before.elsewhere(), others)) {
      // A reason may read differently now, and nobody can tell but who asks for reasons.
      published = new SessionSnapshot(this, before.revision(), conversation(), ends, may, others);
    }
    return Optional.empty();
  }

  /** Nothing happens to it for now. */
  void rest() {
    if (marks == null && published != null && !over) {
      unpacked = null;
    }
  }

  private static List<List<ConnectionState>> nowhere(int count) {
    List<List<ConnectionState>> all = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      all.add(List.of());
    }
    return all;
  }

  private Party.Role role(int index, Connection party) {
    Marks present = marks;
    if (present != null) {
      return present.role(party.id());
    }
    return index == caller ? Party.Role.CALLER : Party.Role.CALLED;
  }

  private long permitted(
      Connection party, Capabilities may, boolean begins, List<ConnectionState> elsewhere) {
    Marks present = marks;
    return present == null
        ? Permissions.bits(
            may, begins, party.state(), statesBut(party), unpack().connections.size(), elsewhere)
        : Permissions.bitsUnderTransfer(may, party.state(), present.permitted(party.id()));
  }

  private int statesBut(Connection party) {
    int states = 0;
    for (Connection other : unpack().connections) {
      if (!other.id().equals(party.id())) {
        states |= Permissions.bit(other.state());
      }
    }
    return states;
  }

  /** What decides what one of its connections may be asked for now. */
  Permissions.Situation situation(
      Connection connection, Capabilities may, Optional<Refusal> noTransfer, Elsewhere elsewhere) {
    List<Connection> others = new ArrayList<>(connections());
    others.remove(connection);
    Optional<Set<Operation>> underTransfer = marks().map(m -> m.operations(connection.id()));
    return new Permissions.Situation(
        may, connection, others, elsewhere.of(this, connection.id()), underTransfer, noTransfer);
  }

  /** Nobody can find it any more. */
  void gone() {
    gone = true;
  }

  boolean isGone() {
    return gone;
  }

  /** In which states a party is elsewhere. */
  @FunctionalInterface
  interface Elsewhere {
    List<ConnectionState> of(LiveSession but, ConnectionId party);
  }
}
