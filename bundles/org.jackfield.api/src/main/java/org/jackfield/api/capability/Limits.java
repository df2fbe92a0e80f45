package org.jackfield.api.capability;

/**
 * The numeric limits of one address, as in {@code LINEADDRESSCAPS}; each from 0 upwards.
 *
 * @param onHold calls on hard hold at once ({@code dwMaxNumOnHoldCalls})
 * @param onHoldPending calls on consultation hold at once ({@code dwMaxNumOnHoldPendingCalls})
 * @param conference parties of one conference ({@code dwMaxNumConference})
 */
public record Limits(int onHold, int onHoldPending, int conference) {
  /** No limit that matters. */
  public static final Limits NONE =
      new Limits(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);

  public Limits {
    if (onHold < 0 || onHoldPending < 0 || conference < 0) {
      throw new IllegalArgumentException("a limit is negative");
    }
  }
}
