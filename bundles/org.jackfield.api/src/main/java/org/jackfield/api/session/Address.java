package org.jackfield.api.session;

/**
 * An address of a telephone network as the PBX writes it: an extension, a number, a URI.
 *
 * @param value 1 to 128 characters without control characters
 */
public record Address(String value) implements Comparable<Address> {
  /** The address of a party that withholds it. */
  public static final Address ANONYMOUS = new Address("anonymous");

  public Address {
    if (value.isEmpty() || value.length() > 128 || hasControl(value)) {
      throw new IllegalArgumentException(
          "an address has 1 to 128 characters and no control characters");
    }
  }

  /**
   * Whether the address may be dialled: 1 to 64 of letters, digits and {@code + * # . _ @ : -}.
   * What a PBX reports may be more exotic than what we would ever ask it to dial.
   */
  public boolean isDialable() {
    if (value.length() > 64) {
      return false;
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean plain = c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z';
      if (!plain && "+*#._@:-".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  static boolean hasControl(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  @Override
  public int compareTo(Address other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
