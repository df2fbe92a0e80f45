package org.jackfield.deployer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jackfield.api.provider.TelephonyDriver;
import org.jackfield.api.rollout.OfflineRules;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** Puts the drivers of a bundle that has started through the part of the kit that needs no PBX. */
final class OfflineKit {
  private OfflineKit() {}

  /** What they break, if they break something, or why that cannot be seen. */
  static Optional<String> broken(BundleContext context, Bundle bundle) {
    ServiceReference<OfflineRules> kit = context.getServiceReference(OfflineRules.class);
    OfflineRules rules = kit == null ? null : context.getService(kit);
    if (rules == null) {
      return Optional.of("etc/ asks for the conformance kit, which is not installed.");
    }
    try {
      List<String> broken = new ArrayList<>();
      for (ServiceReference<TelephonyDriver> one : drivers(context, bundle)) {
        TelephonyDriver driver = context.getService(one);
        if (driver != null) {
          broken.addAll(rules.broken(driver));
          context.ungetService(one);
        }
      }
      return broken.isEmpty()
          ? Optional.empty()
          : Optional.of("It breaks rules of a driver. " + String.join(" ", broken));
    } finally {
      context.ungetService(kit);
    }
  }

  private static List<ServiceReference<TelephonyDriver>> drivers(
      BundleContext context, Bundle bundle) {
    try {
      return context.getServiceReferences(TelephonyDriver.class, null).stream()
          .filter(one -> bundle.equals(one.getBundle()))
          .toList();
    } catch (InvalidSyntaxException noFilterWasGiven) {
      throw new IllegalStateException(noFilterWasGiven);
    }
  }
}
