package org.jackfield.api.security;

/**
 * Who asked for something, for the audit and for policy.
 *
 * @param principal the name that was authenticated, 1 to 128 characters: {@code admin}
 * @param via the way in: {@code rest}, {@code console}, {@code shell}, {@code tapi}, {@code core}
 * @param origin where from, for the audit: a remote address, or empty
 */
public record Requester(String principal, String via, String origin) {
  /** The server itself, acting by policy (a recall, a recovery). */
  public static final Requester CORE = new Requester("jackfield", "core", "");

  public Requester {
    if (principal.isBlank() || principal.length() > 128) {
      throw new IllegalArgumentException("principal must have 1 to 128 characters");
    }
  }
}
