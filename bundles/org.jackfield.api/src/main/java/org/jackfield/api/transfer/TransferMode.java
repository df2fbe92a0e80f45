package org.jackfield.api.transfer;

/** How the requester wants the call moved. */
public enum TransferMode {
  /** As the arbiter finds best. */
  AUTO("auto"),
  /** One phase. */
  BLIND("blind"),
  /** Hold, a consultation call, completion. */
  CONSULTATION("consultation"),
  /** A consultation call that dials by itself; completion is still needed. */
  ONE_STEP("oneStep");

  private final String text;

  TransferMode(String text) {
    this.text = text;
  }

  /** The name used in JSON. */
  public String text() {
    return text;
  }
}
