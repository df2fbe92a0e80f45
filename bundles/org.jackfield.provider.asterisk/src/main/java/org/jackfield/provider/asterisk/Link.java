package org.jackfield.provider.asterisk;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.jackfield.api.provider.ProviderContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Both connections to one Asterisk, kept up together: when one is lost, both are dropped and made
 * again, with back-off. Confined to the provider's executor, on which every reply completes.
 */
final class Link implements AriLink.Events {
  /** Who is told. */
  interface Owner {
    void linkUp();

    void linkDown(String why);

    void event(JsonNode event);
  }

  private static final Logger LOG = LoggerFactory.getLogger(Link.class);
  private static final Duration FIRST_WAIT = Duration.ofMillis(200);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
  private static final Duration PING_EVERY = Duration.ofSeconds(2);
  private static final Duration SILENCE = Duration.ofSeconds(5);

  private final Settings settings;
  private final String application;
  private final ProviderContext context;
  private final Turns turns;
  private final Owner owner;
  private final AtomicReference<@Nullable HttpClient> client = new AtomicReference<>();
  private @Nullable AriLink ari;
  private @Nullable AmiLink ami;
  private Duration wait = FIRST_WAIT;
  private volatile boolean closed;
  private boolean leaving;
  private int generation;
  private ProviderContext.@Nullable Timer timer;

  Link(Settings settings, String application, ProviderContext context, Turns turns, Owner owner) {
    this.settings = settings;
    this.application = application;
    this.context = context;
    this.turns = turns;
    this.owner = owner;
  }

  boolean isUp() {
    return ari != null && ami != null;
  }

  /** Whether something can be asked of the PBX in the ordinary way. */
  boolean isUsable() {
    return isUp() && !leaving;
  }

  /** From now on only what {@link #last} asks is sent, and a lost link stays lost. */
  void leave() {
    leaving = true;
    stopTimer();
  }

  /** Whether we have begun to go, or have gone. */
  boolean isLeaving() {
    return leaving;
  }

  /** Connects on a thread of its own; the owner hears of it on the executor. */
  void connect() {
    if (closed || leaving) {
      return;
    }
    int mine = ++generation;
    Thread.ofVirtual().name("asterisk-connect-" + context.provider()).start(() -> attempt(mine));
  }

  private void attempt(int mine) {
    AmiLink newAmi = null;
    try {
      newAmi =
          AmiLink.open(
              settings.amiHost(),
              settings.amiPort(),
              settings.amiUser(),
              settings.amiSecret(),
              () -> turns.execute(() -> lost(mine, "AMI closed the connection")));
      var newAri =
          AriLink.open(
                  client(),
                  settings.ari(),
                  settings.ariUser(),
                  settings.ariSecret(),
                  application,
                  turns,
                  this)
              .join();
      var usable = newAmi;
      turns.execute(() -> install(mine, usable, newAri));
    } catch (IOException | RuntimeException e) {
      if (newAmi != null) {
        newAmi.close();
      }
      var why =
          String.valueOf(
              e instanceof CompletionException && e.getCause() != null
                  ? e.getCause().getMessage()
                  : e.getMessage());
      turns.execute(() -> lost(mine, why));
    }
  }

  /** Made by whoever connects: it takes long the first time, and the executor is not to wait. */
  private HttpClient client() {
    var present = client.get();
    if (present != null) {
      return present;
    }
    var made = HttpClient.newHttpClient();
    client.set(made);
    if (closed) {
      made.shutdown();
    }
    return made;
  }

  private void install(int mine, AmiLink newAmi, AriLink newAri) {
    if (closed || leaving || mine != generation) {
      newAmi.close();
      newAri.close();
      return;
    }
    ami = newAmi;
    ari = newAri;
    if (newAri.isClosed()) {
      lost(mine, "ARI closed the connection"); // which was told when nobody listened yet
      return;
    }
    owner.linkUp();
    watch(mine);
  }

  /** The link is there and of no use; it is made again. */
  void useless(String why) {
    lost(generation, why);
  }

  /** The link works as a whole, so the next loss begins with a short wait again. */
  void proven() {
    wait = FIRST_WAIT;
  }

  private void watch(int mine) {
    var to = ari;
    if (closed || mine != generation || to == null) {
      return;
    }
    if (to.silence() > SILENCE.toNanos()) {
      lost(mine, "ARI is silent");
      return;
    }
    to.ping();
    ami(AmiLink.Action.PING, Map.of())
        .exceptionally(
            error -> {
              lost(mine, "AMI does not answer");
              return new AmiLink.Reply(Map.of(), java.util.List.of());
            });
    timer = context.schedule(PING_EVERY, () -> watch(mine));
  }

  private void lost(int mine, String why) {
    if (closed || mine != generation) {
      return;
    }
    generation++;
    stopTimer();
    drop();
    if (leaving) {
      return;
    }
    LOG.info("{}: link lost, {}; next try in {} ms", context.provider(), why, wait.toMillis());
    owner.linkDown(why);
    long millis = wait.toMillis();
    timer =
        context.schedule(
            Duration.ofMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis)),
            this::connect);
    wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait.multipliedBy(2);
  }

  private void stopTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  private void drop() {
    var oldAri = ari;
    var oldAmi = ami;
    ari = null;
    ami = null;
    if (oldAri != null) {
      oldAri.close();
    }
    if (oldAmi != null) {
      oldAmi.close();
    }
  }

  void close() {
    closed = true;
    stopTimer();
    var oldAri = ari;
    ari = null;
    if (oldAri != null) {
      oldAri.closeWhenSent();
    }
    drop();
    var used = client.get();
    if (used != null) {
      used.shutdown();
    }
  }

  @Override
  public void event(JsonNode event) {
    if (!closed) {
      owner.event(event);
    }
  }

  @Override
  public void closed(String why) {
    if (ari != null) {
      lost(generation, why);
    }
  }

  CompletableFuture<AriLink.Reply> ari(String method, String uri) {
    return ari(method, uri, "");
  }

  CompletableFuture<AriLink.Reply> ari(String method, String uri, String json) {
    var to = ari;
    return to == null || leaving ? down() : onExecutor(to.request(method, uri, json));
  }

  CompletableFuture<AmiLink.Reply> ami(AmiLink.Action action, Map<String, String> fields) {
    var to = ami;
    return to == null || leaving ? down() : onExecutor(to.act(action, fields));
  }

  /** What is asked while we leave. */
  CompletableFuture<AriLink.Reply> last(String method, String uri) {
    var to = ari;
    return to == null ? down() : onExecutor(to.request(method, uri));
  }

  /** What is asked while we leave. */
  CompletableFuture<AmiLink.Reply> last(AmiLink.Action action, Map<String, String> fields) {
    var to = ami;
    return to == null ? down() : onExecutor(to.act(action, fields));
  }

  private static <T> CompletableFuture<T> down() {
    return CompletableFuture.failedFuture(new IOException("no link to the PBX"));
  }

  private <T> CompletableFuture<T> onExecutor(CompletableFuture<T> reply) {
    return reply.whenCompleteAsync(
        (r, e) -> {},
        task -> {
          if (!closed) {
            turns.execute(task);
          }
        });
  }
}
