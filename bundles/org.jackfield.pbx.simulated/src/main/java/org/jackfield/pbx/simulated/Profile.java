package org.jackfield.pbx.simulated;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What one make of PBX can do, and how. A command outside its operations is refused.
 *
 * <p>The operations are the verbs of commands, and {@code oneStepConsult}, a consultation that
 * dials itself. The traits:
 *
 * <ul>
 *   <li>{@code transferNorm}, {@code transferConf}: completion is declared to make a transfer, a
 *       conference; with neither, either may work and the PBX does not say;
 *   <li>{@code transferHeld}: a call on plain hold can be transferred; {@code transferMake}: a
 *       newly made call can serve as the consultation;
 *   <li>{@code earlyComplete}, {@code completeOnBusy}: completion is legal while the target rings,
 *       while it is busy;
 *   <li>{@code releaseOnAnswer}: a blind transfer can keep the transferor until the answer;
 *   <li>{@code autoReconnect}: clearing the consultation reconnects the held call by itself;
 *   <li>{@code onHookTransfer}: a transferor who hangs up completes the transfer.
 * </ul>
 *
 * @param name as on the command line
 */
public record Profile(String name, Set<String> operations, Set<String> traits) {

  /** The names that {@link #named} knows. */
  public static final List<String> NAMES =
      List.of(
          "full",
          "noBlind",
          "noConsultation",
          "oneStepOnly",
          "heldOrMakeOnly",
          "triState",
          "conferenceOnly");

  static final int MOST_IN_CONFERENCE = 8;

  private static final String BASIC =
      "makeCall hold retrieve alternate redirect recall clear clearCall ";
  private static final String COMPLETION = "complete conference ";
  private static final String BOTH_WAYS = "transferNorm transferConf ";
  private static final String EARLY = "earlyComplete completeOnBusy ";

  /**
   * One of the profiles.
   *
   * @throws IllegalArgumentException when there is none of this name
   */
  public static Profile named(String name) {
    return switch (name) {
      case "full" ->
          of(
              name,
              COMPLETION + "blindTransfer consult oneStepConsult dial",
              BOTH_WAYS
                  + EARLY
                  + "transferHeld transferMake releaseOnAnswer autoReconnect onHookTransfer");
      case "noBlind" -> of(name, COMPLETION + "consult dial", BOTH_WAYS);
      case "noConsultation" -> of(name, "blindTransfer", "");
      case "oneStepOnly" ->
          of(
              name,
              COMPLETION + "oneStepConsult",
              BOTH_WAYS + EARLY + "autoReconnect onHookTransfer");
      case "heldOrMakeOnly" ->
          of(name, COMPLETION, BOTH_WAYS + EARLY + "transferHeld transferMake");
      case "triState" ->
          of(
              name,
              "complete blindTransfer consult dial",
              EARLY + "releaseOnAnswer autoReconnect onHookTransfer");
      case "conferenceOnly" -> of(name, COMPLETION + "consult dial", "transferConf autoReconnect");
      default -> throw new IllegalArgumentException("no profile " + name + "; there are " + NAMES);
    };
  }

  private static Profile of(String name, String operations, String traits) {
    return new Profile(name, words(BASIC + operations), words(traits));
  }

  private static Set<String> words(String text) {
    return new LinkedHashSet<>(List.of(text.isEmpty() ? new String[0] : text.strip().split(" ")));
  }

  boolean can(String operation) {
    return operations.contains(operation);
  }

  boolean has(String trait) {
    return traits.contains(trait);
  }

  /** Whether a completion may make that: what is declared, or either where neither is. */
  boolean completesAs(Command.As as) {
    boolean norm = has("transferNorm");
    boolean conf = has("transferConf");
    return norm == conf || (as == Command.As.CONFERENCE ? conf : norm);
  }

  /** Whether a consultation in this state may be completed. */
  boolean completesIn(ConnectionState consulting) {
    return switch (consulting) {
      case CONNECTED -> true;
      case PROCEEDING, RINGBACK -> has("earlyComplete");
      case BUSY -> has("completeOnBusy");
      default -> false;
    };
  }
}
