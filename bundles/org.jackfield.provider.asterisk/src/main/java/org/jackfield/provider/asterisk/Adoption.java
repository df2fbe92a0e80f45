package org.jackfield.provider.asterisk;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the calls that an earlier instance kept in its application and left there, by what it wrote
 * on their channels. An instance that is connected is never robbed. Confined to the provider's
 * executor.
 */
final class Adoption {
  private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);
  private static final int NOT_FOUND = 404;

  private final Link link;
  private final Picture picture;
  private final Settings settings;
  private final Steps steps;

  Adoption(Link link, Picture picture, Settings settings, Steps steps) {
    this.link = link;
    this.picture = picture;
    this.settings = settings;
    this.steps = steps;
  }

  /** What was found. */
  record Found(List<Card> cards, List<List<String>> without) {
    static final Found NOTHING = new Found(List.of(), List.of());
  }

  /**
   * Looks for the calls of instances that are gone.
   *
   * @return for each call its newest card; and the channels on which nothing is written, by the
   *     family that they are of
   */
  CompletableFuture<Found> look() {
    // Who was moved goes on to be shown in the first instance, and one that let it go may still
    // be at it: so whose word is on it counts, too.
    var instances = new LinkedHashMap<String, Set<String>>();
    for (var chan : picture.channels()) {
      if (!chan.stasis && settings.isInstance(chan.stasisApplication())) {
        instances.put(chan.id, new HashSet<>(Set.of(chan.stasisApplication())));
      }
    }
    if (instances.isEmpty()) {
      return CompletableFuture.completedFuture(Found.NOTHING);
    }
    var cards = new HashMap<String, Card>();
    return all(
            instances.keySet(),
            id ->
                link.ari(
                    "GET",
                    "channels/" + Fields.encoded(id) + "/variable?variable=" + Card.VARIABLE),
            (id, reply) ->
                Card.of(reply.body().path("value").asText())
                    .ifPresent(
                        card -> {
                          instances.getOrDefault(id, new HashSet<>()).add(card.owner());
                          // One of a call that was given back and taken again is an old one.
                          if (picture.hasBridge(card.talk())) {
                            cards.put(id, card);
                          }
                        }))
        .thenCompose(done -> withoutThoseInUse(instances))
        .thenApply(left -> found(left, cards));
  }

  private CompletableFuture<Set<String>> withoutThoseInUse(Map<String, Set<String>> instances) {
    var gone = new HashSet<String>();
    return all(
            instances.values().stream().flatMap(Set::stream).collect(Collectors.toSet()),
            instance -> link.ari("GET", "applications/" + Fields.encoded(instance)),
            (instance, reply) -> {
              if (reply.status() == NOT_FOUND) {
                gone.add(instance);
              }
            })
        .thenApply(
            done -> {
              var left = new LinkedHashSet<>(instances.keySet());
              left.removeIf(id -> !gone.containsAll(instances.getOrDefault(id, Set.of())));
              return left;
            });
  }

  private Found found(Set<String> left, Map<String, Card> cards) {
    var newest = new LinkedHashMap<String, Card>();
    var without = new LinkedHashMap<String, List<String>>();
    for (var id : left) {
      var chan = picture.channel(id);
      var card = cards.get(id);
      if (card != null) {
        newest.merge(card.talk(), card, (a, b) -> a.version() >= b.version() ? a : b);
      } else if (chan != null) {
        without.computeIfAbsent(chan.linkedId, family -> new ArrayList<>()).add(id);
      }
    }
    newest.values().forEach(card -> card.handles().forEach(id -> forget(without, id)));
    without.values().removeIf(List::isEmpty);
    if (!left.isEmpty()) {
      LOG.info("{} channels of instances that are gone: {}, {}", left.size(), newest, without);
    }
    return new Found(List.copyOf(newest.values()), List.copyOf(without.values()));
  }

  private static void forget(Map<String, List<String>> without, String id) {
    without.values().forEach(family -> family.remove(id));
  }

  /** Asks for each; what cannot be asked is passed over. */
  private static <T> CompletableFuture<Void> all(
      Collection<T> many,
      Function<T, CompletableFuture<AriLink.Reply>> ask,
      BiConsumer<T, AriLink.Reply> answer) {
    return CompletableFuture.allOf(
        many.stream()
            .map(one -> ask.apply(one).thenAccept(reply -> answer.accept(one, reply)))
            .toArray(CompletableFuture[]::new));
  }
}
