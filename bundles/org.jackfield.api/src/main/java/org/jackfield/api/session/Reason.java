package org.jackfield.api.session;

import java.util.Locale;

/**
 * Why a request was refused: one word each, with TAPI's error for it. Every reason has a row in the
 * documentation that says what the caller may do.
 */
public enum Reason {
  NO_SUCH_SESSION("INVALCALLHANDLE"),
  NO_SUCH_PARTY("INVALCALLHANDLE"),
  NO_SUCH_TRANSFER("INVALCALLHANDLE"),
  NO_SUCH_PROVIDER("NODEVICE"),
  /** Not in this state; another time it may be. */
  NOT_PERMITTED_NOW("INVALCALLSTATE"),
  /** This PBX never can. */
  NOT_SUPPORTED("OPERATIONUNAVAIL"),
  /** Two or more parties may transfer: say which one leaves. */
  PARTY_REQUIRED("INVALCALLHANDLE"),
  /** No plan fits the request. */
  NO_PLAN("OPERATIONUNAVAIL"),
  /** The session has a transfer already. */
  TRANSFER_EXISTS("INVALCALLSTATE"),
  /** The revision named in the request is not the present one. */
  STALE_REVISION("INVALCALLSTATE"),
  /** No address of the telephone network. */
  INVALID_ADDRESS("INVALADDRESS"),
  /** The policy forbids the destination. */
  DESTINATION_BLOCKED("ADDRESSBLOCKED"),
  /** The transfer would send a party to itself. */
  LOOP("INVALADDRESS"),
  /** A numeric limit of the PBX is reached. */
  LIMIT_REACHED("RESOURCEUNAVAIL"),
  /** The requester may not. */
  NOT_OWNER("NOTOWNER"),
  /** Too much work is waiting; try again after the time named. */
  OVERLOADED("REQUESTOVERRUN"),
  /** The server is recovering; try again. */
  RECOVERING("OPERATIONFAILED"),
  /** The PBX cannot be reached now. */
  PROVIDER_DOWN("NODEVICE"),
  /** The PBX or its driver is being taken out: what lives goes on, nothing new is begun. */
  DRAINING("OPERATIONUNAVAIL"),
  /** The PBX or its driver said no. */
  REFUSED_BY_PBX("OPERATIONFAILED"),
  /** The intent could not be made durable. */
  JOURNAL_UNAVAILABLE("OPERATIONFAILED");

  private final String tapiError;

  Reason(String tapiError) {
    this.tapiError = tapiError;
  }

  /** The word used in {@code urn:jackfield:problem:…} and in the shell: {@code no-such-session}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The name of TAPI 2's error, without {@code LINEERR_}. */
  public String tapiError() {
    return tapiError;
  }
}
