package org.jackfield.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.journal.JournalRecord;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.CommandId;
import org.jackfield.api.security.Requester;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.ConversationId;
import org.jackfield.api.session.Kinship;
import org.jackfield.api.session.OperationId;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.CompleteWhen;
import org.jackfield.api.transfer.Need;
import org.jackfield.api.transfer.RecallRung;
import org.jackfield.api.transfer.ReleaseWhen;
import org.jackfield.api.transfer.Timeouts;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferId;
import org.jackfield.api.transfer.TransferMode;
import org.jackfield.api.transfer.TransferOutcome;
import org.jackfield.api.transfer.TransferPhase;
import org.jackfield.api.transfer.TransferPlan;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.api.transfer.TransferTarget;
import org.jackfield.api.transfer.TransferVerb;

/** Records of every kind, with everything in them. */
final class Samples {
  static final Instant NOON = Instant.parse("2026-01-01T12:00:00.000001Z");
  static final Requester ADMIN = new Requester("admin", "rest", "127.0.0.1");

  private Samples() {}

  static JournalRecord.CallBound bound(long n) {
    return new JournalRecord.CallBound(
        "pbx",
        new CallId("call-" + n),
        new SessionId(n),
        new ConversationId(n),
        Optional.of(new JournalRecord.CallBound.Started(NOON, n)));
  }

  static JournalRecord.CallEnded ended(long n) {
    return new JournalRecord.CallEnded("pbx", new CallId("call-" + n));
  }

  static TransferPlan plan() {
    return new TransferPlan(
        TransferPlan.Kind.CONSULTATION,
        TransferMode.CONSULTATION,
        List.of(new TransferPlan.PlanStep(Operation.CONSULT, "consult ü")),
        List.of(new TransferPlan.PlanReason("rule", "r", "e")),
        List.of(new TransferPlan.Rejected(TransferPlan.Kind.BLIND, "never", "")),
        List.of("time"),
        List.of(),
        3,
        CompleteWhen.MANUAL,
        ReleaseWhen.ON_ANSWER,
        CompleteAs.TRANSFER,
        new Timeouts(Duration.ofSeconds(30), Duration.ofHours(1), Duration.ofMillis(1)),
        List.of(new RecallRung.ToTransferor(), new RecallRung.ToAddress(new Address("9"))));
  }

  static Transfer transfer(long n, Optional<TransferOutcome> outcome) {
    return new Transfer(
        new TransferId(n),
        new SessionId(n),
        new ConversationId(-n),
        7,
        ADMIN,
        Requester.CORE,
        new Transfer.Leg(new ConnectionId("a"), new Address("100")),
        new Transfer.Leg(new ConnectionId("b"), new Address("200")),
        Optional.of(new Address("6001")),
        Transfer.TargetState.ALERTING,
        Transfer.Focus.TARGET,
        Optional.of(new SessionId(n + 1)),
        TransferPhase.CONSULTING,
        Set.of(TransferVerb.CANCEL),
        NOON,
        plan(),
        List.of(new Transfer.TimelineEntry(NOON, "phase", "consulting")),
        outcome);
  }

  static TransferRequest request(long n) {
    return new TransferRequest(
        ADMIN,
        new SessionId(n),
        Optional.of(new ConnectionId("a")),
        new TransferTarget.To(new Address("6001")),
        TransferMode.CONSULTATION,
        Optional.of(CompleteWhen.MANUAL),
        Optional.empty(),
        CompleteAs.TRANSFER,
        Set.of(Need.SPEAK),
        new Timeouts.Asked(Optional.of(Duration.ofSeconds(5)), Optional.empty(), Optional.empty()),
        List.of(new RecallRung.ToPark(new Address("p1"))),
        OptionalLong.of(4),
        "because");
  }

  static JournalRecord.TransferAccepted accepted(long n) {
    return new JournalRecord.TransferAccepted(
        "pbx", transfer(n, Optional.empty()), request(n), stands(n, "unbegun"));
  }

  static JournalRecord.TransferStands stands(long n, String phase) {
    Connection left =
        Connection.of(new ConnectionId("a"), new Address("100"), "Ann", ConnectionState.CONNECTED)
            .heldByThem(true);
    return new JournalRecord.TransferStands(
        new TransferId(n),
        Optional.of(plan()),
        ADMIN,
        new CallId("call-" + n),
        Optional.of(new CallId("jf-" + n)),
        Optional.of(new SessionId(n + 1)),
        Optional.of(new Address("6001")),
        List.of(left, left.left(new Cause(Cause.Code.BUSY, "t", "486"))),
        List.of(),
        Map.of("target", Set.of(new ConnectionId("c"))),
        Map.of("phase", phase),
        List.of(Map.of("act", "HoldCall")),
        NOON);
  }

  static JournalRecord.CommandIntended intended(long n, long command) {
    return new JournalRecord.CommandIntended(
        new TransferId(n),
        "pbx",
        new Command.Consult(
            new CommandId(command),
            new CallId("call-" + n),
            new ConnectionId("a"),
            new CallId("jf-" + n),
            Optional.empty()),
        Map.of("act", "OpenConsultation"));
  }

  static JournalRecord.TransferEnded over(long n) {
    return new JournalRecord.TransferEnded(
        transfer(
            n,
            Optional.of(
                new TransferOutcome.Failed(
                    List.of("a: here"),
                    new TransferOutcome.Evidence(List.of("x")),
                    Cause.NORMAL))));
  }

  static JournalRecord.RequestBegun begun(String key, Instant until) {
    return new JournalRecord.RequestBegun("admin", key, "00ff", until);
  }

  static JournalRecord.RequestAnswered answered(String key, Instant until) {
    return new JournalRecord.RequestAnswered(
        "admin", key, "00ff", 202, Map.of("Location", "/x"), "{\"a\":\"ä\"}", until);
  }

  static JournalRecord.SessionsRelated related(long from, long into) {
    return new JournalRecord.SessionsRelated(
        new JournalRecord.SessionsRelated.Member(
            new SessionId(from), new ConversationId(from), NOON),
        new JournalRecord.SessionsRelated.Member(
            new SessionId(into), new ConversationId(into), NOON),
        Kinship.How.MERGED,
        NOON);
  }

  /** One of each. */
  static List<JournalRecord> all() {
    return List.of(
        bound(1),
        ended(1),
        new JournalRecord.OperationIntended(
            new OperationId(5),
            "pbx",
            new Command.BlindTransfer(
                new CommandId(9),
                new CallId("c"),
                new ConnectionId("a"),
                new Address("1"),
                ReleaseWhen.ON_ACCEPT)),
        related(1, 2),
        accepted(3),
        stands(3, "Holding"),
        intended(3, 77),
        new JournalRecord.CommandWithdrawn(new TransferId(3), new CommandId(77)),
        over(3),
        begun("k", NOON),
        answered("k", NOON));
  }
}
