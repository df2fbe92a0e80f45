package org.jackfield.deployer.verify;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.osgi.framework.Version;

/**
 * What is demanded of a JAR.
 *
 * @param limits of the container
 * @param trust whose signatures are accepted
 * @param unsignedAllowed development: a JAR without a signature is let in, with a warning
 * @param sameVersionAllowed development: another JAR of a version that is there is let in
 * @param downgradeAllowed for this once, an older version is let in, with a warning
 * @param minimum the lowest version by symbolic name
 * @param imports which packages may be imported: a package, or {@code prefix.*} with all below it
 * @param forbidden which may not, though {@code imports} has them
 */
public record Rules(
    ZipLimits limits,
    Trust trust,
    boolean unsignedAllowed,
    boolean sameVersionAllowed,
    boolean downgradeAllowed,
    Map<String, Version> minimum,
    Set<String> imports,
    Set<String> forbidden) {

  /** What a driver has a use for. */
  public static final Set<String> SHIPPED_IMPORTS =
      Set.of(
          "org.jackfield.api.*",
          "org.osgi.framework",
          "org.osgi.util.tracker",
          "org.osgi.service.component.*",
          "org.osgi.service.log.*",
          "org.slf4j.*",
          "org.jspecify.*",
          "com.fasterxml.jackson.*",
          "java.*",
          "javax.crypto.*",
          "javax.net.*",
          "javax.security.*",
          "javax.xml.*",
          "org.w3c.dom.*",
          "org.xml.sax.*");

  /**
   * What lets one part of the server do another's work: let bundles in, change the wiring, read
   * other PBXs' secrets.
   */
  public static final Set<String> SHIPPED_FORBIDDEN =
      Set.of("org.jackfield.api.rollout", "org.jackfield.api.journal", "java.lang.instrument");

  public Rules {
    minimum = Map.copyOf(minimum);
    imports = Set.copyOf(imports);
    forbidden = Set.copyOf(forbidden);
  }

  /** As shipped, with these signers. */
  public static Rules shipped(Trust trust) {
    return new Rules(
        ZipLimits.SHIPPED,
        trust,
        false,
        false,
        false,
        Map.of(),
        SHIPPED_IMPORTS,
        SHIPPED_FORBIDDEN);
  }

  /** These rules, letting unsigned and rebuilt JARs in. */
  public Rules forDevelopment() {
    return new Rules(limits, trust, true, true, downgradeAllowed, minimum, imports, forbidden);
  }

  /** These rules, letting an older version in. */
  public Rules withDowngrade() {
    return new Rules(
        limits, trust, unsignedAllowed, sameVersionAllowed, true, minimum, imports, forbidden);
  }

  /** These rules with lowest versions. */
  public Rules withMinimum(Map<String, Version> lowest) {
    return new Rules(
        limits,
        trust,
        unsignedAllowed,
        sameVersionAllowed,
        downgradeAllowed,
        lowest,
        imports,
        forbidden);
  }

  /** These rules with further packages that may be imported. */
  public Rules withImports(Set<String> further) {
    java.util.HashSet<String> all = new java.util.HashSet<>(imports);
    all.addAll(further);
    return new Rules(
        limits,
        trust,
        unsignedAllowed,
        sameVersionAllowed,
        downgradeAllowed,
        minimum,
        all,
        forbidden);
  }

  boolean mayImport(String name) {
    return within(List.copyOf(imports), name) && !within(List.copyOf(forbidden), name);
  }

  private static boolean within(List<String> patterns, String name) {
    return patterns.stream()
        .anyMatch(
            p ->
                p.endsWith(".*")
                    ? name.equals(p.substring(0, p.length() - 2))
                        || name.startsWith(p.substring(0, p.length() - 1))
                    : name.equals(p));
  }
}
