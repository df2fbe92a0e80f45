package org.jackfield.provider.asterisk;

import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Cause.Code;

/** The field's words for Asterisk's: Q.850 causes and SIP status codes. */
final class Causes {
  /** A channel that was gone when we looked again. */
  static final Cause UNSEEN = new Cause(Code.UNKNOWN, "it ended while the link was down", "");

  private Causes() {}

  /**
   * @param q850 the channel's hang-up cause
   * @param sip the SIP status, 0 where there is none
   */
  static Cause of(int q850, int sip) {
    var words = "Cause " + q850 + (sip == 0 ? "" : ", SIP " + sip);
    var code =
        switch (sip) {
          case 486, 600 -> Code.BUSY;
          case 603 -> Code.REJECT;
          case 404, 484, 604 -> Code.BAD_ADDRESS;
          case 408 -> Code.NO_ANSWER;
          case 480 -> Code.UNAVAILABLE;
          case 487 -> Code.CANCELLED;
          case 488, 606, 415 -> Code.INCOMPATIBLE;
          case 503 -> Code.CONGESTION;
          default -> ofQ850(q850);
        };
    return new Cause(code, "", words);
  }

  /**
   * What a dialling that is over without an answer says, where the phone has not said more.
   *
   * @param status Asterisk's DIALSTATUS; a phone that declines is NOANSWER here
   */
  static Cause ofDial(String status) {
    var code =
        switch (status) {
          case "BUSY" -> Code.BUSY;
          case "CONGESTION" -> Code.CONGESTION;
          case "CHANUNAVAIL" -> Code.UNREACHABLE;
          case "CANCEL" -> Code.CANCELLED;
          default -> Code.NO_ANSWER;
        };
    return new Cause(code, "", "DIALSTATUS " + status);
  }

  private static Code ofQ850(int cause) {
    return switch (cause) {
      case 0, 16, 31 -> Code.NORMAL;
      case 1, 28 -> Code.BAD_ADDRESS;
      case 2, 3 -> Code.UNREACHABLE;
      case 17 -> Code.BUSY;
      case 18, 19 -> Code.NO_ANSWER;
      case 20 -> Code.UNAVAILABLE;
      case 21 -> Code.REJECT;
      case 22 -> Code.NUMBER_CHANGED;
      case 26 -> Code.PICKUP;
      case 27 -> Code.OUT_OF_ORDER;
      case 34, 42, 44 -> Code.CONGESTION;
      case 38, 41 -> Code.TEMPORARY_FAILURE;
      case 58, 65, 88 -> Code.INCOMPATIBLE;
      default -> Code.UNKNOWN;
    };
  }
}
