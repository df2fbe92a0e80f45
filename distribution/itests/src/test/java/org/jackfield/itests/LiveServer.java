package org.jackfield.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jackfield.api.event.Event;
import org.jackfield.api.event.EventLog;
import org.jackfield.api.event.Position;
import org.jackfield.api.provider.ProviderService;
import org.jackfield.api.provider.ProviderStatus;
import org.jackfield.api.provider.ProviderStatusEvent;
import org.jackfield.api.security.Requester;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.OperationReply;
import org.jackfield.api.session.Party;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionEvent;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.session.SessionQuery;
import org.jackfield.api.session.SessionRequest;
import org.jackfield.api.session.SessionService;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferEvent;
import org.jackfield.api.transfer.TransferId;
import org.jackfield.api.transfer.TransferMode;
import org.jackfield.api.transfer.TransferReply;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.api.transfer.TransferService;
import org.jackfield.api.transfer.TransferStep;
import org.jackfield.api.transfer.TransferTarget;
import org.osgi.framework.BundleContext;

/**
 * The server that a test runs in, by its services, its configuration files and its events, all of
 * which are kept from the beginning.
 */
final class LiveServer implements AutoCloseable {
  static final Requester TESTER = new Requester("tester", "core", "");
  private static final Duration SOON = Duration.ofSeconds(60);

  final ProviderService providers;
  final SessionService sessions;
  final TransferService transfers;
  private final EventLog log;
  private final EventLog.Subscription subscription;
  private final Queue<Event> told = new ConcurrentLinkedQueue<>();
  private final Path home = Path.of(System.getProperty("jackfield.home"));
  private Position read;

  LiveServer(BundleContext context) {
    providers = service(context, ProviderService.class);
    sessions = service(context, SessionService.class);
    transfers = service(context, TransferService.class);
    log = service(context, EventLog.class);
    read = log.latest();
    subscription = log.onAppend(this::readOn);
  }

  /** As soon as it is there: the framework may be at its level before all services are. */
  static <S> S service(BundleContext context, Class<S> type) {
    Awaitility.await(type.getName())
        .atMost(SOON)
        .pollDelay(Duration.ZERO)
        .until(() -> context.getServiceReference(type) != null);
    return context.getService(context.getServiceReference(type));
  }

  private synchronized void readOn() {
    for (Event event : log.after(read, Integer.MAX_VALUE).orElseThrow()) {
      told.add(event);
      read = event.position();
    }
  }

  @Override
  public void close() {
    subscription.close();
  }

  /** Waits for a fact and prints how long it took. */
  void await(String fact, Callable<Boolean> condition) {
    Awaitility.await(fact)
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(20))
        .conditionEvaluationListener(
            c -> {
              if (c.isSatisfied()) {
                System.out.println(fact + " after " + c.getElapsedTimeInMS() + " ms");
              }
            })
        .until(condition);
  }

  // PBXs

  private Path file(String provider) {
    return home.resolve("etc/org.jackfield.provider~" + provider + ".cfg");
  }

  void configure(String provider, String text) throws IOException {
    Distribution.unpacked().configure(home, file(provider).getFileName().toString(), text);
  }

  void unconfigure(String provider) throws IOException {
    Files.deleteIfExists(file(provider));
  }

  ProviderStatus status(String provider) {
    return providers.provider(provider).orElseThrow();
  }

  void awaitState(String provider, ProviderStatus.State state) {
    await(
        provider + " " + state.text(),
        () -> providers.provider(provider).filter(p -> p.state() == state).isPresent());
  }

  void awaitGone(String provider) {
    await(provider + " gone", () -> providers.provider(provider).isEmpty());
  }

  /** How many events there have been; {@link #states} counts from there. */
  int mark() {
    readOn();
    return told.size();
  }

  /** The states of a PBX that were told since, without repetitions. */
  List<ProviderStatus.State> states(String provider, int mark) {
    List<ProviderStatus.State> states = new CopyOnWriteArrayList<>();
    told.stream()
        .skip(mark)
        .flatMap(e -> e instanceof Event.OfProvider p ? Stream.of(p.event()) : Stream.empty())
        .map(ProviderStatusEvent::provider)
        .filter(p -> p.name().equals(provider))
        .map(ProviderStatus::state)
        .forEach(
            state -> {
              if (states.isEmpty() || states.getLast() != state) {
                states.add(state);
              }
            });
    return states;
  }

  /** What the server has logged at a level since it started. */
  List<String> logged(String level) throws IOException {
    return Files.readAllLines(home.resolve("data/log/jackfield.log")).stream()
        .filter(line -> line.contains(' ' + level + ' '))
        .toList();
  }

  // Calls

  static <T> T answer(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  OperationReply ask(SessionRequest request) throws Exception {
    return answer(sessions.operate(request));
  }

  List<Session> live(String provider) {
    return sessions
        .list(
            new SessionQuery(
                Optional.of(provider), Optional.empty(), Optional.empty(), Optional.empty(), 500))
        .items();
  }

  List<SessionId> ids(String provider) {
    return live(provider).stream().map(Session::id).toList();
  }

  /** A call of two who talk. */
  Session call(String provider, String from, String to) throws Exception {
    OperationReply reply =
        ask(new SessionRequest.MakeCall(TESTER, provider, new Address(from), new Address(to)));
    assertThat(reply).isInstanceOf(OperationReply.Accepted.class);
    await(from + " and " + to + " talk", () -> talking(provider, from, to).isPresent());
    return talking(provider, from, to).orElseThrow();
  }

  /** The session of a PBX in which exactly these two are, and talk. */
  Optional<Session> talking(String provider, String one, String other) {
    SessionQuery query =
        new SessionQuery(
            Optional.of(provider), Optional.empty(), Optional.of(one), Optional.empty(), 500);
    return sessions.list(query).items().stream()
        .filter(s -> s.parties().size() == 2)
        .filter(s -> s.parties().stream().allMatch(p -> p.state() == ConnectionState.CONNECTED))
        .filter(s -> find(s, one).isPresent() && find(s, other).isPresent())
        .findFirst();
  }

  private static Optional<Party> find(Session session, String address) {
    return session.parties().stream().filter(p -> p.address().value().equals(address)).findFirst();
  }

  void hangUp(Session session) throws Exception {
    ask(new SessionRequest.ClearAll(TESTER, session.id(), OptionalLong.empty()));
  }

  // Transfers

  TransferReply transfer(Session session, String transferor, String target, TransferMode mode)
      throws Exception {
    return answer(
        transfers.transfer(
            TransferRequest.of(
                TESTER,
                session.id(),
                find(session, transferor).map(Party::id),
                new TransferTarget.To(new Address(target)),
                mode)));
  }

  /** A transfer whose target rings. */
  Transfer ringing(Session session, String transferor, String target, TransferMode mode)
      throws Exception {
    TransferReply reply = transfer(session, transferor, target, mode);
    assertThat(reply).isInstanceOf(TransferReply.Accepted.class);
    TransferId id = ((TransferReply.Accepted) reply).transfer().id();
    await(
        target + " rings",
        () -> transfers.find(id).orElseThrow().targetState() == Transfer.TargetState.ALERTING);
    return transfers.find(id).orElseThrow();
  }

  TransferReply cancel(Transfer transfer) throws Exception {
    return answer(transfers.step(new TransferStep.Cancel(TESTER, transfer.id())));
  }

  /** Waits for its outcome: which one, and on what evidence, told exactly once. */
  String outcome(Transfer transfer) {
    await("outcome of " + transfer.id(), () -> !ended(transfer).isEmpty());
    var outcomes = ended(transfer);
    assertThat(outcomes).as("one outcome").hasSize(1);
    var outcome = outcomes.getFirst().outcome().orElseThrow();
    return outcome.text() + (outcome.evidence().verified() ? ", verified" : ", unverified");
  }

  /** The last event of a transfer, as often as it was told. */
  List<Transfer> ended(Transfer transfer) {
    return told.stream()
        .flatMap(e -> e instanceof Event.OfTransfer t ? Stream.of(t.event()) : Stream.empty())
        .filter(e -> e instanceof TransferEvent.Ended)
        .map(TransferEvent::transfer)
        .filter(t -> t.id().equals(transfer.id()))
        .toList();
  }

  /** The sessions that were told to have ended or to have gone on in another. */
  List<SessionId> over() {
    return told.stream()
        .flatMap(e -> e instanceof Event.OfSession s ? Stream.of(s.event()) : Stream.empty())
        .filter(e -> e instanceof SessionEvent.Ended || e instanceof SessionEvent.Merged)
        .map(e -> e.session().id())
        .toList();
  }
}
