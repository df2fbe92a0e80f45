package org.jackfield.api.capability;

import java.util.Locale;
import java.util.Optional;

/**
 * What can be asked of a call: TAPI's call features, under the names of CSTA where TAPI has none.
 */
public enum Operation {
  /** Make a new call. {@code LINEADDRFEATURE_MAKECALL}, CSTA Make Call. */
  MAKE_CALL,
  /** Put a connected party's call on hard hold. {@code LINECALLFEATURE_HOLD}. */
  HOLD,
  /** Take a held call back. {@code LINECALLFEATURE_UNHOLD}, CSTA Retrieve Call. */
  RETRIEVE,
  /**
   * Exchange the held and the active call. {@code LINECALLFEATURE_SWAPHOLD}, CSTA Alternate Call.
   */
  ALTERNATE,
  /** Send a connected call to an address in one phase. {@code LINECALLFEATURE_BLINDTRANSFER}. */
  BLIND_TRANSFER,
  /** Consultation hold plus a consultation call. {@code LINECALLFEATURE_SETUPTRANSFER}. */
  CONSULT,
  /** Dial on a consultation call. {@code LINECALLFEATURE_DIAL}. */
  DIAL,
  /** A consultation that dials by itself. {@code LINECALLFEATURE2_ONESTEPTRANSFER}. */
  ONE_STEP_CONSULT,
  /** Join the held and the consultation call. {@code LINECALLFEATURE_COMPLETETRANSF}. */
  COMPLETE,
  /** Join the held and the active call as a conference. {@code LINECALLFEATURE_SETUPCONF}. */
  CONFERENCE,
  /**
   * Send an offering call elsewhere. {@code LINECALLFEATURE_REDIRECT}; a deflection, no transfer.
   */
  REDIRECT,
  /** Connect one waiting party to another address: how a caller is recalled. TAPI's REMINDER. */
  RECALL,
  /** Park a call. {@code LINECALLFEATURE_PARK}. */
  PARK,
  /** Take one party, or all, out of a call. {@code LINECALLFEATURE_DROP}, CSTA Clear Connection. */
  CLEAR;

  private final String text = Names.lowerCamel(name());

  /** The name used in JSON, service properties and the shell: {@code blindTransfer}. */
  public String text() {
    return text;
  }

  /** The operation of that {@link #text() name}, if there is one. */
  public static Optional<Operation> named(String text) {
    for (Operation operation : values()) {
      if (operation.text.equals(text)) {
        return Optional.of(operation);
      }
    }
    return Optional.empty();
  }

  /** How enum constants are written outside Java. */
  static final class Names {
    private Names() {}

    static String lowerCamel(String constant) {
      StringBuilder out = new StringBuilder();
      for (String word : constant.toLowerCase(Locale.ROOT).split("_")) {
        out.append(
            out.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
      }
      return out.toString();
    }
  }
}
