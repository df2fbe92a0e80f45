package org.jackfield.api.provider;

import java.time.Duration;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What a driver gets from the server with an opened PBX, and its only way back in. Dead once the
 * provider is closed: what comes then is ignored.
 */
@ProviderType
public interface ProviderContext {
  /** The PBX's name in the configuration. */
  String provider();

  /** Tells a fact. Any thread; never blocks; the order of a thread's reports is kept. */
  void report(ProviderEvent event);

  /** Runs a task on the provider's serial executor, after what is there already. Any thread. */
  void execute(Runnable task);

  /** Runs a task on the provider's serial executor after a delay of 0 ms or more. Any thread. */
  Timer schedule(Duration delay, Runnable task);

  /** A task that has been scheduled. */
  @ProviderType
  interface Timer {
    /** It will not run, unless it runs already. Idempotent. */
    void cancel();
  }
}
