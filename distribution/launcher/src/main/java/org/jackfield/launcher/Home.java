package org.jackfield.launcher;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * The two folders of a server: the unpacked distribution, which many servers may share and none
 * writes to, and the server's own home with {@code etc}, {@code deploy} and {@code data}.
 */
final class Home {
  /** Files that are true only while the server runs. */
  private static final List<String> RUNTIME_FILES =
      List.of("server.pid", "http.address", "login.link", "shell.sock");

  private static final String INSTALLED = "bundles.installed";

  private final Path base;
  private final Path home;

  Home(Path base, Path home) {
    this.base = base;
    this.home = home;
  }

  Path base() {
    return base;
  }

  Path path() {
    return home;
  }

  Path data(String name) {
    return home.resolve("data").resolve(name);
  }

  /**
   * Creates what a new home lacks; an existing {@code etc} is the operator's and is not touched.
   */
  void prepare() throws IOException {
    if (!Files.isDirectory(home.resolve("etc"))) {
      copyFolder(base.resolve("etc"), home.resolve("etc"));
    }
    Files.createDirectories(home.resolve("deploy"));
    Path data = home.resolve("data");
    Files.createDirectories(data);
    // tokens, the journal and the shell's socket live there
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
    Files.createDirectories(data.resolve("tmp"));
  }

  private static void copyFolder(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
  }

  void clearRuntimeFiles() throws IOException {
    for (String name : RUNTIME_FILES) {
      Files.deleteIfExists(data(name));
    }
  }

  /** Writes a file of {@code data} whole: a reader sees all of it or none. */
  void write(String name, String text) throws IOException {
    Path part = data(name + ".part");
    Files.writeString(part, text);
    Files.move(part, data(name), StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * When each bundle of the distribution was installed, by location; nothing at the first start.
   */
  Map<String, Long> installed() throws IOException {
    Map<String, Long> all = new HashMap<>();
    if (Files.exists(data(INSTALLED))) {
      for (String line : Files.readAllLines(data(INSTALLED))) {
        String[] words = line.split(" ", 2);
        if (words.length == 2 && words[0].matches("[0-9]{1,18}")) {
          all.put(words[1], Long.valueOf(words[0]));
        }
      }
    }
    return all;
  }

  void writeInstalled(Map<String, Long> bundles) throws IOException {
    StringBuilder text = new StringBuilder();
    bundles.forEach((location, when) -> text.append(when + " " + location + "\n"));
    write(INSTALLED, text.toString());
  }

  /**
   * {@code lib/framework.properties}, then the operator's {@code etc/framework.properties}, then
   * the command line's system properties; {@code ${name}} is replaced by a value set before.
   */
  Map<String, String> frameworkProperties() throws IOException {
    Map<String, String> all = new HashMap<>();
    all.put("jackfield.base", base.toString());
    all.put("jackfield.home", home.toString());
    // what is installed is the distribution's alone, so the deployer can close the door behind it
    all.put("jackfield.gate", "shut");
    read(base.resolve("lib/framework.properties"), all);
    read(home.resolve("etc/framework.properties"), all);
    String port = System.getProperty("jackfield.http.port");
    if (port != null) {
      all.put("org.osgi.service.http.port", port);
    }
    return all;
  }

  private static void read(Path file, Map<String, String> into) throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(file)) {
      properties.load(in);
    }
    Map<String, String> known = Map.copyOf(into);
    for (String key : properties.stringPropertyNames()) {
      String value = properties.getProperty(key);
      for (Map.Entry<String, String> e : known.entrySet()) {
        value = value.replace("${" + e.getKey() + "}", e.getValue());
      }
      into.put(key, value);
    }
  }
}
