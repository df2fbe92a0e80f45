package org.jackfield.pbx.simulated;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/** What goes wrong on the link and with commands, because a tester asked for it. */
final class Faults {

  private static final class Armed {
    final Control.Fault fault;
    int left;

    Armed(Control.Fault fault) {
      this.fault = fault;
      this.left = fault.count() == null ? 1 : fault.count();
    }
  }

  private final Timers timers;
  private final List<Armed> commands = new ArrayList<>();
  private final Map<Pbx.Outlet, Message> heldBack = new WeakHashMap<>();
  private final Map<Pbx.Outlet, Integer> reordered = new WeakHashMap<>();
  private final Map<Pbx.Outlet, Integer> duplicated = new WeakHashMap<>();
  private Refused.Because refusal = Refused.Because.OPERATION_UNAVAILABLE;
  private Instant cutUntil = Instant.MIN;
  private Duration delay = Duration.ZERO;
  private int reorder;
  private int duplicate;

  Faults(Timers timers) {
    this.timers = timers;
  }

  void add(Control.Fault fault) throws Refused {
    Duration ms = Duration.ofMillis(fault.ms() == null ? 0 : fault.ms());
    int count = fault.count() == null ? 1 : fault.count();
    switch (fault.what()) {
      case DROP_LINK -> cutUntil = timers.now().plus(ms);
      case DELAY -> delay = ms;
      case DUPLICATE -> {
        duplicate = count;
        duplicated.clear();
      }
      case REORDER -> {
        reorder = count;
        reordered.clear();
      }
      default -> {
        refusal(fault);
        commands.add(new Armed(fault));
      }
    }
  }

  boolean linkIsCut() {
    return timers.now().isBefore(cutUntil);
  }

  /** What is to go wrong with this command. */
  Control.@Nullable What next(Command command) {
    if (commands.isEmpty()) {
      return null;
    }
    for (Iterator<Armed> all = commands.iterator(); all.hasNext(); ) {
      Armed armed = all.next();
      String verb = armed.fault.verb();
      if (verb == null || verb.equals(Lines.verb(command))) {
        if (--armed.left <= 0) {
          all.remove();
        }
        refusal = refusalOr(armed.fault, Refused.Because.OPERATION_UNAVAILABLE);
        return armed.fault.what();
      }
    }
    return null;
  }

  Refused.Because refusal() {
    return refusal;
  }

  private static void refusal(Control.Fault fault) throws Refused {
    if (fault.reason() != null && named(fault.reason()) == null) {
      throw new Refused(Refused.Because.MALFORMED);
    }
  }

  private static Refused.Because refusalOr(Control.Fault fault, Refused.Because otherwise) {
    Refused.Because named = fault.reason() == null ? null : named(fault.reason());
    return named == null ? otherwise : named;
  }

  private static Refused.@Nullable Because named(String reason) {
    return Arrays.stream(Refused.Because.values())
        .filter(b -> b.name().replace("_", "").equalsIgnoreCase(reason))
        .findFirst()
        .orElse(null);
  }

  /** Sends a message, late, twice or out of order if need be. A tester's own link has no faults. */
  void pass(boolean tester, Pbx.Outlet outlet, Message message) {
    if (tester) {
      outlet.tell(message);
      return;
    }
    Message before = heldBack.remove(outlet);
    if (before == null && message instanceof Message.Event && spend(reordered, outlet, reorder)) {
      heldBack.put(outlet, message);
      return;
    }
    send(outlet, message);
    if (message instanceof Message.Event && spend(duplicated, outlet, duplicate)) {
      send(outlet, message);
    }
    if (before != null) {
      send(outlet, before);
    }
  }

  private static boolean spend(Map<Pbx.Outlet, Integer> spent, Pbx.Outlet outlet, int budget) {
    int so = spent.getOrDefault(outlet, 0);
    if (so >= budget) {
      return false;
    }
    spent.put(outlet, so + 1);
    return true;
  }

  private void send(Pbx.Outlet outlet, Message message) {
    if (delay.isZero()) {
      outlet.tell(message);
    } else {
      timers.after(delay, () -> outlet.tell(message));
    }
  }
}
