package org.jackfield.api.transfer;

import java.util.Locale;

/** How far a transfer is: the six states of the machine. */
public enum TransferPhase {
  /** A blind transfer is under way. */
  REDIRECTING,
  /** The call is being put on consultation hold. */
  HOLDING,
  /** The transferor may talk with the target or with the transferee. */
  CONSULTING,
  /** The two calls are being joined. */
  COMPLETING,
  /** The calls go back to what they were, or down the recall ladder. */
  REVERTING,
  /** There is an outcome. */
  ENDED;

  /** The name used in JSON. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
