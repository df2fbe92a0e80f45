package org.jackfield.deployer;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.jackfield.api.rollout.Drain;
import org.jackfield.api.rollout.RolloutPlan.OnDeadline;
import org.jackfield.deployer.verify.Rules;
import org.jackfield.deployer.verify.Trust;
import org.osgi.framework.Version;

/**
 * What an operator says in {@code etc/org.jackfield.deployer.cfg} and {@code etc/trust}; read anew
 * for each JAR, so that a revocation holds from the next one on.
 */
final class Etc {
  private static final String MINIMUM = "minimum.";
  private static final String START = "start.seconds";
  private static final String DRAIN = "drain.seconds";
  private static final String THEN = "drain.then";

  private final Path folder;

  Etc(Path folder) {
    this.folder = folder;
  }

  /**
   * @throws IOException if something there cannot be read or understood: then nothing is let in
   */
  Rules rules() throws IOException {
    Properties properties = properties();
    Rules rules =
        Rules.shipped(Trust.read(folder.resolve("trust")))
            .withMinimum(minimum(properties))
            .withImports(words(properties.getProperty("imports", "")));
    return development(properties) ? rules.forDevelopment() : rules;
  }

  /** Whether unsigned JARs are let in. */
  boolean development() throws IOException {
    return development(properties());
  }

  /** Whether drivers are put through the part of the kit that needs no PBX. */
  boolean offlineKit() throws IOException {
    return switch (properties().getProperty("kit", "").strip()) {
      case "offline" -> true;
      case "" -> false;
      default -> throw new IOException("kit in etc/org.jackfield.deployer.cfg is not offline");
    };
  }

  /** How long a driver may take to start; as it is when the server starts. */
  Duration startWithin() throws IOException {
    String seconds = properties().getProperty(START, "20").strip();
    if (!seconds.matches("[1-9]\\d{0,3}")) {
      throw new IOException(START + " in etc/org.jackfield.deployer.cfg is no number of seconds");
    }
    return Duration.ofSeconds(Long.parseLong(seconds));
  }

  /** How long calls may live on a driver that is taken out. */
  Drain drain() throws IOException {
    String seconds = properties().getProperty(DRAIN, "").strip();
    String then = properties().getProperty(THEN, OnDeadline.WAIT.text()).strip();
    if (!seconds.matches("\\d{0,7}")) {
      throw new IOException(DRAIN + " in etc/org.jackfield.deployer.cfg is no number of seconds");
    }
    try {
      return new Drain(
          Optional.of(seconds)
              .filter(s -> !s.isEmpty())
              .map(Long::valueOf)
              .map(Duration::ofSeconds),
          OnDeadline.valueOf(then.toUpperCase(Locale.ROOT)));
    } catch (IllegalArgumentException e) {
      throw new IOException(
          THEN + " in etc/org.jackfield.deployer.cfg is not wait, release or force", e);
    }
  }

  private static boolean development(Properties properties) {
    return properties.getProperty("development", "").strip().equals("true");
  }

  private Properties properties() throws IOException {
    Properties properties = new Properties();
    Path file = folder.resolve("org.jackfield.deployer.cfg");
    if (Files.exists(file)) {
      try (Reader in = Files.newBufferedReader(file)) {
        properties.load(in);
      }
    }
    return properties;
  }

  private static Map<String, Version> minimum(Properties properties) throws IOException {
    Map<String, Version> lowest = new HashMap<>();
    for (String key : properties.stringPropertyNames()) {
      if (key.startsWith(MINIMUM)) {
        try {
          lowest.put(
              key.substring(MINIMUM.length()),
              Version.parseVersion(properties.getProperty(key).strip()));
        } catch (IllegalArgumentException e) {
          throw new IOException(key + " in etc/org.jackfield.deployer.cfg is no version", e);
        }
      }
    }
    return lowest;
  }

  private static Set<String> words(String list) {
    return Arrays.stream(list.split(","))
        .map(String::strip)
        .filter(word -> !word.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }
}
