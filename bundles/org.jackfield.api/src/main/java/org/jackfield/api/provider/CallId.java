package org.jackfield.api.provider;

/**
 * A call's name at the seam. The server names the calls that it starts, the driver all others.
 *
 * @param value 1 to 128 printable characters; names given by the server consist of lower case
 *     letters, digits and hyphens
 */
public record CallId(String value) {
  public CallId {
    if (value.isEmpty() || value.length() > 128 || hasControl(value)) {
      throw new IllegalArgumentException("a call id has 1 to 128 printable characters");
    }
  }

  private static boolean hasControl(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return value;
  }
}
