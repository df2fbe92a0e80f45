package org.jackfield.provider.asterisk;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * Single steps at the PBX. Each completes when the PBX has told the fact that it was for, and
 * exceptionally when it refused or never told; a step whose fact holds already does nothing, so a
 * sequence may be begun again. Confined to the provider's executor.
 */
final class Steps {
  private static final Duration LIMIT = Duration.ofSeconds(4);

  /** Asterisk forgets a hang-up that comes while it moves the channel to another bridge. */
  private static final int HANG_UPS = 4;

  private final Link link;
  private final Picture picture;
  private final Facts facts;
  private final Settings settings;
  private final String application;
  private final Rooms rooms;
  private long serial;

  Steps(Link link, Picture picture, Facts facts, Settings settings, String application) {
    this.rooms = new Rooms(link, picture, settings, application);
    this.link = link;
    this.picture = picture;
    this.facts = facts;
    this.settings = settings;
    this.application = application;
  }

  /** The name of our Stasis application. */
  String application() {
    return application;
  }

  Rooms rooms() {
    return rooms;
  }

  /** Whether anything can be asked now; without a link, and while we leave, nothing can. */
  boolean arePossible() {
    return link.isUsable();
  }

  static <T> CompletableFuture<T> nothing() {
    return CompletableFuture.completedFuture(null);
  }

  /** A name for a channel or bridge of ours, never used twice. */
  String freshName() {
    return application + "-" + ++serial;
  }

  private CompletableFuture<Void> ask(String step, String method, String uri) {
    return link.ari(method, uri)
        .thenAccept(
            reply -> {
              if (!reply.success()) {
                throw new StepFailed(step, reply.message());
              }
            });
  }

  private CompletableFuture<Void> act(
      String step, AmiLink.Action action, Map<String, String> fields) {
    return link.ami(action, fields)
        .thenAccept(
            reply -> {
              if (!reply.success()) {
                throw new StepFailed(step, reply.message());
              }
            });
  }

  /**
   * Writes what we must know of a call on those of its channels that we have. That they go before
   * it is written is well.
   */
  CompletableFuture<Void> note(Card card, List<String> handles) {
    return CompletableFuture.allOf(
            handles.stream()
                .filter(picture::isOurs)
                .map(
                    id ->
                        link.ari(
                            "POST",
                            "channels/"
                                + Fields.encoded(id)
                                + "/variable?variable="
                                + Card.VARIABLE
                                + "&value="
                                + Fields.encoded(card.text())))
                .toArray(CompletableFuture[]::new))
        .exceptionally(error -> null);
  }

  /** The last that was written on a channel, whoever has it now; empty where nothing was. */
  CompletableFuture<Optional<Card>> noted(String channel) {
    var chan = picture.channel(channel);
    return chan == null
        ? CompletableFuture.completedFuture(Optional.empty())
        : link.ami(
                AmiLink.Action.GET_VARIABLE,
                Map.of("Channel", chan.name, "Variable", Card.VARIABLE))
            .thenApply(reply -> Card.of(reply.fields().getOrDefault("Value", "")));
  }

  /** Lets our application have a channel that another instance's has, wherever it is. */
  CompletableFuture<Void> enlist(String channel) {
    return ask(
            "take over",
            "POST",
            "channels/" + Fields.encoded(channel) + "/move?app=" + Fields.encoded(application))
        .thenCompose(
            done ->
                facts.await(
                    "it is in our application",
                    LIMIT,
                    () -> picture.isOurs(channel) || !picture.alive(channel)));
  }

  CompletableFuture<Void> music(String holdingBridge) {
    return ask("play music", "POST", "bridges/" + Fields.encoded(holdingBridge) + "/moh");
  }

  /** Puts channels of our application into a bridge; each leaves the one that it was in. */
  CompletableFuture<Void> into(String bridge, String... channels) {
    var missing = List.of(channels).stream().filter(id -> !picture.isIn(id, bridge)).toList();
    if (missing.isEmpty()) {
      return nothing();
    }
    var csv = missing.stream().map(Fields::encoded).collect(Collectors.joining(","));
    return ask("join", "POST", "bridges/" + Fields.encoded(bridge) + "/addChannel?channel=" + csv)
        .thenCompose(
            done ->
                facts.await(
                    "entered the bridge",
                    LIMIT,
                    () ->
                        missing.stream()
                            .allMatch(id -> picture.isIn(id, bridge) || !picture.alive(id))))
        .thenRun(
            () -> {
              if (missing.stream().anyMatch(id -> !picture.alive(id))) {
                throw new StepFailed("join", "a party hung up");
              }
            });
  }

  /** Takes channels out of the dialplan into our application, all in one action. At most two. */
  CompletableFuture<Void> pullIn(String first, String... second) {
    var one = picture.channel(first);
    var two = second.length == 0 ? null : picture.channel(second[0]);
    if (one == null || second.length > 0 && two == null) {
      return CompletableFuture.failedFuture(new StepFailed("pull in", "a party hung up"));
    }
    var fields = new TreeMap<>(pullingIn(one));
    if (two != null) {
      fields.putAll(
          Map.of(
              "ExtraChannel",
              two.name,
              "ExtraContext",
              settings.pullIn(),
              "ExtraExten",
              application,
              "ExtraPriority",
              "1"));
    }
    int entriesOne = one.entries;
    int entriesTwo = two == null ? 0 : two.entries;
    return act("pull in", AmiLink.Action.REDIRECT, fields)
        .thenCompose(
            done ->
                facts.await(
                    "entered the application",
                    LIMIT,
                    () ->
                        !picture.alive(one.id)
                            || two != null && !picture.alive(two.id)
                            || one.entries > entriesOne
                                && (two == null || two.entries > entriesTwo)));
  }

  private Map<String, String> pullingIn(Chan chan) {
    return Map.of(
        "Channel", chan.name, "Context", settings.pullIn(), "Exten", application, "Priority", "1");
  }

  /**
   * Starts a call to an address; the channel made for it is in our application.
   *
   * @param seenAs whose number the other end sees
   * @param early the bridge in which what comes before the answer is heard, or empty
   */
  CompletableFuture<Void> dial(String id, String dialString, String seenAs, String early) {
    return ask(
            "dial",
            "POST",
            "channels/create?endpoint="
                + Fields.encoded(dialString)
                + "&app="
                + Fields.encoded(application)
                + "&channelId="
                + Fields.encoded(id)
                + (dialString.startsWith("Local/")
                    ? "&otherChannelId=" + Fields.encoded(id) + ".2"
                    : "")
                + "&originator="
                + Fields.encoded(seenAs))
        .thenCompose(
            done ->
                facts.await(
                    "the new channel is in the application",
                    LIMIT,
                    () -> picture.isOurs(id) || picture.end(id) != null))
        .thenCompose(done -> ring(id, seenAs, early));
  }

  /** The second half of {@link #dial}: the channel is there, and dials. */
  CompletableFuture<Void> ring(String id, String seenAs, String early) {
    return (early.isEmpty() ? Steps.<Void>nothing() : into(early, id))
        .thenCompose(
            done ->
                ask(
                    "dial",
                    "POST",
                    "channels/"
                        + Fields.encoded(id)
                        + "/dial?timeout=0&caller="
                        + Fields.encoded(seenAs)));
  }

  /** Hangs up; that it is gone already is well, too. */
  CompletableFuture<Void> hangUp(String channel) {
    return hangUp(channel, HANG_UPS);
  }

  private CompletableFuture<Void> hangUp(String channel, int tries) {
    if (!picture.alive(channel)) {
      if (channel.startsWith(application) && picture.end(channel) == null && link.isUsable()) {
        leaveWithout(channel); // it may have been asked for, and not been told yet
      }
      return nothing();
    }
    return link.ari("DELETE", "channels/" + Fields.encoded(channel))
        .thenAccept(
            reply -> {
              if (!reply.success() && reply.status() != 404) {
                throw new StepFailed("hang up", reply.message());
              }
            })
        .thenCompose(
            done ->
                facts
                    .await(
                        "the channel ended",
                        LIMIT.dividedBy(HANG_UPS),
                        () -> !picture.alive(channel))
                    .exceptionallyCompose(
                        late ->
                            tries > 1
                                ? hangUp(channel, tries - 1)
                                : CompletableFuture.failedFuture(late)));
  }

  CompletableFuture<Void> hangUp(Collection<String> channels) {
    return CompletableFuture.allOf(
        channels.stream().map(this::hangUp).toArray(CompletableFuture[]::new));
  }

  /**
   * A channel that we made stands at the extension it dialled, and would dial it again when the
   * call is over. Pulled in like the others it stands where the dialplan hangs up. It leaves its
   * bridge by that.
   */
  CompletableFuture<Void> place(String id) {
    var chan = picture.channel(id);
    return chan == null || isPlaced(chan) ? nothing() : pullIn(id);
  }

  private boolean isPlaced(Chan chan) {
    return !settings.isNameOfInstance(chan.id) || settings.isInstance(chan.exten);
  }

  /**
   * Lets two channels leave our application for a bridge that Asterisk keeps by itself: when one
   * hangs up, the other ends too, and it does so without us.
   */
  CompletableFuture<Void> letGo(String first, String second) {
    var one = picture.channel(first);
    var two = picture.channel(second);
    if (one == null || two == null) {
      return CompletableFuture.failedFuture(new StepFailed("let go", "a party hung up"));
    }
    return act("let go", AmiLink.Action.BRIDGE, Map.of("Channel1", one.name, "Channel2", two.name))
        .thenCompose(
            done ->
                facts.await(
                    "both are in a bridge of the PBX's own",
                    LIMIT,
                    () ->
                        !picture.alive(first)
                            || !picture.alive(second)
                            || areLetGo(first, second)));
  }

  boolean areLetGo(String first, String second) {
    var one = picture.channel(first);
    var two = picture.channel(second);
    return one != null
        && two != null
        && one.bridge != null
        && one.bridge.equals(two.bridge)
        && !one.stasis
        && !two.stasis;
  }

  /** Lets a channel that the dialplan has, and what it dials, begin anew at another address. */
  CompletableFuture<Void> sendTo(String channel, String address) {
    var chan = picture.channel(channel);
    if (chan == null) {
      return CompletableFuture.failedFuture(new StepFailed("send on", "the caller hung up"));
    }
    var dialled = List.copyOf(chan.dials);
    return act(
            "send on",
            AmiLink.Action.REDIRECT,
            Map.of(
                "Channel",
                chan.name,
                "Context",
                settings.context(),
                "Exten",
                address,
                "Priority",
                "1"))
        .thenCompose(
            done ->
                facts.await(
                    "it does not ring there any more",
                    LIMIT,
                    () -> dialled.stream().noneMatch(picture::alive)));
  }

  /** Whether the dialplan has the address; nothing is dialled. */
  CompletableFuture<Boolean> exists(String address) {
    if (!settings.dialsThroughDialplan()) {
      return CompletableFuture.completedFuture(true);
    }
    return link.ami(
            AmiLink.Action.SHOW_DIAL_PLAN,
            Map.of("Context", settings.context(), "Extension", address))
        .thenApply(AmiLink.Reply::success);
  }

  /**
   * Asks the PBX to ring {@code from} and then to dial {@code to}; no part of it depends on us
   * afterwards.
   */
  CompletableFuture<Void> originate(String id, String from, String to) {
    var fields = new TreeMap<String, String>();
    var dialString = settings.dialString(from);
    fields.putAll(
        Map.of(
            "Channel",
            dialString,
            "Context",
            settings.context(),
            "Exten",
            to,
            "Priority",
            "1",
            "Async",
            "true",
            "Timeout",
            "120000",
            "CallerID",
            from,
            "ChannelId",
            id));
    if (dialString.startsWith("Local/")) {
      fields.put("OtherChannelId", id + ".2");
    }
    return act("make the call", AmiLink.Action.ORIGINATE, fields);
  }

  // ---- leaving: asked once more and once more, as long as the facts are not there ----

  /** Ends a channel, also one that was asked for and has not been told yet. */
  void leaveWithout(String channel) {
    var unused =
        link.last("DELETE", "channels/" + Fields.encoded(channel)).exceptionally(e -> null);
  }

  /** Brings two channels a step nearer to a bridge of the PBX's own. */
  void leaveTogether(String first, String second) {
    var one = picture.channel(first);
    var two = picture.channel(second);
    if (one == null || two == null || areLetGo(first, second)) {
      return;
    }
    if (isPlaced(one) && isPlaced(two)) {
      var unused =
          link.last(AmiLink.Action.BRIDGE, Map.of("Channel1", one.name, "Channel2", two.name))
              .exceptionally(e -> null);
    } else {
      for (var chan : List.of(one, two)) {
        if (!isPlaced(chan)) {
          var unused = link.last(AmiLink.Action.REDIRECT, pullingIn(chan)).exceptionally(e -> null);
        }
      }
    }
  }
}
