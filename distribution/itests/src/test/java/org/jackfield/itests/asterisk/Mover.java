package org.jackfield.itests.asterisk;

import java.time.Duration;

/**
 * Who moves calls in a scenario: the driver by itself, or the whole server through its HTTP
 * interface.
 */
public interface Mover extends AutoCloseable {
  /** A transfer under way. */
  record Move(String call, String transfer) {}

  /** Waits until there is a call in which exactly these talk; its id. */
  String talking(Voice... parties);

  /** Rings the first, then the second. */
  void makeCall(Voice from, String to);

  void hold(String call, Voice party);

  void retrieve(String call, Voice party);

  /** Releases the transferor when the target answers. */
  Move blind(String call, Voice transferor, String target, Duration deadline);

  /** Completed by hand. */
  Move consult(String call, Voice transferor, String target, Duration deadline);

  void awaitRinging(Move move);

  void awaitAnswered(Move move);

  void alternate(Move move);

  void complete(Move move);

  void conference(Move move);

  void cancel(Move move);

  /**
   * Waits for the outcome: completed, reverted, abandoned, recalled or failed, and its cause's
   * code.
   */
  String outcome(Move move);

  /** What follows when the transferee has left: what still rings is cleared. */
  void giveUp(Move move);

  /** Whether a request to blind transfer to that address is refused, with nothing changed. */
  boolean refuses(String call, Voice transferor, String target);

  /** What is known of all calls, for a failed wait. */
  String picture();

  /** How many calls are known. */
  int calls();

  /** Whether the PBX is reached. */
  boolean linked();

  /** Is gone without a word, as a process that is killed. */
  void vanish();

  @Override
  void close();
}
