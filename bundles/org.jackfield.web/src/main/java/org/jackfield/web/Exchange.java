package org.jackfield.web;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Optional;
import org.jackfield.api.security.Requester;
import org.jspecify.annotations.Nullable;

/** One request, as a handler sees it: the body is read, and it is known who asks. */
final class Exchange {
  private final HttpServletRequest request;
  private final Map<String, String> path;
  private final @Nullable User user;
  private final @Nullable JsonNode body;
  private final byte[] upload;

  Exchange(
      HttpServletRequest request,
      Map<String, String> path,
      @Nullable User user,
      @Nullable JsonNode body,
      byte[] upload) {
    this.request = request;
    this.path = path;
    this.user = user;
    this.body = body;
    this.upload = upload;
  }

  HttpServletRequest request() {
    return request;
  }

  /** Who asks; only an open route may find nobody. */
  User user() {
    if (user == null) {
      throw Problem.of(ProblemType.UNAUTHENTICATED, "A token or a login is needed.").refused();
    }
    return user;
  }

  /** The same, as the services are told. */
  Requester requester() {
    User who = user();
    return new Requester(
        who.name(), who.page() == null ? "rest" : "console", request.getRemoteAddr());
  }

  /** The value of Location for a path below the API's root. */
  String location(String path) {
    return request.getContextPath() + request.getServletPath() + path;
  }

  String path(String name) {
    String value = path.get(name);
    if (value == null) {
      throw new IllegalArgumentException("The route has no {" + name + "}.");
    }
    return value;
  }

  Optional<String> query(String name, int longest) {
    String[] values = request.getParameterValues(name);
    if (values == null) {
      return Optional.empty();
    }
    if (values.length > 1) {
      throw Fields.wrong(ProblemType.INVALID_VALUE, name, "is given more than once");
    }
    return Optional.of(Fields.checked(values[0], name, longest));
  }

  <T> Optional<T> query(String name, Map<String, T> choices) {
    return query(name, 64)
        .map(
            given -> {
              T chosen = choices.get(given);
              if (chosen == null) {
                throw Fields.wrong(
                    ProblemType.INVALID_VALUE,
                    name,
                    "must be one of " + choices.keySet().stream().sorted().toList());
              }
              return chosen;
            });
  }

  int limit() {
    String given = query("limit", 8).orElse("100");
    if (!given.matches("[1-9][0-9]{0,2}") || Integer.parseInt(given) > 500) {
      throw Fields.wrong(ProblemType.INVALID_VALUE, "limit", "must be from 1 to 500");
    }
    return Integer.parseInt(given);
  }

  Optional<String> header(String name, int longest) {
    return Optional.ofNullable(request.getHeader(name))
        .map(value -> Fields.checked(value, name, longest));
  }

  /** The body of a route that takes a JAR. */
  byte[] upload() {
    return upload;
  }

  /** The body as it is; without a body an empty object. */
  String json() {
    return body == null ? "{}" : body.toString();
  }

  /** The members of the body; without a body there are none. */
  Fields fields() {
    return Fields.of(body == null ? Json.object() : body);
  }
}
