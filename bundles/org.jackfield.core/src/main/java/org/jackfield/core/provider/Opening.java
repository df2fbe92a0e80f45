package org.jackfield.core.provider;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jackfield.api.capability.Trait;
import org.jackfield.api.provider.Handover;
import org.jackfield.api.provider.ProbeReport;
import org.jackfield.api.provider.ProviderConfig;
import org.jackfield.core.run.Timers;
import org.jackfield.core.session.ProviderLink;
import org.jackfield.core.session.SessionLane;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One try to open a PBX with a driver: where nothing else is open, beside the one who serves it, or
 * instead of that. One that is not its slot's present try any more has no effect. Touched by the
 * host's executor only.
 */
final class Opening implements Examination.Listener, Succession.Heirs {
  private static final Logger LOG = LoggerFactory.getLogger(Opening.class);

  private final Slot slot;
  private final ProviderHost host;
  private final SessionLane lane;
  private final Map<String, String> from;
  private final Drivers.Driver driver;

  /** What is being opened where nothing else is; until its driver has returned. */
  private @Nullable OpenedProvider first;

  /** How it comes beside the one who serves, or takes over from it. */
  private @Nullable Succession succession;

  /** What the link has told before {@code open} had returned. */
  private final List<Runnable> early = new ArrayList<>();

  private final CompletableFuture<Void> over = new CompletableFuture<>();
  private Timers.Timer deadline = Timers.Timer.NONE;
  private @Nullable CompletableFuture<Optional<String>> begun;
  private String failure = "it was given up for another";

  Opening(
      Slot slot,
      ProviderHost host,
      SessionLane lane,
      Map<String, String> from,
      Drivers.Driver driver) {
    this.slot = slot;
    this.host = host;
    this.lane = lane;
    this.from = from;
    this.driver = driver;
  }

  Map<String, String> from() {
    return from;
  }

  Drivers.Driver driver() {
    return driver;
  }

  boolean isOf(Drivers.Driver one) {
    return driver.driver() == one.driver();
  }

  /** Completes when it has succeeded, or has not. */
  CompletableFuture<Void> over() {
    return over;
  }

  /** Why it has come to nothing; empty when it has not. */
  String failure() {
    return failure;
  }

  /** Nothing is wrong so far. */
  void clearFailure() {
    failure = "";
  }

  /**
   * Waits beside the one who serves until it is told to go on.
   *
   * @param told gets nothing when it works, or why not
   */
  void waitBeside(CompletableFuture<Optional<String>> told) {
    begun = told;
    over.whenComplete((done, bug) -> told.complete(Optional.of(failure)));
  }

  /** Whether somebody else leads it. */
  boolean isLed() {
    return begun != null;
  }

  /** How it takes over from the one who serves; empty where it does not. */
  Optional<Succession> succession() {
    return Optional.ofNullable(succession);
  }

  /** Where it waits beside the one who serves, and works. */
  Optional<Succession> beside() {
    return begun != null && begun.isDone() ? succession() : Optional.empty();
  }

  /** Whether its driver has not yet returned from opening the link, where nothing else is open. */
  boolean isOpening(ProviderLink link) {
    return first == link;
  }

  /** Whether its driver hangs, where nothing else is open. */
  boolean hangs() {
    return first != null && first.unwell().isPresent();
  }

  void whenOpened(Runnable task) {
    early.add(task);
  }

  /** Asks the driver whether it can, and then opens it. */
  void begin(Examination examination) {
    deadline =
        slot.later(
            Slot.COME_UP,
            whilePresent(
                () -> {
                  examination.interrupt();
                  slot.failed(this, "the probe took more than 10 s", true);
                }));
    examination.of(driver, from, () -> slot.isPresent(this), this);
  }

  private Runnable whilePresent(Runnable task) {
    return () -> {
      if (slot.isPresent(this)) {
        task.run();
      }
    };
  }

  @Override
  public void unfit(String why) {
    slot.failed(this, why, false);
  }

  @Override
  public void probed(ProviderConfig config, ProbeReport report) {
    deadline.cancel();
    slot.probed(report);
    Optional<ProbeReport.Finding> fault =
        report.findings().stream().filter(f -> f.level() == ProbeReport.Level.FAIL).findFirst();
    Active serves = slot.active();
    if (fault.isPresent()) {
      slot.failed(this, fault.get().subject() + ": " + fault.get().text(), true);
    } else if (serves == null) {
      openFirst(config, Optional.empty());
    } else if (driver.declared().has(Trait.EXCLUSIVE)) {
      cutOver(config, serves);
    } else {
      Succession beside = new Succession(host, lane, serves.opened(), this);
      succession = beside;
      beside.open(config);
    }
  }

  private void openFirst(ProviderConfig config, Optional<Handover> handover) {
    OpenedProvider opened = slot.link(driver, lane::fact);
    first = opened;
    lane.post(() -> lane.attach(opened));
    slot.settlesWithin(Slot.COME_UP);
    opened.open(
        config, handover, broken -> host.run(whilePresent(() -> firstOpened(opened, broken))));
  }

  private void firstOpened(OpenedProvider opened, Optional<Throwable> broken) {
    if (broken.isPresent()) {
      openingFailed(broken.get());
      return;
    }
    first = null;
    slot.isOpen(this, opened);
  }

  /** It serves the PBX from now on. */
  void succeeded() {
    failure = "";
    over.complete(null);
  }

  void tellWhatCameEarly() {
    early.forEach(Runnable::run);
  }

  /**
   * A driver that cannot be opened twice: the old one goes first. If the new one then fails, it is
   * tried again until the file is mended; its sessions are kept meanwhile, as last known.
   */
  private void cutOver(ProviderConfig config, Active old) {
    Consumer<Optional<Handover>> then = handover -> host.run(() -> cutOver(config, old, handover));
    old.opened()
        .handOver(
            then, broken -> then.accept(Optional.empty()), hangs -> then.accept(Optional.empty()));
  }

  private void cutOver(ProviderConfig config, Active old, Optional<Handover> handover) {
    if (!slot.isPresent(this)) {
      giveBack(old, handover);
      return;
    }
    slot.letGo();
    host.close(old.opened())
        .whenComplete((done, bug) -> host.run(whilePresent(() -> openFirst(config, handover))));
  }

  /** It was given up while the last commands of the old one were on their way: that goes on. */
  private void giveBack(Active old, Optional<Handover> handover) {
    if (isServedBy(old.opened())) {
      handover.ifPresent(
          h ->
              old.opened()
                  .takeOver(
                      h,
                      broken ->
                          broken.ifPresent(
                              f ->
                                  LOG.error(
                                      "{}: the driver does not go on with its calls",
                                      slot.name(),
                                      f))));
    }
  }

  /**
   * It has no effect any more.
   *
   * @return whether nothing else is open, and its driver had not yet returned
   */
  boolean giveUp() {
    deadline.cancel();
    over.complete(null);
    succession().ifPresent(Succession::giveUp);
    OpenedProvider opening = first;
    if (opening != null) {
      host.close(opening);
    }
    return opening != null;
  }

  /**
   * It has failed, if it still can.
   *
   * @return whether it is too late for that
   */
  boolean fails(String why) {
    boolean isTooLate = succession().filter(Succession::isTooLateToFail).isPresent();
    failure = isTooLate ? failure : why;
    return isTooLate;
  }

  // What becomes of the newcomer.

  @Override
  public OpenedProvider candidate(OpenedProvider.Facts facts) {
    return slot.link(driver, facts);
  }

  @Override
  public boolean isServedBy(OpenedProvider one) {
    Active serves = slot.active();
    return serves != null && serves.opened() == one;
  }

  @Override
  public void proven() {
    if (begun != null) {
      begun.complete(Optional.empty());
    } else {
      succession().ifPresent(newcomer -> newcomer.handOver(false));
    }
  }

  @Override
  public void openingFailed(Throwable broken) {
    boolean ourFault = broken instanceof IllegalArgumentException;
    if (!ourFault) {
      LOG.error("{}: the driver broke when it had to open the PBX", slot.name(), broken);
    }
    String text = String.valueOf(broken.getMessage());
    slot.failed(this, ourFault ? text : "the driver broke: " + text, !ourFault);
  }

  @Override
  public void failed(String why) {
    slot.failed(this, why, true);
  }

  @Override
  public void takenOver(OpenedProvider candidate) {
    slot.isTakenOver(this, candidate);
  }
}
