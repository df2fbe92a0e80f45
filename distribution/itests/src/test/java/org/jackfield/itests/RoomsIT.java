package org.jackfield.itests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Who may know whom: every bundle knows the API alone, and the API's packages have an order. */
class RoomsIT {
  private static final List<String> ORDER =
      List.of("capability", "session", "transfer", "provider");
  private static final Set<String> EXPORTING = Set.of("org.jackfield.api", "org.jackfield.tck");

  @TestFactory
  Stream<DynamicTest> aBundleKnowsOnlyTheApi() throws IOException {
    return bundles().stream().map(b -> DynamicTest.dynamicTest(name(b), () -> checkManifest(b)));
  }

  private static void checkManifest(Path bundle) throws IOException {
    // given
    try (JarFile jar = new JarFile(bundle.toFile())) {
      var manifest = jar.getManifest().getMainAttributes();
      String name = name(bundle);

      // then
      assertThat(manifest.getValue("Bundle-SymbolicName")).isEqualTo(name);
      assertThat(packages(manifest.getValue("Import-Package")))
          .filteredOn(p -> p.startsWith("org.jackfield."))
          .allMatch(p -> p.startsWith("org.jackfield.api.") || p.equals(name), "is the API's");
      assertThat(manifest.getValue("Require-Bundle")).isNull();
      assertThat(manifest.getValue("DynamicImport-Package")).isNull();
      if (!EXPORTING.contains(name)) {
        assertThat(manifest.getValue("Export-Package")).isNull();
      }
      assertThat(jar.stream().map(e -> e.getName()).filter(e -> e.endsWith(".class")))
          .allMatch(e -> e.startsWith(name.replace('.', '/').replace("-", "") + "/"), "own root");
    }
  }

  @Test
  void thePackagesOfTheApiDependOnlyOnEarlierOnes() throws IOException {
    // given
    Map<String, Set<String>> uses = usesInside(bundle("org.jackfield.api"));

    // then
    for (int i = 0; i < ORDER.size(); i++) {
      Set<String> known = uses.getOrDefault(ORDER.get(i), Set.of());
      assertThat(known).as(ORDER.get(i)).doesNotContainAnyElementsOf(ORDER.subList(i, 4));
    }
    assertThat(ORDER.subList(1, 4)).allMatch(uses::containsKey, "is there");
  }

  @Test
  void thePackagesOfTheApiHaveNoCycle() throws IOException {
    // given
    Map<String, Set<String>> uses = usesInside(bundle("org.jackfield.api"));

    // then
    for (String from : uses.keySet()) {
      assertThat(reachable(uses, from)).as("reachable from " + from).doesNotContain(from);
    }
  }

  private static Set<String> reachable(Map<String, Set<String>> uses, String from) {
    Set<String> seen = new TreeSet<>();
    Deque<String> open = new ArrayDeque<>(uses.getOrDefault(from, Set.of()));
    while (!open.isEmpty()) {
      String next = open.pop();
      if (seen.add(next)) {
        open.addAll(uses.getOrDefault(next, Set.of()));
      }
    }
    return seen;
  }

  /** What the JDK's own jdeps says of the packages below {@code org.jackfield.api}. */
  private static Map<String, Set<String>> usesInside(Path api) {
    StringWriter out = new StringWriter();
    int status =
        ToolProvider.findFirst("jdeps")
            .orElseThrow()
            .run(
                new PrintWriter(out),
                new PrintWriter(System.err, true, UTF_8),
                "--multi-release",
                "21",
                "-verbose:package",
                api.toString());
    assertThat(status).isZero();
    Map<String, Set<String>> uses = new HashMap<>();
    Matcher m =
        Pattern.compile("org\\.jackfield\\.api\\.(\\w+) +-> +org\\.jackfield\\.api\\.(\\w+)")
            .matcher(out.toString());
    while (m.find()) {
      uses.computeIfAbsent(m.group(1), k -> new TreeSet<>()).add(m.group(2));
    }
    return uses;
  }

  private static List<String> packages(String header) {
    return header == null
        ? List.of()
        : Stream.of(header.replaceAll("\"[^\"]*\"", "").split(","))
            .map(clause -> clause.replaceAll(";.*", "").strip())
            .toList();
  }

  private static String name(Path bundle) {
    return bundle.getFileName().toString().replaceAll("-\\d.*", "");
  }

  private static Path bundle(String name) throws IOException {
    return bundles().stream().filter(b -> name(b).equals(name)).findFirst().orElseThrow();
  }

  /** Every bundle that this build has made, those outside the archive too. */
  private static List<Path> bundles() throws IOException {
    Path sources = Distribution.sources();
    try (Stream<Path> files =
        Stream.concat(
            Files.walk(sources.resolve("bundles"), 3),
            Files.walk(sources.resolve("admin-ui/target"), 1))) {
      List<Path> found =
          files
              .filter(f -> f.getParent().getFileName().toString().equals("target"))
              .filter(f -> f.getFileName().toString().matches("org\\.jackfield\\..*SNAPSHOT\\.jar"))
              .sorted()
              .toList();
      assertThat(found).hasSizeGreaterThan(5);
      return found;
    }
  }
}
