package org.jackfield.itests.asterisk;

/** Who can be heard: each phone plays one tone of its own. */
public enum Voice {
  ALICE("101", 400),
  BOB("102", 600),
  CAROL("103", 900),
  DAVE("104", 1300);

  private final String address;
  private final int hertz;

  Voice(String address, int hertz) {
    this.address = address;
    this.hertz = hertz;
  }

  /** The extension that reaches it, and the number it shows. */
  public String address() {
    return address;
  }

  public int hertz() {
    return hertz;
  }

  public String endpoint() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
