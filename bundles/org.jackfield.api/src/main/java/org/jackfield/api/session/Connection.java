package org.jackfield.api.session;

import java.util.Optional;

/**
 * One end of one call, as a fact of the PBX.
 *
 * @param id the party's identity, the same in each call that it is in
 * @param address its address
 * @param name its display name, may be empty; at most 128 characters
 * @param state its state in this call
 * @param heldByThem whether another party of the call has put it on hold ({@code
 *     LINECONNECTEDMODE_ACTIVEHELD}); its own hold is in the state
 * @param cause why it left, when it has
 */
public record Connection(
    ConnectionId id,
    Address address,
    String name,
    ConnectionState state,
    boolean heldByThem,
    Optional<Cause> cause) {

  public Connection {
    if (name.length() > 128) {
      throw new IllegalArgumentException("a name has at most 128 characters");
    }
  }

  /** A connection that is neither held by others nor over. */
  public static Connection of(
      ConnectionId id, Address address, String name, ConnectionState state) {
    return new Connection(id, address, name, state, false, Optional.empty());
  }

  /** This connection in another state, with no cause. */
  public Connection in(ConnectionState state) {
    return new Connection(id, address, name, state, heldByThem, Optional.empty());
  }

  /** This connection, held by others or not. */
  public Connection heldByThem(boolean held) {
    return new Connection(id, address, name, state, held, cause);
  }

  /** This connection when its party has left. */
  public Connection left(Cause cause) {
    return new Connection(
        id, address, name, ConnectionState.DISCONNECTED, false, Optional.of(cause));
  }
}
