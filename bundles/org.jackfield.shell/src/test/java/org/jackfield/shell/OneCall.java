package org.jackfield.shell;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.provider.AddressInfo;
import org.jackfield.api.provider.DriverInfo;
import org.jackfield.api.provider.DriverMove;
import org.jackfield.api.provider.ProbeReport;
import org.jackfield.api.provider.ProviderService;
import org.jackfield.api.provider.ProviderStatus;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.ConversationId;
import org.jackfield.api.session.Kinship;
import org.jackfield.api.session.OperationId;
import org.jackfield.api.session.OperationReply;
import org.jackfield.api.session.OperationStatus;
import org.jackfield.api.session.Page;
import org.jackfield.api.session.Party;
import org.jackfield.api.session.Reason;
import org.jackfield.api.session.Refusal;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.session.SessionQuery;
import org.jackfield.api.session.SessionRequest;
import org.jackfield.api.session.SessionService;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.CompleteWhen;
import org.jackfield.api.transfer.PlanReply;
import org.jackfield.api.transfer.ReleaseWhen;
import org.jackfield.api.transfer.Timeouts;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferId;
import org.jackfield.api.transfer.TransferMode;
import org.jackfield.api.transfer.TransferOutcome;
import org.jackfield.api.transfer.TransferPhase;
import org.jackfield.api.transfer.TransferPlan;
import org.jackfield.api.transfer.TransferQuery;
import org.jackfield.api.transfer.TransferReply;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.api.transfer.TransferService;
import org.jackfield.api.transfer.TransferStep;

/** The services with one call and one transfer in them; they keep what they were asked. */
final class OneCall implements SessionService, TransferService, ProviderService {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00.000001Z");
  private static final SessionId CALL = new SessionId(1);
  static final TransferId MOVE = new TransferId(36);

  final List<Object> asked = new ArrayList<>();

  private static final Session SESSION =
      new Session(
          CALL,
          "demo",
          new ConversationId(1),
          1,
          NOON,
          List.of(
              party("alice", "1001", "Alice\u001b[2J", Party.Role.CALLER),
              party("bob", "1002", "", Party.Role.CALLED)));

  private static final TransferPlan PLAN =
      new TransferPlan(
          TransferPlan.Kind.BLIND,
          TransferMode.BLIND,
          List.of(new TransferPlan.PlanStep(Operation.BLIND_TRANSFER, "send 1001 to 1003")),
          List.of(new TransferPlan.PlanReason("fact", "1002 is connected", "it may transfer")),
          List.of(
              new TransferPlan.Rejected(
                  TransferPlan.Kind.ONE_STEP, "not declared", "OPERATIONUNAVAIL")),
          List.of("no word with the target"),
          List.of(),
          1,
          CompleteWhen.ON_ANSWER,
          ReleaseWhen.ON_ANSWER,
          CompleteAs.TRANSFER,
          Timeouts.DEFAULT,
          List.of());

  private static Party party(String id, String address, String name, Party.Role role) {
    return new Party(
        Connection.of(new ConnectionId(id), new Address(address), name, ConnectionState.CONNECTED),
        role,
        Capabilities.of(List.of(Operation.HOLD), List.of()));
  }

  private static Transfer transfer() {
    return new Transfer(
        MOVE,
        CALL,
        SESSION.conversation(),
        1,
        Answers.requester(),
        Answers.requester(),
        new Transfer.Leg(new ConnectionId("bob"), new Address("1002")),
        new Transfer.Leg(new ConnectionId("alice"), new Address("1001")),
        Optional.of(new Address("1003")),
        Transfer.TargetState.BUSY,
        Transfer.Focus.TRANSFEREE,
        Optional.empty(),
        TransferPhase.ENDED,
        Set.of(),
        NOON,
        PLAN,
        List.of(new Transfer.TimelineEntry(NOON, "fact", "1003 is busy")),
        Optional.of(
            new TransferOutcome.Reverted(
                TransferOutcome.Evidence.VERIFIED, Cause.of(Cause.Code.BUSY, "SIP 486"))));
  }

  private static Refusal no(Reason reason) {
    return new Refusal(reason, "No.");
  }

  @Override
  public Optional<Session> find(SessionId id) {
    return id.equals(CALL) ? Optional.of(SESSION) : Optional.empty();
  }

  @Override
  public Page<Session> list(SessionQuery query) {
    asked.add(query);
    return new Page<>(List.of(SESSION), Optional.empty());
  }

  @Override
  public int count() {
    return 1;
  }

  @Override
  public Map<Operation, Refusal> refused(Session session, ConnectionId party) {
    return Map.of(Operation.RETRIEVE, new Refusal(Reason.NOT_PERMITTED_NOW, "it holds nothing"));
  }

  @Override
  public CompletionStage<OperationReply> operate(SessionRequest request) {
    asked.add(request);
    return CompletableFuture.completedFuture(
        request instanceof SessionRequest.Retrieve
            ? new OperationReply.Refused(no(Reason.NOT_PERMITTED_NOW))
            : new OperationReply.Accepted(
                new OperationStatus(
                    new OperationId(37),
                    Operation.HOLD,
                    CALL,
                    OperationStatus.State.PENDING,
                    NOON,
                    Optional.empty())));
  }

  @Override
  public Optional<OperationStatus> operation(OperationId id) {
    return Optional.empty();
  }

  @Override
  public List<Kinship> genealogy(SessionId id) {
    return List.of();
  }

  @Override
  public ConversationId surviving(ConversationId id) {
    return id;
  }

  @Override
  public Optional<SessionId> mergedInto(SessionId id) {
    return Optional.empty();
  }

  @Override
  public CompletionStage<TransferReply> transfer(TransferRequest request) {
    asked.add(request);
    return CompletableFuture.completedFuture(
        request.transferor().isPresent()
            ? new TransferReply.Accepted(transfer())
            : new TransferReply.Refused(
                no(Reason.PARTY_REQUIRED),
                List.of(),
                List.of(),
                SESSION.parties(),
                Optional.empty()));
  }

  @Override
  public CompletionStage<PlanReply> plan(TransferRequest request) {
    return CompletableFuture.completedFuture(new PlanReply.Planned(PLAN));
  }

  @Override
  public CompletionStage<TransferReply> step(TransferStep step) {
    asked.add(step);
    return CompletableFuture.completedFuture(
        step.transfer().equals(MOVE)
            ? new TransferReply.Accepted(transfer())
            : TransferReply.Refused.of(no(Reason.NO_SUCH_TRANSFER)));
  }

  @Override
  public Optional<Transfer> find(TransferId id) {
    return id.equals(MOVE) ? Optional.of(transfer()) : Optional.empty();
  }

  @Override
  public Optional<Transfer> ofSession(SessionId session) {
    return Optional.empty();
  }

  @Override
  public Page<Transfer> list(TransferQuery query) {
    return new Page<>(List.of(transfer()), Optional.empty());
  }

  @Override
  public List<DriverInfo> drivers() {
    return List.of();
  }

  @Override
  public List<ProviderStatus> providers() {
    return List.of(
        new ProviderStatus(
            "demo",
            "simulated",
            "0.1.0",
            ProviderStatus.State.DOWN,
            "connection refused",
            NOON,
            Capabilities.NONE,
            Map.of(),
            new ProbeReport(List.of()),
            1));
  }

  @Override
  public Optional<ProviderStatus> provider(String name) {
    return Optional.empty();
  }

  @Override
  public List<AddressInfo> addresses(String provider, String prefix, int limit) {
    return List.of();
  }

  @Override
  public CompletionStage<List<DriverMove>> moves(String bundle, String version) {
    return CompletableFuture.completedStage(List.of());
  }

  @Override
  public boolean ready() {
    return true;
  }
}
