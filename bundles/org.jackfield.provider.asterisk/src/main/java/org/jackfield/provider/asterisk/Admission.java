package org.jackfield.provider.asterisk;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.provider.ProviderReply.Refused;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Reason;

/**
 * When a command may begin: what it dials is an address of the PBX's, and the call is between two
 * sequences of steps. Confined to the provider's executor.
 */
final class Admission {
  /** How long a sequence of steps that is under way is waited for. */
  static final Duration BUSY = Duration.ofMillis(1_500);

  /** How long the last channel of a target that has failed is waited for. */
  private static final Duration ENDING = Duration.ofSeconds(1);

  private final Calls calls;
  private final Steps steps;
  private final Facts facts;
  private final Settings settings;
  private final Turns turns;

  Admission(Exchange exchange, Facts facts, Settings settings) {
    this.calls = exchange.calls();
    this.steps = exchange.steps();
    this.turns = exchange.turns();
    this.facts = facts;
    this.settings = settings;
  }

  static CompletionStage<ProviderReply> now(ProviderReply reply) {
    return CompletableFuture.completedFuture(reply);
  }

  static ProviderReply notNow(String words) {
    return Refused.of(Reason.NOT_PERMITTED_NOW, words);
  }

  /** Goes on when the PBX knows the address; nothing has been dialled before. */
  CompletionStage<ProviderReply> dialable(
      Address address, Supplier<CompletionStage<ProviderReply>> then) {
    if (!Fields.dialable(address.value())) {
      return now(Refused.of(Reason.INVALID_ADDRESS, "not an address that can be dialled here"));
    }
    return steps
        .exists(address.value())
        .thenCompose(
            exists ->
                exists
                    ? then.get()
                    : now(
                        new Refused(
                            Reason.INVALID_ADDRESS,
                            new Cause(
                                Cause.Code.BAD_ADDRESS,
                                "",
                                "Did not find extension "
                                    + address.value()
                                    + "@"
                                    + settings.context()))));
  }

  /**
   * Goes on when no sequence of steps is under way in the call, which takes milliseconds as a rule.
   */
  CompletionStage<ProviderReply> idle(Command command, Supplier<ProviderReply> then) {
    var call = calls.find(command.call());
    return call == null
        ? now(Refused.of(Reason.NO_SUCH_SESSION, "no such call"))
        : idle(call, then);
  }

  CompletionStage<ProviderReply> idle(Call call, Supplier<ProviderReply> then) {
    return idle(call, System.nanoTime() + BUSY.toNanos(), then);
  }

  private CompletionStage<ProviderReply> idle(Call call, long until, Supplier<ProviderReply> then) {
    var kept = call.stasis;
    if (kept == null || !kept.isBusy()) {
      return now(then.get());
    }
    return kept.idle()
        .orTimeout(Math.max(1, until - System.nanoTime()), TimeUnit.NANOSECONDS)
        .handleAsync(
            (r, late) ->
                late == null
                    ? idle(call, until, then) // what follows by itself may have begun
                    : now(notNow("another step is under way")),
            turns)
        .thenCompose(reply -> reply);
  }

  /**
   * A target that has failed is told before the last channel of it is gone: another may be dialled
   * a moment later.
   */
  CompletionStage<ProviderReply> whenFree(Command c, Supplier<ProviderReply> then) {
    var call = calls.find(c.call());
    var kept = call == null ? null : call.stasis;
    if (kept == null || !kept.parties.targetIsEnding()) {
      return idle(c, then);
    }
    return facts
        .await("the failed target is gone", ENDING, () -> !kept.parties.hasTarget())
        .handle((done, late) -> late)
        .thenCompose(late -> idle(c, then));
  }
}
