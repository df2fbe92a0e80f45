package org.jackfield.api.session;

import java.util.Locale;

/** The state of one party in one call: TAPI 2's {@code LINECALLSTATE}, seen from that party. */
public enum ConnectionState {
  /** Terminal: the party is no longer in the call. */
  IDLE,
  /** The call is offered to the party: its phone rings. */
  OFFERING,
  /** The party may dial. First state of a consultation call. */
  DIALTONE,
  /** Digits are being collected. */
  DIALING,
  /** Dialling is over, the call is on its way through the network. */
  PROCEEDING,
  /** The party hears that the other end rings. */
  RINGBACK,
  /** The party hears that the other end is busy. */
  BUSY,
  /** The party talks, or is ready to. */
  CONNECTED,
  /** Hard hold by this party. */
  ON_HOLD,
  /** Consultation hold by this party: the call is the one that will be transferred. */
  ON_HOLD_PENDING_TRANSFER,
  /** The party is in a conference. */
  CONFERENCED,
  /** The call has ended for this party; the cause says why. */
  DISCONNECTED,
  /** Not known, as after a loss of the link. */
  UNKNOWN;

  private final String text = camel(name());

  /** The name used in JSON: lower camel case, {@code onHoldPendingTransfer}. */
  public String text() {
    return text;
  }

  /** Whether the party takes no further part in the call. */
  public boolean isOver() {
    return this == IDLE || this == DISCONNECTED;
  }

  /** Whether the party holds the call, in either way. */
  public boolean isHeld() {
    return this == ON_HOLD || this == ON_HOLD_PENDING_TRANSFER;
  }

  /** Whether the party is in speech, or would be if the others were. */
  public boolean isTalking() {
    return this == CONNECTED || this == CONFERENCED;
  }

  /** Whether the party is placing a call that nobody has answered yet. */
  public boolean isPlacing() {
    return this == DIALTONE || this == DIALING || this == PROCEEDING || this == RINGBACK;
  }

  /** How far a call has got for the party, from 0; the furthest one gives a session its state. */
  public int advance() {
    return switch (this) {
      case UNKNOWN -> 0;
      case IDLE -> 1;
      case DISCONNECTED -> 2;
      case OFFERING -> 3;
      case DIALTONE -> 4;
      case DIALING -> 5;
      case PROCEEDING -> 6;
      case BUSY -> 7;
      case RINGBACK -> 8;
      case CONNECTED -> 9;
      case CONFERENCED -> 10;
      case ON_HOLD -> 11;
      case ON_HOLD_PENDING_TRANSFER -> 12;
    };
  }

  private static String camel(String constant) {
    StringBuilder out = new StringBuilder();
    for (String word : constant.toLowerCase(Locale.ROOT).split("_")) {
      out.append(out.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
    }
    return out.toString();
  }
}
