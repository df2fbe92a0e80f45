package org.jackfield.core.provider;

import java.util.List;
import java.util.Optional;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.core.session.SessionLane;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the facts of a PBX that is being opened beside the present one. Its first whole picture
 * shows that it works; then the present one hands over. The first picture after that goes to the
 * lane, and all that follows, in order.
 */
final class Gate implements OpenedProvider.Facts {
  private enum State {
    PROVING,
    PROVEN,
    TAKING_OVER,
    OPEN,
    SHUT
  }

  private final SessionLane lane;
  private final Runnable proven;
  private final Runnable opened;
  private ProviderEvent.@Nullable LinkUp linkUp;
  private State state = State.PROVING;

  /**
   * @param proven called once, when it has told a whole picture
   * @param opened called once, on the lane, right before it is switched over
   */
  Gate(SessionLane lane, Runnable proven, Runnable opened) {
    this.lane = lane;
    this.proven = proven;
    this.opened = opened;
  }

  @Override
  public synchronized void told(OpenedProvider by, ProviderEvent event) {
    if (state == State.SHUT) {
      return;
    }
    if (state == State.OPEN) {
      lane.fact(by, event);
      return;
    }
    switch (event) {
      case ProviderEvent.LinkUp up -> {
        linkUp = up;
        by.requestSnapshot();
      }
      case ProviderEvent.LinkDown down -> linkUp = null;
      case ProviderEvent.Snapshot snapshot -> pictured(by, snapshot);
      // The picture that is still to come contains what these say.
      default -> {}
    }
  }

  private void pictured(OpenedProvider by, ProviderEvent.Snapshot snapshot) {
    ProviderEvent.LinkUp up = linkUp;
    if (up == null) {
      return;
    }
    if (state == State.PROVING) {
      state = State.PROVEN;
      proven.run();
    } else if (state == State.TAKING_OVER) {
      state = State.OPEN;
      // Who hears of the lane's new link must know of it already.
      lane.post(
          () -> {
            opened.run();
            lane.takeOver(by, up, snapshot);
          });
    }
  }

  /** What its link promises and its driver does not declare, if there is something. */
  synchronized Optional<String> lie(Capabilities declared) {
    ProviderEvent.LinkUp up = linkUp;
    if (up == null || declared.operations() == 0) {
      return Optional.empty(); // one that declares nothing at all has not been asked to
    }
    List<String> more =
        up.capabilities().operationSet().stream()
            .filter(operation -> !declared.permits(operation))
            .map(Operation::text)
            .toList();
    return Optional.of("its link promises what it does not declare: " + String.join(", ", more))
        .filter(lie -> !more.isEmpty());
  }

  /** It has what it needs: the next picture counts. */
  synchronized void takesOver(OpenedProvider by) {
    if (state == State.PROVEN) {
      state = State.TAKING_OVER;
      by.requestSnapshot();
    }
  }

  /**
   * Lets nothing through any more, unless it is open already.
   *
   * @return whether it was too late
   */
  synchronized boolean shut() {
    if (state != State.OPEN) {
      state = State.SHUT;
    }
    return state == State.OPEN;
  }
}
