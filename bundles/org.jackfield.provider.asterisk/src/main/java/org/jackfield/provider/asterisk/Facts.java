package org.jackfield.provider.asterisk;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jackfield.api.provider.ProviderContext;

/** Waits for facts, since a response proves nothing. Confined to the provider's executor. */
final class Facts {
  private final ProviderContext context;
  private final List<Waiting> waiting = new ArrayList<>();

  private record Waiting(BooleanSupplier holds, CompletableFuture<Void> done) {}

  Facts(ProviderContext context) {
    this.context = context;
  }

  /** Completes when the fact holds; exceptionally with a TimeoutException that names it. */
  CompletableFuture<Void> await(String fact, Duration limit, BooleanSupplier holds) {
    var done = new CompletableFuture<Void>();
    if (holds.getAsBoolean()) {
      done.complete(null);
      return done;
    }
    waiting.add(new Waiting(holds, done));
    var timer =
        context.schedule(
            limit, () -> done.completeExceptionally(new TimeoutException("never told: " + fact)));
    return done.whenComplete((r, e) -> timer.cancel());
  }

  /** To be called after each event. */
  void check() {
    for (var one : List.copyOf(waiting)) {
      if (one.done().isDone() || one.holds().getAsBoolean()) {
        waiting.remove(one);
        one.done().complete(null);
      }
    }
  }

  /** The PBX cannot tell anything any more. */
  void fail(Throwable why) {
    var all = List.copyOf(waiting);
    waiting.clear();
    all.forEach(one -> one.done().completeExceptionally(why));
  }
}
