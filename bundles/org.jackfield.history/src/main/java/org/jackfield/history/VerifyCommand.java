package org.jackfield.history;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jackfield.api.audit.AuditVerification;

/**
 * {@code audit verify} for the operator's command: of a server that does not run by its database,
 * of one that runs by asking it.
 *
 * <p>Exit codes: 0 intact, 1 not intact, 2 could not be read.
 */
public final class VerifyCommand {
  static final int INTACT = 0;
  static final int BROKEN = 1;
  static final int UNREAD = 2;

  private VerifyCommand() {}

  /**
   * @param args the home, and the word {@code running} if its server runs
   */
  public static int run(String[] args) {
    Path home = Path.of(args[0]);
    try {
      return args.length > 1 ? asked(home) : told(read(home));
    } catch (SQLException | IOException | IllegalArgumentException e) {
      System.err.println("jackfield: the audit cannot be read: " + e.getMessage());
      return UNREAD;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return UNREAD;
    }
  }

  static AuditVerification read(Path home) throws SQLException, IOException {
    Settings settings = Settings.ofFile(home);
    if (!settings.postgresql() && settings.url().startsWith("jdbc:h2:file:")) {
      Path file = Path.of(settings.url().replaceAll("^jdbc:h2:file:|;.*", "") + ".mv.db");
      if (!Files.exists(file)) {
        throw new IOException("there is no " + file);
      }
    }
    try (Connection connection = Sources.plain(settings).getConnection()) {
      try {
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        Witness witness = new Witness(home.resolve("data").resolve("history"));
        AuditVerification found = Verifier.begin(connection, witness).verify();
        connection.rollback();
        return found;
      } finally {
        if (!settings.postgresql()) {
          Sources.shutDown(connection);
        }
      }
    }
  }

  private static int told(AuditVerification found) {
    if (found.intact()) {
      System.out.println("intact: " + found.text());
      return INTACT;
    }
    System.out.println("NOT intact: row " + found.badRow().orElse(0) + ": " + found.text());
    return BROKEN;
  }

  private static int asked(Path home) throws IOException, InterruptedException {
    String address = Files.readString(home.resolve("data/http.address")).strip();
    String token = Files.readString(home.resolve("data/admin.token")).strip();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(URI.create(address + "/api/v1/audit/verify"))
                  .header("Authorization", "Bearer " + token)
                  .timeout(Duration.ofMinutes(5))
                  .build(),
              HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      String body = answer.body();
      if (answer.statusCode() != 200) {
        throw new IOException("the server answers " + answer.statusCode() + " " + body);
      }
      var json = new com.fasterxml.jackson.databind.ObjectMapper().readTree(body);
      boolean intact = json.path("intact").asBoolean();
      System.out.println(
          intact
              ? "intact: " + json.path("text").asText()
              : "NOT intact: row " + json.path("row").asLong() + ": " + json.path("text").asText());
      return intact ? INTACT : BROKEN;
    }
  }
}
