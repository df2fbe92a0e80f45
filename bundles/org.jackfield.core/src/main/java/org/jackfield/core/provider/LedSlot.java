package org.jackfield.core.provider;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jackfield.api.capability.Trait;
import org.jackfield.api.provider.DriverShares;
import org.jackfield.api.provider.ShareProgress;
import org.jackfield.core.session.SessionLane;

/**
 * How one PBX goes over to another version by shares, led by somebody else. Touched by the host's
 * executor only.
 */
final class LedSlot {
  private final Slot slot;
  private final SessionLane lane;

  LedSlot(Slot slot, SessionLane lane) {
    this.slot = slot;
    this.lane = lane;
  }

  /** Whether it is open with another version of that driver and may have this one. */
  Optional<DriverShares.Candidate> candidate(Drivers.Driver driver) {
    return Optional.ofNullable(slot.active())
        .filter(open -> slot.mayHave(driver) && !open.isOf(driver.driver()))
        .map(
            open ->
                new DriverShares.Candidate(
                    slot.name(), shares(driver) && shares(open.opened().driver())));
  }

  private static boolean shares(Drivers.Driver driver) {
    return driver.declared().has(Trait.SHARES) && !driver.declared().has(Trait.EXCLUSIVE);
  }

  void begin(Drivers.Driver driver, CompletableFuture<Optional<String>> begun) {
    if (slot.attempt() != null || candidate(driver).filter(c -> c.shares()).isEmpty()) {
      begun.complete(Optional.of("it cannot be opened with two versions now"));
      return;
    }
    slot.tryIt(driver, now -> now.waitBeside(begun));
  }

  private Optional<Opening> led() {
    return Optional.ofNullable(slot.attempt()).filter(Opening::isLed);
  }

  private Optional<Succession> beside() {
    return led().flatMap(Opening::beside);
  }

  void share(int percent) {
    beside().ifPresent(succession -> succession.share(percent));
  }

  void progress(CompletableFuture<Optional<ShareProgress>> answer) {
    if (beside().isEmpty()) {
      answer.complete(Optional.empty());
    } else {
      lane.post(() -> answer.complete(lane.progress()));
    }
  }

  void finish(boolean release, CompletableFuture<Optional<String>> answer) {
    Optional<Opening> now = led();
    Optional<Succession> beside = beside();
    if (now.isEmpty() || beside.isEmpty()) {
      answer.complete(Optional.of(slot.refusal()));
      return;
    }
    Opening led = now.get();
    led.clearFailure();
    led.over()
        .whenComplete(
            (over, bug) -> answer.complete(Optional.of(led.failure()).filter(f -> !f.isEmpty())));
    beside.get().handOver(release);
  }

  void takeBack(String why, CompletableFuture<Void> answer) {
    Optional<Opening> now = led();
    if (now.isEmpty()) {
      answer.complete(null);
      return;
    }
    Opening led = now.get();
    slot.failed(led, why, false);
    boolean isTooLate = slot.isPresent(led);
    CompletionStage<Void> left =
        isTooLate ? led.over() : led.succession().map(Succession::left).orElse(led.over());
    left.whenComplete((done, bug) -> answer.complete(null));
  }
}
