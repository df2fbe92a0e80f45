package org.jackfield.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jackfield.api.history.HistoryReply;
import org.jackfield.api.session.Page;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole list as one answer, page after page: what is in memory is one page. Each export has a
 * virtual thread, which waits for a slow reader; there are only so many at once.
 *
 * @param name of the file that a browser makes of it
 * @param pages the page behind a cursor
 * @param json an item as JSON
 * @param columns the names of the columns
 * @param line an item's cells
 */
record Export<T>(
    String name,
    Function<Optional<String>, CompletionStage<HistoryReply<Page<T>>>> pages,
    Function<T, ObjectNode> json,
    List<String> columns,
    Function<T, List<String>> line) {
  private static final Logger LOG = LoggerFactory.getLogger(Export.class);
  private static final int MOST = 8;
  private static final Semaphore PLACES = new Semaphore(MOST);
  private static final int PATIENCE_SECONDS = 30;

  /** As what it is written. */
  enum Format {
    CSV("text/csv;charset=UTF-8", ".csv"),
    JSON("application/json", ".json");

    private final String type;
    private final String suffix;

    Format(String type, String suffix) {
      this.type = type;
      this.suffix = suffix;
    }
  }

  Answer.Stream as(Format format) {
    return new Answer.Stream(connection -> open(connection, format));
  }

  private void open(AsyncContext connection, Format format) throws IOException {
    connection.setTimeout(0);
    if (!PLACES.tryAcquire()) {
      problem(
          response(connection),
          Problem.of(ProblemType.OVERLOADED, "There are too many exports.")
              .retryAfter(Duration.ofSeconds(5)));
      connection.complete();
      return;
    }
    Thread.ofVirtual()
        .name("jackfield-export")
        .start(
            () -> {
              try {
                write(response(connection), format);
              } catch (IOException | RuntimeException e) {
                LOG.debug("The reader of {} is gone", name, e);
              } finally {
                PLACES.release();
                connection.complete();
              }
            });
  }

  private static HttpServletResponse response(AsyncContext connection) {
    return (HttpServletResponse) connection.getResponse();
  }

  private void write(HttpServletResponse response, Format format) throws IOException {
    HistoryReply<Page<T>> reply = page(Optional.empty());
    if (reply instanceof HistoryReply.Away<Page<T>> away) {
      problem(response, HistoryRoutes.away(away.why()));
      return;
    }
    response.setStatus(200);
    response.setContentType(format.type);
    response.setHeader(
        "Content-Disposition", "attachment; filename=\"" + name + format.suffix + "\"");
    OutputStream out = new BufferedOutputStream(response.getOutputStream(), 1 << 16);
    out.write(text(format == Format.CSV ? Csv.line(columns) : "["));
    boolean first = true;
    while (reply instanceof HistoryReply.Found<Page<T>> found) {
      for (T item : found.value().items()) {
        if (format == Format.CSV) {
          out.write(text(Csv.line(line.apply(item))));
        } else {
          out.write(text(first ? "\n" : ",\n"));
          out.write(Json.bytes(json.apply(item)));
        }
        first = false;
      }
      Optional<String> next = found.value().next();
      if (next.isEmpty()) {
        out.write(text(format == Format.CSV ? "" : "\n]\n"));
        out.flush();
        return;
      }
      reply = page(next);
    }
    // The database went away in the middle: the reader must not take this for the whole.
    out.flush();
    response.sendError(-1);
  }

  private HistoryReply<Page<T>> page(Optional<String> cursor) {
    try {
      return pages.apply(cursor).toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("{} could not be read on", name, e);
      return new HistoryReply.Away<>("no page in time");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new HistoryReply.Away<>("the server stops");
    }
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void problem(HttpServletResponse response, Problem problem) throws IOException {
    Answer.Reply reply = Answer.Reply.of(problem);
    response.setStatus(reply.status());
    reply.headers().forEach(response::setHeader);
    response.setContentType(reply.contentType());
    response.getOutputStream().write(reply.body());
  }
}
