package org.jackfield.provider.asterisk;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The second call of a kept call's transferor: a consultation, or one that it made beside the call
 * that it holds. Confined to the provider's executor.
 */
final class Consultation {
  private final Call first;
  private final Parties parties;
  private final Calls calls;
  private @Nullable Call second;

  Consultation(Call first, Parties parties, Calls calls) {
    this.first = first;
    this.parties = parties;
    this.calls = calls;
  }

  /** Null while there is none. */
  @Nullable Call call() {
    return second;
  }

  boolean isOpen() {
    return second != null;
  }

  /** Not told yet. */
  void open(Call call) {
    second = call;
    parties.targetFailure = Optional.empty();
  }

  /** As an instance that is gone has written it down. */
  void resume(Call call) {
    second = call;
  }

  /** What was to be opened as one, and was not, is forgotten. */
  void forgetUnopened(Call call) {
    if (second != call) {
      call.stasis = null;
      calls.forget(call);
    }
  }

  /** All of it is in the first call from now on. */
  void merge() {
    var merged = second;
    if (merged != null) {
      second = null;
      merged.stasis = null;
      calls.merge(merged, first);
    }
  }

  void end() {
    var ended = second;
    if (ended != null) {
      second = null;
      ended.stasis = null;
      calls.tell(ended, List.of(), parties.why());
      calls.forget(ended);
    }
  }

  /** From now on it is a call by itself, and none of ours. */
  void leave() {
    second = null;
  }
}
