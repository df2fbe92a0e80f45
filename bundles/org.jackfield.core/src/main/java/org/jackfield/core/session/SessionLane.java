package org.jackfield.core.session;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.CommandFate;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.provider.ShareProgress;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Reason;
import org.jackfield.api.session.Refusal;
import org.jackfield.api.session.SessionId;
import org.jackfield.core.run.Environment;
import org.jackfield.core.run.Timers;
import org.jackfield.core.session.Inbox.Work;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The single writer of all sessions of one PBX. Facts and requests come from any thread, are queued
 * within bounds and handled one at a time, in alternating slices, on a pool that all lanes share;
 * nothing that runs here blocks.
 */
public final class SessionLane {
  private static final int FACTS_OF_A_SLICE = 64;
  private static final int REQUESTS_OF_A_SLICE = 16;

  /** A picture that was asked for and does not come may be asked for again. */
  private static final Duration SNAPSHOT_PATIENCE = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(SessionLane.class);

  private final Environment environment;
  private final CallTable table;
  private final LaneListener listener;
  private final Inbox inbox = new Inbox();
  private final AtomicBoolean active = new AtomicBoolean();
  private @Nullable ProviderLink current;

  /** While another link serves a part of the calls. */
  private @Nullable Sharing sharing;

  private boolean up;

  /** Whether the PBX's picture has been taken since the link came up: else what is known is old. */
  private boolean pictured;

  private final Draining draining;

  /** What is to be sent when another link has taken over; null while nothing is held back. */
  private @Nullable List<Runnable> heldBack;

  /** What the present link tells of calls while another one is to tell how they all are. */
  private @Nullable Seen seen;

  private @Nullable Instant snapshotAskedAt;
  private boolean snapshotAgain;
  private long tickets;

  public SessionLane(String provider, Published out, LaneListener listener) {
    this.environment = out.environment();
    this.table = new CallTable(provider, out);
    this.listener = listener;
    this.draining = new Draining(table, this::isPictured);
  }

  /** Tells a fact. Any thread. */
  public void fact(ProviderLink from, ProviderEvent event) {
    inbox.fact(new Work.Fact(from, event));
    wake();
  }

  /** Runs something on the lane, in order with the facts. Any thread. */
  public void post(Runnable task) {
    inbox.signal(task);
    wake();
  }

  /**
   * Runs a request on the lane. Any thread.
   *
   * @return whether it was taken on; else too much is waiting
   */
  public boolean request(Optional<SessionId> session, Runnable task) {
    boolean taken = inbox.request(new Work.Request(session, task));
    wake();
    return taken;
  }

  /** Runs something on the lane after a delay. Any thread. */
  public Timers.Timer after(Duration delay, Runnable task) {
    return environment.timers().after(delay, () -> post(task));
  }

  private void wake() {
    if (active.compareAndSet(false, true)) {
      environment.pool().execute(this::drain);
    }
  }

  private void drain() {
    for (int i = 0; i < FACTS_OF_A_SLICE; i++) {
      Work work = inbox.nextFact();
      if (work == null) {
        break;
      }
      handle(work);
    }
    for (int i = 0; i < REQUESTS_OF_A_SLICE; i++) {
      Work work = inbox.nextRequest();
      if (work == null) {
        break;
      }
      handle(work);
    }
    active.set(false);
    if (!inbox.isEmpty()) {
      wake();
    }
  }

  private void handle(Work work) {
    try {
      switch (work) {
        case Work.Fact fact -> {
          if (isHeard(fact.from(), fact.event())) {
            apply(fact.from(), fact.event());
          }
        }
        case Work.Signal signal -> signal.task().run();
        case Work.Request request -> request.task().run();
        case Work.FactsDropped dropped -> {
          dropped.from().toldTooMuch();
          // One that was on its way may have been among them.
          snapshotAskedAt = null;
          askForSnapshot();
        }
      }
      table.watchers().forEach(CallWatcher::settle);
      table.publish();
    } catch (RuntimeException | Error bug) {
      // Whatever it is, the calls that wait behind it are not to blame.
      LOG.error("{}: a lane failed at {}", provider(), work, bug);
    }
    draining.settle();
  }

  private boolean isHeard(ProviderLink from, ProviderEvent event) {
    if (from == current && seen != null && seen.hears(event)) {
      return false;
    }
    Sharing shared = sharing;
    return shared == null ? from == current : shared.hears(from, event);
  }

  private void apply(ProviderLink from, ProviderEvent event) {
    switch (event) {
      case ProviderEvent.ConnectionChanged changed -> {
        // What is known is old until the picture comes, and that contains what this says.
        if (pictured) {
          table.connectionChanged(changed.call(), changed.connection());
        }
      }
      case ProviderEvent.CallsMerged merged -> table.callsMerged(merged.from(), merged.into());
      case ProviderEvent.CallBranched branched ->
          table.callBranched(branched.from(), branched.into(), branched.consultation());
      case ProviderEvent.CommandFailed failed ->
          table.watchers().forEach(w -> w.commandFailed(failed.command(), failed.cause()));
      case ProviderEvent.Snapshot snapshot -> snapshot(from, snapshot);
      case ProviderEvent.AddressChanged address -> {
        table.address(address.address());
        listener.addressChanged(address.address());
      }
      case ProviderEvent.LinkUp linkUp -> linkUp(from, linkUp);
      case ProviderEvent.LinkDown linkDown -> linkDown(from, linkDown.cause());
    }
  }

  private void linkUp(ProviderLink from, ProviderEvent.LinkUp event) {
    up = true;
    pictured = false;
    table.may(event.capabilities());
    listener.linkUp(from, event);
    snapshotAskedAt = null;
    askForSnapshot();
    table.watchers().forEach(CallWatcher::linkUp);
  }

  private void linkDown(ProviderLink from, Cause cause) {
    pictured = false;
    seen = seen == null ? null : Seen.nothing();
    if (up) {
      up = false;
      listener.linkDown(from, cause);
      table.watchers().forEach(w -> w.linkLost(cause));
    }
  }

  private void snapshot(ProviderLink from, ProviderEvent.Snapshot snapshot) {
    reconcile(from, snapshot);
    Sharing shared = sharing;
    boolean isWhole = shared == null || shared.isPicturedBy(from);
    if (snapshotAskedAt == null || !isWhole) {
      return;
    }
    // What was asked for while this one was on its way may be older than the question.
    long answered = snapshotAgain ? tickets - 1 : tickets;
    snapshotAskedAt = null;
    if (shared != null && shared.endsWith(answered)) {
      sharing = null;
      reconcile(from, snapshot);
      shared.end();
      goOn();
    }
    if (snapshotAgain) {
      requestSnapshot();
    }
    table.watchers().forEach(w -> w.snapshotTaken(answered));
  }

  private void reconcile(ProviderLink from, ProviderEvent.Snapshot snapshot) {
    pictured = true;
    Sharing shared = sharing;
    List<ProviderEvent.ConnectionChanged> facts =
        shared == null
            ? Reconciliation.facts(table.all(), snapshot)
            : Reconciliation.facts(shared.of(from), shared.part(from, snapshot));
    for (ProviderEvent.ConnectionChanged fact : facts) {
      table.connectionChanged(fact.call(), fact.connection());
      if (fact.connection().state().isOver()) {
        table.presume(fact.call());
      }
    }
    table.forgetWhatIsOver();
    table.watchers().forEach(CallWatcher::settle);
    listener.snapshotTaken(from);
  }

  // What follows is called on the lane only.

  /** The PBX is opened by this link from now on; facts of any other are not listened to. */
  public void attach(ProviderLink link) {
    current = link;
    forgetSharing();
    pictured = false;
    seen = null;
    snapshotAskedAt = null;
    snapshotAgain = false;
  }

  private void forgetSharing() {
    Sharing shared = sharing;
    sharing = null;
    if (shared != null) {
      shared.end();
    }
  }

  /** Another link takes over, with the PBX's picture as it sees it. */
  public void takeOver(
      ProviderLink link, ProviderEvent.LinkUp linkUp, ProviderEvent.Snapshot snapshot) {
    attach(link);
    up = true;
    table.may(linkUp.capabilities());
    listener.linkUp(link, linkUp);
    reconcile(link, snapshot);
    // Its picture may be older than what was last asked of the one before.
    askForSnapshot();
    table.watchers().forEach(CallWatcher::linkUp);
    goOn();
  }

  /**
   * Another link is asked for the picture with which it takes over. What the present one tells of
   * calls from now on is either in that picture or told by the other one after it; if it were taken
   * here too, a picture that is a moment older would take it back.
   *
   * @param compare whether that picture is held against what the present one sees
   */
  public void awaitOther(boolean compare) {
    seen = compare && pictured ? Seen.of(table.all()) : Seen.nothing();
  }

  /** Who lives by what the present link sees, and not by another one's picture. */
  public Set<Seen.Presence> missingIn(ProviderEvent.Snapshot picture) {
    return seen == null ? Set.of() : seen.notIn(picture);
  }

  /** The present link may have missed something too: it is asked for its own picture. */
  public void lookAgain() {
    if (up && current != null) {
      current.requestSnapshot();
    }
  }

  /** The present link keeps the PBX after all; what it told meanwhile is in its next picture. */
  public void keep() {
    seen = null;
    snapshotAskedAt = null;
    askForSnapshot();
    goOn();
  }

  /**
   * Another link serves a part of the calls that are new from now on, and keeps those that it has.
   *
   * @param percent which part, 0 to 100
   */
  public void share(ProviderLink link, int percent) {
    Sharing shared = sharing;
    if (current == null) {
      return;
    }
    if (shared == null) {
      shared = new Sharing(table, environment, current, link);
      sharing = shared;
    }
    shared.share(percent);
    // What is new was perhaps told by one whom nobody heard then.
    askForSnapshot();
  }

  /** How the calls are shared; empty while they are not. */
  public Optional<ShareProgress> progress() {
    return Optional.ofNullable(sharing).map(Sharing::progress);
  }

  /**
   * The present link serves all calls again, as its next picture tells them.
   *
   * @param then runs when it does
   */
  public void shareNoMore(Runnable then) {
    Sharing shared = sharing;
    if (shared == null) {
      goOn();
      then.run();
      return;
    }
    shared.endsOn(then);
    if (shared.isPicturedBy(shared.newer())) {
      snapshotAskedAt = null; // nobody waits for that one's picture any more
    }
    shared.endTicket(askForSnapshot());
    if (!up) {
      endWithoutPicture(shared);
    } else {
      after(SNAPSHOT_PATIENCE, () -> endWithoutPicture(shared));
    }
  }

  private void endWithoutPicture(Sharing shared) {
    if (sharing == shared) {
      sharing = null;
      shared.end();
      keep();
    }
  }

  /** Nothing is asked of the PBX until another link takes over, or until {@link #keep}. */
  public void holdBack() {
    heldBack = heldBack == null ? new ArrayList<>() : heldBack;
  }

  /** What was held back is asked, in its order, of whoever has the PBX open now. */
  private void goOn() {
    List<Runnable> waiting = heldBack;
    heldBack = null;
    if (waiting != null) {
      waiting.forEach(Runnable::run);
    }
  }

  /** Nobody has the PBX open. Its sessions stay as last known. */
  public void detach(Cause cause) {
    ProviderLink before = current;
    current = null;
    seen = null;
    forgetSharing();
    snapshotAskedAt = null;
    if (before != null) {
      linkDown(before, cause);
    }
    goOn();
  }

  /** Ends what is still known: nobody can tell how it is. */
  public void endAll(Cause cause) {
    table.watchers().forEach(CallWatcher::givenUp);
    for (LiveSession session : table.all()) {
      table.end(session, cause);
      table.presume(session.call());
    }
  }

  /**
   * Asks the PBX for its picture.
   *
   * @return the ticket with which {@link CallWatcher#snapshotTaken} tells that a picture was taken
   *     after now
   */
  public long askForSnapshot() {
    Instant now = environment.now();
    boolean onItsWay =
        snapshotAskedAt != null && now.isBefore(snapshotAskedAt.plus(SNAPSHOT_PATIENCE));
    if (!onItsWay) {
      tickets++;
      requestSnapshot();
    } else if (!snapshotAgain) {
      tickets++;
      snapshotAgain = true;
    }
    return tickets;
  }

  /** A picture that was asked for and never came leaves the server with an old one: ask again. */
  private void askAgainIfSilent(Instant asked) {
    if (asked.equals(snapshotAskedAt)) {
      LOG.warn("{} has not told its calls in {}; asked again", table.provider(), SNAPSHOT_PATIENCE);
      requestSnapshot();
    }
  }

  private void requestSnapshot() {
    snapshotAgain = false;
    if (up && current != null) {
      Instant asked = environment.now();
      snapshotAskedAt = asked;
      current.requestSnapshot();
      if (sharing != null) {
        sharing.askForPictures();
      }
      environment.timers().after(SNAPSHOT_PATIENCE, () -> post(() -> askAgainIfSilent(asked)));
    }
  }

  /** Sends a command; what became of that comes back on the lane. */
  public void send(Command command, Consumer<ProviderLink.CommandResult> done) {
    if (heldBack != null) {
      heldBack.add(() -> send(command, done));
      return;
    }
    if (!up || current == null) {
      ProviderReply no = ProviderReply.Refused.of(Reason.PROVIDER_DOWN, "there is no link");
      post(() -> done.accept(new ProviderLink.CommandResult.Replied(no)));
      return;
    }
    Sharing shared = sharing;
    if (shared == null) {
      current.send(command, result -> post(() -> done.accept(result)));
      return;
    }
    if (shared.joins(command)) {
      askForSnapshot(); // what its new server has told of it was not heard
    }
    shared.send(
        command,
        result ->
            post(
                () -> {
                  shared.answered(command, result);
                  done.accept(result);
                }));
  }

  /** Asks the PBX what became of a command; the answer comes back on the lane. */
  public void ask(Command command, Consumer<CommandFate> done) {
    if (heldBack != null) {
      heldBack.add(() -> ask(command, done));
      return;
    }
    if (!up || current == null) {
      post(() -> done.accept(CommandFate.UNKNOWN));
      return;
    }
    ProviderLink server = sharing == null ? current : sharing.server(command.call());
    server.ask(command, fate -> post(() -> done.accept(fate)));
  }

  /** Whether what is known of the calls is what the PBX has told since it can be reached. */
  public boolean isPictured() {
    return pictured;
  }

  /** Whether the PBX can be reached. */
  public boolean isUp() {
    return up;
  }

  /** Why no new work is begun, where it is the driver's fault; one that hangs answers nobody. */
  public Optional<Refusal> unwell() {
    ProviderLink link = current;
    return link == null || heldBack != null
        ? Optional.empty()
        : link.unwell()
            .map(
                why ->
                    new Refusal(
                        Reason.PROVIDER_DOWN,
                        "the driver of the PBX " + provider() + " takes no new work: " + why));
  }

  public Draining draining() {
    return draining;
  }

  public CallTable calls() {
    return table;
  }

  public String provider() {
    return table.provider();
  }

  /** Whether nothing waits and nothing is known, for tests of residue. */
  boolean isEmpty() {
    return inbox.isEmpty() && table.isEmpty();
  }
}
