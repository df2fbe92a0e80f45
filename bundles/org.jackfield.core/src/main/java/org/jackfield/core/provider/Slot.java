package org.jackfield.core.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.capability.Trait;
import org.jackfield.api.provider.AddressInfo;
import org.jackfield.api.provider.DriverMove;
import org.jackfield.api.provider.Handover;
import org.jackfield.api.provider.ProbeReport;
import org.jackfield.api.provider.ProviderConfig;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.provider.ProviderStatus;
import org.jackfield.api.provider.ProviderStatus.State;
import org.jackfield.api.provider.TelephonyDriver;
import org.jackfield.api.session.Cause;
import org.jackfield.core.run.Timers;
import org.jackfield.core.session.LaneListener;
import org.jackfield.core.session.ProviderLink;
import org.jackfield.core.session.SessionLane;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One configured PBX: what it should be, and what it is. Touched by the host's executor only. */
final class Slot implements LaneListener {
  /** How long a changed configuration may take until the old one is kept. */
  static final Duration COME_UP = Duration.ofSeconds(10);

  /** How long a driver may take to hand over to another, and that to take over. */
  static final Duration HAND_OVER = Duration.ofSeconds(5);

  /** How long sessions are shown as last known when their driver is gone. */
  static final Duration LAST_KNOWN = Duration.ofSeconds(30);

  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration LAST_RETRY = Duration.ofSeconds(30);

  private static final String CHANGE_REFUSED = "the changed configuration is refused";
  private static final Logger LOG = LoggerFactory.getLogger(Slot.class);

  private final ProviderHost host;
  private final String name;
  private final SessionLane lane;
  private final AddressBook addresses = new AddressBook();
  private Map<String, String> wish = Map.of();
  private @Nullable Attempt attempt;
  private @Nullable Active active;

  /** The driver that is asked for its schema and its probe, and has not come back yet. */
  private @Nullable TelephonyDriver looking;

  private Runnable nextLook = () -> {};

  private Duration backoff = FIRST_RETRY;
  private Timers.Timer retry = Timers.Timer.NONE;
  private Timers.Timer lastKnown = Timers.Timer.NONE;
  private State state = State.WAITING;
  private Instant since;
  private String refusal = "";
  private String health = "";
  private Capabilities capabilities = Capabilities.NONE;
  private Map<Operation, String> absent = Map.of();
  private ProbeReport probe = new ProbeReport(List.of());
  private Runnable unpublish = () -> {};
  private boolean settled;
  private boolean removed;

  Slot(ProviderHost host, String name) {
    this.host = host;
    this.name = name;
    this.lane = host.lanes().create(name, this);
    this.since = host.environment().now();
  }

  /** What is open, and from which configuration. */
  private record Active(OpenedProvider opened, Map<String, String> from, ProviderConfig config) {}

  /** One try to open what is wished for; an abandoned one has no effect any more. */
  private static final class Attempt {
    final Map<String, String> from;
    final Drivers.Driver driver;
    @Nullable OpenedProvider candidate;
    @Nullable Gate gate;

    /** What the link has told before {@code open} had returned. */
    final List<Runnable> early = new ArrayList<>();

    /** For whoever waits until it has succeeded or not. */
    final CompletableFuture<Void> over = new CompletableFuture<>();

    /** Whether what is asked of the PBX waits until it has taken over. */
    boolean holdsBack;

    /** What the present one has handed over for it. */
    Optional<Handover> handedOver = Optional.empty();

    Timers.Timer deadline = Timers.Timer.NONE;

    Attempt(Map<String, String> from, Drivers.Driver driver) {
      this.from = from;
      this.driver = driver;
    }
  }

  AddressBook addresses() {
    return addresses;
  }

  boolean isSettled() {
    return settled;
  }

  /** The configuration is new or has changed. */
  void configure(Map<String, String> properties) {
    if (removed) {
      removed = false;
      lane.post(() -> lane.drain(false, null));
      if (state == State.DRAINING) {
        state(active == null ? State.WAITING : lane().isUp() ? State.UP : State.DOWN);
      }
    }
    wish = Map.copyOf(properties);
    backoff = FIRST_RETRY;
    tryIt();
  }

  private SessionLane lane() {
    return lane;
  }

  /** A driver has come: perhaps the one that is waited for. */
  void driverCame() {
    if (!removed && attempt == null && (active == null || !isAsWished(active))) {
      tryIt();
    }
  }

  /** Whether it is open as the configuration says, with the newest driver that it allows. */
  private boolean isAsWished(Active open) {
    return wish.equals(open.from)
        && chosen().filter(driver -> driver.driver() != open.opened.driver().driver()).isEmpty();
  }

  private Optional<Drivers.Driver> chosen() {
    return host.theDrivers()
        .choose(wished("driver"), Optional.of(wished("version")).filter(v -> !v.isEmpty()));
  }

  private String wished(String key) {
    return wish.getOrDefault(key, "").strip();
  }

  /**
   * The driver of these is about to go.
   *
   * @return completes when another version has taken over from it, or there is none that does
   */
  CompletionStage<Void> moveFrom(List<OpenedProvider> leaving) {
    Active had = active;
    if (had == null || !leaving.contains(had.opened) || removed || chosen().isEmpty()) {
      return CompletableFuture.completedStage(null);
    }
    tryIt();
    return attempt == null ? CompletableFuture.completedStage(null) : attempt.over;
  }

  /** How it moves to a driver that has come; {@code done} with nothing if it does not try to. */
  void moveTo(Drivers.Driver driver, Instant from, Consumer<Optional<DriverMove>> done) {
    Attempt now = attempt;
    if (now != null && now.driver.driver() == driver.driver() && active != null) {
      now.over.whenComplete((over, bug) -> host.run(() -> moveTo(driver, from, done)));
      return;
    }
    boolean wants = chosen().filter(one -> one.driver() == driver.driver()).isPresent();
    if (removed || active == null || !wants) {
      done.accept(Optional.empty());
      return;
    }
    boolean moved = active.opened.driver().driver() == driver.driver();
    Duration took = Duration.between(from, host.environment().now());
    done.accept(Optional.of(new DriverMove(name, moved, moved ? "" : refusal, took)));
  }

  /**
   * A driver has gone, and may have come again.
   *
   * @param dead all that it had open when it went
   */
  void driverWent(TelephonyDriver driver, List<OpenedProvider> dead) {
    Active had = active;
    if (had != null && dead.contains(had.opened)) {
      lose("its driver " + had.opened.driver().name() + " has gone");
      tryIt();
    } else if (attempt != null && attempt.driver.driver() == driver) {
      tryIt();
    }
  }

  private void lose(String why) {
    active = null;
    unpublish();
    health = "";
    refusal = why;
    lane.post(() -> lane.detach(Cause.of(Cause.Code.PROVIDER_LOST)));
    lastKnown.cancel();
    lastKnown = later(LAST_KNOWN, this::forgetSessions);
    state(State.WAITING);
  }

  private void forgetSessions() {
    lane.post(
        () -> {
          // A picture that came in the same moment tells how they are.
          if (!lane.isPictured()) {
            lane.endAll(Cause.of(Cause.Code.UNKNOWN));
          }
        });
  }

  private Timers.Timer later(Duration delay, Runnable task) {
    return host.environment().timers().after(delay, () -> host.run(task));
  }

  private void tryIt() {
    abandon();
    if (removed) {
      return;
    }
    if (wished("driver").isEmpty()) {
      refuse(State.FAILED, "the key driver is missing");
      return;
    }
    Optional<Drivers.Driver> driver = chosen();
    if (driver.isEmpty()) {
      String which = (wished("driver") + " " + wished("version")).strip();
      refuse(State.WAITING, "its driver " + which + " is not there");
      return;
    }
    check(driver.get());
  }

  private void check(Drivers.Driver driver) {
    Map<String, String> own = new HashMap<>(wish);
    own.remove("driver");
    own.remove("version");
    if (active == null) {
      refusal = "";
      state(State.OPENING);
    }
    Attempt now = new Attempt(wish, driver);
    attempt = now;
    now.deadline =
        later(COME_UP, during(now, () -> failed(now, "the probe took more than 10 s", true)));
    nextLook = during(now, () -> startLook(now, own));
    if (looking != driver.driver()) {
      nextLook.run();
    }
  }

  /** One thread for each driver at most: one that never comes back costs no second one. */
  private void startLook(Attempt now, Map<String, String> own) {
    looking = now.driver.driver();
    host.environment().blocking().execute(() -> look(now, own));
  }

  /** On a thread of its own: the driver may block. */
  private void look(Attempt now, Map<String, String> own) {
    Runnable found;
    try {
      ConfigCheck.Checked checked = ConfigCheck.check(name, own, now.driver.askForSchema());
      found =
          checked
              .config()
              .map(config -> probe(now, config))
              .orElse(() -> failed(now, String.join("; ", checked.errors()), false));
    } catch (RuntimeException | Error bug) {
      LOG.error("{}: the driver broke when it had to tell its schema", name, bug);
      found = () -> failed(now, "the driver broke: " + bug.getMessage(), false);
    }
    Runnable then = found;
    host.run(() -> looked(now, then));
  }

  private void looked(Attempt now, Runnable found) {
    boolean mine = looking == now.driver.driver();
    if (mine) {
      looking = null;
    }
    if (attempt == now) {
      found.run();
    } else if (mine) {
      nextLook.run(); // what was wished for meanwhile, if it has not been given up
    }
  }

  private Runnable probe(Attempt now, ProviderConfig config) {
    ProbeReport report;
    try {
      report = Objects.requireNonNull(now.driver.driver().probe(config), "no report");
    } catch (RuntimeException | Error bug) {
      LOG.error("{}: the probe of the driver broke", name, bug);
      report =
          new ProbeReport(
              List.of(
                  new ProbeReport.Finding(
                      ProbeReport.Level.FAIL, "probe", "the driver broke: " + bug.getMessage())));
    }
    ProbeReport found = report;
    return () -> probed(now, config, found);
  }

  private Runnable during(Attempt wanted, Runnable task) {
    return () -> {
      if (attempt == wanted) {
        task.run();
      }
    };
  }

  private void probed(Attempt now, ProviderConfig config, ProbeReport report) {
    now.deadline.cancel();
    probe = report;
    Optional<ProbeReport.Finding> fault =
        report.findings().stream().filter(f -> f.level() == ProbeReport.Level.FAIL).findFirst();
    if (fault.isPresent()) {
      failed(now, fault.get().subject() + ": " + fault.get().text(), true);
    } else if (active == null) {
      openFirst(now, config, Optional.empty());
    } else if (now.driver.declared().has(Trait.EXCLUSIVE)) {
      cutOver(now, config, active);
    } else {
      openBeside(now, config);
    }
  }

  private OpenedProvider opened(Attempt now, OpenedProvider.Facts facts) {
    OpenedProvider[] self = new OpenedProvider[1];
    OpenedProvider opened =
        new OpenedProvider(
            name,
            now.driver,
            host.environment(),
            facts,
            why -> host.run(() -> healthOf(self[0], why)));
    self[0] = opened;
    host.opened(opened);
    return opened;
  }

  private void healthOf(OpenedProvider opened, Optional<String> why) {
    if (active != null && active.opened == opened || isOpening(opened, attempt)) {
      health = why.orElse("");
      host.publish(status());
    }
  }

  /** Whether nothing else is open, and its driver has not yet returned from opening it. */
  private boolean isOpening(ProviderLink link, @Nullable Attempt now) {
    return active == null && now != null && now.candidate == link;
  }

  private void openFirst(Attempt now, ProviderConfig config, Optional<Handover> handover) {
    OpenedProvider opened = opened(now, lane::fact);
    now.candidate = opened;
    lane.post(() -> lane.attach(opened));
    later(COME_UP, this::settle);
    opened.open(
        config,
        handover,
        failure -> host.run(during(now, () -> firstOpened(now, opened, config, failure))));
  }

  private void firstOpened(
      Attempt now, OpenedProvider opened, ProviderConfig config, Optional<Throwable> failure) {
    if (failure.isPresent()) {
      openingFailed(now, failure.get());
      return;
    }
    now.candidate = null;
    attempt = null;
    active = new Active(opened, now.from, config);
    now.over.complete(null);
    host.publish(status());
    now.early.forEach(Runnable::run);
  }

  private void openBeside(Attempt now, ProviderConfig config) {
    Gate gate =
        new Gate(
            lane,
            () -> host.run(during(now, () -> proven(now))),
            () -> host.run(during(now, () -> takenOver(now, config))));
    now.gate = gate;
    OpenedProvider opened = opened(now, gate);
    now.candidate = opened;
    now.deadline =
        later(COME_UP, during(now, () -> failed(now, "it did not come up in 10 s", false)));
    opened.open(
        config,
        Optional.empty(),
        failure -> failure.ifPresent(f -> host.run(during(now, () -> openingFailed(now, f)))));
  }

  /** It works. From here on nothing is asked of the PBX until it has taken over. */
  private void proven(Attempt now) {
    Active old = active;
    if (old == null) {
      failed(now, "what it was to take over from has gone", true);
      return;
    }
    Optional<String> lie =
        Optional.ofNullable(now.gate).flatMap(gate -> gate.lie(now.driver.declared()));
    if (lie.isPresent()) {
      failed(now, lie.get(), false);
      return;
    }
    now.deadline.cancel();
    now.deadline =
        later(HAND_OVER, during(now, () -> failed(now, "the hand-over took more than 5 s", false)));
    now.holdsBack = true;
    lane.post(lane::holdBack);
    // After what is on its way to the old one already.
    lane.post(
        () ->
            old.opened.handOver(
                handover -> host.run(() -> handedOver(now, old.opened, handover)),
                broken ->
                    host.run(
                        during(now, () -> failed(now, "the old one broke: " + broken, false)))));
  }

  private void handedOver(Attempt now, OpenedProvider old, Optional<Handover> handover) {
    OpenedProvider candidate = now.candidate;
    Gate gate = now.gate;
    if (attempt != now || candidate == null || gate == null) {
      giveBack(old, handover);
      return;
    }
    now.handedOver = handover;
    if (handover.isEmpty()) {
      takesOver(candidate, gate);
      return;
    }
    candidate.takeOver(
        handover.get(),
        failure ->
            host.run(
                during(
                    now,
                    () ->
                        failure.ifPresentOrElse(
                            f -> failed(now, "it does not take over: " + f.getMessage(), false),
                            () -> takesOver(candidate, gate)))));
  }

  private void takesOver(OpenedProvider candidate, Gate gate) {
    lane.post(
        () -> {
          lane.awaitOther();
          gate.takesOver(candidate);
        });
  }

  /** The one that handed over goes on; what changed meanwhile is in its next picture. */
  private void giveBack(OpenedProvider old, Optional<Handover> handover) {
    if (active == null || active.opened != old) {
      return;
    }
    handover.ifPresent(
        h ->
            old.takeOver(
                h,
                failure ->
                    failure.ifPresent(
                        f -> LOG.error("{}: the driver does not go on with its calls", name, f))));
    lane.post(lane::keep);
  }

  private void takenOver(Attempt now, ProviderConfig config) {
    Active old = active;
    OpenedProvider candidate = now.candidate;
    if (candidate == null) {
      return;
    }
    now.deadline.cancel();
    attempt = null;
    active = new Active(candidate, now.from, config);
    refusal = "";
    health = "";
    if (old != null) {
      host.close(old.opened);
    }
    LOG.info("{}: {} {} is in use", name, now.driver.name(), now.driver.version());
    now.over.complete(null);
    host.publish(status());
  }

  /**
   * A driver that cannot be opened twice: the old one goes first. If the new one then fails, it is
   * tried again until the file is mended; its sessions are kept meanwhile, as last known.
   */
  private void cutOver(Attempt now, ProviderConfig config, Active old) {
    old.opened.handOver(
        handover -> host.run(() -> cutOver(now, config, old, handover)),
        broken -> host.run(() -> cutOver(now, config, old, Optional.empty())));
  }

  private void cutOver(
      Attempt now, ProviderConfig config, Active old, Optional<Handover> handover) {
    lane.post(() -> lane.detach(Cause.of(Cause.Code.PROVIDER_LOST)));
    unpublish();
    active = null;
    lastKnown.cancel();
    lastKnown = later(LAST_KNOWN, this::forgetSessions);
    host.close(old.opened)
        .whenComplete((done, bug) -> host.run(during(now, () -> openFirst(now, config, handover))));
  }

  private void openingFailed(Attempt now, Throwable failure) {
    boolean ourFault = failure instanceof IllegalArgumentException;
    if (!ourFault) {
      LOG.error("{}: the driver broke when it had to open the PBX", name, failure);
    }
    String text = String.valueOf(failure.getMessage());
    failed(now, ourFault ? text : "the driver broke: " + text, !ourFault);
  }

  private void failed(Attempt now, String why, boolean again) {
    if (now.gate != null && now.gate.shut()) {
      // Its picture came in the same moment; what follows is on its way.
      return;
    }
    abandon();
    boolean isNews = active == null || !now.from.equals(active.from);
    refuse(
        State.FAILED,
        isNews ? CHANGE_REFUSED : now.driver.name() + " " + now.driver.version() + " is not used",
        why);
    if (again && active == null) {
      retry = later(backoff, this::tryIt);
      Duration twice = backoff.multipliedBy(2);
      backoff = twice.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : twice;
    }
  }

  private void abandon() {
    retry.cancel();
    Attempt now = attempt;
    attempt = null;
    if (now != null) {
      now.deadline.cancel();
      now.over.complete(null);
      if (active != null && now.holdsBack) {
        giveBack(active.opened, now.handedOver);
      }
      if (now.candidate != null) {
        if (now.handedOver.isPresent()) {
          // It may have the calls already, and must not put them back where the PBX keeps them.
          now.candidate.handOver(given -> {}, broken -> {});
        }
        host.close(now.candidate);
        if (active == null) {
          health = "";
          lane.post(() -> lane.detach(Cause.of(Cause.Code.PROVIDER_LOST)));
        }
      }
    }
  }

  private void refuse(State otherwise, String why) {
    refuse(otherwise, CHANGE_REFUSED, why);
  }

  /** What is open goes on; else the PBX is as said. */
  private void refuse(State otherwise, String what, String why) {
    if (active == null) {
      refusal = why;
      settle();
      LOG.warn("{}: {}", name, why);
      state(otherwise);
    } else {
      refusal = what + ": " + why;
      LOG.warn("{}: {}; the old one goes on", name, refusal);
      host.publish(status());
    }
  }

  private void settle() {
    settled = true;
    host.settled();
  }

  /** The configuration is gone: no new work, and the end when the last session is over. */
  void remove() {
    removed = true;
    abandon();
    if (active == null) {
      lane.post(
          () -> {
            lane.endAll(Cause.of(Cause.Code.UNKNOWN));
            host.run(this::drained);
          });
    } else {
      state(State.DRAINING);
      lane.post(() -> lane.drain(true, () -> host.run(this::drained)));
    }
  }

  private void drained() {
    if (removed) {
      shutDown();
      host.gone(name, status());
    }
  }

  /** Closes what is open. */
  void shutDown() {
    abandon();
    lastKnown.cancel();
    unpublish();
    Active had = active;
    active = null;
    if (had != null) {
      host.close(had.opened);
    }
  }

  private void state(State now) {
    if (state != now) {
      state = now;
      since = host.environment().now();
    }
    host.publish(status());
  }

  ProviderStatus status() {
    String why =
        String.join("; ", List.of(refusal, health).stream().filter(s -> !s.isEmpty()).toList());
    if (why.isEmpty() && state == State.OPENING) {
      why = "the link is not up yet";
    }
    return new ProviderStatus(
        name,
        active == null ? wish.getOrDefault("driver", "") : active.opened.driver().name(),
        active == null ? "" : active.opened.driver().version().toString(),
        state,
        why,
        since,
        capabilities,
        absent,
        probe,
        host.sessions(name));
  }

  private void unpublish() {
    unpublish.run();
    unpublish = () -> {};
  }

  // From the lane.

  private void onActive(ProviderLink link, Consumer<OpenedProvider> task) {
    host.run(() -> take(link, task));
  }

  private void take(ProviderLink link, Consumer<OpenedProvider> task) {
    Attempt now = attempt;
    if (active != null && active.opened == link) {
      task.accept(active.opened);
    } else if (now != null && isOpening(link, now)) {
      now.early.add(() -> take(link, task));
    }
  }

  @Override
  public void linkUp(ProviderLink link, ProviderEvent.LinkUp event) {
    onActive(
        link,
        opened -> {
          capabilities = event.capabilities();
          absent = event.absent();
          refusal = "";
          unpublish();
          unpublish =
              host.publisher()
                  .publish(
                      new PublishedProvider(opened),
                      PublishedProvider.properties(opened, capabilities));
          state(removed ? State.DRAINING : State.UP);
        });
  }

  @Override
  public void linkDown(ProviderLink link, Cause cause) {
    onActive(
        link,
        opened -> {
          unpublish();
          refusal =
              "the link is lost: " + (cause.driver().isEmpty() ? cause.text() : cause.driver());
          state(removed ? State.DRAINING : State.DOWN);
        });
  }

  @Override
  public void snapshotTaken(ProviderLink link) {
    onActive(
        link,
        opened -> {
          lastKnown.cancel();
          if (!settled) {
            settle();
          }
        });
  }

  @Override
  public void addressChanged(AddressInfo address) {
    addresses.put(address);
  }
}
