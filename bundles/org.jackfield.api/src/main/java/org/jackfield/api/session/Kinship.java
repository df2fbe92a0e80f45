package org.jackfield.api.session;

import java.time.Instant;
import java.util.Locale;

/**
 * How one session came of another, or went into it: one line of a conversation's genealogy.
 *
 * @param from the session that was there before
 * @param into the session that has its parties now, or that began out of it
 * @param how what happened
 * @param at when it was seen, to the microsecond
 */
public record Kinship(SessionId from, SessionId into, How how, Instant at) {
  /** What happened between two sessions. */
  public enum How {
    /** {@code from} is over; its parties are in {@code into}. */
    MERGED,
    /** A party was moved out of {@code from} into {@code into}. */
    SPLIT,
    /** A party of {@code from} consults in {@code into}. */
    CONSULTATION;

    /** The name used in JSON. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
