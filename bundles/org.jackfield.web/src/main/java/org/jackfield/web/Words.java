package org.jackfield.web;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jackfield.api.rollout.RolloutPlan;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.CompleteWhen;
import org.jackfield.api.transfer.Need;
import org.jackfield.api.transfer.ReleaseWhen;
import org.jackfield.api.transfer.TransferMode;

/** The words of the contract and what each means. */
final class Words {
  static final Map<String, ConnectionState> STATES = of(ConnectionState.values(), s -> s.text());
  static final Map<String, TransferMode> MODES = of(TransferMode.values(), m -> m.text());
  static final Map<String, CompleteWhen> COMPLETE_WHEN = of(CompleteWhen.values(), c -> c.text());
  static final Map<String, ReleaseWhen> RELEASE_WHEN = of(ReleaseWhen.values(), r -> r.text());
  static final Map<String, CompleteAs> COMPLETE_AS = of(CompleteAs.values(), c -> c.text());
  static final Map<String, Need> NEEDS = of(Need.values(), n -> n.text());
  static final Map<String, String> RECALL =
      of(new String[] {"transferor", "address", "park"}, word -> word);
  static final Map<String, RolloutPlan.Mode> ROLLOUT_MODES =
      Map.of("handOver", RolloutPlan.Mode.HAND_OVER, "drain", RolloutPlan.Mode.DRAIN);
  static final Map<String, RolloutPlan.OnDeadline> ON_DEADLINE =
      of(RolloutPlan.OnDeadline.values(), then -> then.text());
  static final Map<String, Boolean> TRUTH = Map.of("true", true, "false", false);

  private Words() {}

  private static <T> Map<String, T> of(T[] values, Function<T, String> text) {
    Map<String, T> words = new LinkedHashMap<>();
    for (T value : values) {
      words.put(text.apply(value), value);
    }
    return Map.copyOf(words);
  }
}
