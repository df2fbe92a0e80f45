package org.jackfield.provider.asterisk;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jackfield.api.session.Cause;
import org.jspecify.annotations.Nullable;

/**
 * The PBX's channels and bridges, as its events tell them, and who is connected with whom through
 * them. Confined to the provider's executor.
 */
final class Picture {
  private static final int REMEMBERED_ENDS = 10_000;

  private final String application;
  private final Map<String, Chan> channels = new LinkedHashMap<>();
  private final Map<String, String> idsByName = new HashMap<>();
  private final Map<String, Set<String>> members = new HashMap<>();
  private final Set<String> holdingBridges = new LinkedHashSet<>();
  private final List<Chan> unanswered = new ArrayList<>();

  /** Whom nobody dials any more, and whose end the PBX has not told yet. */
  private final Map<String, Chan> ending = new LinkedHashMap<>();

  private final Map<String, Cause> ends =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Cause> eldest) {
          return size() > REMEMBERED_ENDS;
        }
      };

  Picture(String application) {
    this.application = application;
  }

  @Nullable Chan channel(@Nullable String id) {
    return id == null ? null : channels.get(id);
  }

  Collection<Chan> channels() {
    return channels.values();
  }

  boolean alive(@Nullable String id) {
    return channel(id) != null;
  }

  /** Why a channel ended, if it did and that is still remembered. */
  @Nullable Cause end(String id) {
    return ends.get(id);
  }

  boolean isIn(@Nullable String id, String bridge) {
    var chan = channel(id);
    return chan != null && bridge.equals(chan.bridge);
  }

  /** Whether our application has it. */
  boolean isOurs(String id) {
    var chan = channel(id);
    return chan != null && chan.stasis;
  }

  /**
   * Whether it is a phone, or leads to one: who only plays music, listens, or speaks to all of a
   * bridge is none of its parties.
   */
  boolean isParty(String id) {
    var chan = channel(id);
    return chan != null && (chan.isLocal() || !chan.isPlumbing());
  }

  boolean isHolding(@Nullable String bridge) {
    return bridge != null && holdingBridges.contains(bridge);
  }

  Set<String> members(String bridge) {
    return Set.copyOf(members.getOrDefault(bridge, Set.of()));
  }

  Set<String> bridges() {
    return Set.copyOf(members.keySet());
  }

  boolean hasBridge(String bridge) {
    return members.containsKey(bridge);
  }

  @Nullable Chan otherHalf(Chan local) {
    return channel(idsByName.get(local.otherHalf()));
  }

  /**
   * Applies one event.
   *
   * @return the channels that it was about
   */
  Set<String> apply(JsonNode event) {
    var touched = new LinkedHashSet<String>();
    switch (event.path("type").asText()) {
      case "ChannelEnteredBridge" -> entered(event, touched);
      case "ChannelLeftBridge" -> left(event, touched);
      case "ChannelDestroyed" -> destroyed(event, touched);
      case "Dial" -> dial(event, touched);
      case "StasisStart" -> stasis(event, true, touched);
      case "StasisEnd" -> stasis(event, false, touched);
      case "ChannelHangupRequest" -> hangupRequest(event, touched);
      case "ChannelHold" -> upsert(event.path("channel"), touched).phoneHold = true;
      case "ChannelUnhold" -> upsert(event.path("channel"), touched).phoneHold = false;
      case "BridgeCreated" -> bridge(event.path("bridge"));
      case "BridgeDestroyed" -> forget(event.path("bridge").path("id").asText(), touched);
      case "ChannelCreated", "ChannelStateChange", "ChannelCallerId", "ChannelConnectedLine" ->
          upsert(event.path("channel"), touched);
      default -> {}
    }
    touched.removeIf(id -> id.isEmpty());
    return touched;
  }

  /** Applies what was told while the PBX made its lists, which may be older or newer than that. */
  void applyAgain(List<JsonNode> events) {
    for (var event : events) {
      if (event.path("type").asText().equals("ChannelCreated")) {
        ends.remove(
            event.path("channel").path("id").asText()); // it was not over, but not yet there
      }
      apply(event);
    }
  }

  private Chan upsert(JsonNode node, Set<String> touched) {
    var id = node.path("id").asText();
    if (id.isEmpty() || ends.containsKey(id)) {
      return new Chan(id);
    }
    var chan = channels.computeIfAbsent(id, Chan::new);
    var before = chan.name;
    chan.update(node);
    if (!before.equals(chan.name)) {
      idsByName.remove(before);
      idsByName.put(chan.name, id);
      belongTogether(chan);
    }
    touched.add(id);
    return chan;
  }

  /**
   * The second half of a Local channel is of the first one's family, as the PBX would say if it
   * were asked.
   */
  private void belongTogether(Chan chan) {
    var other = chan.isLocal() ? otherHalf(chan) : null;
    if (other != null) {
      var first = chan.isFirstHalf() ? chan : other;
      (first == chan ? other : chan).linkedId = first.linkedId;
    }
  }

  private void stasis(JsonNode event, boolean in, Set<String> touched) {
    if (event.path("application").asText().equals(application)) {
      var chan = upsert(event.path("channel"), touched);
      chan.stasis = in;
      chan.entries += in ? 1 : 0;
      chan.hangingUp &= !in;
      chan.leftAt = in ? null : Long.valueOf(System.nanoTime());
    }
  }

  private String bridge(JsonNode node) {
    var id = node.path("id").asText();
    members.computeIfAbsent(id, b -> new LinkedHashSet<>());
    if ("holding".equals(node.path("bridge_type").asText())) {
      holdingBridges.add(id);
    }
    return id;
  }

  private void entered(JsonNode event, Set<String> touched) {
    var chan = upsert(event.path("channel"), touched);
    var bridge = bridge(event.path("bridge"));
    if (chan.bridge != null) {
      members.getOrDefault(chan.bridge, new LinkedHashSet<>()).remove(chan.id);
    }
    chan.bridge = bridge;
    if (channels.containsKey(chan.id)) {
      var in = members.computeIfAbsent(bridge, b -> new LinkedHashSet<>());
      in.add(chan.id);
      touched.addAll(in);
    }
    dropFinishedDials(chan);
  }

  /** A dial that was answered joins its two ends until the bridge does. */
  private void dropFinishedDials(Chan chan) {
    var by = channel(chan.dialledBy);
    if (by != null && by.bridge != null) {
      by.dials.remove(chan.id);
      chan.dialledBy = null;
    }
    for (var id : Set.copyOf(chan.dials)) {
      var peer = channel(id);
      if (peer == null || peer.bridge != null) {
        chan.dials.remove(id);
        if (peer != null) {
          peer.dialledBy = null;
        }
      }
    }
  }

  private void left(JsonNode event, Set<String> touched) {
    var chan = upsert(event.path("channel"), touched);
    var bridge = event.path("bridge").path("id").asText();
    var in = members.get(bridge);
    if (in != null) {
      touched.addAll(in);
      in.remove(chan.id);
    }
    if (bridge.equals(chan.bridge)) {
      chan.bridge = null;
      chan.idleSince = System.nanoTime();
    }
  }

  private void forget(String bridge, Set<String> touched) {
    var in = members.remove(bridge);
    holdingBridges.remove(bridge);
    if (in != null) {
      touched.addAll(in);
      in.forEach(
          id -> {
            var chan = channel(id);
            if (chan != null && bridge.equals(chan.bridge)) {
              chan.bridge = null;
            }
          });
    }
  }

  /**
   * Why a phone does not take a call: told when it says so, before whoever dialled it can know, and
   * so before anything that follows from it. The end of its channel may be told long after that.
   */
  private void hangupRequest(JsonNode event, Set<String> touched) {
    var chan = upsert(event.path("channel"), touched);
    chan.hangingUp = true;
    var cause = Causes.of(event.path("cause").asInt(16), event.path("tech_cause").asInt(0));
    if (!chan.isUp() && cause.code() != Cause.Code.NORMAL && chan.word == null) {
      chan.word = cause;
    }
  }

  /** We do not let this channel answer any more. */
  void unwanted(String id, Cause.Code why) {
    var chan = channel(id);
    if (chan != null && !chan.isUp()) {
      chan.word = Cause.of(why);
    }
  }

  /** The phones that ended unanswered in the last event or list. */
  List<Chan> unanswered() {
    var all = List.copyOf(unanswered);
    unanswered.clear();
    return all;
  }

  private void dial(JsonNode event, Set<String> touched) {
    var peer = upsert(event.path("peer"), touched);
    peer.introduced = true;
    peer.dialled = true;
    if (!event.has("caller")) {
      return;
    }
    var caller = upsert(event.path("caller"), touched);
    if (!channels.containsKey(peer.id) || !channels.containsKey(caller.id)) {
      return; // told late, one of the two has ended
    }
    switch (event.path("dialstatus").asText()) {
      case "", "RINGING", "PROGRESS", "PROCEEDING" -> link(caller, peer);
      case "ANSWER" -> {
        link(caller, peer);
        dropFinishedDials(peer);
        peer.firstDialledBy = null;
        dialFailed(caller, null);
      }
      default -> givenUp(caller, peer, event.path("dialstatus").asText(), touched);
    }
  }

  /**
   * Nobody dials this phone any more. Its channel ends now, whenever that is told; until then it
   * belongs to nobody.
   */
  private void givenUp(Chan caller, Chan peer, String status, Set<String> touched) {
    caller.dials.remove(peer.id);
    caller.idleSince = System.nanoTime();
    peer.dialledBy = null;
    if (!peer.isUp()) {
      peer.firstDialledBy = caller.id;
      ending.put(peer.id, peer);
      var known = peer.word == null ? peer.dialFailure : peer.word;
      remove(peer, known == null ? Causes.ofDial(status) : known, touched);
    }
  }

  private static void link(Chan caller, Chan peer) {
    caller.dials.add(peer.id);
    peer.dialledBy = caller.id;
    peer.firstDialledBy = peer.firstDialledBy == null ? caller.id : peer.firstDialledBy;
    if (peer.linkedId.equals(peer.id)) {
      peer.linkedId = caller.linkedId;
    }
  }

  private void destroyed(JsonNode event, Set<String> touched) {
    var chan = upsert(event.path("channel"), touched);
    var cause = Causes.of(event.path("cause").asInt(16), event.path("tech_cause").asInt(0));
    var phone = ending.remove(chan.id);
    if (phone == null) {
      remove(chan, cause, touched);
    } else if (isVague(ends.get(phone.id)) && cause.code() != Cause.Code.NORMAL) {
      ends.put(phone.id, cause);
      dialFailed(channel(phone.firstDialledBy), cause);
    }
  }

  /** A dialling that a phone declines ends as one that nobody answered, too. */
  private static boolean isVague(@Nullable Cause cause) {
    return cause == null || cause.code() == Cause.Code.NO_ANSWER;
  }

  private void remove(Chan chan, Cause told, Set<String> touched) {
    var cause = withFailure(chan, told);
    if (chan.dialled && !chan.isUp() && !chan.isPlumbing()) {
      unanswered.add(chan);
    }
    ends.put(chan.id, cause);
    channels.remove(chan.id);
    idsByName.remove(chan.name);
    if (chan.bridge != null && members.containsKey(chan.bridge)) {
      var in = members.get(chan.bridge);
      in.remove(chan.id);
      touched.addAll(in);
    }
    touched.addAll(chan.dials);
    for (var id : chan.dials) {
      var peer = channel(id);
      if (peer != null) {
        peer.dialledBy = null;
      }
    }
    var by = channel(chan.dialledBy);
    if (by != null) {
      by.dials.remove(chan.id);
      by.idleSince = System.nanoTime();
      touched.add(by.id);
    }
    if (chan.isLocal()) {
      var other = channel(idsByName.get(chan.otherHalf()));
      if (other != null) {
        touched.add(other.id);
      }
    }
  }

  /**
   * Often a channel ends in the ordinary way although it was never answered: a Local channel's
   * halves when the dialplan hides why, say. Then the phone's own word counts, which is passed on
   * to whoever dialled; and where there is none, that nobody answered.
   */
  private Cause withFailure(Chan chan, Cause told) {
    var cause = told.code() == Cause.Code.NORMAL && !chan.isUp() ? unanswered(chan, told) : told;
    if (isFailure(cause)) {
      dialFailed(channel(chan.firstDialledBy), cause);
      dialFailed(chan, cause);
    }
    return cause;
  }

  /** Whoever gives up dialling, or dials another, has not failed by that. */
  private static boolean isFailure(Cause cause) {
    return switch (cause.code()) {
      case NORMAL, CANCELLED, FORWARDED -> false;
      default -> true;
    };
  }

  private static Cause unanswered(Chan chan, Cause told) {
    if (chan.word != null) {
      return chan.word;
    }
    if (chan.dialFailure != null) {
      return chan.dialFailure;
    }
    return chan.dialled ? new Cause(Cause.Code.NO_ANSWER, "", told.driver()) : told;
  }

  /** What a Local channel's far half has dialled has failed for its near half, too. */
  private void dialFailed(@Nullable Chan by, @Nullable Cause cause) {
    if (by != null) {
      by.dialFailure = cause;
      var other = by.isLocal() ? otherHalf(by) : null;
      if (other != null) {
        other.dialFailure = cause;
      }
    }
  }

  /**
   * Takes the PBX's own lists for the truth.
   *
   * @param linkedIds the PBX's word for which channels belong together, by channel
   * @param applications what each channel runs, by channel
   * @return every channel that is or was known
   */
  Set<String> replace(
      JsonNode channelList,
      JsonNode bridgeList,
      Map<String, String> linkedIds,
      Map<String, String> applications) {
    var touched = new LinkedHashSet<>(channels.keySet());
    var present = new LinkedHashSet<String>();
    channelList.forEach(node -> present.add(node.path("id").asText()));
    for (var known : List.copyOf(channels.values())) {
      if (!present.contains(known.id)) {
        remove(known, Causes.UNSEEN, touched);
      }
    }
    ending.keySet().retainAll(present);
    present.removeAll(ending.keySet());
    present.forEach(ends::remove); // what the PBX shows is there
    channelList.forEach(
        node -> {
          var chan = upsert(node, touched);
          chan.introduced = true;
          chan.bridge = null;
          var has = chan.stasisApplication();
          // Who was moved from one application to another goes on to be shown in the first.
          chan.stasis = has.equals(application) || chan.stasis && !has.isEmpty();
        });
    channels.values().forEach(c -> c.linkedId = linkedIds.getOrDefault(c.id, c.linkedId));
    members.clear();
    holdingBridges.clear();
    bridgeList.forEach(
        node -> {
          var bridge = bridge(node);
          node.path("channels")
              .forEach(
                  id -> {
                    var chan = channel(id.asText());
                    if (chan != null) {
                      chan.bridge = bridge;
                      members.computeIfAbsent(bridge, b -> new LinkedHashSet<>()).add(chan.id);
                    }
                  });
        });
    inferDials(applications);
    unanswered.clear();
    return touched;
  }

  /**
   * The lists do not say who dials whom; what runs Dial in no bridge dials the rest of its family.
   */
  private void inferDials(Map<String, String> applications) {
    for (var caller : channels.values()) {
      boolean dials = "Dial".equals(applications.getOrDefault(caller.id, caller.application));
      if (!dials || caller.bridge != null) {
        continue;
      }
      for (var peer : channels.values()) {
        if (peer != caller
            && peer.bridge == null
            && peer.dialledBy == null
            && !peer.isUp()
            && !peer.isLocal()
            && peer.linkedId.equals(caller.linkedId)) {
          link(caller, peer);
        }
      }
    }
  }

  /**
   * Every channel joined with this one: in one bridge, two halves of a Local channel, or dialling.
   */
  Set<String> component(String start, Set<String> without) {
    var seen = new LinkedHashSet<String>();
    var todo = new ArrayDeque<String>();
    todo.add(start);
    while (!todo.isEmpty()) {
      var id = todo.remove();
      var chan = channel(id);
      if (chan == null || without.contains(id) || !seen.add(id)) {
        continue;
      }
      if (chan.bridge != null && !isHolding(chan.bridge)) {
        todo.addAll(members.getOrDefault(chan.bridge, Set.of()));
      }
      if (chan.isLocal()) {
        var other = otherHalf(chan);
        if (other != null) {
          todo.add(other.id);
        }
      }
      todo.addAll(chan.dials);
      if (chan.dialledBy != null) {
        todo.add(chan.dialledBy);
      }
    }
    return seen;
  }
}
