package org.jackfield.core.provider;

import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.core.session.SessionLane;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the facts of a PBX that is being opened beside the present one, until it has told its whole
 * picture; then that goes to the lane, and all that follows, in order.
 */
final class Gate implements OpenedProvider.Facts {
  private final SessionLane lane;
  private final Runnable opened;
  private ProviderEvent.@Nullable LinkUp linkUp;
  private boolean open;
  private boolean shut;

  /**
   * @param opened called once, on the lane, right before it is switched over
   */
  Gate(SessionLane lane, Runnable opened) {
    this.lane = lane;
    this.opened = opened;
  }

  @Override
  public synchronized void told(OpenedProvider by, ProviderEvent event) {
    if (shut) {
      return;
    }
    if (open) {
      lane.fact(by, event);
      return;
    }
    switch (event) {
      case ProviderEvent.LinkUp up -> {
        linkUp = up;
        by.requestSnapshot();
      }
      case ProviderEvent.LinkDown down -> linkUp = null;
      case ProviderEvent.Snapshot snapshot -> {
        ProviderEvent.LinkUp up = linkUp;
        if (up != null) {
          open = true;
          // Who hears of the lane's new link must know of it already.
          lane.post(
              () -> {
                opened.run();
                lane.takeOver(by, up, snapshot);
              });
        }
      }
      // The picture that is still to come contains what these say.
      default -> {}
    }
  }

  /**
   * Lets nothing through any more, unless it is open already.
   *
   * @return whether it was too late
   */
  synchronized boolean shut() {
    shut = !open;
    return open;
  }
}
