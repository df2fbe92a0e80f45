package org.jackfield.itests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A server started from the archive, and a client of its API with the administrator's token. */
public final class RunningServer extends RunningProcess {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration SOON = Duration.ofMinutes(2);

  private final Path home;
  private final URI address;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(60))
          .build();

  RunningServer(RunningProcess process, Path home) throws IOException {
    super(process);
    this.home = home;
    this.address = URI.create(Files.readString(home.resolve("data/http.address")).strip());
  }

  public Path home() {
    return home;
  }

  /** {@code http://host:port} */
  public URI address() {
    return address;
  }

  public HttpClient client() {
    return client;
  }

  public String token() throws IOException {
    return Files.readString(home.resolve("data/admin.token")).strip();
  }

  /** A request with the token, for a path such as {@code /api/v1/sessions}. */
  public HttpRequest.Builder request(String path) throws IOException {
    return HttpRequest.newBuilder(address.resolve(path))
        .timeout(Duration.ofMinutes(2))
        .header("Authorization", "Bearer " + token());
  }

  public HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(request(path).GET().build(), BodyHandlers.ofString());
  }

  /** Sends a JSON body, or none when it is empty. */
  public HttpResponse<String> send(String method, String path, String json)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = request(path);
    if (json.isEmpty()) {
      request.method(method, HttpRequest.BodyPublishers.noBody());
    } else {
      request
          .header("Content-Type", "application/json")
          .method(method, HttpRequest.BodyPublishers.ofString(json));
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  public HttpResponse<String> post(String path, String json)
      throws IOException, InterruptedException {
    return send("POST", path, json);
  }

  /** The body of a GET that must be answered 200. */
  public JsonNode json(String path) throws IOException, InterruptedException {
    HttpResponse<String> answer = get(path);
    if (answer.statusCode() != 200) {
      throw new IOException(path + ": " + answer.statusCode() + " " + answer.body());
    }
    return JSON.readTree(answer.body());
  }

  /** The PBX of this name as the API shows it. */
  public JsonNode provider(String name) throws IOException, InterruptedException {
    return json("/api/v1/providers/" + name);
  }

  /** Waits until what was configured has been opened, or has failed to be. */
  void awaitReady() {
    await("ready", SOON, () -> get("/health/ready").statusCode() == 200);
  }

  /** Waits until a PBX is up, whose file may just have been written. */
  public void awaitUp(String provider) {
    await(
        provider + " up",
        SOON,
        () -> {
          HttpResponse<String> answer = get("/api/v1/providers/" + provider);
          return answer.statusCode() == 200
              && JSON.readTree(answer.body()).path("state").asText().equals("up");
        });
  }
}
