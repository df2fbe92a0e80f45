package org.jackfield.web;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of every request: admitted, routed, authenticated, read, handled, answered. It holds no
 * thread while a service thinks.
 */
final class ApiServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(ApiServlet.class);
  private static final int LONGEST_KEY = 64;

  /** What the deployer reads at most. */
  private static final int LONGEST_JAR = 32 << 20;

  private final transient Router router;
  private final transient Perimeter perimeter;
  private final transient Idempotency idempotency;
  private final transient BooleanSupplier ready;
  private final int longestBody;
  private final long patience;

  /**
   * @param ready whether what was configured at the start has been opened
   * @param patience how long a service may think before the caller is told that it is overloaded
   */
  ApiServlet(
      Router router,
      Perimeter perimeter,
      Idempotency idempotency,
      BooleanSupplier ready,
      int longestBody,
      Duration patience) {
    this.router = router;
    this.perimeter = perimeter;
    this.idempotency = idempotency;
    this.ready = ready;
    this.longestBody = longestBody;
    this.patience = patience.toMillis();
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    CompletionStage<? extends Answer> answer;
    try {
      answer = answer(request);
    } catch (Refused e) {
      answer = CompletableFuture.completedFuture(Answer.Reply.of(e.problem()));
    } catch (RuntimeException e) {
      answer = CompletableFuture.completedFuture(failed(request, e));
    }
    CompletableFuture<? extends Answer> future = answer.toCompletableFuture();
    if (future.isDone()) {
      give(request, response, outcome(request, future));
    } else {
      later(request, response, future);
    }
  }

  private CompletionStage<? extends Answer> answer(HttpServletRequest request) throws IOException {
    perimeter.admit(request);
    String root = request.getContextPath() + request.getServletPath();
    Router.Found found =
        router.find(request.getMethod(), request.getRequestURI().substring(root.length()));
    return switch (found) {
      case Router.Found.Nothing nothing ->
          throw Problem.of(ProblemType.NO_SUCH_ROUTE, "See openapi.json for what there is.")
              .refused();
      case Router.Found.OtherMethod other ->
          CompletableFuture.completedFuture(
              Answer.Reply.of(
                      Problem.of(
                          ProblemType.METHOD_NOT_ALLOWED, "Allowed: " + other.allowed() + "."))
                  .with("Allow", other.allowed()));
      case Router.Found.Matched matched -> handle(request, matched);
    };
  }

  private CompletionStage<? extends Answer> handle(
      HttpServletRequest request, Router.Found.Matched matched) throws IOException {
    Router.Route route = matched.route();
    User user = route.open() ? null : authenticated(request, route);
    byte[] body = body(request, route);
    JsonNode json = body.length == 0 || route.takesJar() ? null : Json.read(body);
    Exchange exchange = new Exchange(request, matched.path(), user, json, body);
    Optional<String> key =
        route.method().equals("POST")
            ? exchange.header("Idempotency-Key", LONGEST_KEY)
            : Optional.empty();
    if (user == null || key.isEmpty()) {
      return asked(request, route, exchange);
    }
    return idempotency.once(
        user.name(),
        key.get(),
        digest(request, body),
        () -> asked(request, route, exchange).thenApply(ApiServlet::kept));
  }

  /**
   * What the route answers. As long as PBXs are being opened nobody knows what there is not: 404
   * would make a client give up a call that is there a moment later.
   */
  private CompletionStage<? extends Answer> asked(
      HttpServletRequest request, Router.Route route, Exchange exchange) {
    if (ready.getAsBoolean()) {
      return route.handler().handle(exchange);
    }
    CompletableFuture<? extends Answer> answer;
    try {
      answer = route.handler().handle(exchange).toCompletableFuture();
    } catch (Refused e) {
      answer = CompletableFuture.failedFuture(e);
    }
    CompletableFuture<? extends Answer> early = answer;
    return early.handle(
        (given, failure) -> {
          Answer outcome = outcome(request, early);
          boolean isUnknown = outcome instanceof Answer.Reply reply && reply.status() == 404;
          return isUnknown ? Answer.Reply.of(Services.recovering()) : outcome;
        });
  }

  private User authenticated(HttpServletRequest request, Router.Route route) {
    User user = perimeter.who(request);
    if (user == null) {
      throw Problem.of(ProblemType.UNAUTHENTICATED, "A token or a login is needed.").refused();
    }
    if (route.writes()) {
      perimeter.checkWrite(user, request);
    }
    return user;
  }

  private static Answer.Reply kept(Answer answer) {
    if (answer instanceof Answer.Reply reply) {
      return reply;
    }
    throw new IllegalStateException("A stream cannot be the answer to a POST.");
  }

  private static String digest(HttpServletRequest request, byte[] body) {
    String query = request.getQueryString();
    String line = request.getMethod() + " " + request.getRequestURI() + "?" + query;
    return HexFormat.of().formatHex(Secrets.hash(line.getBytes(StandardCharsets.UTF_8), body));
  }

  private byte[] body(HttpServletRequest request, Router.Route route) throws IOException {
    int longest = route.takesJar() ? LONGEST_JAR : longestBody;
    if (request.getContentLengthLong() > longest) {
      throw tooLarge(longest);
    }
    String wanted = route.takesJar() ? "application/java-archive" : "application/json";
    String type = request.getContentType();
    boolean isOther = type == null || !type.matches("(?i)" + wanted + "\\s*(;.*)?");
    byte[] body = request.getInputStream().readNBytes(longest + 1);
    if (body.length > longest) {
      throw tooLarge(longest);
    }
    if ((body.length > 0 || route.takesJar()) && isOther) {
      throw Problem.of(ProblemType.UNSUPPORTED_MEDIA_TYPE, "Send " + wanted + ".").refused();
    }
    return body;
  }

  private static Refused tooLarge(int longest) {
    return Problem.of(ProblemType.BODY_TOO_LARGE, "At most " + longest + " bytes are read.")
        .refused();
  }

  /** The answer of a future that is done. */
  private static Answer outcome(HttpServletRequest request, CompletableFuture<? extends Answer> f) {
    try {
      return f.join();
    } catch (CompletionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return cause instanceof Refused refused
          ? Answer.Reply.of(refused.problem())
          : failed(request, cause);
    }
  }

  private static Answer.Reply failed(HttpServletRequest request, Throwable failure) {
    LOG.error("{} {} failed", request.getMethod(), request.getRequestURI(), failure);
    return Answer.Reply.of(Problem.of(ProblemType.INTERNAL, "The server's log has the cause."));
  }

  private void later(
      HttpServletRequest request,
      HttpServletResponse response,
      CompletableFuture<? extends Answer> future) {
    AsyncContext connection = request.startAsync();
    connection.setTimeout(patience);
    Once once = new Once(connection);
    connection.addListener(once);
    future.whenComplete(
        (answer, failure) -> {
          if (once.claim()) {
            // Whoever had the answer, a session's lane or the journal's writer, waits for no
            // caller.
            connection.start(
                () -> {
                  try {
                    write(request, response, outcome(request, future));
                  } catch (IOException | RuntimeException e) {
                    LOG.debug("The caller of {} is gone", request.getRequestURI(), e);
                  }
                  connection.complete();
                });
          }
        });
  }

  private void give(HttpServletRequest request, HttpServletResponse response, Answer answer)
      throws IOException {
    switch (answer) {
      case Answer.Stream stream -> {
        headers(response);
        stream.opener().open(request.startAsync());
      }
      case Answer.Reply reply -> write(request, response, reply);
    }
  }

  private static void write(HttpServletRequest request, HttpServletResponse response, Answer answer)
      throws IOException {
    Answer.Reply reply = kept(answer);
    headers(response);
    response.setStatus(reply.status());
    if (reply.status() == 401) {
      response.setHeader("WWW-Authenticate", "Bearer realm=\"jackfield\"");
    }
    if (reply.status() >= 400 && reply.contentType().contains("problem")) {
      LOG.debug("{} {} refused: {}", request.getMethod(), request.getRequestURI(), reply.status());
    }
    reply.headers().forEach(response::setHeader);
    if (!reply.contentType().isEmpty()) {
      response.setContentType(reply.contentType());
      response.setContentLength(reply.body().length);
      if (!request.getMethod().equals("HEAD")) {
        response.getOutputStream().write(reply.body());
      }
    }
  }

  private static void headers(HttpServletResponse response) {
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Referrer-Policy", "no-referrer");
    response.setHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  }

  /** Lets one of two answer: the service, or the deadline. */
  private static final class Once implements AsyncListener {
    private final AsyncContext connection;
    private final AtomicBoolean claimed = new AtomicBoolean();

    Once(AsyncContext connection) {
      this.connection = connection;
    }

    boolean claim() {
      return claimed.compareAndSet(false, true);
    }

    @Override
    public void onTimeout(AsyncEvent event) throws IOException {
      if (claim()) {
        Problem late =
            Problem.of(ProblemType.OVERLOADED, "No answer in time; it may still have been done.")
                .retryAfter(Duration.ofSeconds(1));
        write(
            (HttpServletRequest) connection.getRequest(),
            (HttpServletResponse) connection.getResponse(),
            Answer.Reply.of(late));
        connection.complete();
      }
    }

    @Override
    public void onError(AsyncEvent event) {
      claim();
    }

    @Override
    public void onComplete(AsyncEvent event) {
      claim();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
      // Each request becomes asynchronous once.
    }
  }
}
