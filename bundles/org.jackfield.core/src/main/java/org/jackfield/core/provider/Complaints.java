package org.jackfield.core.provider;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** What is wrong with a driver, from several sides, in one sentence. Any thread. */
final class Complaints {
  /** Who complains. */
  enum About {
    HANGS,
    SILENT,
    FLOODS
  }

  private final Map<About, String> present = new EnumMap<>(About.class);
  private final Consumer<Optional<String>> health;

  Complaints(Consumer<Optional<String>> health) {
    this.health = health;
  }

  /** Where one side complains, or has no complaint any more. */
  Consumer<Optional<String>> about(About side) {
    return why -> tell(side, why);
  }

  /** Told under the lock, so that the last word is the newest. */
  private synchronized void tell(About side, Optional<String> why) {
    why.ifPresentOrElse(text -> present.put(side, text), () -> present.remove(side));
    String all = String.join("; ", present.values());
    health.accept(Optional.of(all).filter(text -> !text.isEmpty()));
  }
}
