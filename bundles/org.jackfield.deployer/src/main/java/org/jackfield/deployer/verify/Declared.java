package org.jackfield.deployer.verify;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.capability.Trait;
import org.jackfield.api.policy.AutoChoice;
import org.jackfield.api.policy.PolicyRule;
import org.jackfield.api.provider.DriverInfo;
import org.jackfield.api.rollout.BundleProblem;
import org.jackfield.api.transfer.RecallRung;
import org.osgi.framework.Version;

/** What a driver declares, beside what the version that runs declares and what policy needs. */
final class Declared {
  private final BundleManifest manifest;
  private final Surroundings around;

  Declared(BundleManifest manifest, Surroundings around) {
    this.manifest = manifest;
    this.around = around;
  }

  /** The difference as a sentence. */
  String check() throws Refused {
    Optional<Clause> declared = manifest.driver();
    if (declared.isEmpty()) {
      return "It declares no driver.";
    }
    String name = declared.get().attribute("name");
    Capabilities now = capabilities(declared.get());
    checkName(name);
    Optional<DriverInfo> before =
        around.drivers().stream()
            .filter(d -> d.name().equals(name))
            .max(java.util.Comparator.comparing(d -> Version.parseVersion(d.version())));
    return before.isEmpty() ? "A new driver, " + name + "." : difference(name, before.get(), now);
  }

  private static Capabilities capabilities(Clause declared) throws Refused {
    List<Operation> operations = new ArrayList<>();
    for (String text : declared.strings("operations")) {
      operations.add(Operation.named(text).orElseThrow(() -> unknown("operation", text)));
    }
    List<Trait> traits = new ArrayList<>();
    for (String text : declared.strings("traits")) {
      traits.add(Trait.named(text).orElseThrow(() -> unknown("trait", text)));
    }
    return Capabilities.of(operations, traits);
  }

  private static Refused unknown(String what, String text) {
    return new Refused(
        BundleProblem.BAD_CAPABILITIES,
        "It declares the " + what + " '" + text + "', which this server does not know.");
  }

  private void checkName(String name) throws Refused {
    if (!name.matches("[a-z0-9][a-z0-9.-]{0,63}")) {
      throw new Refused(
          BundleProblem.BAD_CAPABILITIES,
          "It declares a driver without a name of small letters, digits, dots and hyphens.");
    }
    Optional<DriverInfo> other =
        around.drivers().stream()
            .filter(d -> d.name().equals(name) && !d.bundle().equals(manifest.symbolicName()))
            .findFirst();
    if (other.isPresent()) {
      throw new Refused(
          BundleProblem.DRIVER_TAKEN,
          "The driver '%s' is %s; give this one another name."
              .formatted(name, other.get().bundle()));
    }
  }

  private String difference(String name, DriverInfo before, Capabilities now) throws Refused {
    Set<Operation> lost = EnumSet.copyOf(before.declared().operationSet());
    lost.removeAll(now.operationSet());
    for (PolicyRule rule : around.policy().rules()) {
      for (Operation operation : lost) {
        if (needs(rule, operation)) {
          throw new Refused(
              BundleProblem.CAPABILITY_NEEDED,
              "It can no longer %s, on which the policy's rule '%s' relies; change the rule first."
                  .formatted(operation.text(), rule.name()));
        }
      }
    }
    List<String> changes = new ArrayList<>();
    texts(now)
        .filter(t -> texts(before.declared()).noneMatch(t::equals))
        .forEach(t -> changes.add("+" + t));
    texts(before.declared())
        .filter(t -> texts(now).noneMatch(t::equals))
        .forEach(t -> changes.add("-" + t));
    return changes.isEmpty()
        ? "The driver %s can what %s can.".formatted(name, before.version())
        : "Against %s of the driver %s: %s."
            .formatted(before.version(), name, String.join(", ", changes));
  }

  private static Stream<String> texts(Capabilities all) {
    return Stream.concat(
        all.operationSet().stream().map(Operation::text), all.traitSet().stream().map(Trait::text));
  }

  private static boolean needs(PolicyRule rule, Operation operation) {
    boolean ladder =
        rule.set().recall().stream()
            .flatMap(List::stream)
            .anyMatch(
                rung ->
                    rung instanceof RecallRung.ToPark
                        ? operation == Operation.PARK
                        : operation == Operation.RECALL);
    // a list with another choice left still has a way
    List<AutoChoice> choices = rule.set().auto().orElse(List.of());
    boolean only =
        !choices.isEmpty() && choices.stream().allMatch(c -> operations(c).contains(operation));
    return ladder || only;
  }

  private static Set<Operation> operations(AutoChoice choice) {
    return switch (choice) {
      case BLIND, BLIND_IF_RECOVERABLE -> EnumSet.of(Operation.BLIND_TRANSFER);
      case CONSULTATION, EARLY_COMPLETION -> EnumSet.of(Operation.CONSULT, Operation.COMPLETE);
      case ONE_STEP -> EnumSet.of(Operation.ONE_STEP_CONSULT, Operation.COMPLETE);
      case NEW_CALL -> EnumSet.of(Operation.MAKE_CALL, Operation.COMPLETE);
      case CONFERENCE_AND_DROP -> EnumSet.of(Operation.CONFERENCE, Operation.CLEAR);
    };
  }
}
