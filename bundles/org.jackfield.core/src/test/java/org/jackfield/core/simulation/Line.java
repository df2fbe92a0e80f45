package org.jackfield.core.simulation;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.ConfigKey;
import org.jackfield.api.provider.Handover;
import org.jackfield.api.provider.ProbeReport;
import org.jackfield.api.provider.ProviderConfig;
import org.jackfield.api.provider.ProviderContext;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.provider.TelephonyDriver;
import org.jackfield.api.provider.TelephonyProvider;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Reason;
import org.jackfield.pbx.simulated.Message;
import org.jackfield.pbx.simulated.Pbx;

/** A driver for the model PBX, and everything that can go wrong between it and the core. */
final class Line implements TelephonyDriver {
  static final Map<String, Object> PROPERTIES = Map.of("org.jackfield.driver.name", "model");

  private final Clockwork clock;
  private final ModelPbx pbx;
  private final Ears ears;
  private final Ladder ladder;

  /** How late facts are, and replies, and commands. */
  Duration factsLate = Duration.ZERO;

  Duration repliesLate = Duration.ZERO;
  Duration commandsLate = Duration.ZERO;

  /** How many more facts are told twice, lost, or after the one that follows. */
  int twice;

  int lost;
  int swapped;

  /** How many more snapshots are never told. */
  int unseen;

  /** What goes wrong with the next commands. */
  final Deque<Spoil> spoils = new ArrayDeque<>();

  /** What can go wrong with a command. */
  enum Spoil {
    /** Refused, and not done. */
    REFUSED,
    /** Done, and not answered. */
    UNANSWERED,
    /** Accepted, and not done. */
    NOT_DONE,
    /** Accepted, not done, and told as failed. */
    FAILED,
    /** Neither done nor answered. */
    LOST,
    /** The driver throws. */
    THROWN,
    /** Refused as what the PBX cannot do after all, and not done. */
    UNABLE
  }

  private Opened opened;

  /** Whoever follows what crosses the seam. */
  interface Ears {
    /** A command has reached the driver. */
    void command(Command command);

    /** The driver has acknowledged it, or has thrown: then without a reply. */
    void reply(Command command, ProviderReply reply);

    /** A fact has reached the core. */
    void fact(ProviderEvent event);

    /** A fact was lost, reordered or made up. */
    void lied();
  }

  Line(Clockwork clock, ModelPbx pbx, Ears ears, Ladder ladder) {
    this.clock = clock;
    this.pbx = pbx;
    this.ears = ears;
    this.ladder = ladder;
  }

  @Override
  public List<ConfigKey> schema() {
    return List.of();
  }

  @Override
  public ProbeReport probe(ProviderConfig config) {
    return new ProbeReport(List.of());
  }

  @Override
  public TelephonyProvider open(
      ProviderConfig config, ProviderContext context, Optional<Handover> handover) {
    opened = new Opened(context);
    context.execute(opened::connect);
    return opened;
  }

  /** All is well again. */
  void heal() {
    factsLate = Duration.ZERO;
    repliesLate = Duration.ZERO;
    commandsLate = Duration.ZERO;
    twice = 0;
    lost = 0;
    swapped = 0;
    unseen = 0;
    spoils.clear();
    if (opened != null) {
      opened.connect();
    }
  }

  boolean isUp() {
    return opened != null && opened.up;
  }

  /** The link is cut, for so long. */
  void cut(Duration time) {
    Opened now = opened;
    if (now != null && now.up) {
      now.lose();
      clock.after(time, now::connect);
    }
  }

  /** Tells something, true or not. */
  void claim(ProviderEvent event) {
    if (isUp()) {
      ears.lied();
      opened.deliver(event);
    }
  }

  boolean hasInFlight() {
    return opened != null && (!opened.facts.isEmpty() || opened.inFlight > 0);
  }

  private final class Opened implements TelephonyProvider, Pbx.Outlet {
    private final ProviderContext context;
    private final Deque<ProviderEvent> facts = new ArrayDeque<>();
    private final Map<String, Waiting> waiting = new HashMap<>();
    private Pbx.Client client;
    private ProviderEvent held;
    private boolean up;
    private boolean closed;
    private boolean snapshotWanted;
    private int inFlight;
    private int link;
    private long lastDue;

    private record Waiting(Command command, CompletableFuture<ProviderReply> reply) {}

    Opened(ProviderContext context) {
      this.context = context;
      pbx.listen(this::hear);
    }

    void connect() {
      if (!closed && !up) {
        up = true;
        link++;
        client = pbx.attach(this);
        if (snapshotWanted) {
          requestSnapshot();
        }
      }
    }

    void lose() {
      up = false;
      client.detach();
      facts.clear();
      held = null;
      deliver(new ProviderEvent.LinkDown(Cause.of(Cause.Code.PROVIDER_LOST)));
      List<Waiting> unanswered = List.copyOf(waiting.values());
      waiting.clear();
      unanswered.forEach(w -> w.reply.completeExceptionally(new IllegalStateException("no link")));
    }

    // Down

    @Override
    public CompletionStage<ProviderReply> execute(Command command) {
      ears.command(command);
      if (!up) {
        return answer(command, Reason.PROVIDER_DOWN);
      }
      Optional<org.jackfield.pbx.simulated.Command> words = Words.of(command);
      if (words.isEmpty()) {
        return answer(command, Reason.NOT_SUPPORTED);
      }
      Spoil spoil = spoils.poll();
      if (spoil != null) {
        return spoiled(command, words.get(), spoil);
      }
      CompletableFuture<ProviderReply> reply = new CompletableFuture<>();
      waiting.put(command.id().toString(), new Waiting(command, reply));
      toPbx(words.get());
      return reply;
    }

    private CompletionStage<ProviderReply> answer(Command command, Reason no) {
      ProviderReply reply = ProviderReply.Refused.of(no, "no");
      ears.reply(command, reply);
      return CompletableFuture.completedFuture(reply);
    }

    private CompletionStage<ProviderReply> spoiled(
        Command command, org.jackfield.pbx.simulated.Command words, Spoil spoil) {
      ladder.note(Ladder.At.PBX, () -> "spoiled: " + spoil);
      switch (spoil) {
        case REFUSED -> {
          return answer(command, Reason.REFUSED_BY_PBX);
        }
        case UNABLE -> {
          return answer(command, Reason.NOT_SUPPORTED);
        }
        case UNANSWERED -> toPbx(words);
        case LOST -> {}
        case THROWN -> {
          ears.reply(command, null);
          throw new IllegalStateException("a bug of the driver");
        }
        case NOT_DONE, FAILED -> {
          ears.reply(command, ProviderReply.ACCEPTED);
          if (spoil == Spoil.FAILED) {
            later(
                new ProviderEvent.CommandFailed(
                    command.id(), Cause.of(Cause.Code.TEMPORARY_FAILURE)));
          }
          return CompletableFuture.completedFuture(ProviderReply.ACCEPTED);
        }
      }
      return new CompletableFuture<>();
    }

    private void toPbx(org.jackfield.pbx.simulated.Command words) {
      Pbx.Client to = client;
      if (commandsLate.isZero()) {
        to.command(words);
      } else {
        inFlight++;
        clock.after(
            commandsLate,
            () -> {
              inFlight--;
              to.command(words);
            });
      }
    }

    @Override
    public void requestSnapshot() {
      if (!up) {
        snapshotWanted = true;
      } else if (unseen > 0) {
        unseen--;
      } else {
        snapshotWanted = false;
        ladder.tell(Ladder.At.CORE, Ladder.At.PBX, () -> "snapshot?");
        toPbx(
            new org.jackfield.pbx.simulated.Command.TakeSnapshot(
                "s" + clock.nanos() + link + ++asked));
      }
    }

    private int asked;

    // Up

    @Override
    public void tell(Message message) {
      switch (message) {
        case Message.Hello hello ->
            deliver(new ProviderEvent.LinkUp(ModelPbx.capabilities(hello), Map.of()));
        case Message.Answer answer -> answered(answer);
        case Message.Snapshot snapshot -> {
          flushHeld();
          later(ModelPbx.snapshot(snapshot));
        }
        default -> {}
      }
    }

    private void answered(Message.Answer answer) {
      Waiting one = waiting.remove(answer.command());
      if (one != null) {
        ProviderReply reply = Words.reply(answer);
        if (repliesLate.isZero()) {
          ears.reply(one.command, reply);
          one.reply.complete(reply);
        } else {
          inFlight++;
          clock.after(
              repliesLate,
              () -> {
                inFlight--;
                ears.reply(one.command, reply);
                one.reply.complete(reply);
              });
        }
      }
    }

    private void hear(ModelPbx.Told one) {
      if (!up || one.event() == null || client == null) {
        return;
      }
      if (lost > 0) {
        lost--;
        ears.lied();
        ladder.note(Ladder.At.PBX, () -> "lost: " + Ladder.of(one.event()));
        return;
      }
      if (swapped > 0 && held == null) {
        swapped--;
        ears.lied();
        held = one.event();
        return;
      }
      later(one.event());
      flushHeld();
      if (twice > 0) {
        twice--;
        later(one.event());
      }
    }

    private void flushHeld() {
      if (held != null) {
        ProviderEvent before = held;
        held = null;
        later(before);
      }
    }

    /** In order, however late each is. */
    private void later(ProviderEvent event) {
      long due = Math.max(lastDue, clock.nanos() + factsLate.toNanos());
      if (due == clock.nanos() && facts.isEmpty()) {
        deliver(event);
        return;
      }
      lastDue = due;
      facts.add(event);
      int on = link;
      clock.after(
          Duration.ofNanos(due - clock.nanos()),
          () -> {
            if (on == link && !facts.isEmpty()) {
              deliver(facts.remove());
            }
          });
    }

    private void deliver(ProviderEvent event) {
      ladder.tell(Ladder.At.PBX, Ladder.At.CORE, () -> Ladder.of(event));
      ears.fact(event);
      context.report(event);
    }

    @Override
    public void cut() {}

    @Override
    public void close() {
      closed = true;
      if (up) {
        up = false;
        client.detach();
      }
      facts.clear();
    }
  }
}
