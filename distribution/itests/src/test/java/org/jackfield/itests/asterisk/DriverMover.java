package org.jackfield.itests.asterisk;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.CommandFate;
import org.jackfield.api.provider.CommandId;
import org.jackfield.api.provider.ProviderConfig;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.provider.TelephonyDriver;
import org.jackfield.api.provider.TelephonyProvider;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.ReleaseWhen;

/**
 * Moves calls with the driver alone, doing what the server would do after a target that failed or a
 * deadline.
 */
final class DriverMover implements Mover {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final AtomicLong IDS = new AtomicLong(System.nanoTime());

  private final Recorder recorder = new Recorder();
  private final TelephonyProvider provider;
  private final Map<Move, Ends> moves = new HashMap<>();
  private Command last;
  private boolean closed;

  private record Ends(
      String call,
      ConnectionId transferor,
      ConnectionId transferee,
      String consultation,
      String target,
      long deadline,
      int since) {
    Ends seenFromHere() {
      return new Ends(call, transferor, transferee, consultation, target, deadline, 0);
    }
  }

  DriverMover(TelephonyDriver driver, Map<String, String> config) {
    provider = driver.open(new ProviderConfig("lab", config), recorder, Optional.empty());
    Wait.until("the driver is connected", LIMIT, recorder::up);
    recorder.execute(provider::requestSnapshot);
    Wait.until("the driver knows the PBX", LIMIT, () -> recorder.snapshots() > 0);
  }

  /** One that comes after another that is gone, and knows what that was about. */
  DriverMover(TelephonyDriver driver, Map<String, String> config, DriverMover before) {
    this(driver, config);
    before.moves.forEach((move, ends) -> moves.put(move, ends.seenFromHere()));
  }

  Recorder recorder() {
    return recorder;
  }

  /** What the driver says became of a command of an earlier instance. */
  CommandFate fate(Command command) {
    return CompletableFuture.supplyAsync(() -> provider.fate(command), recorder::execute)
        .thenCompose(stage -> (CompletionStage<CommandFate>) stage)
        .orTimeout(60, TimeUnit.SECONDS)
        .join();
  }

  /** Goes on with what another instance, which lives, hands over. */
  void takeOver(DriverMover other) {
    var given =
        CompletableFuture.supplyAsync(other.provider::handOver, other.recorder::execute)
            .orTimeout(60, TimeUnit.SECONDS)
            .join();
    CompletableFuture.runAsync(() -> provider.takeOver(given.orElseThrow()), recorder::execute)
        .orTimeout(60, TimeUnit.SECONDS)
        .join();
  }

  /** The last command that was asked. */
  Command last() {
    return last;
  }

  ProviderReply ask(Command command) {
    last = command;
    recorder.note(command.toString());
    var reply =
        CompletableFuture.supplyAsync(() -> provider.execute(command), recorder::execute)
            .thenCompose(stage -> (CompletionStage<ProviderReply>) stage);
    try {
      var answer = reply.get(60, TimeUnit.SECONDS);
      recorder.note(answer.toString());
      return answer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("no reply to " + command + "\n" + recorder.log(), e);
    }
  }

  void accepted(Command command) {
    var reply = ask(command);
    if (!(reply instanceof ProviderReply.Accepted)) {
      throw new AssertionError(command + ": " + reply + "\n" + recorder.log());
    }
  }

  static CommandId id() {
    return new CommandId(IDS.incrementAndGet());
  }

  private static CallId fresh() {
    return new CallId("j-" + Long.toString(IDS.incrementAndGet(), 36));
  }

  void await(String fact, java.util.function.Supplier<Boolean> holds) {
    Wait.until(fact, LIMIT, holds, () -> picture() + "\n" + recorder.log());
  }

  private static Set<String> addresses(Voice... parties) {
    return Arrays.stream(parties).map(Voice::address).collect(Collectors.toSet());
  }

  private Optional<String> find(ConnectionState state, Set<String> addresses) {
    return recorder.calls().entrySet().stream()
        .filter(
            call ->
                call.getValue().values().stream()
                    .map(c -> c.address().value())
                    .collect(Collectors.toSet())
                    .equals(addresses))
        .filter(
            call ->
                call.getValue().values().stream()
                    .allMatch(c -> c.state() == state && !c.heldByThem()))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  @Override
  public String talking(Voice... parties) {
    var state = parties.length > 2 ? ConnectionState.CONFERENCED : ConnectionState.CONNECTED;
    await(Arrays.toString(parties) + " talk", () -> find(state, addresses(parties)).isPresent());
    return find(state, addresses(parties)).orElseThrow();
  }

  /** Whether exactly these talk with each other now. */
  boolean talk(Voice... parties) {
    return find(ConnectionState.CONNECTED, addresses(parties)).isPresent();
  }

  Optional<Connection> party(String call, String address) {
    return recorder.calls().getOrDefault(call, Map.of()).values().stream()
        .filter(c -> c.address().value().equals(address))
        .findFirst();
  }

  private ConnectionId idOf(String call, Voice voice) {
    return party(call, voice.address()).orElseThrow().id();
  }

  private ConnectionState stateOf(String call, ConnectionId id) {
    var connection = recorder.calls().getOrDefault(call, Map.of()).get(id.value());
    return connection == null ? ConnectionState.DISCONNECTED : connection.state();
  }

  @Override
  public void makeCall(Voice from, String to) {
    accepted(new Command.MakeCall(id(), fresh(), new Address(from.address()), new Address(to)));
  }

  @Override
  public void hold(String call, Voice party) {
    var id = idOf(call, party);
    accepted(new Command.Hold(id(), new CallId(call), id));
    await(party + " holds", () -> stateOf(call, id) == ConnectionState.ON_HOLD);
  }

  @Override
  public void retrieve(String call, Voice party) {
    accepted(new Command.Retrieve(id(), new CallId(call), idOf(call, party)));
  }

  private Move begin(
      String call, Voice transferor, String consultation, String target, Duration deadline) {
    var leaves = idOf(call, transferor);
    var stays =
        recorder.calls().get(call).values().stream()
            .map(Connection::id)
            .filter(c -> !c.equals(leaves))
            .findFirst()
            .orElseThrow();
    var move = new Move(call, consultation);
    moves.put(
        move,
        new Ends(
            call,
            leaves,
            stays,
            consultation,
            target,
            System.nanoTime() + deadline.toNanos(),
            recorder.events().size()));
    return move;
  }

  @Override
  public Move blind(String call, Voice transferor, String target, Duration deadline) {
    var move = begin(call, transferor, "", target, deadline);
    accepted(
        new Command.BlindTransfer(
            id(),
            new CallId(call),
            moves.get(move).transferor(),
            new Address(target),
            ReleaseWhen.ON_ANSWER));
    return move;
  }

  @Override
  public boolean refuses(String call, Voice transferor, String target) {
    return ask(
            new Command.BlindTransfer(
                id(),
                new CallId(call),
                idOf(call, transferor),
                new Address(target),
                ReleaseWhen.ON_ANSWER))
        instanceof ProviderReply.Refused;
  }

  @Override
  public Move consult(String call, Voice transferor, String target, Duration deadline) {
    var consultation = fresh();
    var move = begin(call, transferor, consultation.value(), target, deadline);
    var leaves = moves.get(move).transferor();
    accepted(new Command.Consult(id(), new CallId(call), leaves, consultation, Optional.empty()));
    await(
        "the transferor may dial",
        () ->
            stateOf(consultation.value(), leaves) == ConnectionState.DIALTONE
                && stateOf(call, leaves) == ConnectionState.ON_HOLD_PENDING_TRANSFER);
    accepted(new Command.Dial(id(), consultation, leaves, new Address(target)));
    return move;
  }

  private String callOfTarget(Move move) {
    return move.transfer().isEmpty() ? move.call() : move.transfer();
  }

  @Override
  public void awaitRinging(Move move) {
    var ends = moves.get(move);
    await(
        "the target rings",
        () ->
            recorder.calls().getOrDefault(callOfTarget(move), Map.of()).values().stream()
                    .anyMatch(c -> c.state() == ConnectionState.OFFERING)
                && (move.transfer().isEmpty()
                    || stateOf(move.transfer(), ends.transferor()) == ConnectionState.RINGBACK));
  }

  @Override
  public void awaitAnswered(Move move) {
    var ends = moves.get(move);
    await(
        "the target has answered",
        () -> stateOf(move.transfer(), ends.transferor()) == ConnectionState.CONNECTED);
  }

  @Override
  public void alternate(Move move) {
    var ends = moves.get(move);
    boolean held = stateOf(ends.call(), ends.transferor()).isHeld();
    var from = held ? ends.consultation() : ends.call();
    var to = held ? ends.call() : ends.consultation();
    accepted(new Command.Alternate(id(), new CallId(to), new CallId(from), ends.transferor()));
    await(
        "alternated",
        () ->
            stateOf(to, ends.transferor()) == ConnectionState.CONNECTED
                && stateOf(from, ends.transferor()).isHeld());
  }

  private void complete(Move move, CompleteAs as) {
    var ends = moves.get(move);
    accepted(
        new Command.Complete(
            id(), new CallId(ends.call()), new CallId(ends.consultation()), ends.transferor(), as));
  }

  @Override
  public void complete(Move move) {
    complete(move, CompleteAs.TRANSFER);
  }

  @Override
  public void conference(Move move) {
    complete(move, CompleteAs.CONFERENCE);
  }

  @Override
  public void cancel(Move move) {
    var ends = moves.get(move);
    accepted(new Command.Retrieve(id(), new CallId(ends.call()), ends.transferor()));
  }

  @Override
  public void giveUp(Move move) {
    accepted(new Command.ClearAll(id(), new CallId(move.transfer())));
  }

  @Override
  public String outcome(Move move) {
    var ends = moves.get(move);
    boolean[] asked = {false};
    var result = new String[] {""};
    Wait.until(
        "the transfer has ended",
        Duration.ofMinutes(2),
        () -> {
          result[0] = judge(ends);
          if (result[0].isEmpty() && !asked[0] && mustGoBack(ends)) {
            asked[0] = true;
            accepted(new Command.Retrieve(id(), new CallId(ends.call()), ends.transferor()));
          }
          return !result[0].isEmpty();
        },
        () -> picture() + "\n" + recorder.log());
    return result[0];
  }

  private boolean mustGoBack(Ends ends) {
    boolean late = System.nanoTime() > ends.deadline();
    return late
        || !ends.consultation().isEmpty()
            && stateOf(ends.call(), ends.transferor()).isHeld()
            && (failed(ends)
                || stateOf(ends.consultation(), ends.transferor()) == ConnectionState.BUSY);
  }

  /** Before the first fact of it nothing can be told from the picture. */
  private boolean hasBegun(Ends ends) {
    return recorder.events().stream()
        .skip(ends.since())
        .anyMatch(
            e ->
                e instanceof ProviderEvent.ConnectionChanged c
                    && c.connection().id().equals(ends.transferor())
                    && c.connection().state() == ConnectionState.ON_HOLD_PENDING_TRANSFER);
  }

  private boolean failed(Ends ends) {
    return recorder.events().stream()
        .anyMatch(
            e ->
                e instanceof ProviderEvent.ConnectionChanged c
                    && c.call().value().equals(ends.consultation())
                    && c.connection().id().equals(ends.transferor())
                    && c.connection().state() == ConnectionState.DISCONNECTED);
  }

  private String judge(Ends ends) {
    if (!hasBegun(ends)) {
      return "";
    }
    var now = recorder.calls().getOrDefault(ends.call(), Map.of());
    var stays = now.get(ends.transferee().value());
    boolean talks = stays != null && stays.state().isTalking() && !stays.heldByThem();
    boolean back =
        talks
            && now.size() == 2
            && stateOf(ends.call(), ends.transferor()) == ConnectionState.CONNECTED
            && !recorder.calls().containsKey(ends.consultation());
    boolean moved =
        talks
            && now.size() == 2
            && !now.containsKey(ends.transferor().value())
            && now.values().stream().allMatch(c -> c.state() == ConnectionState.CONNECTED);
    return moved ? "completed" : back ? "reverted" : "";
  }

  @Override
  public String picture() {
    return recorder.picture();
  }

  @Override
  public int calls() {
    return recorder.calls().size();
  }

  @Override
  public boolean linked() {
    return recorder.up();
  }

  @Override
  public void vanish() {
    close();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    var done = CompletableFuture.runAsync(provider::close, recorder::execute);
    try {
      done.get(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("the driver does not close", e);
    }
    recorder.close();
  }
}
