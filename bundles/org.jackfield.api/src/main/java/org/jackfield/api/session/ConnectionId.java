package org.jackfield.api.session;

/**
 * The identity of a party in the calls of its PBX, as the driver names it (a channel id, a device
 * id). One party that is in two calls at once, as a transferor in a consultation is, has the same
 * id in both, as CSTA's connections do.
 *
 * @param value 1 to 128 printable characters, opaque to everyone but the driver
 */
public record ConnectionId(String value) {
  public ConnectionId {
    if (value.isEmpty() || value.length() > 128 || Address.hasControl(value)) {
      throw new IllegalArgumentException("a connection id has 1 to 128 printable characters");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
