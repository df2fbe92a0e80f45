package org.jackfield.pbx.simulated;

import com.fasterxml.jackson.databind.EnumNamingStrategies;
import com.fasterxml.jackson.databind.annotation.EnumNaming;

/** TAPI's call state, as one end of the call sees it. */
@EnumNaming(EnumNamingStrategies.LowerCamelCaseStrategy.class)
public enum ConnectionState {
  IDLE,
  OFFERING,
  DIALTONE,
  DIALING,
  PROCEEDING,
  RINGBACK,
  BUSY,
  CONNECTED,
  CONFERENCED,
  ON_HOLD,
  ON_HOLD_PENDING_TRANSFER,
  DISCONNECTED;

  /** This end can speak. */
  boolean speaks() {
    return this == CONNECTED || this == CONFERENCED;
  }

  /** This end has put the others on hold. */
  boolean holds() {
    return this == ON_HOLD || this == ON_HOLD_PENDING_TRANSFER;
  }

  /** This end has dialled, and nobody has answered yet. */
  boolean waitsForAnswer() {
    return this == DIALING || this == PROCEEDING || this == RINGBACK;
  }

  /** This end's own attempt has come to nothing, and it hears a tone. */
  boolean hasFailed() {
    return this == BUSY || this == DISCONNECTED;
  }
}
