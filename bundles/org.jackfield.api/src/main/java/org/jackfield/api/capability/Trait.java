package org.jackfield.api.capability;

import java.util.Optional;

/** How a PBX does what it does: the flags beside the operations that decide between plans. */
public enum Trait {
  /** Completion leaves the transferor out. {@code LINECALLFEATURE2_TRANSFERNORM}. */
  TRANSFER_NORM,
  /** Completion can make a conference of three. {@code LINECALLFEATURE2_TRANSFERCONF}. */
  TRANSFER_CONF,
  /**
   * A call on hard hold can be transferred or be the target. {@code LINEADDRCAPFLAGS_TRANSFERHELD}.
   */
  TRANSFER_HELD,
  /** A new call can serve as consultation call. {@code LINEADDRCAPFLAGS_TRANSFERMAKE}. */
  TRANSFER_MAKE,
  /** Completion is accepted while the target rings. TAPI has no bit for it; it must be declared. */
  EARLY_COMPLETE,
  /** Completion is accepted while the target is busy (camp-on). */
  COMPLETE_ON_BUSY,
  /** A blind transfer can keep the transferor until the target answers, and undo itself. */
  RELEASE_ON_ANSWER,
  /** Clearing the consultation retrieves the original. {@code LINEADDRCAPFLAGS_AUTORECONNECT}. */
  AUTO_RECONNECT,
  /** The whole address is dialled at once, without waiting for dial tone. */
  EN_BLOC_DIAL,
  /** The driver cannot be opened twice on one PBX. */
  EXCLUSIVE,
  /**
   * Two versions of the driver can serve one PBX at once, each its own calls: both name every call
   * alike, and each does only what it is asked.
   */
  SHARES;

  private final String text = Operation.Names.lowerCamel(name());

  /** The name used in JSON and in service properties: {@code releaseOnAnswer}. */
  public String text() {
    return text;
  }

  /** The trait of that {@link #text() name}, if there is one. */
  public static Optional<Trait> named(String text) {
    for (Trait trait : values()) {
      if (trait.text.equals(text)) {
        return Optional.of(trait);
      }
    }
    return Optional.empty();
  }
}
