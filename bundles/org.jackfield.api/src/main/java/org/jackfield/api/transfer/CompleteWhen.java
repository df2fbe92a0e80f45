package org.jackfield.api.transfer;

/** When a consultation is completed. */
public enum CompleteWhen {
  /** When somebody says so. */
  MANUAL("manual"),
  /** When the target has answered. */
  ON_ANSWER("onAnswer"),
  /** When the target rings, where the PBX accepts an early completion. */
  ON_RINGING("onRinging");

  private final String text;

  CompleteWhen(String text) {
    this.text = text;
  }

  /** The name used in JSON. */
  public String text() {
    return text;
  }
}
