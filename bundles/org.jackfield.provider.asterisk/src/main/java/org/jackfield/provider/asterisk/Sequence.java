package org.jackfield.provider.asterisk;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jackfield.api.provider.CommandId;
import org.jackfield.api.provider.ProviderContext;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.session.Cause;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sequence of steps that is under way in a kept call, one at most, and the next look at the
 * call when the PBX may have nothing to tell until then. Confined to the provider's executor.
 */
final class Sequence {
  private static final Logger LOG = LoggerFactory.getLogger(Sequence.class);
  private static final Duration LATER = Duration.ofMillis(500);

  private final CallState state;
  private final Notes notes;
  private final Report report;
  private final Steps steps;
  private final ProviderContext context;
  private final Turns turns;
  private final Runnable advance;
  private final Runnable changed;
  private CompletableFuture<Void> underWay = Steps.nothing();
  private ProviderContext.@Nullable Timer later;

  /**
   * @param advance does what follows when a sequence has ended
   * @param changed looks at the call again
   */
  Sequence(
      CallState state,
      Notes notes,
      Report report,
      Exchange exchange,
      Runnable advance,
      Runnable changed) {
    this.state = state;
    this.notes = notes;
    this.report = report;
    this.steps = exchange.steps();
    this.context = exchange.context();
    this.turns = exchange.turns();
    this.advance = advance;
    this.changed = changed;
  }

  /**
   * Begins one; whoever asks has made sure that none is under way.
   *
   * @param command what it is for; null where it follows by itself
   */
  void run(@Nullable CommandId command, Supplier<CompletableFuture<Void>> sequence) {
    state.busy = true;
    if (command != null) {
      notes.begun(command);
    }
    // Whoever comes after us knows that it was begun before the PBX can show anything of it.
    CompletableFuture<Void> begun = notes.write().thenCompose(done -> sequence.get());
    underWay =
        begun.whenCompleteAsync(
            (done, error) -> {
              state.busy = false;
              state.completing = null;
              if (error != null) {
                failed(command, error);
              }
              report.tell();
              if (error == null || command != null) {
                advance.run();
              } else if (steps.arePossible()) {
                again(LATER); // what follows by itself is tried once more
              }
            },
            turns);
  }

  private void failed(@Nullable CommandId command, Throwable error) {
    var cause =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    LOG.info("{}: call {}: {}", context.provider(), state.call.id, cause.toString());
    if (command != null) {
      var reason =
          cause instanceof StepFailed step
              ? step.reason()
              : new Cause(Cause.Code.STEP_REFUSED, String.valueOf(cause.getMessage()), "");
      context.report(new ProviderEvent.CommandFailed(command, reason));
    }
  }

  /** Completes, never exceptionally, when the sequence under way has ended. */
  CompletableFuture<Void> idle() {
    return underWay.handle((r, e) -> null);
  }

  /** The call is looked at again after that time, if it is not to be looked at already. */
  void again(Duration delay) {
    if (later == null) {
      later =
          context.schedule(
              delay,
              () -> {
                later = null;
                changed.run();
              });
    }
  }

  /** Nothing more is done of its own accord. */
  void close() {
    if (later != null) {
      later.cancel();
      later = null;
    }
  }
}
