package org.jackfield.web;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.servlet.AsyncContext;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a handler gives back. */
sealed interface Answer {

  /** A whole answer, already written out, so that it can be kept and given again. */
  record Reply(int status, Map<String, String> headers, String contentType, byte[] body)
      implements Answer {

    static final String JSON = "application/json";

    static Reply json(int status, JsonNode body) {
      return new Reply(status, Map.of(), JSON, Json.bytes(body));
    }

    static Reply empty(int status) {
      return new Reply(status, Map.of(), "", new byte[0]);
    }

    static Reply of(Problem problem) {
      Reply reply =
          new Reply(
              problem.reason().status(),
              Map.of(),
              "application/problem+json",
              Json.bytes(problem.toJson()));
      return problem.retryAfter().isZero()
          ? reply
          : reply.with(
              "Retry-After",
              Long.toString(Math.max(1, (problem.retryAfter().toMillis() + 999) / 1000)));
    }

    Reply with(String header, String value) {
      Map<String, String> more = new LinkedHashMap<>(headers);
      more.put(header, value);
      return new Reply(status, more, contentType, body);
    }
  }

  /** An answer without an end: the opener takes the connection over. */
  record Stream(Opener opener) implements Answer {}

  /**
   * Takes a connection over; it is called once, on the container's thread, in asynchronous mode.
   */
  interface Opener {
    void open(AsyncContext connection) throws java.io.IOException;
  }
}
