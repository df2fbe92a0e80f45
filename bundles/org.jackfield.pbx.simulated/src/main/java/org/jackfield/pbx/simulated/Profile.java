package org.jackfield.pbx.simulated;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What one make of PBX can do. A command outside its operations is refused.
 *
 * @param name as on the command line
 * @param operations verbs; besides them {@code consultOneStep} (a consultation that dials itself),
 *     {@code transferNorm} and {@code transferConf} (TAPI's two declared ways to complete; neither
 *     of them beside {@code complete} means that either may work)
 * @param traits how it goes about them
 */
public record Profile(String name, List<String> operations, Traits traits) {

  /**
   * How a PBX goes about transfers.
   *
   * @param autoReconnect clearing the consultation reconnects the held call by itself
   * @param transferHeld a call on plain hold can be transferred
   * @param transferMake a newly made call can serve as the consultation
   * @param onHookTransfers a transferor who hangs up completes the transfer
   * @param redial a consultation that failed can dial again
   * @param completesIn the states of the consultation in which completion is legal
   * @param blindReleases when a blind transfer can let the transferor go
   * @param maxConference parties
   * @param recallMs after a failed transfer the transferor is recalled, in milliseconds
   */
  public record Traits(
      boolean autoReconnect,
      boolean transferHeld,
      boolean transferMake,
      boolean onHookTransfers,
      boolean redial,
      Set<ConnectionState> completesIn,
      List<Command.Release> blindReleases,
      int maxConference,
      long recallMs) {}

  private static final List<String> BASIC =
      List.of(
          "makeCall", "hold", "retrieve", "alternate", "redirect", "recall", "clear", "clearCall");
  private static final List<String> COMPLETION =
      List.of("complete", "conference", "transferNorm", "transferConf");

  /** The names that {@link #named} knows. */
  public static final List<String> NAMES =
      List.of("full", "noBlind", "noConsultation", "oneStepOnly", "heldOrMakeOnly", "triState");

  /**
   * One of the profiles.
   *
   * @throws IllegalArgumentException when there is none of this name
   */
  public static Profile named(String name) {
    return switch (name) {
      case "full" ->
          new Profile(
              name,
              with(COMPLETION, "blindTransfer", "consult", "consultOneStep", "dial"),
              traits(true, true, true, EARLY, Duration.ofSeconds(5)));
      case "noBlind" ->
          new Profile(
              name,
              with(COMPLETION, "consult", "dial"),
              traits(false, false, false, ANSWERED, Duration.ofSeconds(5)));
      case "noConsultation" ->
          new Profile(
              name,
              with(List.of(), "blindTransfer"),
              traits(false, false, false, Set.of(), Duration.ofSeconds(5)));
      case "oneStepOnly" ->
          new Profile(
              name,
              with(COMPLETION, "consultOneStep"),
              traits(true, false, false, EARLY, Duration.ofSeconds(5)));
      case "heldOrMakeOnly" ->
          new Profile(
              name, with(COMPLETION), traits(false, true, true, EARLY, Duration.ofSeconds(5)));
      case "triState" ->
          new Profile(
              name,
              with(List.of("complete"), "blindTransfer", "consult", "dial"),
              traits(true, false, false, EARLY, Duration.ofSeconds(5)));
      default -> throw new IllegalArgumentException("no profile " + name + "; there are " + NAMES);
    };
  }

  private static final Set<ConnectionState> ANSWERED = Set.of(ConnectionState.CONNECTED);
  private static final Set<ConnectionState> EARLY =
      Set.of(
          ConnectionState.CONNECTED,
          ConnectionState.PROCEEDING,
          ConnectionState.RINGBACK,
          ConnectionState.BUSY);

  private static List<String> with(List<String> more, String... last) {
    List<String> all = new ArrayList<>(BASIC);
    all.addAll(List.of(last));
    all.addAll(more);
    return List.copyOf(all);
  }

  private static Traits traits(
      boolean autoReconnect,
      boolean held,
      boolean make,
      Set<ConnectionState> completesIn,
      Duration recall) {
    return new Traits(
        autoReconnect,
        held,
        make,
        autoReconnect,
        true,
        completesIn,
        List.of(Command.Release.values()),
        8,
        recall.toMillis());
  }

  boolean has(String operation) {
    return operations.contains(operation);
  }
}
