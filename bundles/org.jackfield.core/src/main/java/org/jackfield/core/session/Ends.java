package org.jackfield.core.session;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.Party;
import org.jspecify.annotations.Nullable;

/**
 * A call's name and its ends in few bytes: one text with all names, one word for each end. The text
 * is shared from one snapshot to the next, as names hardly ever change. Immutable; any thread.
 *
 * <p>The text is the length of the call's name and the name, then for each end the lengths of its
 * id, address and name, and these. A word is, from the lowest bit, 24 bits of operations, 4 of
 * state, 1 of being held by others, 3 of role.
 */
sealed class Ends permits SessionSnapshot {
  private static final ConnectionState[] STATES = ConnectionState.values();
  private static final Party.Role[] ROLES = Party.Role.values();
  private static final int STATE = 24;
  private static final int HELD = 1 << 28;
  private static final int ROLE = 29;
  private static final long OPERATIONS = (1 << STATE) - 1;

  private final String text;
  private final int[] words;
  private final @Nullable Cause @Nullable [] causes;

  Ends(Ends same) {
    this(same.text, same.words, same.causes);
  }

  private Ends(String text, int[] words, @Nullable Cause @Nullable [] causes) {
    this.text = text;
    this.words = words;
    this.causes = causes;
  }

  /** What a connection is beside its names. */
  static int word(Connection connection, Party.Role role, long permitted) {
    return (int) (permitted & OPERATIONS)
        | connection.state().ordinal() << STATE
        | (connection.heldByThem() ? HELD : 0)
        | role.ordinal() << ROLE;
  }

  /** Packs a call, with the text of {@code before} where that says the same. */
  static Ends of(CallId call, List<Connection> connections, int[] words, @Nullable Ends before) {
    String text =
        before != null && before.names(call, connections) ? before.text : text(call, connections);
    return new Ends(text, words, causes(connections));
  }

  private static String text(CallId call, List<Connection> connections) {
    StringBuilder out = new StringBuilder(64);
    out.append((char) call.value().length()).append(call.value());
    for (Connection c : connections) {
      String id = c.id().value();
      String address = c.address().value();
      out.append((char) id.length()).append((char) address.length());
      out.append((char) c.name().length()).append(id).append(address).append(c.name());
    }
    return out.toString();
  }

  private static @Nullable Cause @Nullable [] causes(List<Connection> connections) {
    @Nullable Cause @Nullable [] causes = null;
    for (int i = 0; i < connections.size(); i++) {
      if (connections.get(i).cause().isPresent()) {
        causes = causes == null ? new @Nullable Cause[connections.size()] : causes;
        causes[i] = connections.get(i).cause().get();
      }
    }
    return causes;
  }

  /** Whether the text is that of these connections. */
  private boolean names(CallId call, List<Connection> connections) {
    if (connections.size() != words.length || !isOf(call)) {
      return false;
    }
    int at = first();
    for (Connection c : connections) {
      if (!isAt(at, c)) {
        return false;
      }
      at = next(at);
    }
    return true;
  }

  private boolean isAt(int at, Connection c) {
    String id = c.id().value();
    String address = c.address().value();
    String name = c.name();
    int names = at + 3;
    return text.charAt(at) == id.length()
        && text.charAt(at + 1) == address.length()
        && text.charAt(at + 2) == name.length()
        && text.startsWith(id, names)
        && text.startsWith(address, names + id.length())
        && text.startsWith(name, names + id.length() + address.length());
  }

  private int first() {
    return 1 + text.charAt(0);
  }

  private int next(int at) {
    return at + 3 + text.charAt(at) + text.charAt(at + 1) + text.charAt(at + 2);
  }

  boolean isOf(CallId call) {
    return text.charAt(0) == call.value().length() && text.startsWith(call.value(), 1);
  }

  CallId call() {
    return new CallId(text.substring(1, first()));
  }

  int size() {
    return words.length;
  }

  /** Whether the end is among them. */
  boolean has(ConnectionId party) {
    return find(party) >= 0;
  }

  private int find(ConnectionId party) {
    String id = party.value();
    int at = first();
    for (int i = 0; i < words.length; i++) {
      if (text.charAt(at) == id.length() && text.startsWith(id, at + 3)) {
        return i;
      }
      at = next(at);
    }
    return -1;
  }

  private int offset(int index) {
    int at = first();
    for (int i = 0; i < index; i++) {
      at = next(at);
    }
    return at;
  }

  Optional<Connection> connection(ConnectionId party) {
    int index = find(party);
    return index < 0 ? Optional.empty() : Optional.of(connection(index, offset(index)));
  }

  private Connection connection(int index, int at) {
    int address = at + 3 + text.charAt(at);
    int name = address + text.charAt(at + 1);
    return new Connection(
        new ConnectionId(text.substring(at + 3, address)),
        new Address(text.substring(address, name)),
        text.substring(name, name + text.charAt(at + 2)),
        state(index),
        (words[index] & HELD) != 0,
        causes == null ? Optional.empty() : Optional.ofNullable(causes[index]));
  }

  List<Connection> connections() {
    List<Connection> all = new ArrayList<>(words.length + 1);
    int at = first();
    for (int i = 0; i < words.length; i++) {
      all.add(connection(i, at));
      at = next(at);
    }
    return all;
  }

  ConnectionState state(int index) {
    return STATES[words[index] >>> STATE & 0xF];
  }

  Party.Role role(int index) {
    return ROLES[words[index] >>> ROLE];
  }

  /** The operations that the end may do, one bit for each. */
  long permitted(int index) {
    return words[index] & OPERATIONS;
  }

  /** The state of the call that these are the ends of. */
  ConnectionState state() {
    int talking = 0;
    ConnectionState most = ConnectionState.UNKNOWN;
    for (int i = 0; i < words.length; i++) {
      ConnectionState state = state(i);
      talking += state.isTalking() ? 1 : 0;
      most = state.advance() > most.advance() ? state : most;
    }
    return talking >= 2 ? ConnectionState.CONNECTED : most;
  }

  /** The address, then the name of each end; an empty name too. */
  List<String> lookedUpBy() {
    List<String> texts = new ArrayList<>(2 * words.length);
    int at = first();
    for (int i = 0; i < words.length; i++) {
      int address = at + 3 + text.charAt(at);
      int name = address + text.charAt(at + 1);
      texts.add(text.substring(address, name));
      texts.add(text.substring(name, name + text.charAt(at + 2)));
      at = next(at);
    }
    return texts;
  }

  /** Whether both have the same ends under the same addresses and names. */
  boolean sameNames(Ends other) {
    return text.equals(other.text);
  }

  boolean sameAs(Ends other) {
    return sameNames(other)
        && Arrays.equals(words, other.words)
        && Arrays.equals(causes, other.causes);
  }
}
