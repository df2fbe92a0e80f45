package org.jackfield.deployer;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jackfield.api.provider.TelephonyDriver;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRevision;

/** What a bundle that has started offers, beside what its manifest has promised. */
final class Offer {
  static final String NAMESPACE = "org.jackfield.driver";
  private static final String SERVICE = TelephonyDriver.class.getName();

  private Offer() {}

  /** Why it is not what its manifest says, if it is not. Makes the driver, which may take long. */
  static Optional<String> problem(BundleContext context, Bundle bundle) {
    return bundle.adapt(BundleRevision.class).getDeclaredCapabilities(NAMESPACE).stream()
        .flatMap(promised -> problem(context, bundle, promised).stream())
        .findFirst();
  }

  private static Optional<String> problem(
      BundleContext context, Bundle bundle, BundleCapability promised) {
    Map<String, Object> said = promised.getAttributes();
    Object name = said.get("name");
    Optional<ServiceReference<?>> driver =
        Stream.of(services(bundle))
            .filter(one -> words(one.getProperty(Constants.OBJECTCLASS)).contains(SERVICE))
            .filter(one -> String.valueOf(name).equals(one.getProperty(NAMESPACE + ".name")))
            .findFirst();
    if (driver.isEmpty()) {
      return Optional.of("It runs, but registers no driver " + name + ".");
    }
    for (String what : Set.of("operations", "traits")) {
      Set<String> inManifest = words(said.get(what));
      Set<String> ofService = words(driver.get().getProperty(NAMESPACE + "." + what));
      if (!inManifest.equals(ofService)) {
        return Optional.of(
            "Its manifest declares the %s %s of %s, its service %s."
                .formatted(what, inManifest, name, ofService));
      }
    }
    return canBeMade(context, driver.get())
        ? Optional.empty()
        : Optional.of("Its driver " + name + " breaks when it is made; the log says why.");
  }

  private static ServiceReference<?>[] services(Bundle bundle) {
    ServiceReference<?>[] all = bundle.getRegisteredServices();
    return all == null ? new ServiceReference<?>[0] : all;
  }

  private static <S> boolean canBeMade(BundleContext context, ServiceReference<S> driver) {
    S made = context.getService(driver);
    if (made != null) {
      context.ungetService(driver);
    }
    return made != null;
  }

  private static Set<String> words(@Nullable Object value) {
    Set<String> words = new TreeSet<>();
    switch (value) {
      case String one -> words.add(one);
      case String[] many -> words.addAll(Arrays.asList(many));
      case Collection<?> many -> many.forEach(one -> words.add(String.valueOf(one)));
      case null, default -> {}
    }
    return words;
  }
}
