package org.jackfield.deployer.odd;

import java.util.concurrent.CountDownLatch;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Does what the header {@code Habit} of its bundle says: nothing, throw, or never return. */
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
  }

  @Override
  public void stop(BundleContext context) {
    // It has nothing to leave.
  }
}
