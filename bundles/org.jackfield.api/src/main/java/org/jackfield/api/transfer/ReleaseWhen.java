package org.jackfield.api.transfer;

/** When a blind transfer lets the transferor go. */
public enum ReleaseWhen {
  /** When the target has answered: the transfer can be undone until then. */
  ON_ANSWER("onAnswer"),
  /** When the PBX has accepted the transfer. */
  ON_ACCEPT("onAccept");

  private final String text;

  ReleaseWhen(String text) {
    this.text = text;
  }

  /** The name used in JSON. */
  public String text() {
    return text;
  }
}
