package org.jackfield.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may ask, and from where. */
class AccessTest {
  private static final String HOLD = "{\"party\":\"alice\"}";

  @TempDir Path data;
  private Server server;

  @BeforeEach
  void start() throws Exception {
    server = new Server(data);
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private String code() throws IOException {
    return Files.readString(data.resolve("login.link")).strip().replaceFirst(".*code=", "");
  }

  /** Follows the present link and gives the cookie as it is sent back. */
  private String cookie() throws Exception {
    Server.Result login = server.call("GET", "/login?code=" + code()).as("/login");
    assertThat(login.status()).isEqualTo(303);
    return login.header("Set-Cookie").replaceFirst(";.*", "");
  }

  @Test
  void whoSaysNothingOrTheWrongThingIsNobody() throws Exception {
    Server.Result nobody = server.call("GET", "/sessions").as("/sessions");
    assertThat(nobody.status()).isEqualTo(401);
    assertThat(nobody.header("WWW-Authenticate")).startsWith("Bearer");
    for (String wrong :
        new String[] {"Bearer " + server.token + "x", "Bearer ", "Basic YTpi", "x"}) {
      assertThat(
              server
                  .call("GET", "/sessions")
                  .header("Authorization", wrong)
                  .as("/sessions")
                  .status())
          .as(wrong)
          .isEqualTo(401);
    }
    assertThat(
            server
                .call("GET", "/sessions")
                .header("Cookie", "jackfield=x")
                .as("/sessions")
                .status())
        .isEqualTo(401);
  }

  @Test
  void theTokenIsMadeOnceAndOnlyItsOwnerMayReadIt() throws Exception {
    Path file = data.resolve("admin.token");
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(server.token).hasSize(43);
    AdminToken again = AdminToken.of(file);
    assertThat(again.is(server.token)).isTrue();
    Files.setPosixFilePermissions(file, Set.copyOf(PosixFilePermissions.fromString("rw-r--r--")));
    AdminToken.of(file);
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void anEmptyTokenFileLetsNobodyIn() throws Exception {
    Path file = data.resolve("empty.token");
    Files.writeString(file, "\n");
    assertThatThrownBy(() -> AdminToken.of(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no token");
  }

  @Test
  void theLinkIsGoodOnceAndTheNextOneIsThere() throws Exception {
    // given
    String code = code();
    // when
    Server.Result login = server.call("GET", "/login?code=" + code).as("/login");
    // then
    assertThat(login.status()).isEqualTo(303);
    assertThat(login.header("Location")).isEqualTo("/");
    assertThat(login.header("Set-Cookie"))
        .matches("jackfield=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict; Max-Age=43200");
    Server.Result again = server.call("GET", "/login?code=" + code).as("/login");
    assertThat(again.status()).isEqualTo(401);
    assertThat(again.text("/reason")).isEqualTo("login-failed");
    assertThat(code()).isNotEqualTo(code);
    assertThat(Files.getPosixFilePermissions(data.resolve("login.link")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void theLinkIsGoodForAShortTime() throws Exception {
    // given
    String code = code();
    server.now.updateAndGet(now -> now.plus(Duration.ofMinutes(15)));
    // then
    assertThat(server.call("GET", "/login?code=" + code).as("/login").status()).isEqualTo(401);
    // when
    server.link.refresh();
    // then
    assertThat(code()).isNotEqualTo(code);
    assertThat(server.call("GET", "/login?code=" + code()).as("/login").status()).isEqualTo(303);
  }

  @Test
  void aPageReadsWithItsCookieAndWritesWithItsCsrfToken() throws Exception {
    // given
    String cookie = cookie();
    Server.Result me = server.call("GET", "/me").header("Cookie", cookie).as("/me");
    String csrf = me.text("/csrfToken");
    // when
    Server.Result without =
        server
            .call("POST", "/sessions/1/hold")
            .json(HOLD)
            .header("Cookie", cookie)
            .as("/sessions/{id}/hold");
    Server.Result with =
        server
            .call("POST", "/sessions/1/hold")
            .json(HOLD)
            .header("Cookie", cookie)
            .header("X-CSRF-Token", csrf)
            .as("/sessions/{id}/hold");
    // then
    assertThat(me.text("/name")).isEqualTo("admin");
    assertThat(without.status()).isEqualTo(403);
    assertThat(without.text("/reason")).isEqualTo("csrf");
    assertThat(with.status()).isEqualTo(202);
    assertThat(server.get("/me").as("/me").json().has("csrfToken")).isFalse();
  }

  @Test
  void aPageThatLoggedOutOrIsTooOldIsNobody() throws Exception {
    // given
    String cookie = cookie();
    String csrf = server.call("GET", "/me").header("Cookie", cookie).as("/me").text("/csrfToken");
    String other = cookie();
    // when
    Server.Result out =
        server
            .call("POST", "/logout")
            .header("Cookie", cookie)
            .header("X-CSRF-Token", csrf)
            .as("/logout");
    // then
    assertThat(out.status()).isEqualTo(204);
    assertThat(out.header("Set-Cookie")).contains("Max-Age=0");
    assertThat(server.call("GET", "/me").header("Cookie", cookie).as("/me").status())
        .isEqualTo(401);
    assertThat(server.call("GET", "/me").header("Cookie", other).as("/me").status()).isEqualTo(200);
    server.now.updateAndGet(now -> now.plus(Duration.ofHours(12)));
    assertThat(server.call("GET", "/me").header("Cookie", other).as("/me").status()).isEqualTo(401);
  }

  @Test
  void aPageMayLogInWithATokenOrACode() throws Exception {
    Server.Result byToken =
        server.call("POST", "/login").json("{\"token\":\"" + server.token + "\"}").as("/login");
    assertThat(byToken.status()).isEqualTo(200);
    assertThat(byToken.text("/csrfToken")).hasSize(43);
    assertThat(
            server
                .call("POST", "/login")
                .json("{\"code\":\"" + code() + "\"}")
                .as("/login")
                .status())
        .isEqualTo(200);
    assertThat(server.call("POST", "/login").json("{}").as("/login").status()).isEqualTo(400);
    assertThat(server.call("POST", "/login").json("{\"token\":\"x\"}").as("/login").status())
        .isEqualTo(401);
  }

  @Test
  void whoGuessesIsSlowedDown() throws Exception {
    for (int i = 0; i < 20; i++) {
      assertThat(server.call("GET", "/login?code=guess").as("/login").status()).isEqualTo(401);
    }
    Server.Result refused = server.call("GET", "/login?code=" + code()).as("/login");
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.header("Retry-After")).isEqualTo("60");
    server.now.updateAndGet(now -> now.plus(Duration.ofMinutes(1)));
    assertThat(server.call("GET", "/login?code=" + code()).as("/login").status()).isEqualTo(303);
  }

  @Test
  void aPageOfAnotherOriginIsTurnedAway() throws Exception {
    for (String origin : new String[] {"http://evil.example", "null", server.address + "0"}) {
      Server.Result refused = server.get("/sessions").header("Origin", origin).as("/sessions");
      assertThat(refused.status()).as(origin).isEqualTo(403);
      assertThat(refused.text("/reason")).isEqualTo("foreign-origin");
    }
    assertThat(server.get("/sessions").header("Origin", server.address).as("/sessions").status())
        .isEqualTo(200);
    assertThat(
            server.get("/sessions").header("Sec-Fetch-Site", "cross-site").as("/sessions").status())
        .isEqualTo(403);
  }

  @Test
  void aNameThatSomebodyPointsAtThisMachineIsTurnedAway() throws Exception {
    assertThat(statusWithHost("evil.example")).isEqualTo(403);
    assertThat(statusWithHost("evil.example:8080")).isEqualTo(403);
    assertThat(statusWithHost("localhost:1")).isEqualTo(200);
    assertThat(statusWithHost("[::1]:8080")).isEqualTo(200);
    assertThat(statusWithHost("192.0.2.7")).isEqualTo(200);
    assertThat(statusWithHost("PBX.example.org")).isEqualTo(200);
  }

  /** The JDK's client would not let us lie about the host. */
  private int statusWithHost(String host) throws IOException {
    URI uri = URI.create(server.address);
    try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
      String request =
          "GET /api/v1/health/live HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Integer.parseInt(answer.split(" ", 3)[1]);
    }
  }

  @Test
  void everyAnswerIsClosedToBrowsers() throws Exception {
    Server.Result answer = server.get("/sessions").as("/sessions");
    assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(answer.header("Content-Security-Policy")).contains("default-src 'none'");
  }
}
