package org.jackfield.provider.asterisk;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket to the Asterisk REST Interface: events come on it and requests go over it, so that
 * a reply keeps its place among the events.
 *
 * <p>Any thread may ask. Events and replies are handed to the executor given at {@link #open}, one
 * after the other; the next frame is read only when the last one has been handled, so a driver that
 * is slow slows Asterisk's sending down, and nothing is queued without bound here.
 */
final class AriLink implements AutoCloseable {
  /** The answer to one request. */
  record Reply(int status, JsonNode body) {
    boolean success() {
      return status >= 200 && status < 300;
    }

    String message() {
      var text = body.path("message").asText("");
      return text.isEmpty() ? "status " + status : text;
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(AriLink.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_FRAME = 8 * 1024 * 1024;
  private static final int MAX_PENDING = 1_000;
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final Executor executor;
  private final Events events;
  private final Map<String, CompletableFuture<Reply>> pending = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();
  private final Deque<String> outgoing = new ArrayDeque<>(); // guarded by itself
  private boolean sending; // guarded by outgoing
  private volatile @Nullable WebSocket socket;
  private volatile boolean closed;
  private volatile boolean closing;
  private volatile long lastHeard = System.nanoTime();

  /** What a link tells its owner, always on the owner's executor. */
  interface Events {
    void event(JsonNode event);

    /** The connection has ended; called once. */
    void closed(String why);
  }

  private AriLink(Executor executor, Events events) {
    this.executor = executor;
    this.events = events;
  }

  /**
   * Connects; the link is usable when the future completes.
   *
   * @param base ARI's address, such as {@code http://127.0.0.1:8088/ari}
   * @return exceptionally with an IOException whose message says what was refused
   */
  static CompletableFuture<AriLink> open(
      HttpClient client,
      URI base,
      String user,
      String secret,
      String application,
      Executor executor,
      Events events) {
    var link = new AriLink(executor, events);
    var account =
        Base64.getEncoder().encodeToString((user + ":" + secret).getBytes(StandardCharsets.UTF_8));
    var uri =
        URI.create(
            base.toString().replaceFirst("^http", "ws").replaceFirst("/$", "")
                + "/events?app="
                + Fields.encoded(application));
    return client
        .newWebSocketBuilder()
        .connectTimeout(TIMEOUT)
        .header("Authorization", "Basic " + account)
        .subprotocols("ari")
        .buildAsync(uri, link.new Listener())
        .handle(
            (socket, error) -> {
              if (error != null) {
                throw new CompletionException(explained(error));
              }
              link.socket = socket;
              link.flush();
              return link;
            });
  }

  private static IOException explained(Throwable error) {
    var cause =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    if (cause instanceof WebSocketHandshakeException refused) {
      int status = refused.getResponse().statusCode();
      return new IOException(
          switch (status) {
            case 401, 403 -> "ARI refused the account (" + status + ")";
            case 404 ->
                "there is no ARI at this address: module res_ari or res_ari_events is missing";
            default -> "ARI refused the connection (" + status + ")";
          },
          cause);
    }
    return new IOException("ARI is not reachable: " + cause, cause);
  }

  /**
   * Sends one request.
   *
   * @param uri path and query below {@code /ari/}, its parts made with {@link Fields#encoded}
   * @return the reply, whatever its status; exceptionally when the link is lost or ten seconds pass
   */
  CompletableFuture<Reply> request(String method, String uri) {
    return request(method, uri, "");
  }

  /** The same with a JSON body. */
  CompletableFuture<Reply> request(String method, String uri, String json) {
    var id = Long.toString(ids.incrementAndGet());
    var reply = new CompletableFuture<Reply>();
    if (closed || pending.size() >= MAX_PENDING) {
      reply.completeExceptionally(new IOException(closed ? "ARI link lost" : "ARI overloaded"));
      return reply;
    }
    pending.put(id, reply);
    var frame =
        JSON.createObjectNode()
            .put("type", "RESTRequest")
            .put("transaction_id", id)
            .put("request_id", id)
            .put("method", method)
            .put("uri", Fields.checked(uri));
    if (!json.isEmpty()) {
      frame.put("content_type", "application/json").put("message_body", json);
    }
    synchronized (outgoing) {
      outgoing.add(frame.toString());
    }
    flush();
    if (closed) {
      reply.completeExceptionally(new IOException("ARI link lost"));
    }
    return reply
        .orTimeout(TIMEOUT.toSeconds(), TimeUnit.SECONDS)
        .whenComplete((r, e) -> pending.remove(id));
  }

  /**
   * A WebSocket takes one message at a time; the rest waits here, at most as many as may be
   * pending.
   */
  private void flush() {
    var to = socket;
    if (to == null) {
      return;
    }
    String next;
    synchronized (outgoing) {
      if (sending) {
        return;
      }
      sending = true;
      next = outgoing.poll();
    }
    if (next == null) {
      idle(to);
      return;
    }
    to.sendText(next, true)
        .whenComplete(
            (sent, error) -> {
              synchronized (outgoing) {
                sending = false;
              }
              if (error != null) {
                end("sending failed: " + error.getMessage());
              } else {
                flush();
              }
            });
  }

  private void idle(WebSocket to) {
    if (closing) {
      to.sendClose(WebSocket.NORMAL_CLOSURE, "").whenComplete((done, error) -> to.abort());
    } else {
      synchronized (outgoing) {
        sending = false;
      }
      if (!outgoingIsEmpty()) {
        flush();
      }
    }
  }

  private boolean outgoingIsEmpty() {
    synchronized (outgoing) {
      return outgoing.isEmpty();
    }
  }

  /** Asks for a sign of life. */
  void ping() {
    var to = socket;
    if (to != null && !closed) {
      var unused =
          to.sendPing(ByteBuffer.allocate(0))
              .exceptionally(
                  error -> {
                    end("ping failed: " + error.getMessage());
                    return to;
                  });
    }
  }

  boolean isClosed() {
    return closed;
  }

  /** How long nothing at all has come, in nanoseconds. */
  long silence() {
    return System.nanoTime() - lastHeard;
  }

  /**
   * Ends the connection in order, after what has been asked was sent. Nothing comes back any more.
   */
  void closeWhenSent() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    closing = true;
    flush();
  }

  /** Drops the connection at once, as if it had been lost. */
  void abort(String why) {
    end(why);
  }

  @Override
  public void close() {
    end("closed");
  }

  private void end(String why) {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    var to = socket;
    if (to != null) {
      to.abort();
    }
    pending.values().forEach(p -> p.completeExceptionally(new IOException("ARI link lost")));
    executor.execute(() -> events.closed(why));
  }

  private void frame(String text) {
    try {
      var node = JSON.readTree(text);
      if ("RESTResponse".equals(node.path("type").asText())) {
        reply(node);
      } else {
        events.event(node);
      }
    } catch (JsonProcessingException e) {
      LOG.warn("ARI sent what is no JSON, {} characters", text.length());
      end("malformed frame");
    }
  }

  private void reply(JsonNode node) throws JsonProcessingException {
    var waiting = pending.get(node.path("request_id").asText());
    if (waiting != null) {
      var body = node.path("message_body").asText("");
      waiting.complete(
          new Reply(
              node.path("status_code").asInt(),
              body.isBlank() ? MissingNode.getInstance() : JSON.readTree(body)));
    }
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      if (closed) {
        return null;
      }
      lastHeard = System.nanoTime();
      text.append(data);
      if (text.length() > MAX_FRAME) {
        end("a frame of more than " + MAX_FRAME + " characters");
        return null;
      }
      if (!last) {
        from.request(1);
        return null;
      }
      var whole = text.toString();
      text.setLength(0);
      executor.execute(
          () -> {
            try {
              frame(whole);
            } finally {
              from.request(1);
            }
          });
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket from, ByteBuffer message) {
      lastHeard = System.nanoTime();
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
      end("Asterisk closed the connection (" + status + ")");
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      end("connection failed: " + error);
    }
  }
}
