package org.jackfield.provider.asterisk;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bridges that we made: none of them outlives its call. One that is not needed any more is
 * asked away until the PBX has said that it is gone, over a loss of the link too; and those of an
 * instance that went without a word are swept by the next one. Confined to the provider's executor.
 */
final class Rooms {
  private static final Logger LOG = LoggerFactory.getLogger(Rooms.class);
  private static final int NOT_FOUND = 404;
  private static final int TRIES = 4;

  private final Link link;
  private final Picture picture;
  private final String application;
  private final Settings settings;

  /** Asked for, and not seen as gone yet: also while the PBX has not said that it made them. */
  private final Set<String> made = new LinkedHashSet<>();

  /** Those of them that nobody needs any more. */
  private final Set<String> unneeded = new LinkedHashSet<>();

  Rooms(Link link, Picture picture, Settings settings, String application) {
    this.link = link;
    this.picture = picture;
    this.application = application;
    this.settings = settings;
  }

  CompletableFuture<Void> make(String id, String type) {
    if (picture.hasBridge(id)) {
      return Steps.nothing();
    }
    made.add(id);
    return link.ari("POST", "bridges?type=" + type + "&bridgeId=" + Fields.encoded(id))
        .thenAccept(
            reply -> {
              if (!reply.success()) {
                made.remove(id);
                throw new StepFailed("make a bridge", reply.message());
              }
            });
  }

  /** Another instance has made it, and its call is ours now. */
  void adopt(String id) {
    if (picture.hasBridge(id)) {
      made.add(id);
    }
  }

  /** The end of a bridge that is no longer needed; that it is gone already is well, too. */
  void remove(String id) {
    if (made.contains(id)) {
      unneeded.add(id);
      remove(id, TRIES);
    }
  }

  private void remove(String id, int tries) {
    if (!link.isUsable()) {
      return; // it is asked for again when the link is back, or by whoever comes next
    }
    var unused =
        link.ari("DELETE", "bridges/" + Fields.encoded(id))
            .handle(
                (reply, error) -> {
                  if (error == null && isGone(reply)) {
                    gone(id);
                  } else if (tries > 1) {
                    remove(id, tries - 1);
                  } else {
                    LOG.info("bridge {} stays for now: {}", id, error == null ? reply : error);
                  }
                  return null;
                });
  }

  private static boolean isGone(AriLink.Reply reply) {
    return reply.success() || reply.status() == NOT_FOUND;
  }

  private void gone(String id) {
    made.remove(id);
    unneeded.remove(id);
  }

  /**
   * The picture is new. What is not needed is asked away again, and so is what an instance left
   * behind that is no more.
   */
  void sweep() {
    List.copyOf(unneeded).forEach(id -> remove(id, TRIES));
    var left = new LinkedHashSet<String>();
    for (var id : picture.bridges()) {
      if (settings.isNameOfInstance(id) && !made.contains(id)) {
        var instance = instance(id);
        if (!instance.equals(application) && !isInUse(instance)) {
          left.add(id);
        }
      }
    }
    left.forEach(this::sweep);
  }

  private static String instance(String bridge) {
    return bridge.substring(0, bridge.lastIndexOf('-'));
  }

  /** Whoever is cut off for a moment has its calls, and comes back to them. */
  private boolean isInUse(String instance) {
    return picture.channels().stream()
            .anyMatch(
                c -> c.id.startsWith(instance + "-") || c.applicationData.startsWith(instance))
        || picture.bridges().stream().anyMatch(id -> id.startsWith(instance + "-") && hasParty(id));
  }

  private boolean hasParty(String bridge) {
    return picture.members(bridge).stream().anyMatch(picture::isParty);
  }

  /** What an instance that is gone had made for a call, and not used yet. */
  void discard(String instance) {
    for (var id : picture.bridges()) {
      boolean its = settings.isNameOfInstance(id) && instance(id).equals(instance);
      if (its && !made.contains(id) && !hasParty(id)) {
        made.add(id);
        remove(id);
      }
    }
  }

  private void sweep(String bridge) {
    var instance = instance(bridge);
    var unused =
        link.ari("GET", "applications/" + Fields.encoded(instance))
            .thenCompose(
                reply ->
                    reply.status() == NOT_FOUND
                        ? link.ari("DELETE", "bridges/" + Fields.encoded(bridge)).thenApply(r -> r)
                        : (CompletionStage<AriLink.Reply>) CompletableFuture.completedFuture(reply))
            .handle(
                (reply, error) -> {
                  LOG.info(
                      "bridge {} of an instance that is gone: {}",
                      bridge,
                      error == null ? reply.status() : error);
                  return null;
                });
  }

  // ---- leaving ----

  /** Those that may go now: nobody is in them. */
  private List<String> empty() {
    return made.stream().filter(id -> picture.members(id).isEmpty()).toList();
  }

  boolean areEmptyOnesGone() {
    return empty().isEmpty();
  }

  /** Asks all away that nobody is in, the last thing that we do. */
  void leave() {
    for (var id : empty()) {
      var unused =
          link.last("DELETE", "bridges/" + Fields.encoded(id))
              .handle(
                  (reply, error) -> {
                    if (error == null && isGone(reply)) {
                      gone(id);
                    }
                    return null;
                  });
    }
  }
}
