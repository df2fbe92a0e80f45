package org.jackfield.api.provider;

import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Reason;

/** A driver's acknowledgement of a command; never an outcome. */
public sealed interface ProviderReply {
  /** The PBX has taken it on. */
  Accepted ACCEPTED = new Accepted();

  /** The PBX has taken it on. */
  record Accepted() implements ProviderReply {}

  /**
   * Nothing was done.
   *
   * @param reason NOT_SUPPORTED (this PBX never can), NOT_PERMITTED_NOW (not in this state),
   *     INVALID_ADDRESS (nothing was dialled), LIMIT_REACHED, NO_SUCH_SESSION, NO_SUCH_PARTY,
   *     PROVIDER_DOWN (no link), or REFUSED_BY_PBX for all else
   * @param cause the PBX's own words
   */
  record Refused(Reason reason, Cause cause) implements ProviderReply {
    /** A no in the driver's own words. */
    public static Refused of(Reason reason, String words) {
      return new Refused(reason, Cause.of(Cause.Code.STEP_REFUSED, words));
    }
  }
}
