package org.jackfield.core.transfer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.capability.Trait;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.CompleteWhen;
import org.jackfield.api.transfer.RecallRung;
import org.jackfield.api.transfer.ReleaseWhen;
import org.jackfield.api.transfer.Timeouts;
import org.jackfield.api.transfer.TransferMode;
import org.jackfield.api.transfer.TransferOutcome;
import org.jackfield.api.transfer.TransferPlan;
import org.jackfield.api.transfer.TransferTarget;

/**
 * A stage for one transfer: alice has called bob, bob transfers her to carol. A test moves the
 * parties as a PBX would and sees what the machine wants.
 */
final class Scene {
  static final ConnectionId ALICE = new ConnectionId("alice");
  static final ConnectionId BOB = new ConnectionId("bob");
  static final ConnectionId CAROL = new ConnectionId("carol");
  static final Address CAROLS_ADDRESS = new Address("103");

  private final TransferPlan plan;
  private final Capabilities capabilities;
  private final Map<ConnectionId, Connection> home = new LinkedHashMap<>();
  private final Map<ConnectionId, Connection> away = new LinkedHashMap<>();
  private Topology topology;
  private TransferState state;
  private final List<Effect> wanted = new ArrayList<>();
  private int token;

  private Scene(TransferPlan plan, Set<Trait> traits) {
    this.plan = plan;
    this.capabilities = Capabilities.of(Set.of(Operation.values()), traits);
    home(ALICE, ConnectionState.CONNECTED);
    home(BOB, ConnectionState.CONNECTED);
    topology = look();
    take(Advance.begin(view()));
  }

  static Scene blind(ReleaseWhen release, RecallRung... recall) {
    return new Scene(
        plan(TransferPlan.Kind.BLIND, CompleteWhen.ON_ANSWER, release, recall), Set.of());
  }

  static Scene consultation(CompleteWhen complete, Trait... traits) {
    return new Scene(
        plan(
            TransferPlan.Kind.CONSULTATION,
            complete,
            ReleaseWhen.ON_ANSWER,
            new RecallRung.ToTransferor()),
        Set.of(traits));
  }

  static TransferPlan plan(
      TransferPlan.Kind kind, CompleteWhen complete, ReleaseWhen release, RecallRung... recall) {
    return new TransferPlan(
        kind,
        TransferMode.AUTO,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        1,
        complete,
        release,
        CompleteAs.TRANSFER,
        new Timeouts(Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofSeconds(20)),
        List.of(recall));
  }

  private Topology look() {
    return Topology.of(
        BOB, Set.of(ALICE, BOB), List.copyOf(home.values()), List.copyOf(away.values()));
  }

  TransferView view() {
    return new TransferView(plan, new TransferTarget.To(CAROLS_ADDRESS), capabilities, topology);
  }

  private void take(Advance advance) {
    state = advance.state();
    for (Effect effect : advance.effects()) {
      if (effect instanceof Effect.Arm arm) {
        token = arm.token();
      } else {
        wanted.add(effect);
      }
    }
  }

  private static Connection connection(ConnectionId who, ConnectionState how) {
    return Connection.of(who, new Address(who.value()), who.value(), how);
  }

  private void home(ConnectionId who, ConnectionState how) {
    home.put(who, connection(who, how));
  }

  /** The party's state in the home call changes. */
  Scene atHome(ConnectionId who, ConnectionState how) {
    home(who, how);
    return seen(Map.of());
  }

  /** The party's state in the consultation call changes. */
  Scene consulting(ConnectionId who, ConnectionState how) {
    away.put(who, connection(who, how));
    return seen(Map.of());
  }

  /** Alice is held by bob, or no longer. */
  Scene aliceHeld(boolean held) {
    home.computeIfPresent(ALICE, (id, c) -> c.heldByThem(held));
    return seen(Map.of());
  }

  /** The party leaves both calls. */
  Scene leaves(ConnectionId who, Cause.Code why) {
    home.remove(who);
    away.remove(who);
    return seen(Map.of(who, Cause.of(why)));
  }

  /** The consultation call ends for everybody in it. */
  Scene consultationOver(Cause.Code why) {
    Map<ConnectionId, Cause> left = new HashMap<>();
    away.keySet().forEach(id -> left.put(id, Cause.of(why)));
    away.clear();
    return seen(left);
  }

  /** The PBX moves all of the consultation call home; everybody stays. */
  Scene merged() {
    home.putAll(away);
    away.clear();
    return seen(Map.of());
  }

  /** The PBX joins: all of the consultation call move home, the transferor leaves. */
  Scene joined() {
    away.remove(BOB);
    home.putAll(away);
    away.clear();
    home.remove(BOB);
    home.computeIfPresent(ALICE, (id, c) -> c.heldByThem(false));
    return seen(Map.of(BOB, Cause.NORMAL));
  }

  /** Several changes as one, as a snapshot brings them. */
  Scene snapshot(Map<ConnectionId, ConnectionState> atHome) {
    home.clear();
    away.clear();
    atHome.forEach(this::home);
    seen(Map.of());
    return input(new TransferInput.SnapshotTaken());
  }

  private Scene seen(Map<ConnectionId, Cause> left) {
    Topology before = topology;
    topology = look();
    take(Advance.of(state, Observation.between(before, topology, left), view()));
    return this;
  }

  Scene input(TransferInput input) {
    take(Advance.of(state, List.of(input), view()));
    return this;
  }

  /** The deadline that is armed passes. */
  Scene time() {
    return input(new TransferInput.DeadlinePassed(token));
  }

  int token() {
    return token;
  }

  TransferState state() {
    return state;
  }

  /** What has been wanted since the last call of this, by name. */
  List<String> wanted() {
    List<String> names =
        wanted.stream().map(e -> e.getClass().getSimpleName()).collect(Collectors.toList());
    wanted.clear();
    return names;
  }

  Optional<TransferOutcome> outcome() {
    return state instanceof Ended ended ? Optional.of(ended.outcome()) : Optional.empty();
  }

  /** The outcome and its cause, as a person would say it. */
  String ending() {
    return outcome().map(o -> o.text() + ", " + o.cause().code().text()).orElse("not ended");
  }
}
