package org.jackfield.core.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Trait;
import org.jackfield.api.provider.AddressInfo;
import org.jackfield.api.provider.DriverMove;
import org.jackfield.api.provider.DriverShares;
import org.jackfield.api.provider.Handover;
import org.jackfield.api.provider.ProbeReport;
import org.jackfield.api.provider.ProviderConfig;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.provider.ProviderStatus.State;
import org.jackfield.api.provider.ShareProgress;
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
  private @Nullable Attempt attempt;
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
  }

  /** What is open, and from which configuration. */
  private record Active(
      OpenedProvider opened, Map<String, String> from, ProviderConfig config, Instant since) {}

  /** One try to open what is wished for; an abandoned one has no effect any more. */
  private static final class Attempt {
    final Map<String, String> from;
    final Drivers.Driver driver;

    /** What is being opened where nothing else is; until its driver has returned. */
    @Nullable OpenedProvider first;

    /** How it comes beside the one who serves, or takes over from it. */
    @Nullable Succession succession;

    /** What the link has told before {@code open} had returned. */
    final List<Runnable> early = new ArrayList<>();

    /** For whoever waits until it has succeeded or not. */
    final CompletableFuture<Void> over = new CompletableFuture<>();

    Timers.Timer deadline = Timers.Timer.NONE;

    /** For who leads a rollout: empty when it works beside the one who serves, else why not. */
    @Nullable CompletableFuture<Optional<String>> begun;

    /** Why it has come to nothing. */
    String failure = "it was given up for another";

    Attempt(Map<String, String> from, Drivers.Driver driver) {
      this.from = from;
      this.driver = driver;
    }
  }

  AddressBook addresses() {
    return addresses;
  }

  String name() {
    return name;
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
      TelephonyDriver serves = active.opened.driver().driver();
      if (chosen()
          .filter(one -> one.driver() != tried.driver() && one.driver() != serves)
          .isPresent()) {
        tryIt();
      }
    }
  }

  /** Whether nothing is open because a driver hangs that need not be waited for any more. */
  private boolean isStuck(Attempt now) {
    return now.first != null
        && now.first.unwell().isPresent()
        && chosen().filter(driver -> driver.driver() != now.driver.driver()).isPresent();
  }

  /** Whether it is open as the configuration says, with the newest driver that it allows. */
  private boolean isAsWished(Active open) {
    return wish.equals(open.from)
        && chosen().filter(driver -> driver.driver() != open.opened.driver().driver()).isEmpty();
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
    return had != null && leaving.contains(had.opened)
        ? goOver()
        : CompletableFuture.completedStage(null);
  }

  /** To whoever is opened beside already, or to the one that it would choose now. */
  private CompletionStage<Void> goOver() {
    Attempt beside = attempt;
    if (beside != null && beside.begun != null) {
      finish(false, new CompletableFuture<>());
      return beside.over;
    }
    if (removed || chosen().isEmpty()) {
      return CompletableFuture.completedStage(null);
    }
    tryIt();
    return attempt == null ? CompletableFuture.completedStage(null) : attempt.over;
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
    return !host.theDrivers().draining(one.opened.driver()).isEmpty();
  }

  /** Whether it takes new work, now that something has changed of that. */
  private void drains() {
    Drivers.Driver driver =
        active != null ? active.opened.driver() : attempt != null ? attempt.driver : null;
    String why = removed ? GONE : driver == null ? "" : host.theDrivers().draining(driver);
    standing.drains(why);
    lane.post(() -> lane.draining().because(why));
  }

  /**
   * Where that version serves it, or is to: how many are left that lived when it began to drain.
   */
  void left(Drivers.Driver driver, Consumer<CompletableFuture<OptionalInt>> answer) {
    Active open = active;
    Attempt now = attempt;
    CompletableFuture<OptionalInt> count = new CompletableFuture<>();
    if (open != null && open.opened.driver().driver() == driver.driver()) {
      // A link that has had its time and does not come tells nobody who lives.
      boolean late = !host.environment().now().isBefore(open.since.plus(COME_UP));
      lane.post(() -> count.complete(lane.draining().left(late)));
      answer.accept(count);
    } else if (open == null && now != null && now.driver.driver() == driver.driver()) {
      count.complete(OptionalInt.empty());
      answer.accept(count);
    }
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
    String why = now != null && now.begun != null ? BUSY : standing.refusal();
    done.accept(Optional.of(new DriverMove(name, moved, moved ? "" : why, took)));
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
    serves(null);
    unpublish();
    standing.health("");
    standing.refused(why);
    lane.post(() -> lane.detach(Cause.of(Cause.Code.PROVIDER_LOST)));
    lastKnown.cancel();
    lastKnown = later(LAST_KNOWN, this::forgetSessions);
    standing.becomes(State.WAITING);
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
    check(new Attempt(wish, driver.get()));
  }

  // For who leads a rollout.

  /** Whether it is open with another version of that driver and may have this one. */
  Optional<DriverShares.Candidate> candidate(Drivers.Driver driver) {
    Active open = active;
    boolean may =
        open != null
            && !removed
            && wished("driver").equals(driver.name())
            && (wished("version").isEmpty()
                || wished("version").equals(driver.version().toString()))
            && open.opened.driver().driver() != driver.driver();
    return may && open != null
        ? Optional.of(
            new DriverShares.Candidate(name, shares(driver) && shares(open.opened.driver())))
        : Optional.empty();
  }

  private static boolean shares(Drivers.Driver driver) {
    return driver.declared().has(Trait.SHARES) && !driver.declared().has(Trait.EXCLUSIVE);
  }

  void begin(Drivers.Driver driver, CompletableFuture<Optional<String>> begun) {
    if (attempt != null || candidate(driver).filter(c -> c.shares()).isEmpty()) {
      begun.complete(Optional.of("it cannot be opened with two versions now"));
      return;
    }
    Attempt now = new Attempt(wish, driver);
    now.begun = begun;
    now.over.whenComplete((over, bug) -> begun.complete(Optional.of(now.failure)));
    check(now);
  }

  void share(int percent) {
    beside().ifPresent(succession -> succession.share(percent));
  }

  private Optional<Succession> beside() {
    return Optional.ofNullable(attempt)
        .filter(now -> now.begun != null && now.begun.isDone())
        .flatMap(now -> Optional.ofNullable(now.succession));
  }

  void progress(CompletableFuture<Optional<ShareProgress>> answer) {
    if (beside().isEmpty()) {
      answer.complete(Optional.empty());
    } else {
      lane.post(() -> answer.complete(lane.progress()));
    }
  }

  void finish(boolean release, CompletableFuture<Optional<String>> answer) {
    Attempt now = attempt;
    Optional<Succession> beside = beside();
    if (now == null || beside.isEmpty()) {
      answer.complete(Optional.of(standing.refusal()));
      return;
    }
    now.failure = "";
    now.over.whenComplete(
        (over, bug) -> answer.complete(Optional.of(now.failure).filter(f -> !f.isEmpty())));
    beside.get().handOver(release);
  }

  void takeBack(String why, CompletableFuture<Void> answer) {
    Attempt now = attempt;
    if (now == null || now.begun == null) {
      answer.complete(null);
      return;
    }
    failed(now, why, false);
    boolean isTooLate = attempt == now;
    CompletionStage<Void> left =
        now.succession == null || isTooLate ? now.over : now.succession.left();
    left.whenComplete((done, bug) -> answer.complete(null));
  }

  private void check(Attempt now) {
    if (active == null) {
      standing.refused("");
      standing.becomes(State.OPENING);
    }
    attempt = now;
    drains();
    now.deadline =
        later(
            COME_UP,
            during(
                now,
                () -> {
                  examination.interrupt();
                  failed(now, "the probe took more than 10 s", true);
                }));
    examination.of(
        now.driver,
        now.from,
        () -> attempt == now,
        new Examination.Listener() {
          @Override
          public void probed(ProviderConfig config, ProbeReport report) {
            Slot.this.probed(now, config, report);
          }

          @Override
          public void unfit(String why) {
            failed(now, why, false);
          }
        });
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
    standing.probed(report);
    Optional<ProbeReport.Finding> fault =
        report.findings().stream().filter(f -> f.level() == ProbeReport.Level.FAIL).findFirst();
    if (fault.isPresent()) {
      failed(now, fault.get().subject() + ": " + fault.get().text(), true);
    } else if (active == null) {
      openFirst(now, config, Optional.empty());
    } else if (now.driver.declared().has(Trait.EXCLUSIVE)) {
      cutOver(now, config, active);
    } else {
      openBeside(now, config, active);
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
      standing.health(why.orElse(""));
      standing.tell();
    }
    if (attempt != null && isStuck(attempt)) {
      tryIt();
    }
  }

  /** Whether nothing else is open, and its driver has not yet returned from opening it. */
  private boolean isOpening(ProviderLink link, @Nullable Attempt now) {
    return active == null && now != null && now.first == link;
  }

  private void openFirst(Attempt now, ProviderConfig config, Optional<Handover> handover) {
    OpenedProvider opened = opened(now, lane::fact);
    now.first = opened;
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
    now.first = null;
    attempt = null;
    serves(new Active(opened, now.from, config, host.environment().now()));
    now.over.complete(null);
    standing.tell();
    now.early.forEach(Runnable::run);
    tryWhoCameMeanwhile(now.driver);
  }

  private void serves(@Nullable Active one) {
    active = one;
    standing.servedBy(Optional.ofNullable(one).map(a -> a.opened.driver()));
    drains();
  }

  private void openBeside(Attempt now, ProviderConfig config, Active old) {
    Succession succession = new Succession(host, lane, old.opened, new Heirs(now, config));
    now.succession = succession;
    succession.open(config);
  }

  /** What becomes of a newcomer while its attempt is the present one. */
  private final class Heirs implements Succession.Heirs {
    private final Attempt now;
    private final ProviderConfig config;

    Heirs(Attempt now, ProviderConfig config) {
      this.now = now;
      this.config = config;
    }

    @Override
    public OpenedProvider candidate(OpenedProvider.Facts facts) {
      return opened(now, facts);
    }

    @Override
    public boolean isServedBy(OpenedProvider one) {
      return active != null && active.opened == one;
    }

    @Override
    public void proven() {
      Succession succession = now.succession;
      if (now.begun != null) {
        now.begun.complete(Optional.empty());
      } else if (succession != null) {
        succession.handOver(false);
      }
    }

    @Override
    public void openingFailed(Throwable failure) {
      Slot.this.openingFailed(now, failure);
    }

    @Override
    public void failed(String why) {
      Slot.this.failed(now, why, true);
    }

    @Override
    public void takenOver(OpenedProvider candidate) {
      Active old = active;
      attempt = null;
      now.failure = "";
      serves(new Active(candidate, now.from, config, host.environment().now()));
      standing.refused("");
      standing.health("");
      if (old != null) {
        host.close(old.opened);
      }
      LOG.info("{}: {} {} is in use", name, now.driver.name(), now.driver.version());
      now.over.complete(null);
      standing.tell();
      tryWhoCameMeanwhile(now.driver);
    }
  }

  /**
   * A driver that cannot be opened twice: the old one goes first. If the new one then fails, it is
   * tried again until the file is mended; its sessions are kept meanwhile, as last known.
   */
  private void cutOver(Attempt now, ProviderConfig config, Active old) {
    old.opened.handOver(
        handover -> host.run(() -> cutOver(now, config, old, handover)),
        broken -> host.run(() -> cutOver(now, config, old, Optional.empty())),
        hangs -> host.run(() -> cutOver(now, config, old, Optional.empty())));
  }

  private void cutOver(
      Attempt now, ProviderConfig config, Active old, Optional<Handover> handover) {
    if (attempt != now) {
      giveBack(old, handover);
      return;
    }
    lane.post(() -> lane.detach(Cause.of(Cause.Code.PROVIDER_LOST)));
    unpublish();
    serves(null);
    lastKnown.cancel();
    lastKnown = later(LAST_KNOWN, this::forgetSessions);
    host.close(old.opened)
        .whenComplete((done, bug) -> host.run(during(now, () -> openFirst(now, config, handover))));
  }

  /** Its successor was given up while its last commands were on their way: it goes on. */
  private void giveBack(Active old, Optional<Handover> handover) {
    if (active == old) {
      handover.ifPresent(
          h ->
              old.opened.takeOver(
                  h,
                  failure ->
                      failure.ifPresent(
                          f ->
                              LOG.error("{}: the driver does not go on with its calls", name, f))));
    }
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
    if (now.succession != null && now.succession.isTooLateToFail()) {
      return;
    }
    now.failure = why;
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
    tryWhoCameMeanwhile(now.driver);
  }

  private void abandon() {
    retry.cancel();
    Attempt now = attempt;
    attempt = null;
    if (now != null) {
      now.deadline.cancel();
      now.over.complete(null);
      if (now.succession != null) {
        now.succession.giveUp();
      }
      if (now.first != null) {
        host.close(now.first);
        standing.health("");
        lane.post(() -> lane.detach(Cause.of(Cause.Code.PROVIDER_LOST)));
      }
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
      host.close(had.opened);
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
          if (attempt != null && attempt.begun != null) {
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
