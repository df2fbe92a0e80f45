package org.jackfield.itests;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/** Reads the server's events one by one, as a page does. */
final class EventReader implements AutoCloseable {

  /** One event; {@code type} is empty for a frame that only tells the id. */
  record Told(String id, String type, String data) {}

  private final HttpResponse<InputStream> response;
  private final BufferedReader lines;

  /**
   * @param lastId the last event that is known; empty for what comes from now on
   */
  EventReader(RunningServer server, String lastId) throws IOException, InterruptedException {
    HttpRequest.Builder request = server.request("/api/v1/events");
    if (!lastId.isEmpty()) {
      request.header("Last-Event-ID", lastId);
    }
    response = server.client().send(request.build(), BodyHandlers.ofInputStream());
    if (response.statusCode() != 200) {
      throw new IOException("no events: " + response.statusCode());
    }
    lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
  }

  /** The next frame that has an id; heartbeats are passed over. Blocks. */
  Told next() throws IOException {
    String id = "";
    String type = "";
    String data = "";
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.isEmpty() && !id.isEmpty()) {
        return new Told(id, type, data);
      }
      int colon = Math.max(0, line.indexOf(':'));
      String value = line.isEmpty() ? "" : line.substring(colon + 1).strip();
      switch (line.substring(0, colon)) {
        case "id" -> id = value;
        case "event" -> type = value;
        case "data" -> data = value;
        default -> {}
      }
    }
    throw new IOException("the stream has ended");
  }

  @Override
  public void close() throws IOException {
    response.body().close();
  }
}
