package org.jackfield.deployer.verify;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.jackfield.api.rollout.BundleProblem;
import org.osgi.framework.Version;

/**
 * What a bundle says of itself, as far as the checks need it.
 *
 * @param packages the packages that its classes are in
 */
record BundleManifest(
    String symbolicName,
    Version version,
    List<Clause> imports,
    List<Clause> exports,
    List<Clause> requires,
    List<Clause> provides,
    Set<String> packages) {
  /** The namespace in which a driver says what it can do. */
  static final String DRIVER = "org.jackfield.driver";

  static final String NAME = "META-INF/MANIFEST.MF";

  /** What a driver says of itself, if it is one and says it. */
  Optional<Clause> driver() {
    return provides.stream().filter(c -> c.path().equals(DRIVER)).findFirst();
  }

  static BundleManifest read(StrictZip zip) throws Refused {
    StrictZip.Entry entry =
        zip.entry(NAME)
            .orElseThrow(() -> bad("There is no " + NAME + "; build it as an OSGi bundle."));
    byte[] bytes = zip.content(entry);
    checkHeadersComeOnce(new String(bytes, StandardCharsets.UTF_8));
    Attributes main;
    try {
      main = new Manifest(new ByteArrayInputStream(bytes)).getMainAttributes();
    } catch (IOException | IllegalArgumentException e) {
      throw bad("Its manifest cannot be read: " + e.getMessage() + ".");
    }
    checkTricks(main);
    checkClasses(main, zip);
    return new BundleManifest(
        symbolicName(main),
        version(main),
        Clause.parse("Import-Package", main.getValue("Import-Package")),
        Clause.parse("Export-Package", main.getValue("Export-Package")),
        Clause.parse("Require-Capability", main.getValue("Require-Capability")),
        Clause.parse("Provide-Capability", main.getValue("Provide-Capability")),
        packages(zip));
  }

  private static Refused bad(String text) {
    return new Refused(BundleProblem.BAD_MANIFEST, text);
  }

  /** Two readers may take different ones of two headers of the same name. */
  private static void checkHeadersComeOnce(String text) throws Refused {
    Set<String> seen = new HashSet<>();
    for (String line : text.split("\r\n|\n|\r", -1)) {
      if (line.isEmpty()) {
        return;
      }
      int colon = line.indexOf(':');
      if (!line.startsWith(" ")
          && colon > 0
          && !seen.add(line.substring(0, colon).toLowerCase(Locale.ROOT))) {
        throw bad("Its manifest has " + line.substring(0, colon) + " twice.");
      }
    }
  }

  private static void checkTricks(Attributes main) throws Refused {
    if (main.getValue("Fragment-Host") != null
        || main.getValue("ExtensionBundle-Activator") != null) {
      throw new Refused(
          BundleProblem.FRAGMENT,
          "It is a fragment, which becomes a part of another bundle; make it a bundle.");
    }
    String path = main.getValue("Bundle-ClassPath");
    if (path != null && !path.strip().equals(".")) {
      throw new Refused(
          BundleProblem.BUNDLE_CLASS_PATH,
          "Bundle-ClassPath is '" + path + "'; unpack the libraries into the JAR.");
    }
    if (main.getValue("DynamicImport-Package") != null) {
      throw new Refused(
          BundleProblem.DYNAMIC_IMPORT,
          "DynamicImport-Package could take any package later; name each in Import-Package.");
    }
    if (main.getValue("Bundle-NativeCode") != null) {
      throw new Refused(
          BundleProblem.NATIVE_CODE,
          "Bundle-NativeCode: native code could end the server and every call's control with it.");
    }
    if ("true".equalsIgnoreCase(main.getValue("Multi-Release"))) {
      throw bad("It is a multi-release JAR; build it for Java 21 alone.");
    }
    if (main.getValue("Require-Bundle") != null) {
      throw bad("Require-Bundle ties it to another bundle; use Import-Package.");
    }
  }

  private static void checkClasses(Attributes main, StrictZip zip) throws Refused {
    String activator = main.getValue("Bundle-Activator");
    if (activator != null && zip.entry(activator.strip().replace('.', '/') + ".class").isEmpty()) {
      throw new Refused(
          BundleProblem.BAD_ACTIVATOR,
          "Bundle-Activator " + activator + " is not in the JAR; build it with its classes.");
    }
    String components = main.getValue("Service-Component");
    for (String one : components == null ? new String[0] : components.split(",")) {
      if (!one.contains("*") && zip.entry(one.strip()).isEmpty()) {
        throw bad("Service-Component " + one.strip() + " is not in the JAR.");
      }
    }
  }

  private static String symbolicName(Attributes main) throws Refused {
    if (!"2".equals(strip(main.getValue("Bundle-ManifestVersion")))) {
      throw bad("Bundle-ManifestVersion is not 2; build it as an OSGi bundle.");
    }
    List<Clause> names = Clause.parse("Bundle-SymbolicName", main.getValue("Bundle-SymbolicName"));
    if (names.size() != 1 || !names.getFirst().path().matches("[A-Za-z0-9_.-]{1,128}")) {
      throw bad("Bundle-SymbolicName is not one name of letters, digits, dots and hyphens.");
    }
    return names.getFirst().path();
  }

  private static Version version(Attributes main) throws Refused {
    String text = strip(main.getValue("Bundle-Version"));
    try {
      if (!text.isEmpty()) {
        return Version.parseVersion(text);
      }
    } catch (IllegalArgumentException notOne) {
      throw bad("Bundle-Version '" + text + "' is no version: " + notOne.getMessage() + ".");
    }
    throw bad("Bundle-Version is missing.");
  }

  private static String strip(@org.jspecify.annotations.Nullable String text) {
    return text == null ? "" : text.strip();
  }

  private static Set<String> packages(StrictZip zip) {
    return zip.entries().stream()
        .map(StrictZip.Entry::name)
        .filter(name -> name.endsWith(".class"))
        .map(name -> name.substring(0, Math.max(0, name.lastIndexOf('/'))).replace('/', '.'))
        .collect(Collectors.toUnmodifiableSet());
  }
}
