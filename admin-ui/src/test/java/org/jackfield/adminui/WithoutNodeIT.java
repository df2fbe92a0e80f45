package org.jackfield.adminui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who has no Node builds the server all the same. */
class WithoutNodeIT {
  private static final Set<String> NODE = Set.of("node", "nodejs", "npm", "npx", "corepack");
  private static final Set<String> LEFT_OUT = Set.of("target", "node_modules", ".git", ".home");
  @TempDir Path folder;

  @Test
  void aPathWithoutNodeGivesABundleThatSaysSo() throws Exception {
    // given
    Path path = everyToolButNode();

    // when
    String output = build(path);

    // then
    assertThat(output).containsOnlyOnce("The console is left out").contains("BUILD SUCCESS");
    assertThat(files()).contains("missing/index.html").noneMatch(name -> name.startsWith("web/"));
  }

  @Test
  void aNodeThatIsTooOldIsAsGoodAsNone() throws Exception {
    // given
    Path path = everyToolButNode();
    for (String tool : List.of("node", "npm")) {
      Files.writeString(path.resolve(tool), "#!/bin/sh\necho unfit\n");
      assertThat(path.resolve(tool).toFile().setExecutable(true)).isTrue();
    }

    // when
    String output = build(path);

    // then
    assertThat(output).containsOnlyOnce("The console is left out").contains("BUILD SUCCESS");
    assertThat(files()).noneMatch(name -> name.startsWith("web/"));
  }

  /** JUnit would warn of each link that leaves its folder. */
  @AfterEach
  void dropTheLinks() throws IOException {
    try (Stream<Path> links = Files.list(folder.resolve("tools"))) {
      for (Path link : links.toList()) {
        Files.delete(link);
      }
    }
  }

  /** A folder with a link to every program of the present PATH, but for Node's. */
  private Path everyToolButNode() throws IOException {
    Path tools = Files.createDirectory(folder.resolve("tools"));
    for (String entry : System.getenv("PATH").split(File.pathSeparator)) {
      Path present = Path.of(entry);
      if (Files.isDirectory(present)) {
        try (Stream<Path> programs = Files.list(present)) {
          for (Path program : programs.toList()) {
            Path link = tools.resolve(program.getFileName());
            if (!NODE.contains(program.getFileName().toString())
                && Files.notExists(link, LinkOption.NOFOLLOW_LINKS)) {
              Files.createSymbolicLink(link, program);
            }
          }
        }
      }
    }
    return tools;
  }

  private String build(Path path) throws Exception {
    Path sources = copy(Path.of(System.getProperty("jackfield.root")).toRealPath());
    Path out = folder.resolve("maven.out");
    ProcessBuilder maven =
        new ProcessBuilder(
                System.getProperty("maven.home") + "/bin/mvn",
                "-B",
                "-o",
                "-DskipTests",
                "-Dmaven.repo.local=" + System.getProperty("maven.repo.local"),
                "-pl",
                "admin-ui",
                "package")
            .directory(sources.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    maven.environment().put("PATH", path.toString());
    maven.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = maven.start();
    process.getOutputStream().close();
    boolean ended = process.waitFor(15, TimeUnit.MINUTES);
    process.destroyForcibly();
    String output = Files.readString(out);
    assertThat(ended).as(output).isTrue();
    return output;
  }

  /** The poms of the whole project, and this module with its sources. */
  private Path copy(Path root) throws IOException {
    Path copy = Files.createDirectory(folder.resolve("sources"));
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path from, BasicFileAttributes attributes) {
            return LEFT_OUT.contains(from.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Path name = root.relativize(file);
            if (name.startsWith("admin-ui") || name.endsWith("pom.xml")) {
              Path to = copy.resolve(name);
              Files.createDirectories(to.getParent());
              Files.copy(file, to);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return copy;
  }

  private List<String> files() throws IOException {
    try (Stream<Path> built = Files.list(folder.resolve("sources/admin-ui/target"))) {
      Path bundle = built.filter(f -> f.toString().endsWith(".jar")).findFirst().orElseThrow();
      try (JarFile jar = new JarFile(bundle.toFile())) {
        return jar.stream().map(JarEntry::getName).toList();
      }
    }
  }
}
