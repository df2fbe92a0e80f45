package org.jackfield.history;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A PostgreSQL of its own: made in a new folder, at a free port of the loopback, stopped by its own
 * process. Debian's packages; where the tests run as root the server runs as the package's user.
 */
final class PostgresServer implements AutoCloseable {
  static final String USER = "jackfield";
  static final String PASSWORD = "se'cret §";
  private static final int SECONDS = 180;

  private final Path folder;
  private final Path bin;
  private int port;
  private Process process;
  private int databases;

  /** Where the programs are, if the machine has them. */
  static Optional<Path> installed() {
    try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
      return versions
          .map(version -> version.resolve("bin"))
          .filter(dir -> Files.isExecutable(dir.resolve("initdb")))
          .max(Comparator.comparing(Path::toString));
    } catch (IOException none) {
      return Optional.empty();
    }
  }

  PostgresServer() throws Exception {
    bin = installed().orElseThrow(() -> new IOException("PostgreSQL is not installed"));
    folder = Files.createTempDirectory("jackfield-pg");
    Path password = Files.writeString(folder.resolve("password"), PASSWORD);
    if (root()) {
      run(List.of("chown", "-R", "postgres:", folder.toString()));
    }
    run(
        unprivileged(
            bin.resolve("initdb").toString(),
            "--no-sync",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--auth=scram-sha-256",
            "--username=" + USER,
            "--pwfile=" + password,
            "--pgdata=" + folder.resolve("data")));
    start();
  }

  private static boolean root() {
    return System.getProperty("user.name").equals("root");
  }

  private static List<String> unprivileged(String... command) {
    List<String> words = new ArrayList<>();
    if (root()) {
      words.addAll(
          List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"));
    }
    words.addAll(List.of(command));
    return words;
  }

  private void run(List<String> command) throws IOException, InterruptedException {
    Path out = Files.createTempFile("jackfield-pg", ".out");
    Process run =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    try {
      if (!run.waitFor(SECONDS, TimeUnit.SECONDS) || run.exitValue() != 0) {
        throw new IOException(command + ": " + Files.readString(out));
      }
    } finally {
      run.destroyForcibly();
      Files.delete(out);
    }
  }

  /** Starts it, again at the port it had, if it had one. */
  void start() throws Exception {
    SQLException last = null;
    for (int tries = 0; tries < 3; tries++) {
      int at = port == 0 ? freePort() : port;
      process =
          new ProcessBuilder(
                  unprivileged(
                      bin.resolve("postgres").toString(),
                      "-D",
                      folder.resolve("data").toString(),
                      "-c",
                      "listen_addresses=127.0.0.1",
                      "-c",
                      "unix_socket_directories=" + folder,
                      "-p",
                      Integer.toString(at)))
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
              .start();
      try {
        awaitAnswer(at);
        port = at;
        return;
      } catch (SQLException e) {
        last = e;
        if (process.isAlive()) {
          stop();
        }
      }
    }
    throw new IOException("PostgreSQL did not start: " + Files.readString(log()), last);
  }

  private Path log() {
    return folder.resolve("server.out");
  }

  /**
   * Below those from which the kernel gives ports to clients, so that none has it while the server
   * is away.
   */
  private static int freePort() throws IOException {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(10_000, 32_000);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (BindException taken) {
        continue;
      }
    }
  }

  private void awaitAnswer(int at) throws SQLException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (true) {
      try (Connection connection =
          DriverManager.getConnection(url(at, "postgres"), USER, PASSWORD)) {
        return;
      } catch (SQLException notYet) {
        if (System.nanoTime() > end || process.waitFor(100, TimeUnit.MILLISECONDS)) {
          throw notYet;
        }
      }
    }
  }

  private static String url(int port, String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  /** The URL of a new database. */
  String newDatabase() throws SQLException {
    String name = "history" + ++databases;
    try (Connection connection =
            DriverManager.getConnection(url(port, "postgres"), USER, PASSWORD);
        var statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    }
    return url(port, name);
  }

  /** Stops it at once, in order: connections are broken off. */
  void stop() throws Exception {
    run(List.of("kill", "-INT", Long.toString(process.pid())));
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      throw new IOException("PostgreSQL does not stop: " + Files.readString(log()));
    }
  }

  @Override
  public void close() throws Exception {
    if (process.isAlive()) {
      stop();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
