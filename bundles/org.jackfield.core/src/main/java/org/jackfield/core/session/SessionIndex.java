package org.jackfield.core.session;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.Page;
import org.jackfield.api.session.Party;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.session.SessionQuery;

/**
 * The published snapshots and the ordered indexes over them. Each session is written by its lane
 * only, read by anyone. A reader may meet an index entry that is ahead of or behind its snapshot,
 * so each entry is judged by the snapshot that it leads to.
 */
public final class SessionIndex {
  /** How many entries one page looks at when it must look closer than its index does. */
  static final int LOOKED_AT = 4_096;

  private static final String ALL = "";

  private final Map<SessionId, Session> sessions = new ConcurrentHashMap<>();
  private final Map<PartyKey, List<SessionId>> byParty = new ConcurrentHashMap<>();
  private final Map<String, Integer> perProvider = new ConcurrentHashMap<>();
  private final ConcurrentSkipListSet<Entry> entries = new ConcurrentSkipListSet<>();

  private record PartyKey(String provider, ConnectionId party) {}

  /**
   * A place in the list that {@code list} names: of all, of a provider, of a state, of a prefix.
   */
  private record Entry(String list, long startedMicros, long id) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      int byList = list.compareTo(other.list);
      if (byList != 0) {
        return byList;
      }
      int byTime = Long.compare(startedMicros, other.startedMicros);
      return byTime != 0 ? byTime : Long.compareUnsigned(id, other.id);
    }
  }

  public Optional<Session> find(SessionId id) {
    return Optional.ofNullable(sessions.get(id));
  }

  public int count() {
    return sessions.size();
  }

  /** How many sessions live on a PBX. */
  public int count(String provider) {
    return perProvider.getOrDefault(provider, 0);
  }

  /** The sessions that a party is in now. */
  public List<Session> of(String provider, ConnectionId party) {
    List<Session> found = new ArrayList<>();
    for (SessionId id : byParty.getOrDefault(new PartyKey(provider, party), List.of())) {
      find(id).ifPresent(found::add);
    }
    return found;
  }

  /** Publishes a snapshot in place of the one before, if there was one. */
  void publish(Session session) {
    Session before = sessions.put(session.id(), session);
    if (before == null) {
      perProvider.merge(session.provider(), 1, Integer::sum);
      add(session, lists(session));
      session.parties().forEach(party -> join(session, party.id()));
      return;
    }
    if (before.state() != session.state()) {
      add(session, stateLists(session));
      remove(before, stateLists(before));
    }
    republishParties(before, session);
  }

  private void republishParties(Session before, Session session) {
    if (!sameParties(before, session)) {
      session.parties().forEach(party -> join(session, party.id()));
      for (Party party : before.parties()) {
        if (session.party(party.id()).isEmpty()) {
          leave(session, party.id());
        }
      }
      Collection<String> now = Prefixes.of(session);
      Collection<String> gone = Prefixes.of(before);
      add(session, now);
      gone.removeAll(now);
      remove(session, gone);
    }
  }

  private static boolean sameParties(Session a, Session b) {
    if (a.parties().size() != b.parties().size()) {
      return false;
    }
    for (int i = 0; i < a.parties().size(); i++) {
      Party left = a.parties().get(i);
      Party right = b.parties().get(i);
      if (!left.id().equals(right.id())
          || !left.address().equals(right.address())
          || !left.connection().name().equals(right.connection().name())) {
        return false;
      }
    }
    return true;
  }

  /** Takes a session out that is over. */
  void remove(SessionId id) {
    Session session = sessions.remove(id);
    if (session != null) {
      perProvider.computeIfPresent(session.provider(), (p, n) -> n == 1 ? null : n - 1);
      remove(session, lists(session));
      session.parties().forEach(party -> leave(session, party.id()));
    }
  }

  private void join(Session session, ConnectionId party) {
    byParty.merge(
        new PartyKey(session.provider(), party),
        List.of(session.id()),
        (old, one) -> {
          if (old.contains(session.id())) {
            return old;
          }
          List<SessionId> all = new ArrayList<>(old);
          all.addAll(one);
          return List.copyOf(all);
        });
  }

  private void leave(Session session, ConnectionId party) {
    byParty.computeIfPresent(
        new PartyKey(session.provider(), party),
        (key, old) -> {
          List<SessionId> rest = old.stream().filter(id -> !id.equals(session.id())).toList();
          return rest.isEmpty() ? null : rest;
        });
  }

  private void add(Session session, Collection<String> lists) {
    lists.forEach(list -> entries.add(entry(list, session)));
  }

  private void remove(Session session, Collection<String> lists) {
    lists.forEach(list -> entries.remove(entry(list, session)));
  }

  private static Entry entry(String list, Session session) {
    return new Entry(list, micros(session), session.id().value());
  }

  private static long micros(Session session) {
    return session.startedAt().getEpochSecond() * 1_000_000 + session.startedAt().getNano() / 1_000;
  }

  private static Collection<String> lists(Session session) {
    Collection<String> lists = Prefixes.of(session);
    lists.add(ALL);
    lists.add(providerList(session.provider()));
    lists.addAll(stateLists(session));
    return lists;
  }

  private static Collection<String> stateLists(Session session) {
    return List.of(
        stateList(session.state()), providerStateList(session.provider(), session.state()));
  }

  private static String providerList(String provider) {
    return "p" + provider;
  }

  private static String stateList(ConnectionState state) {
    return "s" + state.text();
  }

  private static String providerStateList(String provider, ConnectionState state) {
    return "b" + state.text() + "/" + provider;
  }

  /**
   * One page, oldest first. With a prefix the page may be shorter than asked for and still have a
   * next one: it looks at {@value #LOOKED_AT} entries of the prefix's list at most.
   *
   * @throws IllegalArgumentException if the cursor is none
   */
  Page<Session> list(SessionQuery query) {
    String list = listFor(query);
    Entry from = query.after().map(cursor -> cursor(list, cursor)).orElse(null);
    Entry at = from == null ? new Entry(list, Long.MIN_VALUE, 0) : from;
    String prefix = query.prefix().map(Prefixes::lower).orElse("");
    List<Session> items = new ArrayList<>();
    int looked = 0;
    for (Entry entry : entries.tailSet(at, from == null)) {
      if (!entry.list.equals(list)) {
        return new Page<>(items, Optional.empty());
      }
      if (items.size() == query.limit() || looked == LOOKED_AT) {
        return new Page<>(items, Optional.of(cursor(at)));
      }
      Session session = sessions.get(new SessionId(entry.id));
      if (session != null && matches(session, query, prefix)) {
        items.add(session);
      }
      at = entry;
      looked++;
    }
    return new Page<>(items, Optional.empty());
  }

  private static String listFor(SessionQuery query) {
    if (query.prefix().isPresent()) {
      return Prefixes.list(Prefixes.lower(query.prefix().get()));
    }
    if (query.provider().isPresent() && query.state().isPresent()) {
      return providerStateList(query.provider().get(), query.state().get());
    }
    return query
        .provider()
        .map(SessionIndex::providerList)
        .orElseGet(() -> query.state().map(SessionIndex::stateList).orElse(ALL));
  }

  private static boolean matches(Session session, SessionQuery query, String prefix) {
    return query.provider().map(session.provider()::equals).orElse(true)
        && query.state().map(state -> state == session.state()).orElse(true)
        && (prefix.isEmpty() || Prefixes.matches(session, prefix));
  }

  private static String cursor(Entry entry) {
    return Long.toString(entry.startedMicros, 36) + "." + Long.toUnsignedString(entry.id, 36);
  }

  private static Entry cursor(String list, String text) {
    int dot = text.indexOf('.');
    if (dot < 1 || text.length() > 40) {
      throw new IllegalArgumentException("this is no cursor of a list of sessions");
    }
    try {
      return new Entry(
          list,
          Long.parseLong(text.substring(0, dot), 36),
          Long.parseUnsignedLong(text.substring(dot + 1), 36));
    } catch (NumberFormatException notACursor) {
      throw new IllegalArgumentException("this is no cursor of a list of sessions", notACursor);
    }
  }

  /** Whether nothing at all is left, for tests of residue. */
  public boolean isEmpty() {
    return sessions.isEmpty() && byParty.isEmpty() && perProvider.isEmpty() && entries.isEmpty();
  }

  /** The lists for the beginnings of addresses and names. */
  private static final class Prefixes {
    /** Every beginning up to here has a list; a longer one is looked for in the list of this. */
    private static final int LONGEST = 6;

    private Prefixes() {}

    static String lower(String text) {
      return text.toLowerCase(Locale.ROOT);
    }

    static String list(String prefix) {
      return "q" + prefix.substring(0, Math.min(prefix.length(), LONGEST));
    }

    /** The lists of a session; the caller may change the answer. */
    static Collection<String> of(Session session) {
      Set<String> lists = new HashSet<>();
      for (Party party : session.parties()) {
        addTo(lists, lower(party.address().value()));
        addTo(lists, lower(party.connection().name()));
      }
      return lists;
    }

    private static void addTo(Set<String> lists, String text) {
      for (int length = 1; length <= Math.min(LONGEST, text.length()); length++) {
        lists.add(list(text.substring(0, length)));
      }
    }

    static boolean matches(Session session, String prefix) {
      for (Party party : session.parties()) {
        if (lower(party.address().value()).startsWith(prefix)
            || lower(party.connection().name()).startsWith(prefix)) {
          return true;
        }
      }
      return false;
    }
  }
}
