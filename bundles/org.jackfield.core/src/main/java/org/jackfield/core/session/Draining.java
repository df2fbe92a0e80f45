package org.jackfield.core.session;

import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jackfield.api.session.ConversationId;
import org.jackfield.api.session.Reason;
import org.jackfield.api.session.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * No new work is taken on, and what lives is waited for. People go on to call each other through a
 * PBX, so only the conversations that lived when it began are counted. Touched by its lane only.
 */
public final class Draining {
  private final CallTable table;
  private final BooleanSupplier pictured;

  /** Who lived when it began; null before the PBX has told who does. */
  private @Nullable Set<ConversationId> lived;

  private @Nullable Runnable whenEmpty;

  Draining(CallTable table, BooleanSupplier pictured) {
    this.table = table;
    this.pictured = pictured;
  }

  /**
   * Begins, if it has not yet.
   *
   * @param reason why no new work is taken on, for whoever is refused; empty to end it
   */
  public void because(String reason) {
    if (refusal().isEmpty() || reason.isEmpty()) {
      lived = null;
    }
    table.noTransfer(
        reason.isEmpty() ? Optional.empty() : Optional.of(new Refusal(Reason.DRAINING, reason)));
    left(false);
  }

  /** Says once when no call is known any more. */
  public void whenEmpty(@Nullable Runnable told) {
    whenEmpty = told;
  }

  /** Why no new work is taken on, if it is not. Any thread. */
  public Optional<Refusal> refusal() {
    return table.noTransfer();
  }

  /**
   * How many are left of those that lived when it began; empty while that is not known.
   *
   * @param asLastKnown whether the PBX need not be waited for to tell who lives
   */
  public OptionalInt left(boolean asLastKnown) {
    if (lived == null && refusal().isPresent() && (asLastKnown || pictured.getAsBoolean())) {
      lived = new HashSet<>();
      for (LiveSession session : table.all()) {
        lived.add(session.conversation());
      }
    }
    Set<ConversationId> those = lived;
    return those == null
        ? OptionalInt.empty()
        : OptionalInt.of(
            (int) table.all().stream().filter(s -> those.contains(s.conversation())).count());
  }

  void settle() {
    if (whenEmpty != null && table.hasNone()) {
      Runnable told = whenEmpty;
      whenEmpty = null;
      told.run();
    }
  }
}
