package org.jackfield.core.session;

import java.util.List;
import java.util.stream.Stream;
import org.jackfield.api.session.SessionId;
import org.jspecify.annotations.Nullable;

/**
 * The sessions by their ids, in some 20 bytes for each: they know their ids themselves, so there
 * are neither keys nor nodes to keep, and to step through. Any thread; one that looks waits for
 * another only for the few nanoseconds that a change of the same part takes.
 */
final class SessionIds {
  private static final int PARTS = 64;

  private final List<HashRefs<LiveSession>> parts =
      Stream.generate(HashRefs<LiveSession>::new).limit(PARTS).toList();

  private HashRefs<LiveSession> part(int hash) {
    return parts.get(hash & PARTS - 1);
  }

  private static int hash(SessionId id) {
    return Long.hashCode(id.value());
  }

  @Nullable LiveSession find(SessionId id) {
    int hash = hash(id);
    HashRefs<LiveSession> part = part(hash);
    synchronized (part) {
      return part.find(hash, session -> session.isCalled(id));
    }
  }

  /** Adds a session; one that has the same id goes. */
  void put(LiveSession session) {
    SessionId id = session.id();
    int hash = hash(id);
    HashRefs<LiveSession> part = part(hash);
    synchronized (part) {
      LiveSession before = part.find(hash, other -> other.isCalled(id));
      if (before != null) {
        part.remove(hash, before);
      }
      part.add(hash, session);
    }
  }

  /** Takes a session out, and tells whether it was in. */
  boolean remove(LiveSession session) {
    int hash = hash(session.id());
    HashRefs<LiveSession> part = part(hash);
    synchronized (part) {
      return part.remove(hash, session);
    }
  }

  boolean isEmpty() {
    for (HashRefs<LiveSession> part : parts) {
      synchronized (part) {
        if (!part.isEmpty()) {
          return false;
        }
      }
    }
    return true;
  }
}
