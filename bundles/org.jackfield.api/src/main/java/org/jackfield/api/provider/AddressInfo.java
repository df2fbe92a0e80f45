package org.jackfield.api.provider;

import java.util.Locale;
import org.jackfield.api.session.Address;

/**
 * An address of a PBX, for search.
 *
 * @param address the address
 * @param name its display name, may be empty
 * @param state whether it is free
 */
public record AddressInfo(Address address, String name, State state) {
  /** What a lamp beside the address would show. */
  public enum State {
    FREE,
    RINGING,
    BUSY,
    UNAVAILABLE,
    UNKNOWN;

    /** The name used in JSON. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
