package org.jackfield.adminui;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The console's files over a real Jetty. */
class ConsoleServletTest {
  private static final String SCRIPT = "console.log('the same words again and again')";
  private final HttpClient client = HttpClient.newHttpClient();
  @TempDir Path folder;
  private Server server;
  private URI root;

  @BeforeEach
  void start() throws Exception {
    Path web = Files.createDirectories(folder.resolve("web/assets")).getParent();
    Files.writeString(web.resolve("index.html"), "<title>Console</title>");
    Files.writeString(web.resolve("assets/index-abc.js"), SCRIPT);
    Files.write(web.resolve("assets/index-abc.js.gz"), gzip(SCRIPT));
    serve(Site.of("/web", urls(web)));
  }

  private void serve(Site site) throws Exception {
    server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler("/");
    context.addServlet(new ServletHolder(new ConsoleServlet(site)), "/*");
    server.setHandler(context);
    server.start();
    root = URI.create("http://127.0.0.1:" + connector.getLocalPort());
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/sessions/s-1", "/sessions/a.b", "/providers/demo"})
  void aViewIsThePageAndIsAskedForAgainEachTime(String path) throws Exception {
    // when
    HttpResponse<byte[]> answer = get(path);

    // then
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(new String(answer.body(), UTF_8)).contains("<title>Console</title>");
    assertThat(header(answer, "Content-Type")).startsWith("text/html;");
    assertThat(header(answer, "Cache-Control")).isEqualTo("no-cache");
  }

  @Test
  void everythingIsSentUnderAStrictPolicy() throws Exception {
    for (String path : List.of("/", "/assets/index-abc.js", "/assets/none.js", "/api/v1/me")) {
      // when
      HttpResponse<byte[]> answer = get(path);

      // then
      assertThat(header(answer, "Content-Security-Policy"))
          .contains("default-src 'self'", "frame-ancestors 'none'")
          .doesNotContain("unsafe");
      assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(header(answer, "Referrer-Policy")).isEqualTo("no-referrer");
    }
  }

  @Test
  void aFileWhoseNameTellsItsContentIsKeptForever() throws Exception {
    // when
    HttpResponse<byte[]> answer = get("/assets/index-abc.js");

    // then
    assertThat(header(answer, "Cache-Control")).contains("immutable", "max-age=31536000");
    assertThat(header(answer, "Content-Type")).startsWith("text/javascript;");
    assertThat(new String(answer.body(), UTF_8)).isEqualTo(SCRIPT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "br, gzip;q=0.5", "deflate, gzip;q=1.0, *;q=0.5"})
  void whoTakesGzipGetsWhatTheBuildCompressed(String accepted) throws Exception {
    // when
    HttpResponse<byte[]> answer = get("/assets/index-abc.js", "Accept-Encoding", accepted);

    // then
    assertThat(header(answer, "Content-Encoding")).isEqualTo("gzip");
    assertThat(header(answer, "Vary")).isEqualTo("Accept-Encoding");
    assertThat(new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes())
        .isEqualTo(SCRIPT.getBytes(UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"br", "gzip;q=0", "identity", "gzip;q=0.000"})
  void whoDoesNotTakeGzipGetsTheFileAsItIs(String accepted) throws Exception {
    // when
    HttpResponse<byte[]> answer = get("/assets/index-abc.js", "Accept-Encoding", accepted);

    // then
    assertThat(answer.headers().firstValue("Content-Encoding")).isEmpty();
    assertThat(new String(answer.body(), UTF_8)).isEqualTo(SCRIPT);
  }

  @Test
  void whatTheBrowserHasIsNotSentAgain() throws Exception {
    // given
    String tag = header(get("/"), "ETag");

    // when
    HttpResponse<byte[]> answer = get("/", "If-None-Match", tag);

    // then
    assertThat(answer.statusCode()).isEqualTo(304);
    assertThat(answer.body()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api",
        "/api/v1/sessions",
        "/api/v2/x",
        "/tapi",
        "/tapi/2",
        "/metrics",
        "/assets/none.js",
        "/favicon.ico",
        "/assets/",
        "/assets/index-abc.js.gz"
      })
  void thePathsOfOthersAndFilesThatAreNotThereAreNotThePage(String path) throws Exception {
    // when
    HttpResponse<byte[]> answer = get(path);

    // then
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).isEmpty();
    assertThat(header(answer, "Cache-Control")).isEqualTo("no-store");
  }

  @Test
  void nothingIsWrittenHere() throws Exception {
    // when
    HttpResponse<byte[]> answer =
        client.send(
            HttpRequest.newBuilder(root.resolve("/"))
                .POST(HttpRequest.BodyPublishers.ofString("x"))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());

    // then
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(header(answer, "Allow")).isEqualTo("GET, HEAD");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/%2e%2e/secret", "/assets/..%2f..%2fsecret", "/..;/secret", "/a%00b"})
  void aPathThatClimbsFindsNothing(String path) throws Exception {
    // given
    Files.writeString(folder.resolve("secret"), "secret");

    // when
    HttpResponse<byte[]> answer = get(path);

    // then
    assertThat(new String(answer.body(), UTF_8)).doesNotContain("secret\n").isNotEqualTo("secret");
  }

  @Test
  void aBuildWithoutNodeSaysWhatToInstall() throws Exception {
    // given
    stop();
    Path missing = Path.of("src/main/resources/missing");
    serve(Site.of("/missing", urls(missing)));

    // when
    HttpResponse<byte[]> page = get("/");
    HttpResponse<byte[]> style = get("/missing.css");

    // then
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(new String(page.body(), UTF_8)).contains("Node", "npm", "/missing.css");
    assertThat(style.statusCode()).isEqualTo(200);
    assertThat(header(style, "Content-Type")).startsWith("text/css");
  }

  private HttpResponse<byte[]> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(root + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static String header(HttpResponse<byte[]> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  private static List<URL> urls(Path root) throws IOException {
    List<URL> urls = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.toList()) {
        urls.add(file.toUri().toURL());
      }
    }
    return urls;
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(text.getBytes(UTF_8));
    }
    return out.toByteArray();
  }
}
