package org.jackfield.web;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Remembers the answers to requests that carried an Idempotency-Key, for 24 hours and within a
 * bound, beyond which the oldest is forgotten. A second request that comes while the first is under
 * way gets the first one's answer. Any thread.
 */
final class Idempotency {
  private static final Duration LIFE = Duration.ofHours(24);

  private record Key(String user, String key) {}

  private static final class Entry {
    final byte[] request;
    final CompletableFuture<Answer.Reply> answer = new CompletableFuture<>();
    final Instant end;
    int size;

    Entry(byte[] request, Instant end) {
      this.request = request;
      this.end = end;
    }
  }

  private final Map<Key, Entry> entries = new LinkedHashMap<>();
  private final InstantSource clock;
  private final int mostEntries;
  private final long mostBytes;
  private long bytes;

  Idempotency(InstantSource clock, int mostEntries, long mostBytes) {
    this.clock = clock;
    this.mostEntries = mostEntries;
    this.mostBytes = mostBytes;
  }

  /**
   * Runs the request, or gives the answer that it had before.
   *
   * @param request a digest of method, path, query and body
   */
  CompletionStage<Answer.Reply> once(
      String user, String key, byte[] request, Supplier<CompletionStage<Answer.Reply>> run) {
    Key name = new Key(user, key);
    Entry entry = new Entry(request, clock.instant().plus(LIFE));
    Entry earlier = claim(name, entry);
    if (earlier == null) {
      return first(name, entry, run);
    }
    if (!Arrays.equals(earlier.request, request)) {
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
    CompletionStage<Answer.Reply> running;
    try {
      running = run.get();
    } catch (Refused e) {
      running = CompletableFuture.completedFuture(Answer.Reply.of(e.problem()));
    } catch (RuntimeException | Error e) {
      forget(name, entry);
      entry.answer.completeExceptionally(e);
      throw e;
    }
    return running.whenComplete(
        (answer, failure) -> {
          if (failure != null) {
            forget(name, entry);
            entry.answer.completeExceptionally(failure);
          } else {
            keep(name, entry, answer);
            entry.answer.complete(answer);
          }
        });
  }

  private synchronized @org.jspecify.annotations.Nullable Entry claim(Key name, Entry entry) {
    expire();
    return entries.putIfAbsent(name, entry);
  }

  /** An answer that waiting could change is not kept: the caller must be able to try again. */
  private synchronized void keep(Key name, Entry entry, Answer.Reply answer) {
    if (answer.status() == 429 || answer.status() >= 500) {
      entries.remove(name, entry);
      return;
    }
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
