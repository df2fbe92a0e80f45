package org.jackfield.provider.asterisk;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to the Asterisk Manager Interface, for the actions that ARI lacks. It takes no
 * events: facts come from ARI, in one order. Whatever the account may do, only the actions of
 * {@link Action} can be sent from here.
 *
 * <p>Any thread may call it; replies complete on the connection's reader thread.
 */
final class AmiLink implements AutoCloseable {
  /** All that this driver ever asks of AMI. */
  enum Action {
    LOGIN("Login"),
    LOGOFF("Logoff"),
    PING("Ping"),
    CORE_SETTINGS("CoreSettings"),
    CORE_SHOW_CHANNELS("CoreShowChannels"),
    SHOW_DIAL_PLAN("ShowDialPlan"),
    GET_VARIABLE("Getvar"),
    REDIRECT("Redirect"),
    BRIDGE("Bridge"),
    HANGUP("Hangup"),
    ORIGINATE("Originate");

    private final String word;

    Action(String word) {
      this.word = word;
    }
  }

  /**
   * The answer to one action: its own fields, and the entries of the list that followed, if one
   * did.
   */
  record Reply(Map<String, String> fields, List<Map<String, String>> entries) {
    boolean success() {
      return "Success".equals(fields.get("Response"));
    }

    String message() {
      return fields.getOrDefault("Message", "");
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(AmiLink.class);
  private static final int MAX_LINE = 16_384;
  private static final int MAX_ENTRIES = 100_000;
  private static final int MAX_PENDING = 1_000;
  private static final int TIMEOUT_SECONDS = 10;

  private final Socket socket;
  private final OutputStream out;
  private final InputStream in;
  private final Runnable onClosed;
  private final Map<String, Pending> pending = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();
  private volatile boolean closed;

  private record Pending(CompletableFuture<Reply> reply, PendingList list) {}

  /** What has come of a list so far; only the reader thread touches it. */
  private static final class PendingList {
    Map<String, String> head = Map.of();
    final List<Map<String, String>> entries = new ArrayList<>();
  }

  private AmiLink(Socket socket, Runnable onClosed) throws IOException {
    this.socket = socket;
    this.out = socket.getOutputStream();
    this.in = new BufferedInputStream(socket.getInputStream());
    this.onClosed = onClosed;
  }

  /**
   * Connects and logs in; blocks for at most ten seconds.
   *
   * @param onClosed run once when the connection was lost
   * @throws IOException not reachable, not an AMI, or the account was refused (the message says
   *     which)
   */
  static AmiLink open(String host, int port, String user, String secret, Runnable onClosed)
      throws IOException {
    var socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.connect(new InetSocketAddress(host, port), TIMEOUT_SECONDS * 1_000);
      socket.setSoTimeout(TIMEOUT_SECONDS * 1_000);
      var link = new AmiLink(socket, onClosed);
      if (!link.line().startsWith("Asterisk Call Manager/")) {
        throw new IOException("what listens at " + host + ":" + port + " is no AMI");
      }
      socket.setSoTimeout(0);
      Thread.ofVirtual().name("ami-" + host + "-" + port).start(link::read);
      link.login(user, secret);
      return link;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private void login(String user, String secret) throws IOException {
    try {
      var reply =
          act(Action.LOGIN, Map.of("Username", user, "Secret", secret, "Events", "off"))
              .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      if (!reply.success()) {
        throw new IOException("AMI refused the account: " + reply.message());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while logging in", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("AMI did not answer the login", e);
    }
  }

  /**
   * Sends one action.
   *
   * @return its reply; exceptionally when the link is lost, too many actions are under way, or ten
   *     seconds pass
   * @throws IllegalArgumentException a field holds CR, LF or NUL
   */
  CompletableFuture<Reply> act(Action action, Map<String, String> fields) {
    var id = Long.toString(ids.incrementAndGet());
    var message = encode(action, id, fields);
    var reply = new CompletableFuture<Reply>();
    if (closed || pending.size() >= MAX_PENDING) {
      reply.completeExceptionally(new IOException(closed ? "AMI link lost" : "AMI overloaded"));
      return reply;
    }
    pending.put(id, new Pending(reply, new PendingList()));
    try {
      synchronized (out) {
        out.write(message);
        out.flush();
      }
    } catch (IOException e) {
      lost();
    }
    if (closed) {
      reply.completeExceptionally(new IOException("AMI link lost"));
    }
    return reply
        .orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .whenComplete((r, e) -> pending.remove(id));
  }

  private static byte[] encode(Action action, String id, Map<String, String> fields) {
    var text = new StringBuilder();
    text.append("Action: ").append(action.word).append("\r\nActionID: ").append(id).append("\r\n");
    fields.forEach(
        (key, value) ->
            text.append(Fields.checked(key))
                .append(": ")
                .append(Fields.checked(value))
                .append("\r\n"));
    return text.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  private void read() {
    try {
      while (true) {
        dispatch(block());
      }
    } catch (IOException e) {
      lost();
    }
  }

  private void dispatch(Map<String, String> message) {
    var id = message.get("ActionID");
    var waiting = id == null ? null : pending.get(id);
    if (waiting == null) {
      return;
    }
    var list = waiting.list();
    if (message.containsKey("Response")) {
      list.head = message;
      if (!"start".equalsIgnoreCase(message.get("EventList"))) {
        waiting.reply().complete(new Reply(message, List.of()));
      }
    } else if ("Complete".equalsIgnoreCase(message.get("EventList"))) {
      waiting.reply().complete(new Reply(list.head, List.copyOf(list.entries)));
    } else if (list.entries.size() < MAX_ENTRIES) {
      list.entries.add(message);
    }
  }

  private Map<String, String> block() throws IOException {
    var fields = new LinkedHashMap<String, String>();
    while (true) {
      var line = line();
      if (line.isEmpty() && !fields.isEmpty()) {
        return fields;
      }
      int colon = line.indexOf(':');
      if (colon > 0) {
        fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
      }
    }
  }

  private String line() throws IOException {
    var bytes = new ByteArrayOutputStream(80);
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new IOException("AMI closed the connection");
      }
      if (bytes.size() >= MAX_LINE) {
        throw new IOException("AMI sent a line without an end");
      }
      bytes.write(b);
    }
    return bytes.toString(StandardCharsets.UTF_8).stripTrailing();
  }

  private void lost() {
    if (end()) {
      onClosed.run();
    }
  }

  /** Ends the connection and fails what is under way; the owner is not told what it does itself. */
  @Override
  public void close() {
    var unused = end();
  }

  private boolean end() {
    synchronized (this) {
      if (closed) {
        return false;
      }
      closed = true;
    }
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("AMI socket did not close cleanly", e);
    }
    pending
        .values()
        .forEach(p -> p.reply().completeExceptionally(new IOException("AMI link lost")));
    return true;
  }
}
