package org.jackfield.api.transfer;

import java.util.Locale;

/** The steps that a person takes in a transfer under way. */
public enum TransferVerb {
  /** Dial the target, or after a failure another one. */
  DIAL,
  /** Talk with the other of the two: CSTA's Alternate Call, TAPI's SwapHold. */
  ALTERNATE,
  /** Join transferee and target. */
  COMPLETE,
  /** Join all three. */
  CONFERENCE,
  /** Go back to the call as it was. */
  CANCEL;

  /** The name used in JSON and in the route. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
