package org.jackfield.core.session;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.Page;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.session.SessionQuery;
import org.jspecify.annotations.Nullable;

/**
 * The published snapshots and the ordered indexes over them. Each session is written by its lane
 * only, read by anyone without a lock. To publish a change is to set one reference; an index is
 * touched only when what it goes by has changed. A reader may meet an index entry that is ahead of
 * or behind its snapshot, so each entry is judged by the snapshot that it leads to.
 */
public final class SessionIndex {
  /** How many entries one page looks at when it must look closer than its index does. */
  static final int LOOKED_AT = 1_024;

  private static final String CURSOR = "s";

  private final SessionIds sessions = new SessionIds();
  private final Map<Key, StartOrder> lists = new ConcurrentHashMap<>();
  private final Prefixes prefixes = new Prefixes();
  private final AtomicLong started = new AtomicLong();

  /** Names a list: of all, of a provider, of a state, of both. */
  private record Key(@Nullable String provider, @Nullable ConnectionState state) {
    static final Key ALL = new Key(null, null);
  }

  /** The place in the order of starting for a session that starts now, from 1. */
  long nextPlace() {
    return started.incrementAndGet();
  }

  public Optional<Session> find(SessionId id) {
    return snapshot(id).map(SessionSnapshot::session);
  }

  /** An earlier life of the server has given the places up to that one. */
  void placesTaken(long last) {
    started.accumulateAndGet(last, Math::max);
  }

  /** The published snapshot, as it is kept. */
  Optional<SessionSnapshot> snapshot(SessionId id) {
    return live(id).flatMap(LiveSession::snapshot);
  }

  /** The session in its lane, published or not yet. */
  Optional<LiveSession> live(SessionId id) {
    return Optional.ofNullable(sessions.find(id));
  }

  /** On which PBX a session is that has been published. */
  public Optional<String> provider(SessionId id) {
    return snapshot(id).map(now -> now.of().provider());
  }

  /** How many sessions have been published and are not over. */
  public int count() {
    return size(Key.ALL);
  }

  /** How many sessions live on a PBX. */
  public int count(String provider) {
    return size(new Key(provider, null));
  }

  private int size(Key key) {
    StartOrder list = lists.get(key);
    return list == null ? 0 : list.size();
  }

  /** A session has come into being; nobody sees it before it is published. */
  void enter(LiveSession session) {
    sessions.put(session);
  }

  /** Publishes a snapshot in place of the one before, if there was one. */
  void publish(LiveSession session, SessionSnapshot now) {
    SessionSnapshot before = session.publish(now);
    if (before == null) {
      add(session, List.of(Key.ALL, new Key(session.provider(), null)));
      add(session, byState(session, now.state()));
      prefixes.add(session, now);
      return;
    }
    if (before.state() != now.state()) {
      add(session, byState(session, now.state()));
      remove(session, byState(session, before.state()));
    }
    if (!before.sameNames(now)) {
      prefixes.change(session, before, now);
    }
  }

  /** Takes a session out that is over. */
  void remove(LiveSession session) {
    if (sessions.remove(session)) {
      session
          .snapshot()
          .ifPresent(
              last -> {
                remove(session, List.of(Key.ALL, new Key(session.provider(), null)));
                remove(session, byState(session, last.state()));
                prefixes.remove(session, last);
              });
    }
  }

  private static Collection<Key> byState(LiveSession session, ConnectionState state) {
    return List.of(new Key(null, state), new Key(session.provider(), state));
  }

  /** One writer at a time for each list, as the map has it. */
  private void add(LiveSession session, Collection<Key> keys) {
    for (Key key : keys) {
      lists.compute(
          key,
          (k, present) -> {
            StartOrder list = present == null ? new StartOrder() : present;
            list.add(session);
            return list;
          });
    }
  }

  private void remove(LiveSession session, Collection<Key> keys) {
    for (Key key : keys) {
      lists.computeIfPresent(
          key,
          (k, list) -> {
            list.remove(session);
            return list.size() == 0 ? null : list;
          });
    }
  }

  /**
   * One page, oldest first. With a prefix and another condition the page may be shorter than asked
   * for and still have a next one: it looks at {@value #LOOKED_AT} entries of the shortest list.
   *
   * @throws IllegalArgumentException if the cursor is none
   */
  Page<Session> list(SessionQuery query) {
    long place = query.after().map(SessionIndex::place).orElse(StartOrder.BEGIN);
    StartOrder list = lists.get(new Key(query.provider().orElse(null), query.state().orElse(null)));
    boolean exact = true;
    String prefix = query.prefix().map(Prefixes::lower).orElse("");
    if (!prefix.isEmpty()) {
      Optional<Prefixes.Found> found = prefixes.find(prefix);
      if (found.isEmpty()) {
        return new Page<>(List.of(), Optional.empty());
      }
      boolean alone = query.provider().isEmpty() && query.state().isEmpty();
      if (alone || list != null && found.get().sessions().size() < list.size()) {
        list = found.get().sessions();
        exact = alone && found.get().exact();
      } else {
        exact = false;
      }
    }
    if (list == null) {
      return new Page<>(List.of(), Optional.empty());
    }
    Reading reading = new Reading(query, prefix, exact ? Integer.MAX_VALUE : LOOKED_AT);
    list.after(place, reading::take);
    return reading.page(place);
  }

  /** Fills one page. */
  private static final class Reading {
    private final SessionQuery query;
    private final String prefix;
    private final List<Session> items = new ArrayList<>();
    private final int mayLookAt;
    private int looked;
    private long last;
    private boolean more;

    Reading(SessionQuery query, String prefix, int mayLookAt) {
      this.query = query;
      this.prefix = prefix;
      this.mayLookAt = mayLookAt;
    }

    /** Whether another one is wanted. */
    boolean take(LiveSession session) {
      if (items.size() == query.limit() || looked == mayLookAt) {
        more = true;
        return false;
      }
      looked++;
      last = session.order();
      session.snapshot().filter(this::matches).ifPresent(now -> items.add(now.session()));
      return true;
    }

    private boolean matches(SessionSnapshot now) {
      return !now.of().isGone()
          && query.provider().map(now.of().provider()::equals).orElse(true)
          && query.state().map(state -> state == now.state()).orElse(true)
          && (prefix.isEmpty() || Prefixes.matches(now, prefix));
    }

    Page<Session> page(long from) {
      return new Page<>(items, more ? Optional.of(cursor(Math.max(from, last))) : Optional.empty());
    }
  }

  /**
   * One page of those of a conversation, oldest first.
   *
   * @param members who is, or was, of the conversation
   * @throws IllegalArgumentException if the cursor is none
   */
  Page<Session> list(SessionQuery query, Collection<SessionId> members) {
    long place = query.after().map(SessionIndex::place).orElse(StartOrder.BEGIN);
    Reading reading =
        new Reading(query, query.prefix().map(Prefixes::lower).orElse(""), Integer.MAX_VALUE);
    List<LiveSession> live = new ArrayList<>();
    members.forEach(id -> live(id).ifPresent(live::add));
    live.sort(Comparator.comparingLong(LiveSession::order));
    for (LiveSession session : live) {
      if (session.order() > place && !reading.take(session)) {
        break;
      }
    }
    return reading.page(place);
  }

  private static String cursor(long place) {
    return CURSOR + Long.toString(place, 36);
  }

  private static long place(String cursor) {
    String digits = cursor.startsWith(CURSOR) ? cursor.substring(CURSOR.length()) : "";
    try {
      if (!digits.isEmpty()
          && digits.length() <= 13
          && Character.isLetterOrDigit(digits.charAt(0))) {
        return Long.parseLong(digits, 36);
      }
    } catch (NumberFormatException notACursor) {
      throw new IllegalArgumentException("this is no cursor of a list of sessions", notACursor);
    }
    throw new IllegalArgumentException("this is no cursor of a list of sessions");
  }

  /** Whether nothing at all is left, for tests of residue. */
  public boolean isEmpty() {
    return sessions.isEmpty() && lists.isEmpty() && prefixes.isEmpty();
  }
}
