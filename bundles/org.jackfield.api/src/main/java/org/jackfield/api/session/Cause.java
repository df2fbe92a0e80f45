package org.jackfield.api.session;

import java.util.Locale;

/**
 * Why a party left a call or a command failed.
 *
 * @param code the field's word for it
 * @param text a sentence for a person; may be empty
 * @param driver the PBX's own words, verbatim ({@code "Cause 17, SIP 486"}); may be empty
 */
public record Cause(Code code, String text, String driver) {
  /** An ordinary end. */
  public static final Cause NORMAL = new Cause(Code.NORMAL, "", "");

  /** A cause without words. */
  public static Cause of(Code code) {
    return new Cause(code, "", "");
  }

  /** A cause with the PBX's own words. */
  public static Cause of(Code code, String driver) {
    return new Cause(code, "", driver);
  }

  /** The causes: TAPI's {@code LINEDISCONNECTMODE} first, then what only a server can know. */
  public enum Code {
    NORMAL,
    UNKNOWN,
    REJECT,
    PICKUP,
    FORWARDED,
    BUSY,
    NO_ANSWER,
    BAD_ADDRESS,
    UNREACHABLE,
    CONGESTION,
    INCOMPATIBLE,
    UNAVAILABLE,
    NO_DIALTONE,
    NUMBER_CHANGED,
    OUT_OF_ORDER,
    TEMPORARY_FAILURE,
    QOS_UNAVAILABLE,
    BLOCKED,
    DO_NOT_DISTURB,
    CANCELLED,
    /** The driver or its link to the PBX was lost. */
    PROVIDER_LOST,
    /** The PBX refused a step that the plan needed. */
    STEP_REFUSED,
    /** A deadline passed, and the PBX's own picture did not say otherwise. */
    DEADLINE,
    /** Somebody else moved the call first (a phone's own transfer, the operator). */
    OVERTAKEN;

    /** The name used in JSON: {@code noAnswer}. */
    public String text() {
      StringBuilder out = new StringBuilder();
      for (String word : name().toLowerCase(Locale.ROOT).split("_")) {
        out.append(
            out.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
      }
      return out.toString();
    }
  }
}
