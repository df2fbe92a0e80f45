package org.jackfield.api.provider;

import java.util.Locale;
import java.util.Optional;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.session.Address;

/**
 * An address of a PBX, for search, and for what it may ever do where that is less than its PBX may.
 *
 * @param address the address
 * @param name its display name, may be empty
 * @param state whether it is free
 * @param may what may ever be done for this address ({@code LINEADDRESSCAPS}), where it is not all
 *     that the PBX may: it narrows what {@link ProviderEvent.LinkUp} declares and never adds to it
 */
public record AddressInfo(Address address, String name, State state, Optional<Capabilities> may) {

  /** An address for which all may be done that its PBX may. */
  public AddressInfo(Address address, String name, State state) {
    this(address, name, state, Optional.empty());
  }

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
