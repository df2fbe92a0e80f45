package org.jackfield.provider.asterisk;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.ConnectionId;
import org.jspecify.annotations.Nullable;

/**
 * The parties of a kept call: who acts, the other, and whom we dial or have dialled for them.
 *
 * <p>Each has a handle, the channel of the call that is in the application: the phone's own, or the
 * near half of a Local channel behind which the phone is. Confined to the provider's executor.
 */
final class Parties {
  private final Call call;
  private final Calls calls;
  private final Picture picture;

  /** The phones behind each handle. */
  private final Map<String, Set<String>> phones = new HashMap<>();

  /** Why a phone or a handle is no more, where that is known better than by the channel's end. */
  private final Map<String, Cause> why = new HashMap<>();

  /** Handles that somebody else has taken away: what becomes of them is not of this call. */
  private final Set<String> lost = new HashSet<>();

  /** The handle of the party who acts; empty where there is none. */
  String transferor;

  /** The handle of the other. */
  String held;

  /** The handle of whom we dial, or have dialled. */
  @Nullable String target;

  @Nullable Address targetAddress;

  /** Why the last target is gone. */
  Optional<Cause> targetFailure = Optional.empty();

  /** Whether the PBX was asked to dial the target, and has not refused. */
  boolean dialled;

  Parties(Call call, String transferor, String held, Exchange exchange) {
    this.call = call;
    this.transferor = transferor;
    this.held = held;
    this.calls = exchange.calls();
    this.picture = exchange.picture();
  }

  /** All handles but those that were taken from us. */
  List<String> handles() {
    var all = new ArrayList<>(List.of(transferor, held));
    if (target != null) {
      all.add(target);
    }
    all.removeAll(lost);
    return all;
  }

  boolean alive(@Nullable String handle) {
    return picture.alive(handle) && !lost.contains(handle);
  }

  boolean transferorAlive() {
    return alive(transferor);
  }

  boolean hasTarget() {
    return target != null;
  }

  boolean targetAnswered() {
    return hasAnswered(target);
  }

  boolean hasAnswered(@Nullable String handle) {
    var chan = picture.channel(handle);
    return chan != null && chan.isUp();
  }

  /**
   * Whether the phones behind the target have ended, and the channel that leads to them has not
   * yet.
   */
  boolean targetIsEnding() {
    return target != null
        && !targetAnswered()
        && !phones(target).isEmpty()
        && phones(target).stream().noneMatch(picture::alive);
  }

  boolean isTransferor(ConnectionId party) {
    return phones(transferor).contains(party.value());
  }

  boolean isHeld(ConnectionId party) {
    return phones(held).contains(party.value());
  }

  // ---- the phones behind them ----

  Set<String> phones(@Nullable String handle) {
    return handle == null ? Set.of() : phones.getOrDefault(handle, Set.of());
  }

  /** By handle; those that were taken from us are not left out. */
  Map<String, Set<String>> phones() {
    return phones;
  }

  /** What an instance that is gone, or another call, knows of some handles. */
  void remember(Map<String, ? extends Collection<String>> behind) {
    behind.forEach((handle, known) -> phones.put(handle, new LinkedHashSet<>(known)));
  }

  void learnAll() {
    handles().forEach(this::learn);
  }

  /**
   * The phones behind a handle. Remembered, since a phone's channel may end before its handle does.
   */
  void learn(String handle) {
    var chan = picture.channel(handle);
    if (chan == null || lost.contains(handle)) {
      return;
    }
    var known = phones.computeIfAbsent(handle, h -> new LinkedHashSet<>());
    if (!chan.isPlumbing()) {
      known.add(handle);
      return;
    }
    var other = picture.otherHalf(chan);
    if (other != null) {
      var behind = picture.component(other.id, Set.of(handle));
      calls.claim(call, behind);
      for (var party : calls.parties(behind)) {
        known.add(party.id);
      }
    }
  }

  // ---- why they are no more ----

  Map<String, Cause> why() {
    return why;
  }

  /** From now on that is why this party is gone, or goes. */
  void leaves(String handle, Cause cause) {
    phones(handle).forEach(phone -> why.put(phone, cause));
    why.put(handle, cause);
  }

  /** A target that has failed already keeps the cause it has told. */
  void cancelled(String handle) {
    if (!handle.equals(target) || !targetIsEnding()) {
      leaves(handle, Cause.of(Cause.Code.CANCELLED));
    }
  }

  /** Somebody else has taken it away. */
  void lose(String handle, Cause cause) {
    leaves(handle, cause);
    lost.add(handle);
  }

  /** It is none of ours. */
  void ignore(String handle) {
    lost.add(handle);
  }

  boolean isLost(String handle) {
    return lost.contains(handle);
  }

  /** Why a target is gone: the last phone's own word, else the handle's. */
  Cause failureOf(String gone) {
    Cause last = null;
    for (var phone : phones(gone)) {
      var known = causeOf(phone);
      last = known != null && known.code() != Cause.Code.NORMAL ? known : last;
    }
    if (last != null) {
      return last;
    }
    var known = causeOf(gone);
    return known == null ? Cause.NORMAL : known;
  }

  private @Nullable Cause causeOf(String channel) {
    return why.containsKey(channel) ? why.get(channel) : picture.end(channel);
  }

  /** The phones of a target that is gone have failed as it has, if they have said nothing else. */
  void targetFailed(String gone) {
    var cause = failureOf(gone);
    phones(gone).forEach(phone -> why.putIfAbsent(phone, cause));
  }
}
