package org.jackfield.core.provider;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jackfield.api.provider.Handover;
import org.jackfield.api.provider.ProviderConfig;
import org.jackfield.core.run.Timers;
import org.jackfield.core.session.SessionLane;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PBX is opened beside the one who serves it, who goes on until the newcomer has shown that it
 * works and has taken over. Touched by the host's executor only.
 */
final class Succession {
  /** How long a driver may take to hand over to another, and that to take over. */
  static final Duration HAND_OVER = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(Succession.class);

  private final ProviderHost host;
  private final SessionLane lane;
  private final OpenedProvider old;
  private final OpenedProvider candidate;
  private final Gate gate;
  private final Heirs heirs;
  private Timers.Timer deadline = Timers.Timer.NONE;

  /** Whether what is asked of the PBX waits until the newcomer has taken over. */
  private boolean holdsBack;

  /** What the present one has handed over for it. */
  private Optional<Handover> handedOver = Optional.empty();

  private boolean shares;
  private final AtomicBoolean returned = new AtomicBoolean();
  private boolean over;
  private final CompletableFuture<Void> left = new CompletableFuture<>();

  /** Whoever waits for the end. */
  interface Heirs {
    /** Makes the newcomer's way to the PBX. */
    OpenedProvider candidate(OpenedProvider.Facts facts);

    /** Whether this one serves the PBX at present. */
    boolean isServedBy(OpenedProvider one);

    /** It works: it may take over. */
    void proven();

    /** It broke when it had to open the PBX. */
    void openingFailed(Throwable failure);

    void failed(String why);

    /** It serves the PBX from now on. */
    void takenOver(OpenedProvider candidate);
  }

  Succession(ProviderHost host, SessionLane lane, OpenedProvider old, Heirs heirs) {
    this.host = host;
    this.lane = lane;
    this.old = old;
    this.heirs = heirs;
    this.gate = new Gate(lane, new AtGate());
    this.candidate = heirs.candidate(gate);
  }

  OpenedProvider candidate() {
    return candidate;
  }

  private final class AtGate implements Gate.Listener {
    @Override
    public void proven() {
      run(Succession.this::proven);
    }

    @Override
    public void opened() {
      run(Succession.this::takenOver);
    }

    @Override
    public void denied(String why) {
      run(() -> heirs.failed(why));
    }

    @Override
    public void lost() {
      denied("it lost its link");
    }
  }

  private void run(Runnable task) {
    host.run(
        () -> {
          if (!over) {
            task.run();
          }
        });
  }

  private void within(Duration time, String orElse) {
    deadline.cancel();
    deadline = host.environment().timers().after(time, () -> run(() -> heirs.failed(orElse)));
  }

  void open(ProviderConfig config) {
    within(Slot.COME_UP, "it did not come up in 10 s");
    candidate.open(
        config,
        Optional.empty(),
        failure -> failure.ifPresent(f -> run(() -> heirs.openingFailed(f))));
  }

  private void proven() {
    if (!heirs.isServedBy(old)) {
      heirs.failed("what it was to take over from has gone");
      return;
    }
    Optional<String> lie = gate.lie(candidate.driver().declared());
    if (lie.isPresent()) {
      heirs.failed(lie.get());
      return;
    }
    deadline.cancel();
    heirs.proven();
  }

  /**
   * The newcomer serves a part of the calls that are new from now on.
   *
   * @param percent which part, 0 to 100
   */
  void share(int percent) {
    shares = gate.shares();
    if (shares) {
      lane.post(() -> lane.share(candidate, percent));
    } else {
      heirs.failed("it lost its link");
    }
  }

  /**
   * From here on nothing is asked of the PBX until the newcomer has taken over.
   *
   * @param release whether the old one leaves its calls where the PBX keeps them, and hands nothing
   *     over
   */
  void handOver(boolean release) {
    within(HAND_OVER, "the hand-over took more than 5 s");
    holdsBack = true;
    lane.post(lane::holdBack);
    if (release) {
      takeOver(true);
      return;
    }
    // After what is on its way to the old one already.
    lane.post(
        () ->
            old.handOver(
                handover -> host.run(() -> handedOver(handover)),
                broken -> run(() -> heirs.failed("the old one broke: " + broken)),
                why -> run(() -> leaveBehind(why))));
  }

  /** The old one hangs, so it is no witness either: the PBX's own picture has to do. */
  private void leaveBehind(String why) {
    LOG.warn(
        "{}: {}; {} goes on without a hand-over",
        lane.provider(),
        why,
        candidate.driver().version());
    takeOver(false);
  }

  private void handedOver(Optional<Handover> handover) {
    if (over) {
      giveBack(handover);
      return;
    }
    handedOver = handover;
    if (handover.isEmpty()) {
      takeOver(true);
      return;
    }
    candidate.takeOver(
        handover.get(),
        failure ->
            run(
                () ->
                    failure.ifPresentOrElse(
                        f -> heirs.failed("it does not take over: " + f.getMessage()),
                        () -> takeOver(true))));
  }

  private void takeOver(boolean compare) {
    within(HAND_OVER, "it did not picture the calls in 5 s");
    lane.post(
        () -> {
          lane.awaitOther(compare);
          gate.takesOver(candidate);
        });
  }

  /** The one that handed over goes on; what changed meanwhile is in its next picture. */
  private void giveBack(Optional<Handover> handover) {
    if (!heirs.isServedBy(old)) {
      return;
    }
    handover.ifPresent(
        h ->
            old.takeOver(
                h,
                failure ->
                    failure.ifPresent(
                        f ->
                            LOG.error(
                                "{}: the driver does not go on with its calls",
                                lane.provider(),
                                f))));
    lane.post(lane::keep);
  }

  private void takenOver() {
    over = true;
    deadline.cancel();
    heirs.takenOver(candidate);
  }

  /**
   * Lets nothing of the newcomer through any more.
   *
   * @return whether it was too late: its picture came in the same moment, and what follows is on
   *     its way
   */
  boolean isTooLateToFail() {
    return gate.shut();
  }

  /** The old one goes on; the newcomer is closed when it has given back what it serves. */
  void giveUp() {
    over = true;
    deadline.cancel();
    if (holdsBack) {
      giveBack(handedOver);
    }
    if (shares && heirs.isServedBy(old)) {
      takeBack();
      return;
    }
    if (handedOver.isPresent()) {
      // It may have the calls already, and must not put them back where the PBX keeps them.
      candidate.handOver(given -> {}, broken -> {}, hangs -> {});
    }
    close();
  }

  /** Completes when the newcomer, given up, has left. */
  CompletionStage<Void> left() {
    return left;
  }

  private void close() {
    host.close(candidate).whenComplete((done, bug) -> left.complete(null));
  }

  /** One that hangs gives nothing back: then the PBX's picture has to do. */
  private void takeBack() {
    Timers.Timer late = host.environment().timers().after(HAND_OVER, this::returned);
    lane.post(lane::holdBack);
    lane.post(
        () ->
            candidate.handOver(
                baton ->
                    baton.ifPresentOrElse(
                        b -> old.takeOver(b, failure -> returned()), this::returned),
                broken -> returned(),
                hangs -> returned()));
    left.whenComplete((done, bug) -> late.cancel());
  }

  /** It leaves the calls alone now; the first time counts. */
  private void returned() {
    if (returned.compareAndSet(false, true)) {
      lane.post(() -> lane.shareNoMore(this::close));
    }
  }
}
