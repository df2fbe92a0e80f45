package org.jackfield.history;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jackfield.api.audit.AuditEntry;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.security.Requester;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.ConversationId;
import org.jackfield.api.session.Party;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.CompleteWhen;
import org.jackfield.api.transfer.RecallRung;
import org.jackfield.api.transfer.ReleaseWhen;
import org.jackfield.api.transfer.Timeouts;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferId;
import org.jackfield.api.transfer.TransferMode;
import org.jackfield.api.transfer.TransferOutcome;
import org.jackfield.api.transfer.TransferPhase;
import org.jackfield.api.transfer.TransferPlan;
import org.jackfield.api.transfer.TransferVerb;

/** Calls, transfers and audit entries to be recorded. */
final class Calls {
  static final Requester ANNA = new Requester("anna", "rest", "10.0.0.7");

  private Calls() {}

  static Session session(long id, String provider, long conversation, String... addresses) {
    List<Party> parties = new ArrayList<>();
    for (String address : addresses) {
      parties.add(
          new Party(
              Connection.of(
                  new ConnectionId("c-" + address),
                  new Address(address),
                  "Name " + address,
                  ConnectionState.CONNECTED),
              parties.isEmpty() ? Party.Role.CALLER : Party.Role.CALLED,
              Capabilities.of(List.of(Operation.HOLD), List.of())));
    }
    return new Session(
        new SessionId(id),
        provider,
        new ConversationId(conversation),
        1,
        Tape.NOON.plusSeconds(id / 2), // two of them at the same moment
        parties);
  }

  static Transfer transfer(long id, long session, long conversation, String target) {
    return new Transfer(
        new TransferId(id),
        new SessionId(session),
        new ConversationId(conversation),
        1,
        new Requester("user" + id % 3, "rest", "10.0.0.7"),
        ANNA,
        leg("1001"),
        leg("2001"),
        Optional.of(new Address(target)),
        Transfer.TargetState.ALERTING,
        Transfer.Focus.TARGET,
        Optional.of(new SessionId(session + 500_000)),
        TransferPhase.CONSULTING,
        Set.of(TransferVerb.COMPLETE, TransferVerb.CANCEL),
        Tape.NOON.plusSeconds(id / 2),
        plan(),
        List.of(new Transfer.TimelineEntry(Tape.NOON, "request", "anna wants \"" + target + "\"")),
        Optional.empty());
  }

  private static Transfer.Leg leg(String address) {
    return new Transfer.Leg(new ConnectionId("c-" + address), new Address(address));
  }

  private static TransferPlan plan() {
    return new TransferPlan(
        TransferPlan.Kind.CONSULTATION,
        TransferMode.CONSULTATION,
        List.of(new TransferPlan.PlanStep(Operation.CONSULT, "consult")),
        List.of(new TransferPlan.PlanReason("fact", "it can", "it does")),
        List.of(new TransferPlan.Rejected(TransferPlan.Kind.BLIND, "no way back", "")),
        List.of("music"),
        List.of("all"),
        1,
        CompleteWhen.MANUAL,
        ReleaseWhen.values()[0],
        CompleteAs.TRANSFER,
        Timeouts.DEFAULT,
        List.of(
            new RecallRung.ToTransferor(),
            new RecallRung.ToAddress(new Address("9")),
            new RecallRung.ToPark(new Address("70"))));
  }

  static Transfer ended(Transfer t, TransferOutcome outcome) {
    return new Transfer(
        t.id(),
        t.session(),
        t.conversation(),
        t.revision() + 1,
        t.requester(),
        t.owner(),
        t.transferor(),
        t.transferee(),
        t.target(),
        Transfer.TargetState.ANSWERED,
        t.focus(),
        t.consultation(),
        TransferPhase.ENDED,
        Set.of(),
        t.acceptedAt(),
        t.plan(),
        List.of(
            t.timeline().getFirst(),
            new Transfer.TimelineEntry(Tape.NOON.plusSeconds(1), "outcome", outcome.text())),
        Optional.of(outcome));
  }

  /** One of each kind, in turn. */
  static TransferOutcome outcome(long n) {
    var verified = TransferOutcome.Evidence.VERIFIED;
    var unverified = new TransferOutcome.Evidence(List.of("transferee"));
    Cause cause = new Cause(Cause.Code.BUSY, "busy", "Cause 17, \u0000, \uD800 SIP 486");
    return switch ((int) (n % 5)) {
      case 0 -> new TransferOutcome.Completed(CompleteAs.TRANSFER, verified, Cause.NORMAL);
      case 1 -> new TransferOutcome.Reverted(unverified, Cause.NORMAL);
      case 2 -> new TransferOutcome.Abandoned(verified, Cause.of(Cause.Code.NO_ANSWER));
      case 3 ->
          new TransferOutcome.Recalled(
              new RecallRung.ToAddress(new Address("0")), verified, Cause.NORMAL);
      default ->
          new TransferOutcome.Failed(
              List.of("1001 unknown"), verified, Cause.of(cause.code(), "Cause 17, SIP 486"));
    };
  }

  static AuditEntry entry(int n) {
    return new AuditEntry(
        Tape.NOON.plusNanos(n * 1_001L),
        new Requester("user" + n % 3, n % 2 == 0 ? "rest" : "shell", n % 2 == 0 ? "10.0.0.7" : ""),
        n % 2 == 0 ? "transfer" : "hold",
        "session/" + n,
        n % 5 == 0 ? "not-permitted-now" : "accepted",
        "to \"6001\", n=" + n + " ü 😀 \u0000");
  }

  static Instant second(long n) {
    return Tape.NOON.plusSeconds(n);
  }
}
