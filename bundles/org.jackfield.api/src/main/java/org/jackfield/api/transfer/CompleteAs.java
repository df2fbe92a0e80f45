package org.jackfield.api.transfer;

/** What completion makes: {@code LINETRANSFERMODE}. */
public enum CompleteAs {
  /** Transferee and target talk, the transferor is out. */
  TRANSFER("transfer"),
  /** All three talk. */
  CONFERENCE("conference");

  private final String text;

  CompleteAs(String text) {
    this.text = text;
  }

  /** The name used in JSON. */
  public String text() {
    return text;
  }
}
