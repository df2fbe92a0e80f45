package org.jackfield.history;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/**
 * What {@code etc/org.jackfield.history.cfg} says.
 *
 * @param url {@code jdbc:h2:…} or {@code jdbc:postgresql:…}
 * @param user of PostgreSQL; may be empty
 * @param password of PostgreSQL, never shown; may be empty
 * @param poolSize how many connections at most
 * @param kept how long sessions, transfers and events are kept; zero: for ever
 * @param auditKept how long audit entries are kept; zero: for ever
 * @param owedBytes how much may wait for the database
 */
record Settings(
    String url,
    String user,
    String password,
    int poolSize,
    Duration kept,
    Duration auditKept,
    long owedBytes) {
  static final String PID = "org.jackfield.history";

  private static final String H2 = "jdbc:h2:";
  private static final String POSTGRESQL = "jdbc:postgresql:";
  private static final Set<String> KEYS =
      Set.of(
          "url",
          "user",
          "password",
          "password.file",
          "pool.size",
          "retention.days",
          "audit.retention.days",
          "owed.megabytes");

  Settings {
    if (!url.startsWith(H2) && !url.startsWith(POSTGRESQL)) {
      throw new IllegalArgumentException("url must begin with " + H2 + " or " + POSTGRESQL);
    }
  }

  boolean postgresql() {
    return url.startsWith(POSTGRESQL);
  }

  /** Which database, for a person. */
  String shown() {
    return url.replaceAll("[?;].*", "");
  }

  @Override
  public String toString() {
    return "Settings[" + shown() + "]";
  }

  /**
   * @param given the file's keys; others, the framework's own, are passed over
   * @param home what relative paths begin at
   * @throws IllegalArgumentException with words for a person if a value cannot be used
   */
  static Settings of(Map<String, ?> given, Path home) {
    Map<String, String> values = new HashMap<>();
    given.forEach(
        (key, value) -> {
          if (KEYS.contains(key) && !String.valueOf(value).isBlank()) {
            values.put(key, String.valueOf(value).strip());
          }
        });
    String url = values.getOrDefault("url", H2 + "file:" + home.resolve("data").resolve("history"));
    if (url.startsWith(H2 + "file:") && !Path.of(path(url)).isAbsolute()) {
      url = H2 + "file:" + home.resolve(url.substring((H2 + "file:").length()));
    }
    return new Settings(
        url,
        values.getOrDefault("user", ""),
        password(values, home),
        (int) number(values, "pool.size", 4, 2, 64),
        Duration.ofDays(number(values, "retention.days", 365, 0, 36_500)),
        Duration.ofDays(number(values, "audit.retention.days", 0, 0, 36_500)),
        number(values, "owed.megabytes", 1_024, 1, 1_000_000) << 20);
  }

  private static String path(String url) {
    return url.substring((H2 + "file:").length()).replaceAll(";.*", "");
  }

  private static String password(Map<String, String> values, Path home) {
    String file = values.get("password.file");
    if (file == null) {
      return values.getOrDefault("password", "");
    }
    try {
      return Files.readString(home.resolve(file)).strip();
    } catch (IOException e) {
      throw new IllegalArgumentException("password.file cannot be read: " + home.resolve(file), e);
    }
  }

  private static long number(
      Map<String, String> values, String key, long usual, long least, long most) {
    String given = values.get(key);
    if (given == null) {
      return usual;
    }
    if (!given.matches("\\d{1,9}")
        || Long.parseLong(given) < least
        || Long.parseLong(given) > most) {
      throw new IllegalArgumentException(
          key + " must be a whole number from " + least + " to " + most);
    }
    return Long.parseLong(given);
  }

  /** The settings as the file has them now; without a file the usual ones. */
  static Settings ofFile(Path home) throws IOException {
    Properties properties = new Properties();
    Path file = file(home);
    if (Files.exists(file)) {
      try (Reader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
        properties.load(in);
      }
    }
    Map<String, String> values = new HashMap<>();
    properties.stringPropertyNames().forEach(k -> values.put(k, properties.getProperty(k)));
    return of(values, home);
  }

  static Path file(Path home) {
    return home.resolve("etc").resolve(PID + ".cfg");
  }
}
