package org.jackfield.api.provider;

/**
 * A call's name at the seam. The server names the calls that it starts, the driver all others.
 *
 * @param value 1 to 128 printable characters; names given by the server consist of lower case
 *     letters, digits and hyphens
 */
public record CallId(String value) {
  public CallId {
    if (value.isEmpty()
        || value.length() > 128
        || value.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("a call id has 1 to 128 printable characters");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
