package org.jackfield.deployer.verify;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jackfield.api.policy.Policy;
import org.jackfield.api.provider.DriverInfo;
import org.osgi.framework.Version;

/**
 * What a JAR is compared with: a picture of the framework at one moment.
 *
 * @param offers what the bundles that run offer
 * @param present the bundles that are there
 * @param highest the highest version that was ever let in, by symbolic name
 * @param drivers the drivers that run
 * @param policy the policy in force
 */
public record Surroundings(
    List<Offer> offers,
    List<Present> present,
    Map<String, Version> highest,
    List<DriverInfo> drivers,
    Policy policy) {
  public Surroundings {
    offers = List.copyOf(offers);
    present = List.copyOf(present);
    highest = Map.copyOf(highest);
    drivers = List.copyOf(drivers);
  }

  /** A capability of a bundle that runs. */
  public record Offer(String bundle, String namespace, Map<String, Object> attributes) {
    public Offer {
      attributes = Map.copyOf(attributes);
    }
  }

  /**
   * A bundle that is there.
   *
   * @param server whether it is a part of the server and no driver
   * @param packages the packages that are its own, as far as it says
   */
  public record Present(
      String symbolicName, Version version, boolean server, Set<String> packages) {
    public Present {
      packages = Set.copyOf(packages);
    }
  }
}
