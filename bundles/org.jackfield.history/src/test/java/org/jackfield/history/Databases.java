package org.jackfield.history;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The databases that the tests run on. */
enum Databases {
  H2,
  POSTGRESQL;

  /** Both; without PostgreSQL on a developer's machine only the embedded one. */
  static List<Databases> here() {
    List<Databases> all = new ArrayList<>(List.of(values()));
    boolean must = System.getenv("CI") != null || Boolean.getBoolean("jackfield.long");
    if (!must && PostgresServer.installed().isEmpty()) {
      System.err.println("no PostgreSQL here (Debian's postgresql-15): only H2 is tested");
      all.remove(POSTGRESQL);
    }
    return all;
  }

  /** A new, empty database. */
  Settings fresh(Path folder) throws Exception {
    return switch (this) {
      case H2 -> settings("jdbc:h2:file:" + folder.resolve("history"), "", "");
      case POSTGRESQL ->
          settings(server().newDatabase(), PostgresServer.USER, PostgresServer.PASSWORD);
    };
  }

  static Settings settings(String url, String user, String password) {
    return new Settings(url, user, password, 4, Duration.ZERO, Duration.ZERO, 64 << 20);
  }

  private static PostgresServer shared;

  /** One server for all tests of this process, stopped with it. */
  static synchronized PostgresServer server() throws Exception {
    if (shared == null) {
      PostgresServer started = new PostgresServer();
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    try {
                      started.close();
                    } catch (Exception e) {
                      System.err.println("PostgreSQL was not stopped: " + e);
                    }
                  }));
      shared = started;
    }
    return shared;
  }
}
