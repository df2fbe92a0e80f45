package org.jackfield.core.arbiter;

import java.util.ArrayList;
import java.util.List;
import org.jackfield.api.capability.Trait;
import org.jackfield.api.policy.AutoChoice;
import org.jackfield.api.transfer.TransferMode;
import org.jackfield.api.transfer.TransferPlan.Kind;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.api.transfer.TransferTarget;
import org.jspecify.annotations.Nullable;

/**
 * Which plan is taken of those that are legal. A mode that was asked for has no substitute but
 * those that do the same: consultation is never silently made blind. The order of auto is the
 * policy's.
 */
final class Order {
  private Order() {}

  private static final List<Kind> BLIND = List.of(Kind.BLIND, Kind.EARLY_COMPLETION);
  private static final List<Kind> CONSULTATION =
      List.of(Kind.CONSULTATION, Kind.ONE_STEP, Kind.NEW_CALL, Kind.CONFERENCE_AND_DROP);
  private static final List<Kind> ONE_STEP = List.of(Kind.ONE_STEP);
  private static final List<Kind> HELD = List.of(Kind.HELD_CALL);

  /** The first legal plan, or null. */
  static @Nullable Kind choose(
      TransferRequest request, Situation situation, Preferences preferences, long verdict) {
    List<Kind> fixed = fixed(request);
    if (fixed == null) {
      return auto(situation, preferences, verdict);
    }
    for (int i = 0; i < fixed.size(); i++) {
      if (Plans.first(verdict, fixed.get(i)) == Plans.LEGAL) {
        return fixed.get(i);
      }
    }
    return null;
  }

  private static @Nullable Kind auto(Situation situation, Preferences preferences, long verdict) {
    List<AutoChoice> choices = preferences.auto();
    for (int i = 0; i < choices.size(); i++) {
      AutoChoice choice = choices.get(i);
      if (Plans.first(verdict, choice.kind()) == Plans.LEGAL && applies(choice, situation)) {
        return choice.kind();
      }
    }
    return null;
  }

  private static boolean applies(AutoChoice choice, Situation situation) {
    return choice != AutoChoice.BLIND_IF_RECOVERABLE
        || situation.capabilities().has(Trait.RELEASE_ON_ANSWER);
  }

  /** The order that the request fixes, or null where it is the policy's. */
  private static @Nullable List<Kind> fixed(TransferRequest request) {
    TransferMode mode = request.mode();
    if (mode == TransferMode.BLIND) {
      return BLIND;
    }
    if (mode == TransferMode.ONE_STEP) {
      return ONE_STEP;
    }
    if (request.target() instanceof TransferTarget.Held) {
      return HELD;
    }
    return mode == TransferMode.CONSULTATION ? CONSULTATION : null;
  }

  /** All plans that might be taken, the preferred first. */
  static List<Kind> of(TransferRequest request, Situation situation, Preferences preferences) {
    List<Kind> fixed = fixed(request);
    if (fixed != null) {
      return fixed;
    }
    List<Kind> kinds = new ArrayList<>();
    for (AutoChoice choice : preferences.auto()) {
      if (applies(choice, situation) && !kinds.contains(choice.kind())) {
        kinds.add(choice.kind());
      }
    }
    return kinds;
  }
}
