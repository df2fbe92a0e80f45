package org.jackfield.core.session;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.session.SessionId;
import org.jspecify.annotations.Nullable;

/**
 * What waits for a lane. Facts and the lane's own signals (a reply, a deadline, a record that is
 * durable) keep their order; requests wait apart. Facts are many and can be had again, so a full
 * queue of them is dropped whole; signals are at most as many as what the lane has asked for.
 */
final class Inbox {
  static final int FACTS = 8_192;
  static final int REQUESTS = 1_024;
  static final int REQUESTS_OF_ONE_SESSION = 32;

  private final Deque<Work> facts = new ArrayDeque<>();
  private final Deque<Work.Request> requests = new ArrayDeque<>();
  private final Map<SessionId, Integer> perSession = new HashMap<>();
  private int countedFacts;

  /** Something to do. */
  sealed interface Work {
    /** What a driver told. */
    record Fact(ProviderLink from, ProviderEvent event) implements Work {}

    /** What the lane told itself to do. */
    record Signal(Runnable task) implements Work {}

    /** What somebody asked for. */
    record Request(Optional<SessionId> session, Runnable task) implements Work {}

    /** Facts were dropped: the PBX must be asked. */
    record FactsDropped(ProviderLink from) implements Work {}
  }

  synchronized void fact(Work.Fact fact) {
    if (countedFacts >= FACTS) {
      dropFacts(fact.from);
    }
    facts.add(fact);
    countedFacts++;
  }

  /** How the link is cannot be asked for again, so its last word stays. */
  private void dropFacts(ProviderLink from) {
    Work.@Nullable Fact link = null;
    for (Work work : facts) {
      if (work instanceof Work.Fact f && isAboutLink(f.event)) {
        link = f;
      }
    }
    facts.removeIf(work -> work instanceof Work.Fact || work instanceof Work.FactsDropped);
    countedFacts = 0;
    if (link != null) {
      facts.add(link);
      countedFacts = 1;
    }
    facts.add(new Work.FactsDropped(from));
  }

  private static boolean isAboutLink(ProviderEvent event) {
    return event instanceof ProviderEvent.LinkUp || event instanceof ProviderEvent.LinkDown;
  }

  synchronized void signal(Runnable task) {
    facts.add(new Work.Signal(task));
  }

  /** Takes a request on, or not if too many wait already, in all or for its session. */
  synchronized boolean request(Work.Request request) {
    if (requests.size() >= REQUESTS) {
      return false;
    }
    if (request.session.isPresent()) {
      SessionId session = request.session.get();
      int waiting = perSession.getOrDefault(session, 0);
      if (waiting >= REQUESTS_OF_ONE_SESSION) {
        return false;
      }
      perSession.put(session, waiting + 1);
    }
    requests.add(request);
    return true;
  }

  synchronized @Nullable Work nextFact() {
    Work work = facts.poll();
    if (work instanceof Work.Fact) {
      countedFacts--;
    }
    return work;
  }

  synchronized Work.@Nullable Request nextRequest() {
    Work.Request request = requests.poll();
    if (request != null) {
      request.session.ifPresent(
          session -> perSession.computeIfPresent(session, (id, n) -> n == 1 ? null : n - 1));
    }
    return request;
  }

  synchronized boolean isEmpty() {
    return facts.isEmpty() && requests.isEmpty();
  }
}
