package org.jackfield.deployer;

import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the framework is asked to do with JARs that were let in. Of the pipeline's thread. */
final class Installation {
  /** Locations of this scheme are the deployer's; the framework asks nobody for their content. */
  static final String SCHEME = "jackfield-deploy:";

  private static final Logger LOG = LoggerFactory.getLogger(Installation.class);
  private static final int START_LEVEL = 25;

  private final BundleContext context;
  private final Gate gate;
  private final Duration startWithin;

  /** Which have not come back from their start. */
  private final Set<Bundle> hung = ConcurrentHashMap.newKeySet();

  Installation(BundleContext context, Gate gate, Duration startWithin) {
    this.context = context;
    this.gate = gate;
    this.startWithin = startWithin;
  }

  Optional<Bundle> find(String sha256) {
    return Optional.ofNullable(context.getBundle(SCHEME + sha256));
  }

  Bundle install(String sha256, byte[] jar) throws BundleException {
    Bundle bundle = context.installBundle(SCHEME + sha256, new ByteArrayInputStream(jar));
    bundle.adapt(BundleStartLevel.class).setStartLevel(START_LEVEL);
    gate.admit(bundle);
    return bundle;
  }

  /** Starts within a time, for an activator may never return. Gives why it does not run. */
  Optional<String> start(Bundle bundle) {
    FutureTask<Optional<String>> task =
        new FutureTask<>(
            () -> {
              bundle.start(Bundle.START_TRANSIENT | Bundle.START_ACTIVATION_POLICY);
              return Offer.problem(context, bundle);
            });
    Thread starter =
        Thread.ofPlatform()
            .name("jackfield-start-" + bundle.getSymbolicName())
            .daemon()
            .start(task);
    try {
      return task.get(startWithin.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      return Optional.of("It does not start: " + said(e));
    } catch (TimeoutException e) {
      starter.interrupt();
      hung.add(bundle);
      return Optional.of(
          "It did not start within "
              + startWithin.toMillis()
              + " ms; its activator must return at once. Its thread "
              + starter.getName()
              + " may run until the server is restarted.");
    } catch (InterruptedException e) {
      starter.interrupt();
      Thread.currentThread().interrupt();
      return Optional.of("The server stopped while it started.");
    }
  }

  /** The framework wraps what a driver has thrown. */
  static String said(Throwable e) {
    Throwable deepest = e;
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      deepest = cause;
    }
    return deepest + ".";
  }

  /** Takes the bundle out of the framework; one that hangs in its start cannot be waited for. */
  void remove(String sha256) {
    Bundle bundle = context.getBundle(SCHEME + sha256);
    if (bundle == null) {
      return;
    }
    if (hung.remove(bundle)) {
      Thread.ofPlatform().name("jackfield-remove").daemon().start(() -> uninstall(bundle));
    } else {
      uninstall(bundle);
    }
  }

  private static void uninstall(Bundle bundle) {
    try {
      bundle.uninstall();
    } catch (BundleException | IllegalStateException e) {
      LOG.error("{} could not be taken out", bundle, e);
    }
  }
}
