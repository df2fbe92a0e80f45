package org.jackfield.provider.asterisk;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The PBX's whole picture, taken by its own lists and put in its place among the events: what is
 * told while the lists are made is applied to them once more. Confined to the provider's executor.
 */
final class Survey {
  private final Link link;
  private final Picture picture;
  private final Facts facts;
  private final Turns turns;
  private final String application;

  /** The events since the newest survey was begun; null while none is. */
  private @Nullable List<JsonNode> meanwhile;

  Survey(Link link, Picture picture, Facts facts, Turns turns, String application) {
    this.link = link;
    this.picture = picture;
    this.facts = facts;
    this.turns = turns;
    this.application = application;
  }

  /** To be called for each event before it is applied. */
  void event(JsonNode event) {
    var waiting = meanwhile;
    if (waiting != null) {
      waiting.add(event);
    }
  }

  /** Without a link there is nothing to wait for. */
  void linkDown() {
    meanwhile = null;
  }

  /**
   * Takes the picture, and then goes on; not while we leave. Where it cannot be had, the link is of
   * no use.
   */
  void take(Runnable then) {
    var events = new ArrayList<JsonNode>();
    meanwhile = events;
    subscribe()
        .thenCompose(done -> link.ami(AmiLink.Action.CORE_SHOW_CHANNELS, Map.of()))
        .thenCombine(
            link.ari("GET", "bridges")
                .thenCombine(link.ari("GET", "channels"), (b, c) -> List.of(b.body(), c.body())),
            (list, bodies) -> {
              replace(list, bodies, events);
              return list;
            })
        .whenCompleteAsync(
            (list, error) -> {
              boolean newest = meanwhile == events;
              meanwhile = newest ? null : meanwhile;
              if (link.isLeaving()) {
                return;
              }
              if (error == null) {
                then.run();
              } else if (newest) {
                link.useless("no snapshot: " + error);
              }
            },
            turns);
  }

  /**
   * All channels and bridges, and no more: Asterisk locks itself up when an application goes that
   * hears of device states while one changes, and nobody can connect to ARI any more. Half of what
   * is told of channels says nothing that is used here, either.
   */
  private CompletableFuture<Void> subscribe() {
    var ours = "applications/" + Fields.encoded(application);
    var filter = "{\"disallowed\":[{\"type\":\"ChannelVarset\"},{\"type\":\"ChannelDialplan\"}]}";
    var unused = link.ari("PUT", ours + "/eventFilter", filter).exceptionally(e -> null);
    return link.ari(
            "POST",
            ours
                + "/subscription?eventSource="
                + Fields.encoded("channel:")
                + ","
                + Fields.encoded("bridge:"))
        .thenAccept(
            reply -> {
              if (!reply.success()) {
                throw new StepFailed("hear of channels and bridges", reply.message());
              }
            });
  }

  private void replace(AmiLink.Reply list, List<JsonNode> bodies, List<JsonNode> events) {
    var linkedIds = new HashMap<String, String>();
    var applications = new HashMap<String, String>();
    for (var entry : list.entries()) {
      var id = entry.getOrDefault("Uniqueid", "");
      linkedIds.put(id, entry.getOrDefault("Linkedid", id));
      applications.put(id, entry.getOrDefault("Application", ""));
    }
    picture.replace(bodies.get(1), bodies.get(0), linkedIds, applications);
    picture.applyAgain(events);
    facts.check();
  }
}
