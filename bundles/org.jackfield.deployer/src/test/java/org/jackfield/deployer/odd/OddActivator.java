package org.jackfield.deployer.odd;

import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jackfield.api.provider.ConfigKey;
import org.jackfield.api.provider.Handover;
import org.jackfield.api.provider.ProbeReport;
import org.jackfield.api.provider.ProviderConfig;
import org.jackfield.api.provider.ProviderContext;
import org.jackfield.api.provider.TelephonyDriver;
import org.jackfield.api.provider.TelephonyProvider;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;

/**
 * Does what the header {@code Habit} of its bundle says: throw, never return, register no driver or
 * another one than its manifest declares, or one that cannot be made; else nothing odd.
 */
public final class OddActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) throws InterruptedException {
    String habit = context.getBundle().getHeaders().get("Habit");
    if ("throws".equals(habit)) {
      throw new IllegalStateException("odd by habit");
    }
    if ("hangs".equals(habit)) {
      new CountDownLatch(1).await();
    }
    if (!"registersNothing".equals(habit)) {
      register(context, String.valueOf(habit));
    }
  }

  private static void register(BundleContext context, String habit) {
    String[] operations =
        habit.equals("declaresLess")
            ? new String[] {"hold"}
            : new String[] {"blindTransfer", "hold"};
    context.registerService(
        TelephonyDriver.class,
        habit.equals("cannotBeMade") ? new Nothing() : new Something(),
        new Hashtable<>(
            Map.of(
                "org.jackfield.driver.name", "acme",
                "org.jackfield.driver.operations", operations,
                "org.jackfield.driver.traits", "transferNorm")));
  }

  /** Makes a driver that nobody opens. */
  private static class Something implements ServiceFactory<TelephonyDriver> {
    @Override
    public TelephonyDriver getService(
        Bundle bundle, ServiceRegistration<TelephonyDriver> registration) {
      return new OddDriver();
    }

    @Override
    public void ungetService(
        Bundle bundle, ServiceRegistration<TelephonyDriver> registration, TelephonyDriver service) {
      // It has nothing to leave.
    }
  }

  private static final class Nothing extends Something {
    @Override
    public TelephonyDriver getService(
        Bundle bundle, ServiceRegistration<TelephonyDriver> registration) {
      throw new IllegalStateException("odd by habit");
    }
  }

  private static final class OddDriver implements TelephonyDriver {
    @Override
    public List<ConfigKey> schema() {
      return List.of();
    }

    @Override
    public ProbeReport probe(ProviderConfig config) {
      throw new IllegalStateException("nobody asks");
    }

    @Override
    public TelephonyProvider open(
        ProviderConfig config, ProviderContext context, Optional<Handover> handover) {
      throw new IllegalStateException("nobody opens it");
    }
  }

  @Override
  public void stop(BundleContext context) {
    // It has nothing to leave.
  }
}
