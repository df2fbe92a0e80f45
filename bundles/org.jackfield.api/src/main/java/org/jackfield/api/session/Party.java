package org.jackfield.api.session;

import org.jackfield.api.capability.Capabilities;

/**
 * One end of a live session: its connection, its part in a transfer, and what it may do now.
 *
 * @param connection the fact as the PBX told it
 * @param role its part in the session
 * @param permitted what may be asked for this party now; dynamic, {@code LINECALLSTATUS}
 */
public record Party(Connection connection, Role role, Capabilities permitted) {
  /** The part a party plays. */
  public enum Role {
    /** It started the call. */
    CALLER,
    /** It was called. */
    CALLED,
    /** It leaves by the transfer under way. */
    TRANSFEROR,
    /** It stays by the transfer under way. */
    TRANSFEREE,
    /** It is to be joined to the transferee. */
    TARGET;

    /** The name used in JSON. */
    public String text() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  public ConnectionId id() {
    return connection.id();
  }

  public Address address() {
    return connection.address();
  }

  public ConnectionState state() {
    return connection.state();
  }
}
