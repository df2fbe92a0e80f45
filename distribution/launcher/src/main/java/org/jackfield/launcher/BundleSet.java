package org.jackfield.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleRevision;

/**
 * The bundles that belong to the distribution: {@code system/NN} and {@code bundles/NN}, each at
 * start level NN.
 *
 * <p>A bundle's location carries the digest of its file, because reproducible archives give every
 * build the same time stamp: a changed file is another location, so the old bundle goes and the new
 * one comes. Nothing else outlives a restart: what was installed at run time goes, and the deployer
 * installs again what it had let in. A bundle that was changed in the framework's cache is
 * installed again from its file; {@code data/bundles.installed} says when each was.
 */
final class BundleSet {
  private static final String SCHEME = "jackfield:";

  private final BundleContext context;
  private final Home home;
  private final Path base;

  BundleSet(BundleContext context, Home home) {
    this.context = context;
    this.home = home;
    this.base = home.base();
  }

  /** Makes what is installed equal to what lies in the folders; to be called before the start. */
  void install() throws IOException, BundleException {
    Set<String> wanted = new HashSet<>();
    List<Path> jars = jars();
    for (Path jar : jars) {
      wanted.add(location(jar));
    }
    Map<String, Long> installed = home.installed();
    for (Bundle bundle : context.getBundles()) {
      Long when = installed.get(bundle.getLocation());
      boolean same = when != null && when == bundle.getLastModified();
      if (bundle.getBundleId() != 0 && !(same && wanted.contains(bundle.getLocation()))) {
        bundle.uninstall();
      }
    }
    for (Path jar : jars) {
      install(jar);
    }
    Map<String, Long> now = new TreeMap<>();
    ours().forEach(bundle -> now.put(bundle.getLocation(), bundle.getLastModified()));
    home.writeInstalled(now);
  }

  private void install(Path jar) throws IOException, BundleException {
    String location = location(jar);
    Bundle bundle = context.getBundle(location);
    if (bundle == null) {
      try (InputStream in = Files.newInputStream(jar)) {
        bundle = context.installBundle(location, in);
      }
    }
    int level = Integer.parseInt(base.relativize(jar).getName(1).toString());
    bundle.adapt(BundleStartLevel.class).setStartLevel(level);
    if (!isFragment(bundle)) {
      bundle.start(Bundle.START_ACTIVATION_POLICY);
    }
  }

  /** The distribution's bundles that should run and do not. */
  List<String> notStarted() {
    return ours().stream()
        .filter(b -> !isFragment(b))
        .filter(b -> b.getState() != Bundle.ACTIVE && b.getState() != Bundle.STARTING)
        .map(Bundle::getSymbolicName)
        .toList();
  }

  private List<Bundle> ours() {
    return Stream.of(context.getBundles()).filter(b -> b.getLocation().startsWith(SCHEME)).toList();
  }

  private static boolean isFragment(Bundle bundle) {
    return (bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
  }

  private List<Path> jars() throws IOException {
    List<Path> found = new ArrayList<>();
    for (String folder : List.of("system", "bundles")) {
      try (Stream<Path> files = Files.walk(base.resolve(folder), 2)) {
        files.filter(f -> f.toString().endsWith(".jar")).sorted().forEach(found::add);
      }
    }
    return found;
  }

  private String location(Path jar) throws IOException {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(jar));
      return SCHEME + base.relativize(jar) + "#" + HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
