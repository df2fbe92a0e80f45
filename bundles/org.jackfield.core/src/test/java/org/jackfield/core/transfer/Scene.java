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

  /** The transferor's phone in a second call, where the PBX gives it another name there. */
  static final ConnectionId BOBS_OTHER_END = new ConnectionId("bob-2");

  static final ConnectionId DAVE = new ConnectionId("dave");
  static final Address CAROLS_ADDRESS = new Address("103");

  private final TransferPlan plan;
  private final Capabilities capabilities;
  private final Map<ConnectionId, Connection> home = new LinkedHashMap<>();
  private final Map<ConnectionId, Connection> away = new LinkedHashMap<>();
  private Topology topology;
  private TransferState state;
  private final List<Effect> wanted = new ArrayList<>();
  private int token;
  private boolean unanswered;

  private Effect.Act lastAct = new Effect.RestoreCall();
  private int finished;

  private Scene(TransferPlan plan, Set<Trait> traits) {
    this.plan = plan;
    this.capabilities = Capabilities.of(Set.of(Operation.values()), traits);
    home(ALICE, ConnectionState.CONNECTED);
    home(BOB, ConnectionState.CONNECTED);
    if (plan.kind() == TransferPlan.Kind.HELD_CALL) {
      away.put(BOB, connection(BOB, ConnectionState.ON_HOLD));
      away.put(CAROL, connection(CAROL, ConnectionState.CONNECTED).heldByThem(true));
    }
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

  private static Scene of(TransferPlan.Kind kind, CompleteWhen complete, Trait... traits) {
    return new Scene(
        plan(kind, complete, ReleaseWhen.ON_ANSWER, new RecallRung.ToTransferor()), Set.of(traits));
  }

  static Scene blindOnAnswer() {
    return of(TransferPlan.Kind.BLIND, CompleteWhen.ON_ANSWER);
  }

  static Scene consulting() {
    return of(TransferPlan.Kind.CONSULTATION, CompleteWhen.ON_ANSWER);
  }

  static Scene oneStep() {
    return of(TransferPlan.Kind.ONE_STEP, CompleteWhen.ON_ANSWER);
  }

  /** Bob has carol on hold already. */
  static Scene heldCall() {
    return of(TransferPlan.Kind.HELD_CALL, CompleteWhen.ON_ANSWER);
  }

  static Scene heldCall(CompleteWhen complete) {
    return of(TransferPlan.Kind.HELD_CALL, complete);
  }

  static Scene newCall() {
    return of(TransferPlan.Kind.NEW_CALL, CompleteWhen.ON_ANSWER);
  }

  static Scene newCall(CompleteWhen complete, Trait... traits) {
    return of(TransferPlan.Kind.NEW_CALL, complete, traits);
  }

  /** A blind transfer, emulated. */
  static Scene early() {
    return of(TransferPlan.Kind.EARLY_COMPLETION, CompleteWhen.ON_RINGING, Trait.EARLY_COMPLETE);
  }

  static Scene conferenceAndDrop() {
    return of(TransferPlan.Kind.CONFERENCE_AND_DROP, CompleteWhen.ON_ANSWER, Trait.TRANSFER_CONF);
  }

  /** A consultation on a PBX that does not say as what it completes. */
  static Scene undeclared(boolean conferenceMayStandIn) {
    return new Scene(
        plan(
            TransferPlan.Kind.CONSULTATION,
            conferenceMayStandIn
                ? List.of(
                    new TransferPlan.PlanStep(Operation.CONSULT, ""),
                    new TransferPlan.PlanStep(Operation.CONFERENCE, ""))
                : List.of(),
            CompleteWhen.MANUAL,
            ReleaseWhen.ON_ANSWER,
            new RecallRung.ToTransferor()),
        Set.of());
  }

  static TransferPlan plan(
      TransferPlan.Kind kind, CompleteWhen complete, ReleaseWhen release, RecallRung... recall) {
    return plan(kind, List.of(), complete, release, recall);
  }

  static TransferPlan plan(
      TransferPlan.Kind kind,
      List<TransferPlan.PlanStep> steps,
      CompleteWhen complete,
      ReleaseWhen release,
      RecallRung... recall) {
    return new TransferPlan(
        kind,
        TransferMode.AUTO,
        steps,
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
        BOB,
        Set.of(BOBS_OTHER_END),
        Set.of(ALICE, BOB),
        Set.of(),
        List.copyOf(home.values()),
        List.copyOf(away.values()));
  }

  TransferView view() {
    return new TransferView(
        plan, new TransferTarget.To(CAROLS_ADDRESS), capabilities, topology, unanswered);
  }

  private void take(Advance advance) {
    state = advance.state();
    for (Effect effect : advance.effects()) {
      if (effect instanceof Effect.Act act) {
        lastAct = act;
      }
      if (effect instanceof Effect.Finish) {
        finished++;
      }
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

  /** The PBX has been asked for something and has not answered. */
  Scene unanswered() {
    unanswered = true;
    return this;
  }

  /** Bob's phone leaves the call with alice; what it has with carol stays. */
  Scene transferorLeavesHome() {
    home.remove(BOB);
    return aliceHeld(true);
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
    away.remove(BOBS_OTHER_END);
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

  /** The transferor hangs up. */
  Scene transferorLeaves() {
    home.remove(BOB);
    away.remove(BOB);
    away.remove(BOBS_OTHER_END);
    return seen(Map.of(BOB, Cause.NORMAL));
  }

  /** The target leaves; the consultation call, in which nobody speaks any more, goes with it. */
  Scene targetLeaves() {
    boolean wasHome = home.remove(CAROL) != null;
    away.clear();
    if (wasHome && home.containsKey(BOB)) {
      home(BOB, ConnectionState.CONNECTED);
      home.computeIfPresent(ALICE, (id, c) -> c.in(ConnectionState.CONNECTED).heldByThem(false));
    }
    return seen(Map.of(CAROL, Cause.of(Cause.Code.NO_ANSWER)));
  }

  /** Carol is held by bob, or no longer. */
  Scene carolHeld(boolean held) {
    away.computeIfPresent(CAROL, (id, c) -> c.heldByThem(held));
    return seen(Map.of());
  }

  boolean heldCallStands() {
    return away.containsKey(CAROL) && away.get(BOB).state() == ConnectionState.ON_HOLD;
  }

  /** What was asked of the PBX last. */
  Effect.Act lastAct() {
    return lastAct;
  }

  int finished() {
    return finished;
  }

  boolean refuses(TransferInput.Request request) {
    return Advance.of(state, List.of(request), view()).refusal().isPresent();
  }

  /** From now on the PBX does all that is wanted on the way back, and its pictures are true. */
  Scene pbxGoesOn() {
    for (int i = 0; i < 40 && state instanceof TransferState.Live live; i++) {
      List<Effect> now = List.copyOf(wanted);
      wanted.clear();
      if (now.isEmpty() && !(live instanceof Reverting) && !live.deadline().asked()) {
        return this;
      }
      now.forEach(this::does);
      if (now.isEmpty()) {
        time();
      }
    }
    return this;
  }

  private void does(Effect effect) {
    switch (effect) {
      case Effect.AskSnapshot ask -> input(new TransferInput.SnapshotTaken());
      case Effect.RestoreCall act -> restore(act);
      case Effect.ClearTarget act -> {
        away.clear();
        home.remove(CAROL);
        seen(Map.of(CAROL, Cause.of(Cause.Code.CANCELLED)));
      }
      case Effect.RecallTransferee act -> {
        if (home.containsKey(BOB)) {
          restore(act);
        } else {
          atHome(DAVE, ConnectionState.OFFERING).atHome(DAVE, ConnectionState.CONNECTED);
          aliceHeld(false);
        }
      }
      case Effect.ClearRest act -> {
        home.clear();
        away.clear();
        seen(Map.of());
        input(new TransferInput.StepAccepted(act));
      }
      default -> {}
    }
  }

  /** As much of the way back as one command does. */
  private void restore(Effect.Act act) {
    boolean heldCall = plan.kind() == TransferPlan.Kind.HELD_CALL;
    boolean oneByOne = plan.kind() == TransferPlan.Kind.NEW_CALL && !away.isEmpty();
    input(new TransferInput.StepAccepted(act));
    if (heldCall && away.containsKey(BOB)) {
      away.put(BOB, connection(BOB, ConnectionState.ON_HOLD));
      away.computeIfPresent(CAROL, (id, c) -> c.heldByThem(true));
    } else {
      away.clear();
    }
    if (!oneByOne) {
      home.remove(CAROL);
      home(BOB, ConnectionState.CONNECTED);
      home.computeIfPresent(ALICE, (id, c) -> c.in(ConnectionState.CONNECTED).heldByThem(false));
    }
    seen(Map.of(CAROL, Cause.of(Cause.Code.CANCELLED)));
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
