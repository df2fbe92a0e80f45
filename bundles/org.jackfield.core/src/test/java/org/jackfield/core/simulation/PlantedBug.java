package org.jackfield.core.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jackfield.api.audit.AuditEntry;
import org.jackfield.api.audit.AuditLog;
import org.jackfield.api.journal.Journal;
import org.jackfield.api.journal.JournalRecord;
import org.jackfield.api.provider.CallId;
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
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.TransferPhase;
import org.jackfield.api.transfer.TransferPlan;
import org.jackfield.core.transfer.Effect;
import org.jackfield.core.transfer.Machine;
import org.jackfield.core.transfer.Step;
import org.jackfield.core.transfer.Topology;
import org.jackfield.core.transfer.TransferInput;
import org.jackfield.core.transfer.TransferState;
import org.jackfield.core.transfer.TransferView;

/** The bugs that the simulator must find, each the server's and not the test's. */
enum PlantedBug implements Bug {
  /** A state is entered and its deadline is not armed. */
  LOST_DEADLINE {
    @Override
    public Machine machine(Machine machine) {
      return changed(
          machine,
          step ->
              step.next().phase() == TransferPhase.REVERTING
                  ? without(step, Effect.Arm.class)
                  : step);
    }
  },

  /** The calls are joined twice. */
  DOUBLED_COMPLETE {
    @Override
    public Machine machine(Machine machine) {
      return changed(machine, step -> doubled(step, Effect.JoinCalls.class));
    }
  },

  /** A deadline that was replaced counts. */
  STALE_TOKEN {
    @Override
    public Machine machine(Machine machine) {
      return (state, input, view) ->
          input instanceof TransferInput.DeadlinePassed && state instanceof TransferState.Live live
              ? machine.on(state, new TransferInput.DeadlinePassed(live.deadline().token()), view)
              : machine.on(state, input, view);
    }
  },

  /** The answer that is known already is taken for another one. */
  FACT_TWICE {
    @Override
    public Machine machine(Machine machine) {
      return (state, input, view) -> {
        Step step = machine.on(state, input, view);
        return state.phase() == TransferPhase.COMPLETING
                && input instanceof TransferInput.TargetAnswered
                && step.next().equals(state)
            ? with(step, new Effect.JoinCalls(CompleteAs.TRANSFER))
            : step;
      };
    }
  },

  /** What follows a durable outcome follows twice. */
  OUTCOME_TWICE {
    @Override
    public Journal journal(Journal journal) {
      return entry -> {
        CompletionStage<Void> written = journal.append(entry);
        return entry instanceof JournalRecord.TransferEnded ? new Twice(written) : written;
      };
    }
  },

  /** The PBX has accepted the join, so the calls are joined. */
  ACKNOWLEDGED_IS_DONE {
    @Override
    public Machine machine(Machine machine) {
      return (state, input, view) ->
          state.phase() == TransferPhase.COMPLETING
                  && input instanceof TransferInput.StepAccepted accepted
                  && accepted.act() instanceof Effect.JoinCalls
              ? machine.on(state, new TransferInput.Joined(), delivered(view))
              : machine.on(state, input, view);
    }
  },

  /** What was started for a party that has left goes on ringing. */
  ORPHAN_RINGS_ON {
    @Override
    public Machine machine(Machine machine) {
      return (state, input, view) -> {
        Step step = machine.on(state, input, view);
        return step.effects().stream().anyMatch(Effect.ClearRest.class::isInstance)
            ? machine.on(step.next(), new TransferInput.SnapshotTaken(), nobody(view))
            : step;
      };
    }
  },

  /** The one who stays is put on hold, and transferred. */
  WRONG_PARTY {
    @Override
    public TelephonyDriver driver(TelephonyDriver driver) {
      return Seam.commands(
          driver,
          (command, others) ->
              command instanceof Command.BlindTransfer c && others.isPresent()
                  ? List.of(
                      new Command.BlindTransfer(
                          c.id(), c.call(), others.get(), c.target(), c.release()))
                  : List.of(command));
    }
  },

  /** The consultation is dropped and the call is retrieved, although either does both. */
  DOUBLE_RETRIEVE {
    @Override
    public Machine machine(Machine machine) {
      return changed(machine, step -> doubled(step, Effect.RestoreCall.class));
    }
  },

  /** Nobody is tried before the transferee is given up. */
  LADDER_SKIPPED {
    @Override
    public Machine machine(Machine machine) {
      return (state, input, view) -> machine.on(state, input, withoutLadder(view));
    }
  },

  /** The transferee is to be recalled, and nobody does it. */
  NEVER_RECALLED {
    @Override
    public Machine machine(Machine machine) {
      return changed(
          machine,
          step ->
              step.effects().stream().anyMatch(Effect.RecallTransferee.class::isInstance)
                  ? without(without(step, Effect.RecallTransferee.class), Effect.Arm.class)
                  : step);
    }
  },

  /** A call goes on in another one, and the server does not go with it. */
  MERGE_NOT_FOLLOWED {
    @Override
    public TelephonyDriver driver(TelephonyDriver driver) {
      return Seam.facts(driver, event -> !(event instanceof ProviderEvent.CallsMerged));
    }
  },

  /** The target answers after the cancel, and the calls are joined all the same. */
  JOINED_AFTER_CANCEL {
    @Override
    public Machine machine(Machine machine) {
      return new JoinedAfterCancel(machine);
    }
  },

  /** A deadline is a failure, whatever the PBX would say. */
  NO_SNAPSHOT_ASKED {
    @Override
    public Machine machine(Machine machine) {
      return (state, input, view) ->
          input instanceof TransferInput.DeadlinePassed passed
                  && state instanceof TransferState.Live live
                  && passed.token() == live.deadline().token()
              ? live.expired(view, true)
              : machine.on(state, input, view);
    }
  },

  /** What was refused is not audited. */
  REFUSAL_NOT_AUDITED {
    @Override
    public AuditLog audit(AuditLog audit) {
      return new AuditLog() {
        @Override
        public void record(AuditEntry entry) {
          if (entry.result().equals("accepted")) {
            audit.record(entry);
          }
        }

        @Override
        public List<AuditEntry> latest(int limit) {
          return audit.latest(limit);
        }
      };
    }
  },

  /** A command leaves before its intent is durable. */
  SENT_BEFORE_WRITTEN {
    @Override
    public Journal journal(Journal journal) {
      return entry -> {
        CompletionStage<Void> written = journal.append(entry);
        return entry instanceof JournalRecord.CommandIntended
            ? CompletableFuture.completedFuture(null)
            : written;
      };
    }
  };

  private static final ConnectionId NOBODY = new ConnectionId("nobody");

  private static Machine changed(Machine machine, UnaryOperator<Step> change) {
    return (state, input, view) -> change.apply(machine.on(state, input, view));
  }

  private static Step without(Step step, Class<? extends Effect> kind) {
    return effects(step, step.effects().stream().filter(e -> !kind.isInstance(e)).toList());
  }

  private static Step doubled(Step step, Class<? extends Effect> kind) {
    List<Effect> effects = new ArrayList<>();
    for (Effect effect : step.effects()) {
      effects.add(effect);
      if (kind.isInstance(effect)) {
        effects.add(effect);
      }
    }
    return effects(step, effects);
  }

  private static Step with(Step step, Effect effect) {
    List<Effect> effects = new ArrayList<>(step.effects());
    effects.add(effect);
    return effects(step, effects);
  }

  private static Step effects(Step step, List<Effect> effects) {
    return new Step(step.next(), effects, step.why(), step.refusal());
  }

  private static TransferView at(TransferView view, Topology now) {
    return new TransferView(view.plan(), view.target(), view.capabilities(), now);
  }

  /** As if transferee and target talked without the transferor. */
  private static TransferView delivered(TransferView view) {
    List<Connection> home = new ArrayList<>();
    Set<ConnectionId> staying = new HashSet<>();
    for (Connection one : view.now().transferees()) {
      home.add(talking(one));
      staying.add(one.id());
    }
    view.now().target().map(PlantedBug::talking).ifPresent(home::add);
    return at(view, Topology.of(NOBODY, staying, home, List.of()));
  }

  /** As if nobody were left. */
  private static TransferView nobody(TransferView view) {
    return at(view, Topology.of(NOBODY, Set.of(), List.of(), List.of()));
  }

  private static Connection talking(Connection c) {
    return c.in(ConnectionState.CONNECTED).heldByThem(false);
  }

  private static TransferView withoutLadder(TransferView view) {
    TransferPlan p = view.plan();
    return new TransferView(
        new TransferPlan(
            p.kind(),
            p.mode(),
            p.steps(),
            p.reasons(),
            p.rejected(),
            p.loss(),
            p.identities(),
            p.irreversibleAfter(),
            p.complete(),
            p.release(),
            p.completeAs(),
            p.timeouts(),
            List.of()),
        view.target(),
        view.capabilities(),
        view.now());
  }

  /** Remembers the consultation that was cancelled. */
  private static final class JoinedAfterCancel implements Machine {
    private final Machine machine;
    private Optional<TransferState> cancelled = Optional.empty();

    JoinedAfterCancel(Machine machine) {
      this.machine = machine;
    }

    @Override
    public Step on(TransferState state, TransferInput input, TransferView view) {
      if (input instanceof TransferInput.CancelRequested
          && state.phase() == TransferPhase.CONSULTING) {
        cancelled = Optional.of(state);
      }
      if (state.phase() == TransferPhase.REVERTING
          && input instanceof TransferInput.TargetAnswered
          && cancelled.isPresent()) {
        Step answered = machine.on(cancelled.get(), input, view);
        Step joined =
            machine.on(
                answered.next(), new TransferInput.CompleteRequested(CompleteAs.TRANSFER), view);
        return joined.refusal().isEmpty() ? joined : machine.on(state, input, view);
      }
      return machine.on(state, input, view);
    }
  }

  /** A stage that calls back twice. */
  private static final class Twice extends CompletableFuture<Void> {
    Twice(CompletionStage<Void> written) {
      written.whenComplete(
          (done, failure) -> {
            if (failure == null) {
              complete(done);
            } else {
              completeExceptionally(failure);
            }
          });
    }

    @Override
    public CompletableFuture<Void> whenComplete(BiConsumer<? super Void, ? super Throwable> told) {
      super.whenComplete(told);
      return super.whenComplete(told);
    }
  }

  /** A driver with something between it and the core. */
  private static final class Seam {
    private Seam() {}

    /** What a command becomes, and who else is in its call. */
    interface Change {
      List<Command> of(Command command, Optional<ConnectionId> somebodyElse);
    }

    static TelephonyDriver commands(TelephonyDriver driver, Change change) {
      return new Wrapped(driver, change, event -> true);
    }

    static TelephonyDriver facts(
        TelephonyDriver driver, java.util.function.Predicate<ProviderEvent> passes) {
      return new Wrapped(driver, (command, others) -> List.of(command), passes);
    }

    private record Wrapped(
        TelephonyDriver driver, Change change, java.util.function.Predicate<ProviderEvent> passes)
        implements TelephonyDriver {
      @Override
      public List<ConfigKey> schema() {
        return driver.schema();
      }

      @Override
      public ProbeReport probe(ProviderConfig config) {
        return driver.probe(config);
      }

      @Override
      public TelephonyProvider open(
          ProviderConfig config, ProviderContext context, Optional<Handover> handover) {
        Picture known = new Picture();
        TelephonyProvider opened =
            driver.open(config, new Filtered(context, passes, known), handover);
        return new Changed(opened, change, known);
      }
    }

    private record Filtered(
        ProviderContext context, java.util.function.Predicate<ProviderEvent> passes, Picture known)
        implements ProviderContext {
      @Override
      public String provider() {
        return context.provider();
      }

      @Override
      public void report(ProviderEvent event) {
        known.apply(event);
        if (passes.test(event)) {
          context.report(event);
        }
      }

      @Override
      public void execute(Runnable task) {
        context.execute(task);
      }

      @Override
      public Timer schedule(java.time.Duration delay, Runnable task) {
        return context.schedule(delay, task);
      }
    }

    private record Changed(TelephonyProvider provider, Change change, Picture known)
        implements TelephonyProvider {
      @Override
      public CompletionStage<ProviderReply> execute(Command command) {
        CallId call = command.call();
        var others =
            known.in(call).stream()
                .map(Connection::id)
                .filter(id -> !isAbout(command, id))
                .findFirst();
        List<Command> commands = change.of(command, others);
        CompletionStage<ProviderReply> first = provider.execute(commands.getFirst());
        commands.stream().skip(1).forEach(provider::execute);
        return first;
      }

      private static boolean isAbout(Command command, ConnectionId id) {
        return command instanceof Command.BlindTransfer c && c.transferor().equals(id);
      }

      @Override
      public void requestSnapshot() {
        provider.requestSnapshot();
      }

      @Override
      public void close() {
        provider.close();
      }
    }
  }
}
