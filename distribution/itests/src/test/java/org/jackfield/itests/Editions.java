package org.jackfield.itests;

import java.io.ByteArrayInputStream;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jackfield.api.provider.DriverInfo;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.BundleWiring;

/** The editions of the simulated driver in the framework that a test runs in. */
final class Editions {
  static final String SIMULATED = "org.jackfield.provider.simulated";

  private final BundleContext context;
  private final LiveServer server;
  private final List<WeakReference<ClassLoader>> loaders = new ArrayList<>();

  Editions(BundleContext context, LiveServer server) {
    this.context = context;
    this.server = server;
  }

  Bundle install(DriverEdition edition, String version) throws Exception {
    return install(edition.of(Distribution.unpacked(), version), version);
  }

  Bundle install(byte[] jar, String version) throws Exception {
    Bundle bundle =
        context.installBundle("itests:simulated-" + version, new ByteArrayInputStream(jar));
    bundle.start();
    loaders.add(new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader()));
    return bundle;
  }

  Bundle find(String version) {
    return context.getBundle("itests:simulated-" + version);
  }

  /** The one that came with the distribution. */
  Bundle shipped() {
    return Stream.of(context.getBundles())
        .filter(b -> SIMULATED.equals(b.getSymbolicName()))
        .filter(b -> !b.getLocation().startsWith("itests:"))
        .findFirst()
        .orElseThrow();
  }

  void awaitThere(String version) {
    server.await(version + " is there", () -> info(version).findFirst().isPresent());
  }

  void awaitServes(String version) {
    server.await(version + " serves", () -> server.status("sim").driverVersion().equals(version));
    System.out.println(
        version + " declares " + info(version).findFirst().orElseThrow().declared().traits());
  }

  private Stream<DriverInfo> info(String version) {
    return server.providers.drivers().stream().filter(d -> d.version().equals(version));
  }

  /** Whether the classes of all but the one that was installed last are gone. */
  boolean goneOnesAreLetGo() {
    System.gc();
    return loaders.subList(0, loaders.size() - 1).stream().allMatch(l -> l.get() == null);
  }
}
