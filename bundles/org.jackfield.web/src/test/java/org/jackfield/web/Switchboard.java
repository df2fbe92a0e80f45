package org.jackfield.web;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Limits;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.capability.Trait;
import org.jackfield.api.provider.AddressInfo;
import org.jackfield.api.provider.ConfigKey;
import org.jackfield.api.provider.DriverInfo;
import org.jackfield.api.provider.DriverMove;
import org.jackfield.api.provider.ProbeReport;
import org.jackfield.api.provider.ProviderService;
import org.jackfield.api.provider.ProviderStatus;
import org.jackfield.api.security.Requester;
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
import org.jackfield.api.transfer.RecallRung;
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
import org.jackfield.api.transfer.TransferTarget;
import org.jackfield.api.transfer.TransferVerb;

/**
 * The services behind the API with a few calls in them. It takes every request that names what is
 * there, keeps what it was asked, and moves nothing.
 */
final class Switchboard implements SessionService, TransferService, ProviderService {
  static final Instant NOON = Instant.parse("2026-11-22T12:00:00.123456Z");

  final ConcurrentSkipListMap<SessionId, Session> sessions = new ConcurrentSkipListMap<>();
  final List<Transfer> transfers = new CopyOnWriteArrayList<>();
  final List<Object> asked = new CopyOnWriteArrayList<>();
  volatile boolean ready = true;

  /** Where it is set, requests wait for it. */
  volatile CompletionStage<?> pause = CompletableFuture.completedFuture(null);

  static final OperationStatus DONE =
      new OperationStatus(
          new OperationId(77),
          Operation.HOLD,
          new SessionId(1),
          OperationStatus.State.FAILED,
          NOON,
          Optional.of(Cause.of(Cause.Code.BUSY, "Cause 17")));

  Switchboard() {
    for (int i = 1; i <= 5; i++) {
      add(session(i, 1));
    }
  }

  void add(Session session) {
    sessions.put(session.id(), session);
  }

  static Session session(long id, long revision) {
    return new Session(
        new SessionId(id),
        "demo",
        new ConversationId(900 + id),
        revision,
        NOON.plusSeconds(id),
        List.of(
            party("alice", "1001", Party.Role.CALLER), party("bob", "1002", Party.Role.CALLED)));
  }

  static Party party(String id, String address, Party.Role role) {
    return new Party(
        Connection.of(
            new ConnectionId(id), new Address(address), "\"" + id, ConnectionState.CONNECTED),
        role,
        Capabilities.of(List.of(Operation.HOLD, Operation.BLIND_TRANSFER), List.of()));
  }

  @Override
  public Optional<Session> find(SessionId id) {
    return Optional.ofNullable(sessions.get(id));
  }

  @Override
  public Page<Session> list(SessionQuery query) {
    long after = query.after().map(Switchboard::number).orElse(0L);
    List<Session> all =
        sessions.tailMap(new SessionId(after), false).values().stream()
            .filter(s -> query.provider().map(s.provider()::equals).orElse(true))
            .filter(s -> query.state().map(s.state()::equals).orElse(true))
            .toList();
    List<Session> some = all.stream().limit(query.limit()).toList();
    boolean more = all.size() > some.size();
    return new Page<>(
        some, more ? Optional.of("c" + some.getLast().id().value()) : Optional.empty());
  }

  private static long number(String cursor) {
    if (!cursor.startsWith("c")) {
      throw new IllegalArgumentException("no cursor of ours");
    }
    return Long.parseLong(cursor.substring(1));
  }

  @Override
  public int count() {
    return sessions.size();
  }

  @Override
  public Map<Operation, Refusal> refused(Session session, ConnectionId party) {
    return Map.of(
        Operation.RETRIEVE, new Refusal(Reason.NOT_PERMITTED_NOW, "The party holds nothing."),
        Operation.PARK, new Refusal(Reason.NOT_SUPPORTED, "The PBX has no parking place."));
  }

  @Override
  public CompletionStage<OperationReply> operate(SessionRequest request) {
    asked.add(request);
    return pause.thenApply(
        x ->
            switch (request) {
              case SessionRequest.MakeCall call ->
                  call.provider().equals("demo")
                      ? accepted(Operation.MAKE_CALL, new SessionId(6))
                      : no(Reason.NO_SUCH_PROVIDER);
              case SessionRequest.OnSession on -> onSession(on);
            });
  }

  private OperationReply onSession(SessionRequest.OnSession request) {
    Session session = sessions.get(request.session());
    if (session == null) {
      return no(Reason.NO_SUCH_SESSION);
    }
    if (stale(session, request.ifRevision())) {
      return no(Reason.STALE_REVISION);
    }
    return switch (request) {
      case SessionRequest.Hold hold -> ofParty(session, hold.party(), Operation.HOLD);
      case SessionRequest.Retrieve r -> no(Reason.NOT_PERMITTED_NOW);
      case SessionRequest.Alternate a -> ofParty(session, a.party(), Operation.ALTERNATE);
      case SessionRequest.Clear clear -> ofParty(session, clear.party(), Operation.CLEAR);
      case SessionRequest.ClearAll all -> accepted(Operation.CLEAR, session.id());
      case SessionRequest.Redirect r -> ofParty(session, r.party(), Operation.REDIRECT);
    };
  }

  private static OperationReply ofParty(Session session, ConnectionId party, Operation what) {
    return session.party(party).isPresent()
        ? accepted(what, session.id())
        : no(Reason.NO_SUCH_PARTY);
  }

  private static boolean stale(Session session, OptionalLong ifRevision) {
    return ifRevision.isPresent() && ifRevision.getAsLong() != session.revision();
  }

  private static OperationReply accepted(Operation operation, SessionId session) {
    return new OperationReply.Accepted(
        new OperationStatus(
            new OperationId(78),
            operation,
            session,
            OperationStatus.State.PENDING,
            NOON,
            Optional.empty()));
  }

  private static OperationReply no(Reason reason) {
    return new OperationReply.Refused(new Refusal(reason, "No: " + reason.text() + "."));
  }

  @Override
  public Optional<OperationStatus> operation(OperationId id) {
    return DONE.id().equals(id) ? Optional.of(DONE) : Optional.empty();
  }

  @Override
  public List<Kinship> genealogy(SessionId id) {
    return id.equals(new SessionId(1))
        ? List.of(
            new Kinship(
                new SessionId(99),
                id,
                Kinship.How.MERGED,
                java.time.Instant.parse("2026-01-01T00:00:00Z")))
        : List.of();
  }

  @Override
  public ConversationId surviving(ConversationId id) {
    return id;
  }

  @Override
  public Optional<SessionId> mergedInto(SessionId id) {
    return id.value() == 99 ? Optional.of(new SessionId(1)) : Optional.empty();
  }

  static final TransferPlan PLAN =
      new TransferPlan(
          TransferPlan.Kind.BLIND,
          TransferMode.BLIND,
          List.of(new TransferPlan.PlanStep(Operation.BLIND_TRANSFER, "send 1001 to 1003")),
          List.of(
              new TransferPlan.PlanReason("fact", "1002 is connected", "it may transfer"),
              new TransferPlan.PlanReason("rule", "auto prefers blind", "blind is taken")),
          List.of(
              new TransferPlan.Rejected(
                  TransferPlan.Kind.ONE_STEP, "not declared", "OPERATIONUNAVAIL")),
          List.of("no word with the target before"),
          List.of("1003 sees 1001"),
          1,
          CompleteWhen.ON_ANSWER,
          ReleaseWhen.ON_ANSWER,
          CompleteAs.TRANSFER,
          Timeouts.DEFAULT,
          List.of(new RecallRung.ToTransferor(), new RecallRung.ToAddress(new Address("1009"))));

  /** The id of a transfer that is not the administrator's. */
  static final long SOMEBODYS = 700;

  static Transfer transfer(long id, Optional<TransferOutcome> outcome) {
    return new Transfer(
        new TransferId(id),
        new SessionId(1),
        new ConversationId(901),
        4,
        new Requester("admin", "rest", "127.0.0.1"),
        new Requester(id == SOMEBODYS ? "alice" : "admin", "rest", "127.0.0.1"),
        new Transfer.Leg(new ConnectionId("bob"), new Address("1002")),
        new Transfer.Leg(new ConnectionId("alice"), new Address("1001")),
        Optional.of(new Address("1003")),
        Transfer.TargetState.ALERTING,
        Transfer.Focus.TRANSFEREE,
        Optional.of(new SessionId(3)),
        outcome.isPresent() ? TransferPhase.ENDED : TransferPhase.REDIRECTING,
        Set.of(TransferVerb.CANCEL, TransferVerb.COMPLETE),
        NOON,
        PLAN,
        List.of(new Transfer.TimelineEntry(NOON, "request", "to 1003")),
        outcome);
  }

  @Override
  public CompletionStage<TransferReply> transfer(TransferRequest request) {
    asked.add(request);
    return pause.thenApply(x -> reply(request));
  }

  private TransferReply reply(TransferRequest request) {
    Session session = sessions.get(request.session());
    if (session == null) {
      return TransferReply.Refused.of(refusal(Reason.NO_SUCH_SESSION));
    }
    if (stale(session, request.ifRevision())) {
      return TransferReply.Refused.of(refusal(Reason.STALE_REVISION));
    }
    if (request.target() instanceof TransferTarget.To to && !to.address().isDialable()) {
      return TransferReply.Refused.of(refusal(Reason.INVALID_ADDRESS));
    }
    if (request.transferor().isEmpty()) {
      return new TransferReply.Refused(
          refusal(Reason.PARTY_REQUIRED),
          List.of(),
          List.of(),
          session.parties(),
          Optional.empty());
    }
    for (Transfer open : transfers) {
      if (open.session().equals(session.id()) && open.outcome().isEmpty()) {
        return new TransferReply.Refused(
            refusal(Reason.TRANSFER_EXISTS),
            List.of(),
            List.of(),
            List.of(),
            Optional.of(open.id()));
      }
    }
    if (request.mode() == TransferMode.ONE_STEP) {
      return new TransferReply.Refused(
          refusal(Reason.NO_PLAN), PLAN.reasons(), PLAN.rejected(), List.of(), Optional.empty());
    }
    Transfer transfer = transfer(500 + transfers.size(), Optional.empty());
    transfers.add(transfer);
    return new TransferReply.Accepted(transfer);
  }

  private static Refusal refusal(Reason reason) {
    return new Refusal(reason, "No: " + reason.text() + ".");
  }

  @Override
  public CompletionStage<PlanReply> plan(TransferRequest request) {
    return CompletableFuture.completedFuture(
        request.transferor().isPresent()
            ? new PlanReply.Planned(PLAN)
            : new PlanReply.Refused(TransferReply.Refused.of(refusal(Reason.PARTY_REQUIRED))));
  }

  @Override
  public CompletionStage<TransferReply> step(TransferStep step) {
    asked.add(step);
    return CompletableFuture.completedFuture(
        find(step.transfer())
            .<TransferReply>map(transfer -> reply(step, transfer))
            .orElseGet(() -> TransferReply.Refused.of(refusal(Reason.NO_SUCH_TRANSFER))));
  }

  private static TransferReply reply(TransferStep step, Transfer transfer) {
    if (!transfer.owner().principal().equals(step.requester().principal())
        && !(step instanceof TransferStep.TakeOver)) {
      return TransferReply.Refused.of(refusal(Reason.NOT_OWNER));
    }
    if (step.ifRevision().isPresent() && step.ifRevision().getAsLong() != transfer.revision()) {
      return TransferReply.Refused.of(refusal(Reason.STALE_REVISION));
    }
    return step instanceof TransferStep.Alternate
        ? TransferReply.Refused.of(refusal(Reason.NOT_PERMITTED_NOW))
        : new TransferReply.Accepted(transfer);
  }

  @Override
  public Optional<Transfer> find(TransferId id) {
    return transfers.stream().filter(t -> t.id().equals(id)).findFirst();
  }

  @Override
  public Optional<Transfer> ofSession(SessionId session) {
    return transfers.stream()
        .filter(t -> t.session().equals(session) && t.outcome().isEmpty())
        .findFirst();
  }

  @Override
  public Page<Transfer> list(TransferQuery query) {
    List<Transfer> found = new ArrayList<>();
    for (Transfer transfer : transfers) {
      if (query.open().map(open -> open == transfer.outcome().isEmpty()).orElse(true)
          && query.session().map(transfer.session()::equals).orElse(true)) {
        found.add(transfer);
      }
    }
    return new Page<>(found, Optional.empty());
  }

  static final Capabilities ALL =
      Capabilities.of(List.of(Operation.values()), List.of(Trait.RELEASE_ON_ANSWER))
          .withLimits(new Limits(2, 1, Integer.MAX_VALUE));

  static final ProviderStatus DEMO =
      new ProviderStatus(
          "demo",
          "simulated",
          "0.1.0",
          ProviderStatus.State.UP,
          "",
          NOON.minus(Duration.ofHours(1)),
          ALL,
          Map.of(Operation.PARK, "there is no parking place"),
          new ProbeReport(List.of(new ProbeReport.Finding(ProbeReport.Level.WARN, "park", "none"))),
          5);

  @Override
  public List<DriverInfo> drivers() {
    return List.of(
        new DriverInfo(
            "simulated",
            "0.1.0",
            "org.jackfield.provider.simulated",
            List.of(
                ConfigKey.required("pbx.address", ConfigKey.Type.TEXT, "Where it listens."),
                ConfigKey.optional("pbx.port", ConfigKey.Type.PORT, "5000", "Its port.")),
            ALL));
  }

  @Override
  public List<ProviderStatus> providers() {
    return List.of(DEMO);
  }

  @Override
  public Optional<ProviderStatus> provider(String name) {
    return name.equals("demo") ? Optional.of(DEMO) : Optional.empty();
  }

  @Override
  public List<AddressInfo> addresses(String provider, String prefix, int limit) {
    return List.of(new AddressInfo(new Address("6001"), "", AddressInfo.State.FREE)).stream()
        .filter(address -> address.address().value().startsWith(prefix))
        .limit(limit)
        .toList();
  }

  @Override
  public CompletionStage<List<DriverMove>> moves(String bundle, String version) {
    return CompletableFuture.completedStage(List.of());
  }

  @Override
  public boolean ready() {
    return ready;
  }
}
