package org.jackfield.api.transfer;

/** What the requester cannot do without. */
public enum Need {
  /** To speak with the target before completion. */
  SPEAK("speak"),
  /** To be able to cancel after the request was accepted. */
  CANCEL("cancel");

  private final String text;

  Need(String text) {
    this.text = text;
  }

  /** The name used in JSON. */
  public String text() {
    return text;
  }
}
