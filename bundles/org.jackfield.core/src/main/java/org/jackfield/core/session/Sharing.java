package org.jackfield.core.session;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.CallSnapshot;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.CommandId;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.provider.ShareProgress;
import org.jackfield.core.run.Environment;
import org.jackfield.core.session.ProviderLink.CommandResult;

/**
 * Two links serve one PBX, each its own calls. Both tell of every call, and of each only its server
 * is heard. A new call is bound by a hash of its name; what comes out of a call, or is joined with
 * it, follows it. Touched by the lane only.
 */
final class Sharing {
  /** The names of calls that are over are forgotten from so many on. */
  private static final int MANY = 4_096;

  private final CallTable table;
  private final Environment environment;
  private final ProviderLink older;
  private final ProviderLink newer;

  /** Who serves the calls that came since; those from before are the older one's. */
  private final Map<CallId, ProviderLink> bound = new HashMap<>();

  private final Set<ProviderLink> notPictured = new HashSet<>();
  private final Map<CommandId, Instant> unanswered = new LinkedHashMap<>();
  private int percent;
  private int many = MANY;
  private int commands;
  private int failed;
  private Duration longest = Duration.ZERO;
  private boolean endsOnPicture;
  private long endTicket;
  private Runnable ended = () -> {};

  Sharing(CallTable table, Environment environment, ProviderLink older, ProviderLink newer) {
    this.table = table;
    this.environment = environment;
    this.older = older;
    this.newer = newer;
  }

  /**
   * @param percent which part of the new calls the newer one serves from now on, 0 to 100
   */
  void share(int percent) {
    this.percent = percent;
  }

  ProviderLink newer() {
    return newer;
  }

  /** Who serves a call; one that is new is bound by it. */
  ProviderLink server(CallId call) {
    ProviderLink its = bound.get(call);
    if (its != null || !table.isNew(call)) {
      return its == null ? older : its;
    }
    ProviderLink now = bucket(call) < percent ? newer : older;
    bind(call, now);
    return now;
  }

  /** A number below 100, spread evenly also where names are counted up. */
  private static int bucket(CallId call) {
    int h = call.value().hashCode() * 0x9E3779B9;
    return Math.floorMod(h ^ (h >>> 15), 100);
  }

  private void bind(CallId call, ProviderLink to) {
    bound.put(call, to);
    if (bound.size() > many) {
      bound.keySet().removeIf(table::isKnownToBeOver);
      many = Math.max(MANY, 2 * bound.size());
    }
  }

  /** What comes out of a call is served by who serves that. */
  private void follow(CallId call, CallId from) {
    if (table.isNew(call)) {
      bind(call, server(from));
    }
  }

  /** Whether it is said by who has to say it. */
  boolean hears(ProviderLink from, ProviderEvent event) {
    return switch (event) {
      case ProviderEvent.ConnectionChanged c -> isHeard(from, c.call());
      case ProviderEvent.CallBranched b -> {
        follow(b.into(), b.from());
        yield isHeard(from, b.from());
      }
      case ProviderEvent.CallsMerged m -> {
        if (table.find(m.from()).isEmpty()) {
          yield false;
        }
        follow(m.into(), m.from());
        // Whoever is first: what the other says of the first call after it comes too late.
        yield isHeard(from, m.from()) || isHeard(from, m.into());
      }
      case ProviderEvent.CommandFailed f -> {
        failed += from == newer ? 1 : 0;
        yield from == newer || from == older;
      }
      case ProviderEvent.Snapshot s -> from == older || from == newer && !endsOnPicture;
      case ProviderEvent.AddressChanged a -> from == older;
      case ProviderEvent.LinkUp u -> from == older;
      case ProviderEvent.LinkDown d -> from == older;
    };
  }

  private boolean isHeard(ProviderLink from, CallId call) {
    return server(call) == from && !(endsOnPicture && from == newer);
  }

  /** What a picture says of the calls of who tells it. */
  ProviderEvent.Snapshot part(ProviderLink from, ProviderEvent.Snapshot whole) {
    List<CallSnapshot> its =
        whole.calls().stream().filter(call -> server(call.call()) == from).toList();
    return new ProviderEvent.Snapshot(its);
  }

  /** The calls that one of the two serves. */
  List<LiveSession> of(ProviderLink link) {
    return table.all().stream().filter(session -> server(session.call()) == link).toList();
  }

  void askForPictures() {
    notPictured.clear();
    notPictured.add(older);
    if (!endsOnPicture) {
      notPictured.add(newer);
      newer.requestSnapshot();
    }
  }

  /** Whether both have told what they were asked for. */
  boolean isPicturedBy(ProviderLink from) {
    notPictured.remove(from);
    return notPictured.isEmpty();
  }

  /** Whether a command joins calls of both: the second is its server's from now on. */
  boolean joins(Command command) {
    ProviderLink to = server(command.call());
    return switch (command) {
      case Command.Consult c -> {
        bind(c.consultation(), to);
        yield false;
      }
      case Command.Complete c -> moves(c.consultation(), to);
      case Command.Alternate c -> moves(c.active(), to);
      default -> false;
    };
  }

  private boolean moves(CallId call, ProviderLink to) {
    boolean moves = server(call) != to;
    if (moves) {
      bind(call, to);
    }
    return moves;
  }

  /** Sends it to who serves its call, and sees what becomes of those of the newer one. */
  void send(Command command, Consumer<CommandResult> done) {
    ProviderLink to = server(command.call());
    if (to == older) {
      older.send(command, done);
      return;
    }
    unanswered.put(command.id(), environment.now());
    newer.send(command, done);
  }

  /** On the lane, of whomever it was asked. */
  void answered(Command command, CommandResult result) {
    Instant asked = unanswered.remove(command.id());
    if (asked == null) {
      return;
    }
    commands++;
    failed += result instanceof CommandResult.Replied(ProviderReply.Accepted yes) ? 0 : 1;
    took(asked);
  }

  private void took(Instant asked) {
    Duration took = Duration.between(asked, environment.now());
    longest = took.compareTo(longest) > 0 ? took : longest;
  }

  ShareProgress progress() {
    unanswered.values().forEach(this::took);
    int its = of(newer).size();
    return new ShareProgress(percent, its, table.all().size() - its, commands, failed, longest);
  }

  /** The older one serves all calls again, as soon as its picture answers this ticket. */
  void endsOn(Runnable then) {
    percent = 0;
    endsOnPicture = true;
    endTicket = Long.MAX_VALUE;
    ended = then;
  }

  void endTicket(long ticket) {
    endTicket = ticket;
  }

  boolean endsWith(long answered) {
    return endsOnPicture && answered >= endTicket;
  }

  void end() {
    ended.run();
  }
}
