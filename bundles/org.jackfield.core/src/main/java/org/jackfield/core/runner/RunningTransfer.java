package org.jackfield.core.runner;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.journal.JournalRecord;
import org.jackfield.api.journal.Remembered;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.CommandId;
import org.jackfield.api.security.Requester;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConversationId;
import org.jackfield.api.session.Party;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.Transfer.Focus;
import org.jackfield.api.transfer.Transfer.TargetState;
import org.jackfield.api.transfer.Transfer.TimelineEntry;
import org.jackfield.api.transfer.TransferId;
import org.jackfield.api.transfer.TransferOutcome;
import org.jackfield.api.transfer.TransferPhase;
import org.jackfield.api.transfer.TransferPlan;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.api.transfer.TransferTarget;
import org.jackfield.api.transfer.TransferVerb;
import org.jackfield.core.run.Timers;
import org.jackfield.core.session.CallTable;
import org.jackfield.core.session.LiveSession;
import org.jackfield.core.transfer.Effect;
import org.jackfield.core.transfer.Opening;
import org.jackfield.core.transfer.Topology;
import org.jackfield.core.transfer.TransferInput.TargetFailed;
import org.jackfield.core.transfer.TransferState;
import org.jackfield.core.transfer.TransferView;
import org.jackfield.core.transfer.Written;
import org.jspecify.annotations.Nullable;

/** One transfer under way, in its lane; plain fields, touched by that lane only. */
final class RunningTransfer {
  /** More lines than any sane transfer writes; beyond it only the outcome is added. */
  private static final int MOST_LINES = 400;

  private static final String ORIGINALS = "originals";
  private static final String OTHER_ENDS = "otherEnds";
  private static final String CONSULTED = "consulted";
  private static final String STRANGERS = "strangers";

  /** Not empty when whoever comes is there by what was asked. */
  private static final String BRINGS = "brings";

  final TransferId id;
  final TransferRequest request;
  TransferPlan plan;
  private final TransferPlan firstPlan;
  final Transfer.Leg transferor;
  final Transfer.Leg transferee;
  final Instant acceptedAt;

  /** Who may take its steps. */
  Requester owner;

  /** How often it was published; 0 while it is not durable yet. */
  long revision;

  /** As it was published last. */
  private @Nullable Transfer published;

  /** Requests that must know whether this transfer stands before they can be answered. */
  final List<Runnable> waiting = new ArrayList<>();

  private final Set<ConnectionId> originals = new HashSet<>();
  private final List<TimelineEntry> timeline = new ArrayList<>();

  /** The timeline as the snapshots share it, until a line is added. */
  private List<TimelineEntry> told = List.of();

  /** The transferor's phone in other calls, where it has another name there. */
  private final Set<ConnectionId> otherEnds = new HashSet<>();

  /** The kinds of plan whose first step the PBX has refused. */
  final Set<TransferPlan.Kind> refused = EnumSet.noneOf(TransferPlan.Kind.class);

  /** Who was in the transfer's other call: whoever comes from there into the first is ours. */
  private final Set<ConnectionId> consulted = new HashSet<>();

  /** Who was brought into the first call by somebody else. */
  private final Set<ConnectionId> strangers = new HashSet<>();

  /** Whether whoever comes into the first call is there by what was asked of the PBX. */
  boolean brings;

  /** Why connections left since the last look. */
  final Map<ConnectionId, Cause> left = new HashMap<>();

  /** Whoever was seen in its calls, so that one who comes only to be told as gone is noticed. */
  private final Set<ConnectionId> seen = new HashSet<>();

  /** Why somebody left who had never been there: a target that could not be reached at all. */
  private @Nullable Cause stillborn;

  /** What was asked of the PBX, by the command that asked it. */
  final Map<CommandId, Effect.Act> sent = new HashMap<>();

  /** What the PBX has neither accepted nor refused yet. */
  final Set<CommandId> unanswered = new HashSet<>();

  /** The way back, or the rung of the ladder, that was asked for last; one before it is past. */
  Effect.@Nullable Act wayBack;

  /** What could not be asked of the PBX, as there was no link. */
  final List<Effect.Act> unsent = new ArrayList<>();

  /** The sessions that are, or were, its calls. */
  final Set<SessionId> claimed = new HashSet<>();

  /** The sessions that carry this transfer's marks. */
  final Set<LiveSession> marked = new HashSet<>();

  /** What an earlier life of the server has left of it, until its calls have been seen. */
  Remembered.@Nullable Open recovering;

  /** Whether its calls have been seen since the restart, and what was asked for is found out. */
  boolean pictured;

  /** How many commands of before the restart the PBX has not told of yet. */
  int untold;

  /** Done when it is durable how it stands. */
  CompletionStage<Void> written = CompletableFuture.completedStage(null);

  /** When the deadline that runs ends. */
  Instant until;

  private List<Connection> atHome = List.of();
  private List<Connection> atAway = List.of();

  Timers.Timer deadline = Timers.Timer.NONE;
  int token;

  /** The picture of the PBX that is waited for, or 0. */
  long ticket;

  /** Whether its calls have changed since the last look. */
  boolean touched;

  /** The calls that it is told about: those that are, or were, its own. */
  final Set<CallId> watched = new HashSet<>();

  /** As its session has it now: a merge may have given it an older one's. */
  ConversationId conversation;

  Optional<Address> target;
  Topology topology;
  @Nullable TransferState state;
  @Nullable TransferOutcome outcome;
  private CallId home;
  private @Nullable CallId away;
  private @Nullable SessionId consultation;
  private LiveSession.@Nullable Marks marks;
  private TargetState lastTarget = TargetState.UNDIALLED;

  RunningTransfer(
      TransferId id,
      TransferRequest request,
      TransferPlan plan,
      LiveSession session,
      Party transferor,
      Party transferee,
      Instant acceptedAt) {
    this.id = id;
    this.request = request;
    this.plan = plan;
    this.firstPlan = plan;
    this.until = acceptedAt;
    this.atHome = session.connections();
    this.transferor = new Transfer.Leg(transferor.id(), transferor.address());
    this.transferee = new Transfer.Leg(transferee.id(), transferee.address());
    this.conversation = session.conversation();
    this.acceptedAt = acceptedAt;
    this.owner = request.requester();
    this.home = session.call();
    this.target =
        request.target() instanceof TransferTarget.To to
            ? Optional.of(to.address())
            : Optional.empty();
    session.connections().forEach(c -> originals.add(c.id()));
    seen.addAll(originals);
    this.topology = Topology.of(transferor.id(), originals, session.connections(), List.of());
  }

  /** One that an earlier life of the server has left, until its calls have been seen. */
  RunningTransfer(Remembered.Open left) {
    Transfer then = left.accepted().transfer();
    JournalRecord.TransferStands stands = left.stands();
    this.id = then.id();
    this.request = left.accepted().request();
    this.plan = stands.plan().orElse(then.plan());
    this.firstPlan = then.plan();
    this.transferor = then.transferor();
    this.transferee = then.transferee();
    this.conversation = then.conversation();
    this.acceptedAt = then.acceptedAt();
    this.owner = stands.owner();
    this.revision = Math.max(1, then.revision());
    this.home = stands.home();
    this.away = stands.away().orElse(null);
    this.consultation = stands.consultation().orElse(null);
    this.target = stands.target();
    this.until = stands.until();
    this.recovering = left;
    timeline.addAll(then.timeline());
    originals.addAll(brought(stands, ORIGINALS));
    otherEnds.addAll(brought(stands, OTHER_ENDS));
    consulted.addAll(brought(stands, CONSULTED));
    strangers.addAll(brought(stands, STRANGERS));
    brings = !brought(stands, BRINGS).isEmpty();
    atHome = stands.atHome();
    atAway = stands.atAway();
    seen.addAll(originals);
    atHome.forEach(c -> seen.add(c.id()));
    atAway.forEach(c -> seen.add(c.id()));
    topology = Topology.of(transferor.party(), otherEnds, originals, strangers, atHome, atAway);
    if (!stands.phase().isEmpty()) {
      TransferState.Live live = Written.state(stands.phase());
      state = live;
      token = live.deadline().token();
    }
    claimed.add(then.session());
    stands.consultation().ifPresent(claimed::add);
  }

  private static Set<ConnectionId> brought(JournalRecord.TransferStands stands, String part) {
    return stands.brought().getOrDefault(part, Set.of());
  }

  /** How it stands, for the journal. */
  JournalRecord.TransferStands stands(List<Effect.Act> next) {
    Map<String, Set<ConnectionId>> brought = new HashMap<>();
    brought.put(ORIGINALS, Set.copyOf(originals));
    brought.put(OTHER_ENDS, Set.copyOf(otherEnds));
    brought.put(CONSULTED, Set.copyOf(consulted));
    brought.put(STRANGERS, Set.copyOf(strangers));
    brought.put(BRINGS, brings ? Set.of(transferor.party()) : Set.of());
    List<Map<String, String>> acts = new ArrayList<>();
    next.forEach(act -> acts.add(Written.of(act)));
    unsent.forEach(act -> acts.add(Written.of(act)));
    return new JournalRecord.TransferStands(
        id,
        plan == firstPlan ? Optional.empty() : Optional.of(plan),
        owner,
        home,
        away(),
        consultation(),
        target,
        atHome,
        atAway,
        brought,
        state instanceof TransferState.Live live ? Written.of(live) : Map.of(),
        acts,
        until);
  }

  /**
   * The call that it had is not there any more: the PBX may have put its parties into another one
   * while nobody looked.
   */
  void relocate(CallTable calls) {
    if (calls.find(home).isPresent()) {
      return;
    }
    for (ConnectionId party : originals) {
      if (!party.equals(transferor.party())) {
        for (LiveSession there : calls.of(party)) {
          follow(home, there.call());
          return;
        }
      }
    }
  }

  CallId home() {
    return home;
  }

  Optional<CallId> away() {
    return Optional.ofNullable(away);
  }

  Optional<SessionId> consultation() {
    return Optional.ofNullable(consultation);
  }

  /** A consultation call of that name will be asked for. */
  void consultBy(SessionId session) {
    consultation = session;
    away = CallTable.nameOf(session);
  }

  /** The target is in a call that was there before. */
  void besides(LiveSession held) {
    consultation = held.id();
    away = held.call();
    held.connections().forEach(c -> seen.add(c.id()));
    held.connections().stream()
        .filter(c -> !isTransferor(c))
        .findFirst()
        .ifPresent(c -> target = Optional.of(c.address()));
  }

  /** Whether a connection of another call is the transferor's: by its name, or by its address. */
  private boolean isTransferor(Connection connection) {
    return connection.id().equals(transferor.party())
        || connection.address().equals(transferor.address());
  }

  Opening opening() {
    return Opening.of(plan);
  }

  boolean concerns(CallId call) {
    return call.equals(home) || call.equals(away);
  }

  /**
   * Somebody else has put its call into one that is none of its own: whoever was there is brought
   * by others, also under the target's address.
   */
  void meets(LiveSession from, LiveSession into) {
    if (brings || !from.call().equals(home) || into.call().equals(away)) {
      return;
    }
    for (Connection there : into.connections()) {
      if (from.connection(there.id()).isEmpty() && !isOwn(there)) {
        strangers.add(there.id());
      }
    }
  }

  /** One of its calls goes on in another. */
  void follow(CallId from, CallId into) {
    if (from.equals(home)) {
      home = into;
    }
    if (from.equals(away)) {
      away = into;
    }
    if (home.equals(away)) {
      away = null;
    }
  }

  /** A connection of one of its calls is new, has changed or has left. */
  void heard(Connection now) {
    touched = true;
    boolean fresh = seen.add(now.id());
    if (now.state().isOver()) {
      Cause cause = now.cause().orElse(Cause.of(Cause.Code.UNKNOWN));
      left.put(now.id(), cause);
      if (fresh) {
        stillborn = cause;
      }
    }
  }

  /**
   * What the places of the parties do not show: a target that failed before it had one. Where the
   * PBX has put a blind transfer back without a word, it has failed too.
   */
  Optional<TargetFailed> unseenFailure(Topology before) {
    Cause cause = stillborn;
    stillborn = null;
    if (before.target().isPresent() || topology.target().isPresent()) {
      return Optional.empty();
    }
    boolean putBack =
        state != null
            && state.phase() == TransferPhase.REDIRECTING
            && before.transferorHeld()
            && topology.transferorTalksHome();
    if (cause == null && putBack) {
      cause = Cause.of(Cause.Code.UNKNOWN);
    }
    return Optional.ofNullable(cause).map(TargetFailed::new);
  }

  /** Looks where the parties are now. */
  Topology look(CallTable calls) {
    atHome = connections(calls, home);
    List<Connection> consulting = away == null ? List.of() : connections(calls, away);
    if (opening() == Opening.NEW_CALL || opening() == Opening.HELD_CALL) {
      findOtherEnd(consulting);
    }
    atAway = consulting;
    for (Connection connection : consulting) {
      consulted.add(connection.id());
    }
    for (Connection connection : atHome) {
      if (isStranger(connection)) {
        strangers.add(connection.id());
      }
    }
    return Topology.of(transferor.party(), otherEnds, originals, strangers, atHome, consulting);
  }

  private static List<Connection> connections(CallTable calls, CallId call) {
    return calls.find(call).map(LiveSession::connections).orElse(List.of());
  }

  /** Whether nobody of ours, nor anything that was asked of the PBX, has brought a party. */
  private boolean isStranger(Connection connection) {
    return !brings
        && !isOwn(connection)
        && !target.filter(connection.address()::equals).isPresent();
  }

  /** Whether it was in the call, is the transferor's, or came by the consultation. */
  private boolean isOwn(Connection connection) {
    ConnectionId id = connection.id();
    return isTransferor(connection)
        || otherEnds.contains(id)
        || originals.contains(id)
        || consulted.contains(id);
  }

  private void findOtherEnd(List<Connection> consulting) {
    for (Connection connection : consulting) {
      if (connection.id().equals(transferor.party())) {
        return;
      }
    }
    consulting.stream()
        .filter(this::isTransferor)
        .findFirst()
        .ifPresent(connection -> otherEnds.add(connection.id()));
  }

  TransferView view(Capabilities may) {
    return new TransferView(plan, request.target(), may, topology, !unanswered.isEmpty());
  }

  /** The target is being dialled. */
  void dialling() {
    lastTarget = TargetState.DIALLING;
  }

  /** The target cannot be had. */
  void targetFailed() {
    lastTarget = TargetState.FAILED;
  }

  void line(Instant at, String kind, String text) {
    if (timeline.size() < MOST_LINES || kind.equals("outcome")) {
      timeline.add(new TimelineEntry(at, kind, text));
    }
  }

  private List<TimelineEntry> told() {
    if (told.size() != timeline.size()) {
      told = List.copyOf(timeline);
    }
    return told;
  }

  private TargetState targetState() {
    if (topology.targetAnswered()) {
      return TargetState.ANSWERED;
    }
    if (topology.targetBusy()) {
      return TargetState.BUSY;
    }
    return topology.targetAlerting() ? TargetState.ALERTING : lastTarget;
  }

  private Focus focus() {
    return topology.transferorAway().isEmpty() || topology.transferorTalksHome()
        ? Focus.TRANSFEREE
        : Focus.TARGET;
  }

  Transfer snapshot(Capabilities may) {
    TransferState now = state;
    return new Transfer(
        id,
        request.session(),
        conversation,
        revision,
        request.requester(),
        owner,
        transferor,
        transferee,
        target,
        targetState(),
        focus(),
        consultation(),
        now == null ? firstPhase() : now.phase(),
        now == null || outcome != null || recovering != null ? Set.of() : now.permitted(view(may)),
        acceptedAt,
        plan,
        told(),
        Optional.ofNullable(outcome),
        recovering != null && outcome == null);
  }

  /** Its next snapshot, if a reader could tell it from the last one. */
  Optional<Transfer> changed(Capabilities may) {
    if (snapshot(may).equals(published)) {
      return Optional.empty();
    }
    revision++;
    Transfer now = snapshot(may);
    published = now;
    return Optional.of(now);
  }

  private TransferPhase firstPhase() {
    return opening() == Opening.REDIRECT ? TransferPhase.REDIRECTING : TransferPhase.HOLDING;
  }

  /** What it makes of the parties of its sessions. */
  LiveSession.Marks marks() {
    long permitted = published == null ? 0 : operations(published.permitted());
    LiveSession.Marks last = marks;
    if (last == null || last.permitted() != permitted || !last.movers().containsAll(otherEnds)) {
      Set<ConnectionId> movers = new HashSet<>(otherEnds);
      movers.add(transferor.party());
      last = new LiveSession.Marks(movers, originals, permitted);
      marks = last;
    }
    return last;
  }

  /** The operations that a transfer's verbs are, one bit for each. */
  static long operations(Set<TransferVerb> verbs) {
    long operations = 0;
    for (TransferVerb verb : verbs) {
      operations |=
          switch (verb) {
            case DIAL -> bit(Operation.DIAL);
            case ALTERNATE -> bit(Operation.ALTERNATE);
            case COMPLETE -> bit(Operation.COMPLETE);
            case CONFERENCE -> bit(Operation.CONFERENCE);
            // To cancel is no operation of TAPI's: it is unhold or drop, as the transfer stands.
            case CANCEL -> 0;
          };
    }
    return operations;
  }

  private static long bit(Operation operation) {
    return 1L << operation.ordinal();
  }
}
