package org.jackfield.deployer;

import java.util.ArrayList;
import java.util.Dictionary;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jackfield.api.policy.Policy;
import org.jackfield.api.provider.DriverInfo;
import org.jackfield.deployer.verify.Surroundings;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleWiring;

/** The framework as it is now, for a JAR to be compared with. */
final class Picture {
  private Picture() {}

  static Surroundings of(
      BundleContext context,
      Map<String, Version> highest,
      List<DriverInfo> drivers,
      Policy policy) {
    List<Surroundings.Offer> offers = new ArrayList<>();
    List<Surroundings.Present> present = new ArrayList<>();
    for (Bundle bundle : context.getBundles()) {
      BundleWiring wiring = bundle.adapt(BundleWiring.class);
      if (wiring != null) {
        for (BundleCapability one : wiring.getCapabilities(null)) {
          offers.add(new Surroundings.Offer(name(bundle), one.getNamespace(), one.getAttributes()));
        }
      }
      if (bundle.getBundleId() != 0) {
        present.add(
            new Surroundings.Present(
                name(bundle), bundle.getVersion(), isServer(bundle), packages(bundle, wiring)));
      }
    }
    return new Surroundings(offers, present, highest, drivers, policy);
  }

  private static String name(Bundle bundle) {
    String name = bundle.getSymbolicName();
    return name == null ? "" : name;
  }

  /** What came with the distribution and is no driver. */
  private static boolean isServer(Bundle bundle) {
    String provided = bundle.getHeaders("").get("Provide-Capability");
    return !bundle.getLocation().startsWith(Installation.SCHEME)
        && (provided == null || !provided.contains(Offer.NAMESPACE));
  }

  private static Set<String> packages(
      Bundle bundle, @org.jspecify.annotations.Nullable BundleWiring wiring) {
    Set<String> packages = new HashSet<>();
    Dictionary<String, String> headers = bundle.getHeaders("");
    String own = headers.get("Private-Package");
    for (String one : own == null ? new String[0] : own.split(",")) {
      packages.add(one.replaceAll(";.*", "").strip());
    }
    if (wiring != null) {
      for (BundleCapability one : wiring.getCapabilities(PackageNamespace.PACKAGE_NAMESPACE)) {
        packages.add(String.valueOf(one.getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE)));
      }
    }
    return packages;
  }
}
