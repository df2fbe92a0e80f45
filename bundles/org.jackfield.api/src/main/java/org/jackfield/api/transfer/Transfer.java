package org.jackfield.api.transfer;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jackfield.api.security.Requester;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConversationId;
import org.jackfield.api.session.SessionId;

/**
 * An immutable snapshot of one transfer, kept with its plan and its timeline after it has ended.
 *
 * @param id its identity
 * @param session the session that is moved
 * @param conversation the conversation it belongs to
 * @param revision grows with each change
 * @param requester who asked
 * @param owner who may take its steps: the requester, or who has taken it over
 * @param transferor the party that leaves
 * @param transferee the party that stays; of several, the first
 * @param target where it goes now; a failed target may be followed by another
 * @param targetState how far the target is
 * @param focus to whom the transferor talks while consulting
 * @param consultation the consultation session, once there is one
 * @param phase how far it is
 * @param permitted what a person may do now
 * @param acceptedAt when it was taken on
 * @param plan what was planned and why
 * @param timeline what happened, in order
 * @param outcome how it ended, once it has
 * @param recovering whether the server was started again and has not seen yet how its calls are:
 *     what the rest says is the last that was known
 */
public record Transfer(
    TransferId id,
    SessionId session,
    ConversationId conversation,
    long revision,
    Requester requester,
    Requester owner,
    Leg transferor,
    Leg transferee,
    Optional<Address> target,
    TargetState targetState,
    Focus focus,
    Optional<SessionId> consultation,
    TransferPhase phase,
    Set<TransferVerb> permitted,
    Instant acceptedAt,
    TransferPlan plan,
    List<TimelineEntry> timeline,
    Optional<TransferOutcome> outcome,
    boolean recovering) {

  /** One whose calls are seen. */
  public Transfer(
      TransferId id,
      SessionId session,
      ConversationId conversation,
      long revision,
      Requester requester,
      Requester owner,
      Leg transferor,
      Leg transferee,
      Optional<Address> target,
      TargetState targetState,
      Focus focus,
      Optional<SessionId> consultation,
      TransferPhase phase,
      Set<TransferVerb> permitted,
      Instant acceptedAt,
      TransferPlan plan,
      List<TimelineEntry> timeline,
      Optional<TransferOutcome> outcome) {
    this(
        id,
        session,
        conversation,
        revision,
        requester,
        owner,
        transferor,
        transferee,
        target,
        targetState,
        focus,
        consultation,
        phase,
        permitted,
        acceptedAt,
        plan,
        timeline,
        outcome,
        false);
  }

  public Transfer {
    permitted = Set.copyOf(permitted);
    timeline = List.copyOf(timeline);
  }

  /** A party by its identity and its address. */
  public record Leg(ConnectionId party, Address address) {}

  /**
   * One line of what happened.
   *
   * @param at when, to the microsecond
   * @param kind {@code request}, {@code command}, {@code reply}, {@code fact}, {@code deadline},
   *     {@code phase}, {@code recovery} or {@code outcome}
   * @param text what, for a person
   */
  public record TimelineEntry(Instant at, String kind, String text) {}

  /** How far the target is. */
  public enum TargetState {
    UNDIALLED,
    DIALLING,
    ALERTING,
    BUSY,
    ANSWERED,
    FAILED;

    /** The name used in JSON. */
    public String text() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** To whom the transferor talks. */
  public enum Focus {
    TRANSFEREE,
    TARGET;

    /** The name used in JSON. */
    public String text() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }
}
