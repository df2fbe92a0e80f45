package org.jackfield.pbx.simulated;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A call: its parties, and at most one attempt to bring another one in. */
final class Call {

  final String id;
  final Instant startedAt;
  final Map<String, Connection> connections = new LinkedHashMap<>();

  /** The connection that waits on consultation hold while its phone speaks here. */
  @Nullable Connection consultsFor;

  /** The number dialled last. */
  @Nullable String dialled;

  @Nullable Attempt attempt;

  /** Set while the PBX keeps a party whom everybody else has left. */
  @Nullable Keeping keeping;

  Call(String id, Instant startedAt) {
    this.id = id;
    this.startedAt = startedAt;
  }

  List<Connection> parties() {
    return List.copyOf(connections.values());
  }

  List<Connection> others(@Nullable Connection one) {
    List<Connection> others = new ArrayList<>(connections.values());
    others.remove(one);
    return others;
  }

  @Nullable Connection at(Phone phone) {
    for (Connection c : connections.values()) {
      if (c.phone == phone) {
        return c;
      }
    }
    return null;
  }

  /** Those who are neither being rung nor about to be released by the attempt's answer. */
  List<Connection> staying() {
    Attempt a = attempt;
    return connections.values().stream()
        .filter(c -> a == null || (c != a.leg && c != a.transferor))
        .toList();
  }

  Message.CallView view() {
    return new Message.CallView(
        id,
        Exchange.micros(startedAt),
        connections.values().stream().map(Connection::view).toList());
  }

  /**
   * The PBX keeps the party on music.
   *
   * <p>{@code transferor} is recalled when the timer runs out, once.
   */
  static final class Keeping {
    final @Nullable Phone transferor;
    boolean recalled;
    Timers.@Nullable Timer timer;

    Keeping(@Nullable Phone transferor) {
      this.transferor = transferor;
    }
  }

  /** A target is dialled or rings. */
  static final class Attempt {
    Call call;
    String target;
    final Reason reason;
    final @Nullable String command;

    /** Hears dialling, ringback and busy; null where the parties who wait hear them. */
    @Nullable Connection caller;

    /** A blind transfer's transferor, who stays until the answer. */
    @Nullable Connection transferor;

    @Nullable Connection leg;
    boolean campsOn;

    /** Whoever holds the waiting party is let go at the answer. */
    boolean releasesHolders;

    Timers.@Nullable Timer progress;
    Timers.@Nullable Timer limit;

    Attempt(Call call, String target, Reason reason, @Nullable String command) {
      this.call = call;
      this.target = target;
      this.reason = reason;
      this.command = command;
    }

    void stopTimers() {
      if (progress != null) {
        progress.cancel();
      }
      if (limit != null) {
        limit.cancel();
      }
    }
  }
}
