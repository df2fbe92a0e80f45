package org.jackfield.core.provider;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jackfield.api.provider.ProbeReport;
import org.jackfield.api.provider.ProviderConfig;
import org.jackfield.api.provider.TelephonyDriver;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks drivers for their schema and their probe before they may open a PBX. Both may block, so they
 * run on a thread of their own; one thread for each driver at most, for one that never comes back
 * must cost no second one. Touched by the host's executor only.
 */
final class Examination {
  private static final Logger LOG = LoggerFactory.getLogger(Examination.class);

  private static final Runnable NOTHING = () -> {};

  private final ProviderHost host;
  private final String name;

  /** Who is asked, and has not come back yet. */
  private @Nullable TelephonyDriver asked;

  /** Where it is asked. */
  private Interruptible asking = new Interruptible();

  /** What is asked next, or is being asked; not kept beyond, for it leads to the driver. */
  private Runnable next = NOTHING;

  Examination(ProviderHost host, String name) {
    this.host = host;
    this.name = name;
  }

  /** Hears the answer; on the host's executor. */
  interface Listener {
    /** It has looked at the PBX, whatever it found. */
    void probed(ProviderConfig config, ProbeReport report);

    /** The configuration cannot be used with it, or it broke. */
    void unfit(String why);
  }

  /**
   * Asks a driver, once what it was asked before has come back.
   *
   * @param wish the PBX's configuration
   * @param wanted whether the answer is still of interest
   */
  void of(
      Drivers.Driver driver, Map<String, String> wish, BooleanSupplier wanted, Listener listener) {
    Map<String, String> own = new HashMap<>(wish);
    own.remove("driver");
    own.remove("version");
    next =
        () -> {
          if (wanted.getAsBoolean()) {
            asked = driver.driver();
            Interruptible its = new Interruptible();
            asking = its;
            host.environment()
                .blocking()
                .execute(() -> its.run(() -> ask(driver, own, wanted, listener)));
          }
        };
    if (asked != driver.driver()) {
      next.run();
    }
  }

  /** It has taken too long. */
  void interrupt() {
    asking.interrupt();
  }

  private void ask(
      Drivers.Driver driver, Map<String, String> own, BooleanSupplier wanted, Listener listener) {
    Runnable found;
    try {
      ConfigCheck.Checked checked = ConfigCheck.check(name, own, driver.askForSchema());
      found =
          checked
              .config()
              .map(config -> probe(driver, config, listener))
              .orElse(() -> listener.unfit(String.join("; ", checked.errors())));
    } catch (RuntimeException | Error bug) {
      LOG.error("{}: the driver broke when it had to tell its schema", name, bug);
      found = () -> listener.unfit("the driver broke: " + bug.getMessage());
    }
    Runnable then = found;
    host.run(() -> cameBack(driver, wanted, then));
  }

  private Runnable probe(Drivers.Driver driver, ProviderConfig config, Listener listener) {
    ProbeReport report;
    try {
      report = Objects.requireNonNull(driver.driver().probe(config), "no report");
    } catch (RuntimeException | Error bug) {
      LOG.error("{}: the probe of the driver broke", name, bug);
      report =
          new ProbeReport(
              List.of(
                  new ProbeReport.Finding(
                      ProbeReport.Level.FAIL, "probe", "the driver broke: " + bug.getMessage())));
    }
    ProbeReport found = report;
    return () -> listener.probed(config, found);
  }

  private void cameBack(Drivers.Driver driver, BooleanSupplier wanted, Runnable found) {
    Runnable meanwhile = NOTHING;
    if (asked == driver.driver()) {
      asked = null;
      meanwhile = next;
      next = NOTHING;
    }
    if (wanted.getAsBoolean()) {
      found.run();
    } else {
      meanwhile.run(); // what was wished for, if it has not been given up
    }
  }
}
