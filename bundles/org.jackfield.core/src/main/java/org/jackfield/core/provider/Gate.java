package org.jackfield.core.provider;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.capability.Trait;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.core.session.LiveSession;
import org.jackfield.core.session.Seen;
import org.jackfield.core.session.SessionLane;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the facts of a PBX that is being opened beside the present one. Its first whole picture
 * shows that it works; then the present one hands over. The first picture after that is held
 * against what the present one sees; if nobody who lives is missing, it goes to the lane, and all
 * that follows, in order.
 */
final class Gate implements OpenedProvider.Facts {
  private enum State {
    PROVING,
    PROVEN,
    SHARING,
    TAKING_OVER,
    JUDGED,
    OPEN,
    SHUT
  }

  /**
   * Two links do not keep step, so one picture proves nothing: who is missing must be so in all of
   * them.
   */
  static final int LOOKS = 10;

  static final Duration LOOK_AGAIN = Duration.ofMillis(200);

  private static final int NAMED = 3;

  /** Who is told what comes of it. */
  interface Listener {
    /** It has told a whole picture. Once. */
    void proven();

    /** Once, on the lane, right before that is switched over. */
    void opened();

    /**
     * Instead, on the lane.
     *
     * @param why with the calls that its picture does not have
     */
    void denied(String why);

    /** It loses its link while it shares. */
    void lost();
  }

  private final SessionLane lane;

  /** Let go with the last word: it leads to the driver before, which would else live on. */
  private @Nullable Listener listener;

  private ProviderEvent.@Nullable LinkUp linkUp;
  private State state = State.PROVING;

  /** Whether the lane hears it already, of the calls that it serves. */
  private boolean shares;

  /** How many pictures may have been asked for before it was to take over. */
  private int early;

  /** Who was missing in each picture so far; of the lane. */
  private Set<Seen.Presence> missing = Set.of();

  private int looks;

  Gate(SessionLane lane, Listener listener) {
    this.lane = lane;
    this.listener = listener;
  }

  @Override
  public synchronized void told(OpenedProvider by, ProviderEvent event) {
    if (state == State.OPEN || state == State.JUDGED) {
      lane.fact(by, event);
    }
    Listener to = listener;
    if (to == null) {
      return;
    }
    switch (event) {
      case ProviderEvent.LinkUp up -> {
        linkUp = up;
        by.requestSnapshot();
      }
      case ProviderEvent.LinkDown down -> {
        linkUp = null;
        if (shares) {
          to.lost();
        }
      }
      case ProviderEvent.Snapshot snapshot -> pictured(by, snapshot, to);
      default -> {
        // Else the picture that is still to come contains what these say.
        if (shares && state != State.JUDGED) {
          lane.fact(by, event);
        }
      }
    }
  }

  private void pictured(OpenedProvider by, ProviderEvent.Snapshot snapshot, Listener to) {
    ProviderEvent.LinkUp up = linkUp;
    if (up == null) {
      return;
    }
    if (state == State.PROVING) {
      state = State.PROVEN;
      to.proven();
    } else if (state == State.SHARING || state == State.TAKING_OVER && early > 0) {
      lane.fact(by, snapshot);
      if (state == State.TAKING_OVER) {
        early--;
        by.requestSnapshot();
      }
    } else if (state == State.TAKING_OVER) {
      state = State.JUDGED; // what it tells from here on waits behind this picture
      lane.post(() -> judge(by, up, snapshot, to));
    }
  }

  /** On the lane. */
  private void judge(
      OpenedProvider by, ProviderEvent.LinkUp up, ProviderEvent.Snapshot snapshot, Listener to) {
    Set<Seen.Presence> now = lane.missingIn(snapshot);
    if (looks == 0) {
      missing = now;
    } else {
      missing.retainAll(now);
    }
    looks++;
    if (missing.isEmpty()) {
      if (becomes(State.OPEN)) {
        // Who hears of the lane's new link must know of it already.
        to.opened();
        lane.takeOver(by, up, snapshot);
      }
    } else if (looks >= LOOKS) {
      to.denied(whoIsMissing());
    } else if (becomes(State.TAKING_OVER)) {
      lane.lookAgain();
      var unused = lane.after(LOOK_AGAIN, by::requestSnapshot);
    }
  }

  private synchronized boolean becomes(State next) {
    boolean judged = state == State.JUDGED;
    if (judged) {
      enter(next);
    }
    return judged;
  }

  private void enter(State next) {
    state = next;
    if (next == State.OPEN || next == State.SHUT) {
      listener = null;
    }
  }

  private String whoIsMissing() {
    Set<CallId> calls = new LinkedHashSet<>();
    missing.forEach(one -> calls.add(one.call()));
    String named = calls.stream().limit(NAMED).map(this::name).collect(Collectors.joining(", "));
    return "its picture does not have who lives by the present one's, in %d call(s): %s%s"
        .formatted(calls.size(), named, calls.size() > NAMED ? ", ..." : "");
  }

  /** As a person knows the call. */
  private String name(CallId call) {
    return lane.calls()
        .find(call)
        .map(session -> session.id() + " of " + addresses(session))
        .orElse(call.value());
  }

  private static String addresses(LiveSession session) {
    return session.connections().stream()
        .map(party -> party.address().value())
        .collect(Collectors.joining(" and "));
  }

  /** What its link promises and its driver does not declare, if there is something. */
  synchronized Optional<String> lie(Capabilities declared) {
    ProviderEvent.LinkUp up = linkUp;
    if (up == null || declared.operations() == 0) {
      return Optional.empty(); // one that declares nothing at all has not been asked to
    }
    Stream<String> operations =
        up.capabilities().operationSet().stream()
            .filter(operation -> !declared.permits(operation))
            .map(Operation::text);
    Stream<String> traits =
        up.capabilities().traitSet().stream()
            .filter(trait -> !declared.has(trait))
            .map(Trait::text);
    List<String> more = Stream.concat(operations, traits).toList();
    return Optional.of("its link promises what it does not declare: " + String.join(", ", more))
        .filter(lie -> !more.isEmpty());
  }

  /** What it tells goes to the lane, which hears it of the calls that it serves. */
  synchronized boolean shares() {
    if (state == State.PROVEN && linkUp != null) {
      state = State.SHARING;
      shares = true;
      early = 1;
    }
    return shares;
  }

  /** It has what it needs: the next picture that is asked for counts. */
  synchronized void takesOver(OpenedProvider by) {
    if (state == State.PROVEN || state == State.SHARING) {
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
      enter(State.SHUT);
    }
    return state == State.OPEN;
  }
}
