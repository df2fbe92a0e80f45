package org.jackfield.web;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jackfield.api.journal.Journal;
import org.jackfield.api.journal.JournalDamaged;
import org.jackfield.api.journal.JournalRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers the answers to requests that carried an Idempotency-Key, for 24 hours and within a
 * bound, beyond which the oldest is forgotten; also when the server is started again. A second
 * request that comes while the first is under way gets the first one's answer. Any thread.
 */
final class Idempotency {
  private static final Duration LIFE = Duration.ofHours(24);
  private static final String CONTENT_TYPE = "Content-Type";
  private static final Logger LOG = LoggerFactory.getLogger(Idempotency.class);

  private record Key(String user, String key) {}

  private static final class Entry {
    final String request;
    final CompletableFuture<Answer.Reply> answer = new CompletableFuture<>();
    final Instant end;
    int size;

    Entry(String request, Instant end) {
      this.request = request;
      this.end = end;
    }
  }

  private final Map<Key, Entry> entries = new LinkedHashMap<>();
  private final Journal journal;
  private final InstantSource clock;
  private final int mostEntries;
  private final long mostBytes;
  private long bytes;

  /** Reads what the journal kept; blocks as long as that takes. */
  Idempotency(Journal journal, InstantSource clock, int mostEntries, long mostBytes) {
    this.journal = journal;
    this.clock = clock;
    this.mostEntries = mostEntries;
    this.mostBytes = mostBytes;
    try {
      journal.replay(this::recall);
    } catch (JournalDamaged | UncheckedIOException unreadable) {
      // The core says so too, and takes nothing on.
      LOG.error("No idempotency key of before is known: {}", unreadable.getMessage());
    }
  }

  private void recall(JournalRecord kept) {
    switch (kept) {
      case JournalRecord.RequestBegun r -> {
        // Until its answer is read: nobody knows whether it was done.
        Problem lost =
            Problem.of(
                ProblemType.ANSWER_LOST,
                "The server was started again before this request was answered. It was done or it"
                    + " was not, and it is not done again.");
        recall(r.principal(), r.key(), r.request(), r.until(), Answer.Reply.of(lost));
      }
      case JournalRecord.RequestAnswered r -> {
        Map<String, String> headers = new LinkedHashMap<>(r.headers());
        String type = headers.remove(CONTENT_TYPE);
        recall(
            r.principal(),
            r.key(),
            r.request(),
            r.until(),
            new Answer.Reply(
                r.status(),
                headers,
                type == null ? "" : type,
                r.body().getBytes(StandardCharsets.UTF_8)));
      }
      default -> {}
    }
  }

  private synchronized void recall(
      String user, String key, String request, Instant end, Answer.Reply answer) {
    Key name = new Key(user, key);
    Entry before = entries.remove(name);
    if (before != null) {
      bytes -= before.size;
    }
    if (clock.instant().isBefore(end)) {
      Entry entry = new Entry(request, end);
      entries.put(name, entry);
      entry.answer.complete(answer);
      count(entry, answer);
    }
  }

  /**
   * Runs the request, or gives the answer that it had before.
   *
   * @param request a digest of method, path, query and body
   */
  CompletionStage<Answer.Reply> once(
      String user, String key, String request, Supplier<CompletionStage<Answer.Reply>> run) {
    Key name = new Key(user, key);
    Entry entry = new Entry(request, clock.instant().plus(LIFE));
    Entry earlier = claim(name, entry);
    if (earlier == null) {
      return first(name, entry, run);
    }
    if (!earlier.request.equals(request)) {
      throw Problem.of(
              ProblemType.IDEMPOTENCY_KEY_REUSED,
              "This key belongs to a request that was different.")
          .with("field", "Idempotency-Key")
          .refused();
    }
    return earlier.answer.thenApply(answer -> answer.with("Idempotency-Replayed", "true"));
  }

  private CompletionStage<Answer.Reply> first(
      Key name, Entry entry, Supplier<CompletionStage<Answer.Reply>> run) {
    // Nobody waits for this record: what the request promises comes behind it in the journal, and
    // is not durable before it is.
    keep(new JournalRecord.RequestBegun(name.user, name.key, entry.request, entry.end));
    CompletionStage<Answer.Reply> running;
    try {
      running = run.get();
    } catch (Refused e) {
      running = CompletableFuture.completedFuture(Answer.Reply.of(e.problem()));
    } catch (RuntimeException | Error e) {
      running = CompletableFuture.failedFuture(e);
    }
    return running
        .handle((answer, failure) -> end(name, entry, answer, failure))
        .thenCompose(stage -> stage);
  }

  /** The answer is told when it would be told again. */
  private CompletionStage<Answer.Reply> end(
      Key name, Entry entry, Answer.@Nullable Reply answer, @Nullable Throwable failure) {
    if (answer == null) {
      Throwable why = failure == null ? new IllegalStateException("no answer") : failure;
      return keep(answered(name, entry, Answer.Reply.empty(500), clock.instant()))
          .thenCompose(
              kept -> {
                forget(name, entry);
                entry.answer.completeExceptionally(why);
                return CompletableFuture.failedFuture(why);
              });
    }
    boolean mayChange = mayChange(answer);
    return keep(answered(name, entry, answer, mayChange ? clock.instant() : entry.end))
        .thenApply(
            kept -> {
              if (mayChange) {
                forget(name, entry);
              } else {
                count(entry, answer);
              }
              entry.answer.complete(answer);
              return answer;
            });
  }

  /** An answer that waiting could change is not kept: the caller must be able to try again. */
  private static boolean mayChange(Answer.Reply answer) {
    return answer.status() == 429 || answer.status() >= 500;
  }

  private static JournalRecord answered(Key name, Entry entry, Answer.Reply answer, Instant until) {
    Map<String, String> headers = new LinkedHashMap<>(answer.headers());
    if (!answer.contentType().isEmpty()) {
      headers.put(CONTENT_TYPE, answer.contentType());
    }
    return new JournalRecord.RequestAnswered(
        name.user,
        name.key,
        entry.request,
        answer.status(),
        headers,
        new String(answer.body(), StandardCharsets.UTF_8),
        until);
  }

  /** What the journal cannot keep is known for as long as the process lives; health says so. */
  private CompletionStage<Void> keep(JournalRecord one) {
    return journal
        .append(one)
        .exceptionally(
            failed -> {
              LOG.warn("A request's key is not kept in the journal: {}", failed.toString());
              return null;
            });
  }

  private synchronized @Nullable Entry claim(Key name, Entry entry) {
    expire();
    return entries.putIfAbsent(name, entry);
  }

  private synchronized void count(Entry entry, Answer.Reply answer) {
    entry.size = answer.body().length;
    bytes += entry.size;
    expire();
  }

  private synchronized void forget(Key name, Entry entry) {
    entries.remove(name, entry);
  }

  private void expire() {
    Instant now = clock.instant();
    for (Iterator<Entry> oldest = entries.values().iterator(); oldest.hasNext(); ) {
      Entry entry = oldest.next();
      boolean old = !now.isBefore(entry.end);
      boolean tooMany = entries.size() > mostEntries || bytes > mostBytes;
      if (!old && !tooMany) {
        return;
      }
      if (entry.answer.isDone()) {
        bytes -= entry.size;
        oldest.remove();
      }
    }
  }
}
