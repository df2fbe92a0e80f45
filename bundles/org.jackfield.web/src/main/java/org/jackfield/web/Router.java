package org.jackfield.web;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Finds the handler of a request by method and path template. Immutable once it is built. */
final class Router {

  /** Answers one request; it may end later, on another thread. */
  interface Handler {
    CompletionStage<? extends Answer> handle(Exchange exchange);
  }

  /**
   * @param open whether nobody in particular may ask
   * @param takesJar whether the body is a JAR, and not JSON
   */
  record Route(String method, String template, boolean open, boolean takesJar, Handler handler) {
    boolean writes() {
      return !method.equals("GET");
    }
  }

  /** What is found for a request. */
  sealed interface Found {
    record Matched(Route route, Map<String, String> path) implements Found {}

    /** The path exists; {@code allowed} is the value of the header Allow. */
    record OtherMethod(String allowed) implements Found {}

    record Nothing() implements Found {}
  }

  private final List<Route> routes;

  private Router(List<Route> routes) {
    this.routes = routes;
  }

  List<Route> routes() {
    return routes;
  }

  /**
   * @param rawPath the path below the API's root as it was sent, with its percent signs, so that an
   *     encoded slash stays inside its segment
   */
  Found find(String method, String rawPath) {
    String asked = method.equals("HEAD") ? "GET" : method;
    String[] segments = rawPath.split("/", -1);
    TreeSet<String> allowed = new TreeSet<>();
    for (Route route : routes) {
      Map<String, String> path = new HashMap<>();
      if (matches(route.template().split("/", -1), segments, path)) {
        if (route.method().equals(asked)) {
          return new Found.Matched(route, path);
        }
        allowed.add(route.method());
      }
    }
    return allowed.isEmpty()
        ? new Found.Nothing()
        : new Found.OtherMethod(String.join(", ", allowed));
  }

  private static boolean matches(String[] template, String[] segments, Map<String, String> path) {
    if (template.length != segments.length) {
      return false;
    }
    for (int i = 0; i < template.length; i++) {
      if (template[i].startsWith("{")) {
        String name = template[i].substring(1, template[i].length() - 1);
        path.put(name, decoded(segments[i], name));
      } else if (!template[i].equals(segments[i])) {
        return false;
      }
    }
    return true;
  }

  private static String decoded(String segment, String name) {
    try {
      return Fields.checked(
          URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8), name, 128);
    } catch (IllegalArgumentException e) {
      throw Fields.wrong(ProblemType.INVALID_VALUE, name, "is not percent-encoded text");
    }
  }

  static Builder builder() {
    return new Builder();
  }

  /** Collects routes; a literal segment must be added before a variable one in the same place. */
  static final class Builder {
    private final List<Route> routes = new ArrayList<>();

    Builder open(String method, String template, Handler handler) {
      routes.add(new Route(method, template, true, false, handler));
      return this;
    }

    Builder on(String method, String template, Handler handler) {
      routes.add(new Route(method, template, false, false, handler));
      return this;
    }

    /** The body is a JAR. */
    Builder upload(String method, String template, Handler handler) {
      routes.add(new Route(method, template, false, true, handler));
      return this;
    }

    Builder get(String template, Function<Exchange, ? extends Answer> handler) {
      return on("GET", template, now(handler));
    }

    Builder openGet(String template, Function<Exchange, ? extends Answer> handler) {
      return open("GET", template, now(handler));
    }

    Router build() {
      return new Router(List.copyOf(routes));
    }
  }

  /** A handler that has its answer at once. */
  static Handler now(Function<Exchange, ? extends Answer> handler) {
    return exchange -> CompletableFuture.completedFuture(handler.apply(exchange));
  }
}
