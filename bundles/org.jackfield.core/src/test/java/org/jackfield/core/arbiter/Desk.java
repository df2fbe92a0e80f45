package org.jackfield.core.arbiter;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Limits;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.capability.Trait;
import org.jackfield.api.security.Requester;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.ConversationId;
import org.jackfield.api.session.Party;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.CompleteWhen;
import org.jackfield.api.transfer.Need;
import org.jackfield.api.transfer.RecallRung;
import org.jackfield.api.transfer.ReleaseWhen;
import org.jackfield.api.transfer.TransferId;
import org.jackfield.api.transfer.TransferMode;
import org.jackfield.api.transfer.TransferPlan;
import org.jackfield.api.transfer.TransferPlan.Kind;
import org.jackfield.api.transfer.TransferReply;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.api.transfer.TransferTarget;

/**
 * What a test says to the arbiter: alice (101) has called bob (102), bob transfers her to carol
 * (103), or to dave (104), whom he has on hold. The PBX can everything until something is taken
 * away.
 */
final class Desk {
  static final ConnectionId ALICE = new ConnectionId("alice");
  static final ConnectionId BOB = new ConnectionId("bob");
  static final ConnectionId DAVE = new ConnectionId("dave");

  private final Set<Operation> can = EnumSet.allOf(Operation.class);
  private final Set<Trait> how = EnumSet.allOf(Trait.class);
  private Limits limits = Limits.NONE;
  private Session session =
      call(
          1,
          "pbx",
          party(ALICE, "101", ConnectionState.CONNECTED),
          party(BOB, "102", ConnectionState.CONNECTED));
  private Optional<Session> held = Optional.empty();
  private Optional<TransferId> heldIn = Optional.empty();
  private int pending;
  private int onHold;
  private TransferTarget target = new TransferTarget.To(new Address("103"));
  private Optional<CompleteWhen> complete = Optional.empty();
  private Optional<ReleaseWhen> release = Optional.empty();
  private CompleteAs as = CompleteAs.TRANSFER;
  private Set<Need> needs = Set.of();
  private List<RecallRung> recall = List.of();
  private Preferences preferences = Preferences.SHIPPED;

  static Session call(int id, String provider, Party... parties) {
    return new Session(
        new SessionId(id), provider, new ConversationId(id), 1, Instant.EPOCH, List.of(parties));
  }

  static Party party(ConnectionId id, String address, ConnectionState state) {
    return new Party(
        Connection.of(id, new Address(address), "", state), Party.Role.CALLED, Capabilities.NONE);
  }

  Desk without(Operation... operations) {
    can.removeAll(List.of(operations));
    return this;
  }

  Desk without(Trait... traits) {
    how.removeAll(List.of(traits));
    return this;
  }

  Desk limits(int hold, int pendingHold, int conference) {
    limits = new Limits(hold, pendingHold, conference);
    return this;
  }

  Desk holding(int hard, int consultation) {
    onHold = hard;
    pending = consultation;
    return this;
  }

  Desk session(Party... parties) {
    session = call(1, "pbx", parties);
    return this;
  }

  Desk toHeld() {
    return toHeld(
        call(
            2,
            "pbx",
            party(DAVE, "104", ConnectionState.CONNECTED),
            party(BOB, "102", ConnectionState.ON_HOLD)));
  }

  Desk toHeld(Session call) {
    held = Optional.of(call);
    return toNoCall();
  }

  /** A held call is named, and is not known. */
  Desk toNoCall() {
    target = new TransferTarget.Held(new SessionId(2));
    return this;
  }

  Desk heldIn(long transfer) {
    heldIn = Optional.of(new TransferId(transfer));
    return this;
  }

  Desk complete(CompleteWhen when) {
    complete = Optional.of(when);
    return this;
  }

  Desk release(ReleaseWhen when) {
    release = Optional.of(when);
    return this;
  }

  Desk asConference() {
    as = CompleteAs.CONFERENCE;
    return this;
  }

  Desk needs(Need... all) {
    needs = Set.of(all);
    return this;
  }

  Desk recall(RecallRung... rungs) {
    recall = List.of(rungs);
    return this;
  }

  Desk policy(UnaryOperator<Preferences> change) {
    preferences = change.apply(preferences);
    return this;
  }

  Situation situation() {
    return new Situation(
        session,
        Capabilities.of(can, how).withLimits(limits),
        true,
        Optional.empty(),
        pending,
        onHold,
        held.map(call -> new Situation.Held(call, heldIn)));
  }

  TransferRequest request(TransferMode mode) {
    return new TransferRequest(
        new Requester("operator", "rest", ""),
        new SessionId(1),
        Optional.of(BOB),
        target,
        mode,
        complete,
        release,
        as,
        needs,
        Optional.empty(),
        recall,
        OptionalLong.empty(),
        "");
  }

  TransferArbiter arbiter() {
    return new TransferArbiter(preferences, new LoopGuard());
  }

  Decision ask(TransferMode mode) {
    return arbiter().decide(request(mode), situation());
  }

  TransferPlan plan(TransferMode mode) {
    return switch (ask(mode)) {
      case Decision.Planned planned -> planned.plan();
      case Decision.Refused refused -> throw new AssertionError(refused.reply().toString());
    };
  }

  TransferReply.Refused refusal(TransferMode mode) {
    return switch (ask(mode)) {
      case Decision.Planned planned -> throw new AssertionError(planned.plan().toString());
      case Decision.Refused refused -> refused.reply();
    };
  }

  /** What is said against a plan that is not taken when this is asked for. */
  TransferPlan.Rejected against(Kind kind, TransferMode mode) {
    List<TransferPlan.Rejected> rejected =
        switch (ask(mode)) {
          case Decision.Planned planned -> planned.plan().rejected();
          case Decision.Refused refused -> refused.reply().rejected();
        };
    return rejected.stream().filter(r -> r.kind() == kind).findFirst().orElseThrow();
  }
}
