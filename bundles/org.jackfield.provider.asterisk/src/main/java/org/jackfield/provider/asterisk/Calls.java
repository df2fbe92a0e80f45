package org.jackfield.provider.asterisk;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.CallSnapshot;
import org.jackfield.api.provider.ProviderContext;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionState;
import org.jspecify.annotations.Nullable;

/**
 * Calls with their parties, made out of channels and bridges: a call is what is joined together, a
 * party is a channel of a phone or a trunk, and what lies between (Local channels, say) is
 * plumbing. Calls that the driver itself keeps for a while are told by their {@link StasisCall}.
 * Confined to the provider's executor.
 */
final class Calls {
  private final Picture picture;
  private final Connections connections;
  private final ProviderContext context;
  private final Map<String, Call> byId = new LinkedHashMap<>();
  private final Map<String, Call> byChannel = new HashMap<>();
  private ProviderContext.@Nullable Timer recheck;

  Calls(Picture picture, Settings settings, ProviderContext context) {
    this.picture = picture;
    this.connections = new Connections(picture, settings);
    this.context = context;
  }

  /** How parties are told. */
  Connections connections() {
    return connections;
  }

  @Nullable Call find(CallId id) {
    return byId.get(id.value());
  }

  /** A new call under that name; the present one if there is one. */
  Call named(CallId id) {
    return byId.computeIfAbsent(id.value(), value -> new Call(id));
  }

  /** What the next instance must know to call them as we do. */
  Baton baton(List<Card> kept) {
    var channels = new LinkedHashMap<String, Set<String>>();
    var branched = new LinkedHashSet<String>();
    byChannel.forEach(
        (channel, call) ->
            channels.computeIfAbsent(call.id.value(), c -> new LinkedHashSet<>()).add(channel));
    byId.values().stream().filter(c -> c.hasBranched).forEach(c -> branched.add(c.id.value()));
    return new Baton(channels, branched, kept);
  }

  /**
   * Forgets what we have made of the picture, and goes on with what another instance has.
   *
   * @param keep whether those that are in our own application stay: they are none of the other's
   */
  void begin(Baton baton, boolean keep) {
    byId.values().removeIf(call -> !keep || call.stasis == null);
    byChannel.values().removeIf(call -> !keep || call.stasis == null);
    baton
        .channels()
        .forEach(
            (name, channels) -> {
              var others = channels.stream().filter(id -> !byChannel.containsKey(id)).toList();
              if (!others.isEmpty()) {
                claim(named(new CallId(name)), others);
              }
            });
    baton.branched().forEach(name -> named(new CallId(name)).hasBranched = true);
  }

  Collection<Call> all() {
    return List.copyOf(byId.values());
  }

  List<CallSnapshot> snapshot() {
    return byId.values().stream()
        .map(call -> new CallSnapshot(call.id, present(call)))
        .filter(call -> !call.connections().isEmpty())
        .toList();
  }

  private static List<Connection> present(Call call) {
    return call.told.values().stream().filter(c -> !c.state().isOver()).toList();
  }

  /** From now on these channels are that call's. */
  void claim(Call call, Collection<String> channels) {
    channels.forEach(id -> byChannel.put(id, call));
  }

  /** Tells what has changed around these channels. */
  void refresh(Set<String> touched) {
    picture.unanswered().forEach(this::tellUnanswered);
    var starts = new LinkedHashSet<String>();
    var affected = new LinkedHashSet<Call>();
    for (var id : touched) {
      starts.add(id);
      var call = byChannel.get(id);
      if (call != null) {
        affected.add(call);
      }
    }
    byChannel.forEach(
        (id, call) -> {
          if (affected.contains(call)) {
            starts.add(id);
          }
        });
    var seen = new HashSet<String>();
    var settled = new HashSet<Call>();
    var kept = new LinkedHashSet<StasisCall>();
    affected.stream().map(call -> call.stasis).filter(Objects::nonNull).forEach(kept::add);
    var components = new ArrayList<Set<String>>();
    for (var id : starts) {
      if (picture.alive(id) && !seen.contains(id)) {
        var component = picture.component(id, Set.of());
        seen.addAll(component);
        components.add(component);
      }
    }
    // Where the PBX has parted a call, its name stays with those who were told in it.
    components.sort(Comparator.comparing(this::toldIn).reversed());
    components.forEach(component -> settle(component, settled, kept));
    affected.forEach(this::endIfEmpty);
    touched.stream().filter(id -> !picture.alive(id)).forEach(byChannel::remove);
    kept.forEach(StasisCall::changed);
  }

  /** How many of these channels are known as parties of their call. */
  private long toldIn(Set<String> component) {
    return component.stream()
        .filter(
            id -> {
              var call = byChannel.get(id);
              return call != null && call.told.containsKey(id);
            })
        .count();
  }

  /** A phone that failed so soon that it has not been told as a party yet. */
  private void tellUnanswered(Chan phone) {
    var known = byChannel.get(phone.id);
    var call = known == null ? byChannel.get(phone.firstDialledBy) : known;
    var end = picture.end(phone.id);
    if (call != null
        && call.stasis == null
        && end != null
        && !call.told.containsKey(phone.id)
        && !call.left.containsKey(phone.id)) {
      context.report(
          new ProviderEvent.ConnectionChanged(
              call.id, connections.of(phone, ConnectionState.DISCONNECTED, false).left(end)));
    }
  }

  private void endIfEmpty(Call call) {
    boolean alive =
        byChannel.entrySet().stream()
            .anyMatch(e -> e.getValue() == call && picture.alive(e.getKey()));
    if (!alive && call.stasis == null) {
      tell(call, List.of(), Map.of());
      forget(call);
    }
  }

  void forget(Call call) {
    if (call.told.isEmpty()) {
      byId.remove(call.id.value(), call);
      byChannel.values().removeIf(c -> c == call);
    }
  }

  /** Nothing more is told of its own accord. */
  void close() {
    if (recheck != null) {
      recheck.cancel();
    }
  }

  private void settle(Set<String> component, Set<Call> settled, Set<StasisCall> kept) {
    var calls = new LinkedHashSet<Call>();
    for (var id : component) {
      var call = byChannel.get(id);
      if (call != null) {
        calls.add(call);
      }
    }
    calls.stream().map(call -> call.stasis).filter(Objects::nonNull).forEach(kept::add);
    if (calls.stream().anyMatch(call -> call.stasis != null)) {
      return;
    }
    if (calls.stream().anyMatch(c -> isBetweenPlaces(c, component))) {
      recheckSoon();
      return;
    }
    var call = calls.stream().filter(c -> !settled.contains(c)).findFirst().orElse(null);
    var parties = parties(component);
    if (call == null) {
      if (parties.isEmpty()) {
        return;
      }
      call = begin(component);
      if (!calls.isEmpty()) {
        context.report(new ProviderEvent.CallBranched(calls.getFirst().id, call.id, false));
      }
    }
    settled.add(call);
    for (var other : calls) {
      if (other != call && !settled.contains(other)) {
        merge(other, call);
      }
    }
    claim(call, component);
    if (parties.size() == 1 && isEnding(call, parties.getFirst())) {
      parties.clear();
      recheckSoon();
    }
    var now = connections.of(parties);
    now.addAll(betweenPlaces(call, component));
    tell(call, now, Map.of());
  }

  /**
   * Parties of the call that have left one place and may still enter another: as they were told
   * last.
   */
  private List<Connection> betweenPlaces(Call call, Set<String> component) {
    var between = new ArrayList<Connection>();
    for (var connection : call.told.values()) {
      var chan = picture.channel(connection.id().value());
      if (chan != null
          && !component.contains(chan.id)
          && byChannel.get(chan.id) == call
          && isIdle(chan)
          && !hasSettled(chan)) {
        between.add(connection);
        recheckSoon();
      }
    }
    return between;
  }

  private boolean isBetweenPlaces(Call call, Set<String> component) {
    boolean others =
        byChannel.entrySet().stream()
            .anyMatch(
                e ->
                    e.getValue() == call
                        && !component.contains(e.getKey())
                        && picture.alive(e.getKey()));
    return others
        && component.stream()
            .map(picture::channel)
            .anyMatch(c -> c != null && c.isUp() && isIdle(c) && !hasSettled(c));
  }

  /**
   * Whether it has just been told that a party has left, and it is with nobody: a phone's channel
   * may outlive the one that led to it by a moment.
   */
  private static boolean isEnding(Call call, Chan party) {
    var since = call.left.get(party.id);
    return since != null && System.nanoTime() - since < Chan.SETTLE.toNanos();
  }

  private static boolean isIdle(Chan chan) {
    return chan.bridge == null && chan.dials.isEmpty() && chan.dialledBy == null;
  }

  private static boolean hasSettled(Chan chan) {
    return System.nanoTime() - chan.idleSince >= Chan.SETTLE.toNanos();
  }

  private void recheckSoon() {
    if (recheck == null) {
      recheck =
          context.schedule(
              Chan.SETTLE.plusMillis(20),
              () -> {
                recheck = null;
                var all = new LinkedHashSet<String>();
                picture.channels().forEach(c -> all.add(c.id));
                refresh(all);
              });
    }
  }

  private Call begin(Set<String> component) {
    var oldest = picture.channel(component.iterator().next());
    for (var id : component) {
      var chan = picture.channel(id);
      if (chan != null && oldest != null && chan.linkedId.equals(chan.id)) {
        oldest = chan;
        break;
      }
    }
    var name = oldest == null ? component.iterator().next() : oldest.linkedId;
    var taken = byId.get(name);
    if (taken != null && !taken.told.isEmpty()) {
      name = name + "/" + component.iterator().next();
    }
    return named(new CallId(name));
  }

  /**
   * Somebody else has moved these channels out of a call: they are a call of their own.
   *
   * @param name never used before, since whose name is over is not listened to any more
   */
  Call branch(Call from, String name, Set<String> channels) {
    var into = named(new CallId(name));
    into.hasBranched = true;
    claim(into, channels);
    context.report(new ProviderEvent.CallBranched(from.id, into.id, false));
    return into;
  }

  /** All of the first call is now in the second. */
  void merge(Call from, Call into) {
    if (!present(from).isEmpty()) {
      context.report(new ProviderEvent.CallsMerged(from.id, into.id));
      present(from).forEach(c -> into.told.putIfAbsent(c.id().value(), c));
      from.told.clear();
    } else if (from.hasBranched) {
      context.report(new ProviderEvent.CallBranched(from.id, into.id, false));
    }
    byChannel.replaceAll((id, call) -> call == from ? into : call);
    byId.remove(from.id.value(), from);
  }

  /** The channels that are somebody's end, among these. */
  List<Chan> parties(Set<String> component) {
    var parties = new ArrayList<Chan>();
    for (var id : component) {
      var chan = picture.channel(id);
      if (chan == null) {
        continue;
      }
      if (!chan.isPlumbing()) {
        if (chan.introduced || hasSettled(chan)) {
          parties.add(chan);
        } else {
          recheckSoon();
        }
      } else if (isApplicationEnd(chan)) {
        var first = chan.isFirstHalf() ? chan : picture.otherHalf(chan);
        if (first != null && !parties.contains(first)) {
          parties.add(first);
        }
      }
    }
    return parties;
  }

  /** A Local channel that ends in an application of the dialplan stands for what was dialled. */
  private boolean isApplicationEnd(Chan chan) {
    if (!chan.isLocal() || !chan.isUp() || chan.stasis || !isIdle(chan)) {
      return false;
    }
    if (!hasSettled(chan)) {
      recheckSoon();
      return false;
    }
    return true;
  }

  /**
   * Tells a call's connections where they differ from what was told.
   *
   * @param why causes known better than by the channel's end, by party
   */
  void tell(Call call, List<Connection> now, Map<String, Cause> why) {
    var present = new HashSet<String>();
    now.forEach(connection -> present.add(connection.id().value()));
    for (var old : List.copyOf(call.told.values())) {
      var id = old.id().value();
      if (!present.contains(id)) {
        call.told.remove(id);
        call.left.put(id, System.nanoTime());
        if (old.state().isOver()) {
          continue;
        }
        context.report(new ProviderEvent.ConnectionChanged(call.id, old.left(causeOf(id, why))));
      }
    }
    call.left.keySet().removeAll(present);
    for (var connection : now) {
      if (!connection.equals(call.told.put(connection.id().value(), connection))) {
        context.report(new ProviderEvent.ConnectionChanged(call.id, connection));
      }
    }
  }

  private Cause causeOf(String channel, Map<String, Cause> why) {
    var known = why.get(channel);
    if (known != null) {
      return known;
    }
    var end = picture.end(channel);
    return end != null ? end : Cause.NORMAL;
  }
}
