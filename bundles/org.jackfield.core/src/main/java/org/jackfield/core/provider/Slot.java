package org.jackfield.core.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.provider.AddressInfo;
import org.jackfield.api.provider.DriverMove;
import org.jackfield.api.provider.ProbeReport;
import org.jackfield.api.provider.ProviderEvent;
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

  /** How long sessions are shown as last known when their driver is gone. */
  static final Duration LAST_KNOWN = Duration.ofSeconds(30);

  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration LAST_RETRY = Duration.ofSeconds(30);

  private static final String CHANGE_REFUSED = "the changed configuration is refused";
  private static final String GONE = "the PBX is being taken out";
  private static final String BUSY = "a rollout of another version is under way";
  private static final Logger LOG = LoggerFactory.getLogger(Slot.class);

  private final ProviderHost host;
  private final String name;
  private final SessionLane lane;
  private final AddressBook addresses = new AddressBook();
  private final Examination examination;
  private final Standing standing;
  private Map<String, String> wish = Map.of();
  private final LedSlot led;
  private @Nullable Opening attempt;
  private @Nullable Active active;

  private Duration backoff = FIRST_RETRY;
  private Timers.Timer retry = Timers.Timer.NONE;
  private Timers.Timer lastKnown = Timers.Timer.NONE;
  private Runnable unpublish = () -> {};
  private boolean settled;
  private boolean removed;

  Slot(ProviderHost host, String name) {
    this.host = host;
    this.name = name;
    this.lane = host.lanes().create(name, this);
    this.examination = new Examination(host, name);
    this.standing = new Standing(host, name);
    this.led = new LedSlot(this, lane);
  }

  AddressBook addresses() {
    return addresses;
  }

  String name() {
    return name;
  }

  /** For who leads a rollout. */
  LedSlot led() {
    return led;
  }

  boolean isSettled() {
    return settled;
  }

  /** The configuration is new or has changed. */
  void configure(Map<String, String> properties) {
    if (removed) {
      removed = false;
      lane.post(() -> lane.draining().whenEmpty(null));
      drains();
    }
    wish = Map.copyOf(properties);
    standing.wishes(wish.getOrDefault("driver", ""));
    backoff = FIRST_RETRY;
    tryIt();
  }

  /** A driver has come: perhaps the one that is waited for. */
  void driverCame(TelephonyDriver driver) {
    boolean isIt = chosen().filter(one -> one.driver() == driver).isPresent();
    if (isIt
        && !removed
        && (attempt == null || isStuck(attempt))
        && (active == null || !isAsWished(active))) {
      tryIt();
    }
  }

  /** A driver that came while another one was tried has its turn when that is over. */
  private void tryWhoCameMeanwhile(Drivers.Driver tried) {
    if (active != null && !removed) {
      Active serves = active;
      if (chosen()
          .filter(one -> one.driver() != tried.driver() && !serves.isOf(one.driver()))
          .isPresent()) {
        tryIt();
      }
    }
  }

  /** Whether nothing is open because a driver hangs that need not be waited for any more. */
  private boolean isStuck(Opening now) {
    return now.hangs() && chosen().filter(one -> !now.isOf(one)).isPresent();
  }

  /** Whether it is open as the configuration says, with the newest driver that it allows. */
  private boolean isAsWished(Active open) {
    return wish.equals(open.from()) && chosen().filter(one -> !open.isOf(one.driver())).isEmpty();
  }

  private Optional<Drivers.Driver> chosen() {
    return host.theDrivers()
        .choose(name, wished("driver"), Optional.of(wished("version")).filter(v -> !v.isEmpty()));
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
    return had != null && leaving.contains(had.opened())
        ? goOver()
        : CompletableFuture.completedStage(null);
  }

  /** To whoever is opened beside already, or to the one that it would choose now. */
  private CompletionStage<Void> goOver() {
    Opening beside = attempt;
    if (beside != null && beside.isLed()) {
      led.finish(false, new CompletableFuture<>());
      return beside.over();
    }
    if (removed || chosen().isEmpty()) {
      return CompletableFuture.completedStage(null);
    }
    tryIt();
    return attempt == null ? CompletableFuture.completedStage(null) : attempt.over();
  }

  /**
   * A version is to be taken out, or no longer.
   *
   * @return completes when it has gone over to another, or stays
   */
  CompletionStage<Void> drainingChanged() {
    drains();
    Active had = active;
    return had != null && isDraining(had) && !isAsWished(had)
        ? goOver()
        : CompletableFuture.completedStage(null);
  }

  private boolean isDraining(Active one) {
    return !host.theDrivers().draining(one.opened().driver()).isEmpty();
  }

  /** Whether it takes new work, now that something has changed of that. */
  private void drains() {
    Drivers.Driver driver =
        active != null ? active.opened().driver() : attempt != null ? attempt.driver() : null;
    String why = removed ? GONE : driver == null ? "" : host.theDrivers().draining(driver);
    standing.drains(why);
    lane.post(() -> lane.draining().because(why));
  }

  /**
   * Where that version serves it, or is to: how many are left that lived when it began to drain.
   */
  void left(Drivers.Driver driver, Consumer<CompletableFuture<OptionalInt>> answer) {
    Active open = active;
    Opening now = attempt;
    CompletableFuture<OptionalInt> count = new CompletableFuture<>();
    if (open != null && open.isOf(driver.driver())) {
      // A link that has had its time and does not come tells nobody who lives.
      boolean late = !host.environment().now().isBefore(open.since().plus(COME_UP));
      lane.post(() -> count.complete(lane.draining().left(late)));
      answer.accept(count);
    } else if (open == null && now != null && now.isOf(driver)) {
      count.complete(OptionalInt.empty());
      answer.accept(count);
    }
  }

  /** How it moves to a driver that has come; {@code done} with nothing if it does not try to. */
  void moveTo(Drivers.Driver driver, Instant from, Consumer<Optional<DriverMove>> done) {
    Opening now = attempt;
    if (now != null && now.isOf(driver) && active != null) {
      now.over().whenComplete((over, bug) -> host.run(() -> moveTo(driver, from, done)));
      return;
    }
    boolean wants = chosen().filter(one -> one.driver() == driver.driver()).isPresent();
    if (removed || active == null || !wants) {
      done.accept(Optional.empty());
      return;
    }
    boolean moved = active.isOf(driver.driver());
    Duration took = Duration.between(from, host.environment().now());
    String why = now != null && now.isLed() ? BUSY : standing.refusal();
    done.accept(Optional.of(new DriverMove(name, moved, moved ? "" : why, took)));
  }

  /**
   * A driver has gone, and may have come again.
   *
   * @param dead all that it had open when it went
   */
  void driverWent(TelephonyDriver driver, List<OpenedProvider> dead) {
    Active had = active;
    if (had != null && dead.contains(had.opened())) {
      lose("its driver " + had.opened().driver().name() + " has gone");
      tryIt();
    } else if (attempt != null && attempt.driver().driver() == driver) {
      tryIt();
    }
  }

  private void lose(String why) {
    letGo();
    standing.health("");
    standing.refused(why);
    standing.becomes(State.WAITING);
  }

  /** Nobody serves it now: its sessions are shown as last known for a while. */
  void letGo() {
    serves(null);
    unpublish();
    lane.post(() -> lane.detach(Cause.of(Cause.Code.PROVIDER_LOST)));
    lastKnown.cancel();
    lastKnown = later(LAST_KNOWN, this::forgetSessions);
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

  Timers.Timer later(Duration delay, Runnable task) {
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
    tryIt(driver.get(), now -> {});
  }

  /** Tries to open it with that driver. */
  void tryIt(Drivers.Driver driver, Consumer<Opening> how) {
    Opening now = new Opening(this, host, lane, wish, driver);
    how.accept(now);
    if (active == null) {
      standing.refused("");
      standing.becomes(State.OPENING);
    }
    attempt = now;
    drains();
    now.begin(examination);
  }

  // For the present try, and for who leads it.

  @Nullable Active active() {
    return active;
  }

  @Nullable Opening attempt() {
    return attempt;
  }

  boolean isPresent(Opening one) {
    return attempt == one;
  }

  /** Whether its configuration lets it have that driver. */
  boolean mayHave(Drivers.Driver driver) {
    return !removed
        && wished("driver").equals(driver.name())
        && (wished("version").isEmpty() || wished("version").equals(driver.version().toString()));
  }

  String refusal() {
    return standing.refusal();
  }

  void probed(ProbeReport report) {
    standing.probed(report);
  }

  void settlesWithin(Duration time) {
    later(time, this::settle);
  }

  /** It is open, where nothing else was. */
  void isOpen(Opening now, OpenedProvider opened) {
    serves(now, opened);
    succeeded(now);
    now.tellWhatCameEarly();
    tryWhoCameMeanwhile(now.driver());
  }

  /** It has taken over from the one before. */
  void isTakenOver(Opening now, OpenedProvider candidate) {
    Active old = active;
    serves(now, candidate);
    standing.refused("");
    standing.health("");
    if (old != null) {
      host.close(old.opened());
    }
    LOG.info("{}: {} {} is in use", name, now.driver().name(), now.driver().version());
    succeeded(now);
    tryWhoCameMeanwhile(now.driver());
  }

  private void serves(Opening now, OpenedProvider opened) {
    attempt = null;
    serves(new Active(opened, now.from(), host.environment().now()));
  }

  private void succeeded(Opening now) {
    now.succeeded();
    standing.tell();
  }

  /** Makes a driver's way to the PBX. It leads to no try, which would lead to the one before. */
  OpenedProvider link(Drivers.Driver driver, OpenedProvider.Facts facts) {
    OpenedProvider[] self = new OpenedProvider[1];
    OpenedProvider opened =
        new OpenedProvider(
            name, driver, host.environment(), facts, why -> host.run(() -> healthOf(self[0], why)));
    self[0] = opened;
    host.opened(opened);
    return opened;
  }

  private void healthOf(OpenedProvider opened, Optional<String> why) {
    if (active != null && active.opened() == opened || isOpening(opened, attempt)) {
      standing.health(why.orElse(""));
      standing.tell();
    }
    if (attempt != null && isStuck(attempt)) {
      tryIt();
    }
  }

  /** Whether nothing else is open, and its driver has not yet returned from opening it. */
  private boolean isOpening(ProviderLink link, @Nullable Opening now) {
    return active == null && now != null && now.isOpening(link);
  }

  private void serves(@Nullable Active one) {
    active = one;
    standing.servedBy(Optional.ofNullable(one).map(a -> a.opened().driver()));
    drains();
  }

  /** It has come to nothing, unless it is too late for that. */
  void failed(Opening now, String why, boolean again) {
    if (now.fails(why)) {
      return;
    }
    abandon();
    boolean isNews = active == null || !now.from().equals(active.from());
    Drivers.Driver driver = now.driver();
    refuse(
        State.FAILED,
        isNews ? CHANGE_REFUSED : driver.name() + " " + driver.version() + " is not used",
        why);
    if (again && active == null) {
      retry = later(backoff, this::tryIt);
      Duration twice = backoff.multipliedBy(2);
      backoff = twice.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : twice;
    }
    tryWhoCameMeanwhile(driver);
  }

  private void abandon() {
    retry.cancel();
    Opening now = attempt;
    attempt = null;
    if (now != null && now.giveUp()) {
      standing.health("");
      lane.post(() -> lane.detach(Cause.of(Cause.Code.PROVIDER_LOST)));
    }
  }

  private void refuse(State otherwise, String why) {
    refuse(otherwise, CHANGE_REFUSED, why);
  }

  /** What is open goes on; else the PBX is as said. */
  private void refuse(State otherwise, String what, String why) {
    if (active == null) {
      standing.refused(why);
      settle();
      LOG.warn("{}: {}", name, why);
      standing.becomes(otherwise);
    } else {
      standing.refused(what + ": " + why);
      LOG.warn("{}: {}; the old one goes on", name, standing.refusal());
      standing.tell();
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
      drains();
      lane.post(() -> lane.draining().whenEmpty(() -> host.run(this::drained)));
    }
  }

  private void drained() {
    if (removed) {
      shutDown();
      host.gone(name, standing.status());
    }
  }

  /** Closes what is open. */
  void shutDown() {
    abandon();
    lastKnown.cancel();
    unpublish();
    Active had = active;
    serves(null);
    if (had != null) {
      host.close(had.opened());
    }
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
    Opening now = attempt;
    if (active != null && active.opened() == link) {
      task.accept(active.opened());
    } else if (now != null && isOpening(link, now)) {
      now.whenOpened(() -> take(link, task));
    }
  }

  @Override
  public void linkUp(ProviderLink link, ProviderEvent.LinkUp event) {
    onActive(
        link,
        opened -> {
          Capabilities capabilities = standing.can(event);
          standing.refused("");
          unpublish();
          unpublish =
              host.publisher()
                  .publish(
                      new PublishedProvider(opened),
                      PublishedProvider.properties(opened, capabilities));
          standing.becomes(State.UP);
        });
  }

  @Override
  public void linkDown(ProviderLink link, Cause cause) {
    onActive(
        link,
        opened -> {
          unpublish();
          if (attempt != null && attempt.isLed()) {
            failed(attempt, "the version before lost its link", false);
          }
          standing.refused(
              "the link is lost: " + (cause.driver().isEmpty() ? cause.text() : cause.driver()));
          standing.becomes(State.DOWN);
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
