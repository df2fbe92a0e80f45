package org.jackfield.core.provider;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.capability.Trait;
import org.jackfield.api.provider.ConfigKey;
import org.jackfield.api.provider.DriverInfo;
import org.jackfield.api.provider.DriverName;
import org.jackfield.api.provider.TelephonyDriver;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Version;

/** The drivers that are there. Any thread. */
final class Drivers {
  private final List<Driver> drivers = new CopyOnWriteArrayList<>();

  /** Versions that only some PBXs may choose, with their names. */
  private final Map<Build, Set<String>> reserved = new ConcurrentHashMap<>();

  /** Versions that are to be taken out, with why; chosen only where there is no other. */
  private final Map<Build, String> draining = new ConcurrentHashMap<>();

  private record Build(String bundle, String version) {}

  /**
   * A driver with what its service says of it.
   *
   * @param driver the service
   * @param name the name by which a configuration chooses it
   * @param version its bundle's version
   * @param bundle its bundle's symbolic name
   * @param declared the most that it can ever do
   * @param schema what it has said last of its configuration, for display
   */
  record Driver(
      TelephonyDriver driver,
      String name,
      Version version,
      String bundle,
      Capabilities declared,
      Schema schema) {
    /** Reads the service properties; what they do not know is left out. */
    static Driver of(
        TelephonyDriver driver, Map<String, ?> properties, Version version, String bundle) {
      List<Operation> operations =
          strings(properties.get(DriverName.PREFIX_ + "operations")).stream()
              .flatMap(text -> Operation.named(text).stream())
              .toList();
      List<Trait> traits =
          strings(properties.get(DriverName.PREFIX_ + "traits")).stream()
              .flatMap(text -> Trait.named(text).stream())
              .toList();
      Object name = properties.get(DriverName.PREFIX_ + "name");
      return new Driver(
          driver,
          name == null ? "" : name.toString(),
          version,
          bundle,
          Capabilities.of(operations, traits),
          new Schema());
    }

    private static List<String> strings(@Nullable Object value) {
      return switch (value) {
        case String one -> List.of(one);
        case String[] many -> List.of(many);
        case null, default -> List.of();
      };
    }

    DriverInfo info() {
      return new DriverInfo(name, version.toString(), bundle, schema.last, declared);
    }

    /** Asks the driver for its schema; it may block, as all that a driver does. */
    List<ConfigKey> askForSchema() {
      List<ConfigKey> keys = List.copyOf(driver.schema());
      schema.last = keys;
      return keys;
    }
  }

  /** What a driver has said last of its configuration. */
  static final class Schema {
    private volatile List<ConfigKey> last = List.of();
  }

  void add(Driver driver) {
    drivers.add(driver);
  }

  void remove(TelephonyDriver driver) {
    drivers.removeIf(d -> d.driver == driver);
  }

  void reserve(String bundle, String version, Set<String> providers) {
    reserved.put(new Build(bundle, version), Set.copyOf(providers));
  }

  void release(String bundle, String version) {
    reserved.remove(new Build(bundle, version));
  }

  void drain(String bundle, String version, String why) {
    draining.put(new Build(bundle, version), why);
  }

  void drainNoMore(String bundle, String version) {
    draining.remove(new Build(bundle, version));
  }

  /** Why it takes no new work; empty where it does. */
  String draining(Driver driver) {
    return draining.getOrDefault(new Build(driver.bundle, driver.version.toString()), "");
  }

  private boolean mayHave(String provider, Driver driver) {
    Set<String> only = reserved.get(new Build(driver.bundle, driver.version.toString()));
    return only == null || only.contains(provider);
  }

  /** The newest of that name that a PBX may have and that stays, or of that name and version. */
  Optional<Driver> choose(String provider, String name, Optional<String> version) {
    return drivers.stream()
        .filter(d -> d.name.equals(name))
        .filter(d -> mayHave(provider, d))
        .filter(d -> version.map(d.version.toString()::equals).orElse(true))
        .max(
            Comparator.<Driver, Boolean>comparing(d -> draining(d).isEmpty())
                .thenComparing(Driver::version));
  }

  /** The one of that bundle and version. */
  Optional<Driver> find(String bundle, String version) {
    return drivers.stream()
        .filter(d -> d.bundle.equals(bundle) && d.version.toString().equals(version))
        .findFirst();
  }

  List<DriverInfo> infos() {
    return drivers.stream()
        .map(Driver::info)
        .sorted(Comparator.comparing(DriverInfo::name).thenComparing(DriverInfo::version))
        .toList();
  }
}
