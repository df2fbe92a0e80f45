package org.jackfield.web;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.ServerConnector;
import org.jackfield.api.journal.Journal;

/** The whole servlet layer on a real Jetty at a free port, over a switchboard and a tape. */
final class Server implements AutoCloseable {
  final Switchboard switchboard = new Switchboard();
  final Tape tape = new Tape(7, 1000);
  final AtomicReference<Instant> now = new AtomicReference<>(Switchboard.NOON);
  final Services services = new Services();
  final Contract contract;
  final Path data;
  final String token;
  final LoginLink link;
  final Rulebook policies = new Rulebook();
  final EventStream stream;

  private final org.eclipse.jetty.server.Server jetty = new org.eclipse.jetty.server.Server();
  private final HttpClient client = HttpClient.newHttpClient();
  final String address;

  Server(Path data) throws Exception {
    this(data, Duration.ofSeconds(60));
  }

  Server(Path data, Duration patience) throws Exception {
    this(data, patience, new Diary());
  }

  Server(Path data, Duration patience, Journal journal) throws Exception {
    this.data = data;
    InstantSource clock = now::get;
    contract = new Contract();
    AdminToken admin = AdminToken.of(data.resolve("admin.token"));
    token = Files.readString(data.resolve("admin.token")).strip();
    link = new LoginLink(data.resolve("login.link"), Duration.ofMinutes(15), clock);
    PageSessions pages = new PageSessions(Duration.ofHours(12), clock);
    Attempts attempts = new Attempts(clock);
    services.set((org.jackfield.api.session.SessionService) switchboard);
    services.set((org.jackfield.api.transfer.TransferService) switchboard);
    services.set((org.jackfield.api.provider.ProviderService) switchboard);
    services.set(policies);
    EventShape shape = new EventShape(new SessionShape(services));
    stream = new EventStream(tape, new Frames(shape::event), clock, 8);
    services.follow(tape, stream);
    Router router =
        Api.routes(
            services,
            new HealthRoutes(
                "0.1.0", () -> "7", Switchboard.NOON, () -> Api.checks(services, journal)),
            new UserRoutes(admin, link, pages, attempts),
            pages,
            Api.document());
    ApiServlet servlet =
        new ApiServlet(
            router,
            new Perimeter(admin, pages, attempts, Set.of("pbx.example.org")),
            new Idempotency(journal, clock, 100, 100_000),
            services::ready,
            4096,
            patience);
    ServerConnector connector = new ServerConnector(jetty);
    connector.setHost("127.0.0.1");
    connector.setPort(0);
    jetty.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler();
    ServletHolder holder = new ServletHolder(servlet);
    holder.setAsyncSupported(true);
    context.addServlet(holder, "/api/v1/*");
    jetty.setHandler(context);
    jetty.start();
    address = "http://127.0.0.1:" + connector.getLocalPort();
    link.listening(address);
  }

  /** One request to be changed before it is sent. */
  Call call(String method, String path) {
    return new Call(method, path);
  }

  Call get(String path) {
    return call("GET", path).bearer();
  }

  Call post(String path, String body) {
    return call("POST", path).bearer().json(body);
  }

  /** A request; the answer is held against openapi.json. */
  final class Call {
    private final String method;
    private final String path;
    private final HttpRequest.Builder request;
    private HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.noBody();

    private Call(String method, String path) {
      this.method = method;
      this.path = path;
      this.request =
          HttpRequest.newBuilder(URI.create(address + "/api/v1" + path))
              .timeout(Duration.ofSeconds(120));
    }

    Call bearer() {
      return header("Authorization", "Bearer " + token);
    }

    Call header(String name, String value) {
      request.setHeader(name, value);
      return this;
    }

    Call json(String text) {
      return body(text.getBytes(java.nio.charset.StandardCharsets.UTF_8))
          .header("Content-Type", "application/json");
    }

    Call body(byte[] bytes) {
      body = HttpRequest.BodyPublishers.ofByteArray(bytes);
      return this;
    }

    /** Sends, and checks the answer against the operation of this template. */
    Result as(String template) throws IOException, InterruptedException {
      Result result = raw();
      contract.check(
          method, template, result.status(), result.header("Content-Type"), result.bytes());
      return result;
    }

    /** Sends; for paths that openapi.json does not know. */
    Result raw() throws IOException, InterruptedException {
      HttpResponse<byte[]> response =
          client.send(
              request.method(method, body).build(), HttpResponse.BodyHandlers.ofByteArray());
      return new Result(response);
    }

    /** Sends and reads the answer as it comes. */
    HttpResponse<InputStream> stream() throws IOException, InterruptedException {
      return client.send(
          request.method(method, body).build(), HttpResponse.BodyHandlers.ofInputStream());
    }
  }

  /** An answer. */
  record Result(HttpResponse<byte[]> response) {
    int status() {
      return response.statusCode();
    }

    byte[] bytes() {
      return response.body();
    }

    JsonNode json() {
      return Json.read(response.body());
    }

    String text(String pointer) {
      return json().at(pointer).asText();
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }
  }

  @Override
  public void close() throws Exception {
    stream.close();
    client.shutdownNow();
    jetty.stop();
    link.close();
  }
}
