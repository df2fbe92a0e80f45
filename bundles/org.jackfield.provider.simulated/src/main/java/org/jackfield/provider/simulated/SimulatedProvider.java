package org.jackfield.provider.simulated;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.CommandFate;
import org.jackfield.api.provider.ProviderContext;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.provider.TelephonyProvider;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.Reason;
import org.jspecify.annotations.Nullable;

/**
 * One simulated PBX that is open.
 *
 * <p>It connects by itself and again when the line is lost. A command is sent once more when it is
 * not answered, since the PBX does nothing twice; when that is not answered either, the line is
 * given up. Events are told in the PBX's order, whatever the line does to them.
 */
final class SimulatedProvider implements TelephonyProvider {

  private static final Duration REPEAT = Duration.ofMillis(800);
  private static final Duration GIVE_UP = Duration.ofMillis(900);
  private static final Duration GAP = Duration.ofSeconds(1);
  private static final Duration FIRST_RETRY = Duration.ofMillis(100);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(5);

  private final PbxLine.Connector connector;
  private final ProviderContext context;
  private final Map<String, Waiting> waiting = new HashMap<>();
  private final Map<String, CompletableFuture<CommandFate>> asked = new HashMap<>();
  private final TreeMap<Long, JsonNode> early = new TreeMap<>();
  private final Set<String> toldAsOver = new HashSet<>();
  private final Map<String, ProviderEvent.CallBranched> consultations = new HashMap<>();
  private @Nullable PbxLine line;
  private ProviderContext.@Nullable Timer retryTimer;
  private ProviderContext.@Nullable Timer gapTimer;
  private Duration retry = FIRST_RETRY;
  private boolean up;
  private boolean toldDown;
  private boolean snapshotWanted;
  private boolean closed;
  private long next;

  /** A command whose answer has not come. */
  private static final class Waiting {
    final String text;
    final CompletableFuture<ProviderReply> reply = new CompletableFuture<>();
    ProviderContext.@Nullable Timer timer;

    Waiting(String text) {
      this.text = text;
    }
  }

  SimulatedProvider(PbxLine.Connector connector, ProviderContext context) {
    this.connector = connector;
    this.context = context;
  }

  // The line

  /** Connects, and says so by LinkUp. */
  void connect() {
    if (closed) {
      return;
    }
    Ears ears = new Ears();
    line = connector.connect(ears);
    ears.mine = line;
  }

  /** Hears one line, and nothing that comes after it was given up. */
  private final class Ears implements PbxLine.Ears {
    private @Nullable PbxLine mine;

    @Override
    public void heard(String text) {
      context.execute(() -> ifMine(() -> hear(text)));
    }

    @Override
    public void lost(String why) {
      context.execute(() -> ifMine(() -> lose(why)));
    }

    private void ifMine(Runnable action) {
      if (mine == line && !closed) {
        action.run();
      }
    }
  }

  private void lose(String why) {
    hangUp(why);
    if (up || !toldDown) {
      context.report(
          new ProviderEvent.LinkDown(new Cause(Cause.Code.PROVIDER_LOST, "The PBX is away.", why)));
    }
    up = false;
    toldDown = true;
    retryTimer = context.schedule(retry, this::connect);
    Duration longer = retry.multipliedBy(2);
    retry = longer.compareTo(LONGEST_RETRY) < 0 ? longer : LONGEST_RETRY;
  }

  private void hangUp(String why) {
    if (line != null) {
      line.close();
      line = null;
    }
    if (gapTimer != null) {
      gapTimer.cancel();
      gapTimer = null;
    }
    early.clear();
    List<CompletableFuture<CommandFate>> open = List.copyOf(asked.values());
    asked.clear();
    open.forEach(fate -> fate.complete(CommandFate.UNKNOWN));
    List<Waiting> unanswered = List.copyOf(waiting.values());
    waiting.clear();
    for (Waiting w : unanswered) {
      cancel(w.timer);
      w.reply.completeExceptionally(new IllegalStateException("not answered: " + why));
    }
  }

  private static void cancel(ProviderContext.@Nullable Timer timer) {
    if (timer != null) {
      timer.cancel();
    }
  }

  private void send(String text) {
    if (line != null) {
      line.send(text);
    }
  }

  // Commands

  @Override
  public CompletionStage<ProviderReply> execute(Command command) {
    Optional<String> words = Words.of(command);
    if (words.isEmpty()) {
      return CompletableFuture.completedFuture(
          ProviderReply.Refused.of(Reason.NOT_SUPPORTED, "the PBX has no such command"));
    }
    if (!up) {
      return CompletableFuture.completedFuture(
          ProviderReply.Refused.of(Reason.PROVIDER_DOWN, "the PBX is away"));
    }
    String id = command.id().toString();
    Waiting known = waiting.get(id);
    if (known != null) {
      return known.reply;
    }
    Waiting w = new Waiting(words.get());
    waiting.put(id, w);
    send(w.text);
    w.timer = context.schedule(REPEAT, () -> repeat(w));
    return w.reply;
  }

  private void repeat(Waiting w) {
    send(w.text);
    w.timer = context.schedule(GIVE_UP, () -> lose("the PBX does not answer"));
  }

  /** The PBX keeps the ids of the commands that it was given. */
  @Override
  public CompletionStage<CommandFate> fate(Command command) {
    if (!up) {
      return CompletableFuture.completedFuture(CommandFate.UNKNOWN);
    }
    String question = UUID.randomUUID().toString();
    CompletableFuture<CommandFate> fate = new CompletableFuture<>();
    asked.put(question, fate);
    send(Words.askFate(command.id().toString(), question));
    return fate;
  }

  private void fate(JsonNode told) {
    CompletableFuture<CommandFate> fate = asked.remove(told.path("command").asText());
    if (fate != null) {
      fate.complete(Words.fate(told));
    }
  }

  @Override
  public void requestSnapshot() {
    snapshotWanted = true;
    if (up) {
      ask("snapshot");
    }
  }

  private void ask(String verb) {
    send(Words.question(verb, UUID.randomUUID().toString()));
  }

  // Facts

  private void hear(String text) {
    try {
      JsonNode message = Words.read(text);
      switch (message.path("type").asText()) {
        case "hello" -> linkUp(message);
        case "answer" -> answer(message);
        case "snapshot" -> snapshot(message);
        case "fate" -> fate(message);
        case "addresses" ->
            message.path("addresses").forEach(a -> context.report(Words.address(a)));
        default -> event(message.path("seq").asLong(), message);
      }
    } catch (IllegalArgumentException nonsense) {
      lose(String.valueOf(nonsense.getMessage()));
    }
  }

  private void linkUp(JsonNode hello) {
    next = hello.path("seq").asLong() + 1;
    up = true;
    toldDown = false;
    retry = FIRST_RETRY;
    toldAsOver.clear();
    consultations.clear();
    context.report(Words.linkUp(hello));
    ask("addresses");
    if (snapshotWanted) {
      ask("snapshot");
    }
  }

  private void answer(JsonNode answer) {
    Waiting w = waiting.remove(answer.path("command").asText());
    if (w != null) {
      cancel(w.timer);
      w.reply.complete(Words.reply(answer));
    }
  }

  private void snapshot(JsonNode snapshot) {
    snapshotWanted = false;
    next = Math.max(next, snapshot.path("seq").asLong() + 1);
    context.report(Words.snapshot(snapshot));
    Words.consultations(snapshot).forEach(context::report);
    tellWhatIsNext();
  }

  /** Tells an event in its turn; one that never comes costs the line, and a snapshot repairs it. */
  private void event(long seq, JsonNode event) {
    if (seq >= next) {
      early.put(seq, event);
    }
    tellWhatIsNext();
  }

  private void tellWhatIsNext() {
    while (!early.isEmpty() && early.firstKey() <= next) {
      Map.Entry<Long, JsonNode> first = early.firstEntry();
      early.remove(first.getKey());
      if (first.getKey() == next) {
        next++;
        tell(first.getValue());
      }
    }
    if (early.isEmpty()) {
      cancel(gapTimer);
      gapTimer = null;
    } else if (gapTimer == null) {
      gapTimer = context.schedule(GAP, () -> lose("an event is missing"));
    }
  }

  private void tell(JsonNode event) {
    switch (event.path("type").asText()) {
      case "connection" -> connection(event.path("connection"));
      case "merged" -> context.report(Words.merged(event));
      case "branched" -> context.report(Words.branched(event));
      case "addressChanged" -> context.report(Words.address(event.path("address")));
      default -> throw new IllegalArgumentException("unknown event " + event);
    }
  }

  /** The PBX tells of a tone and then of silence; by then the party has left already. */
  private void connection(JsonNode c) {
    Connection connection = Words.connection(c);
    String key = c.path("call").asText() + ' ' + connection.id();
    consultation(c, key);
    boolean alreadyTold = toldAsOver.remove(key);
    if (c.path("state").asText().equals("disconnected")) {
      toldAsOver.add(key);
    }
    if (!alreadyTold || !connection.state().isOver()) {
      context.report(new ProviderEvent.ConnectionChanged(Words.call(c), connection));
    }
  }

  /** Where a consultation comes from is told once, before its first connection. */
  private void consultation(JsonNode c, String key) {
    if (c.path("state").asText().equals("idle")) {
      consultations.remove(key);
      return;
    }
    Words.consults(c)
        .filter(branch -> !branch.equals(consultations.put(key, branch)))
        .ifPresent(context::report);
  }

  // The end

  @Override
  public void close() {
    closed = true;
    cancel(retryTimer);
    hangUp("closed");
  }
}
