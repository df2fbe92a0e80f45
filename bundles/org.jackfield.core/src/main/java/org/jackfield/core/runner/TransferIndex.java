package org.jackfield.core.runner;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jackfield.api.session.ConversationId;
import org.jackfield.api.session.Page;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferId;
import org.jackfield.api.transfer.TransferQuery;

/**
 * The published transfers: those under way and the last {@value #ENDED} that ended, newest first.
 * Each is written by its lane only, read by anyone.
 */
final class TransferIndex {
  static final int ENDED = 10_000;

  private static final String ALL = "";
  private static final String OPEN = "o";
  private static final String OVER = "e";

  private final Map<TransferId, Transfer> transfers = new ConcurrentHashMap<>();
  private final Map<TransferId, String> providers = new ConcurrentHashMap<>();
  private final Map<SessionId, TransferId> bySession = new ConcurrentHashMap<>();
  private final ConcurrentSkipListSet<Entry> entries = new ConcurrentSkipListSet<>();
  private final Deque<TransferId> ended = new ArrayDeque<>();

  /** In the lists of which sessions a transfer is: of all its consultations, not only the last. */
  private final Map<TransferId, Set<String>> listed = new ConcurrentHashMap<>();

  /** A place in a list, newest first. */
  private record Entry(String list, long acceptedMicros, long id) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      int byList = list.compareTo(other.list);
      if (byList != 0) {
        return byList;
      }
      int byTime = Long.compare(other.acceptedMicros, acceptedMicros);
      return byTime != 0 ? byTime : Long.compareUnsigned(other.id, id);
    }
  }

  Optional<Transfer> find(TransferId id) {
    return Optional.ofNullable(transfers.get(id));
  }

  /** The transfer under way that has this session as one of its calls. */
  Optional<Transfer> ofSession(SessionId session) {
    return openOf(session).flatMap(this::find);
  }

  Optional<TransferId> openOf(SessionId session) {
    return Optional.ofNullable(bySession.get(session));
  }

  /** On which PBX a transfer under way is. */
  Optional<String> provider(TransferId id) {
    return Optional.ofNullable(providers.get(id));
  }

  /** A session is one of the calls of a transfer under way. */
  void claim(SessionId session, TransferId transfer) {
    bySession.put(session, transfer);
  }

  /** A transfer that was not taken on leaves its sessions free. */
  void release(Collection<SessionId> claimed, TransferId transfer) {
    claimed.forEach(session -> bySession.remove(session, transfer));
  }

  void publish(String provider, Transfer transfer) {
    Transfer before = transfers.put(transfer.id(), transfer);
    if (before == null) {
      providers.put(transfer.id(), provider);
      add(transfer, List.of(ALL, OPEN));
    }
    if (before == null
        || !before.consultation().equals(transfer.consultation())
        || !before.conversation().equals(transfer.conversation())) {
      Collection<String> lists = ownLists(transfer);
      listed.computeIfAbsent(transfer.id(), id -> ConcurrentHashMap.newKeySet()).addAll(lists);
      add(transfer, lists);
    }
  }

  /** A transfer has its outcome; the sessions that were its calls are free again. */
  void end(Transfer transfer, Collection<SessionId> claimed) {
    transfers.put(transfer.id(), transfer);
    providers.remove(transfer.id());
    release(claimed, transfer.id());
    add(transfer, List.of(OVER));
    remove(transfer, List.of(OPEN));
    forget(transfer.id());
  }

  private void forget(TransferId newest) {
    TransferId oldest = null;
    synchronized (ended) {
      ended.add(newest);
      if (ended.size() > ENDED) {
        oldest = ended.remove();
      }
    }
    Transfer old = oldest == null ? null : transfers.remove(oldest);
    if (old != null) {
      remove(old, List.of(ALL, OVER));
      remove(old, Objects.requireNonNullElse(listed.remove(old.id()), Set.of()));
    }
  }

  private static Collection<String> ownLists(Transfer transfer) {
    Set<String> lists = new HashSet<>();
    lists.add(conversationList(transfer.conversation()));
    lists.add(sessionList(transfer.session()));
    transfer.consultation().ifPresent(session -> lists.add(sessionList(session)));
    return lists;
  }

  private static String conversationList(ConversationId conversation) {
    return "c" + conversation;
  }

  private static String sessionList(SessionId session) {
    return "s" + session;
  }

  private void add(Transfer transfer, Collection<String> lists) {
    lists.forEach(list -> entries.add(entry(list, transfer)));
  }

  private void remove(Transfer transfer, Collection<String> lists) {
    lists.forEach(list -> entries.remove(entry(list, transfer)));
  }

  private static Entry entry(String list, Transfer transfer) {
    long micros =
        transfer.acceptedAt().getEpochSecond() * 1_000_000
            + transfer.acceptedAt().getNano() / 1_000;
    return new Entry(list, micros, transfer.id().value());
  }

  /**
   * One page, newest first.
   *
   * @throws IllegalArgumentException if the cursor is none
   */
  Page<Transfer> list(TransferQuery query) {
    String list = list(query.session(), query.open());
    Entry at =
        query
            .after()
            .map(cursor -> cursor(list, cursor))
            .orElse(new Entry(list, Long.MAX_VALUE, -1));
    List<Transfer> items = new ArrayList<>();
    for (Entry entry : entries.tailSet(at, false)) {
      if (!entry.list.equals(list)) {
        break;
      }
      if (items.size() == query.limit()) {
        return new Page<>(items, Optional.of(cursor(at)));
      }
      Transfer transfer = transfers.get(new TransferId(entry.id));
      if (transfer != null
          && query.open().map(open -> open == transfer.outcome().isEmpty()).orElse(true)) {
        items.add(transfer);
      }
      at = entry;
    }
    return new Page<>(items, Optional.empty());
  }

  /**
   * One page of a conversation's transfers, newest first.
   *
   * @param names the ids that the conversation has had
   * @throws IllegalArgumentException if the cursor is none
   */
  Page<Transfer> list(TransferQuery query, Collection<ConversationId> names) {
    Entry after = query.after().map(cursor -> cursor(ALL, cursor)).orElse(null);
    ConcurrentSkipListSet<Entry> found = new ConcurrentSkipListSet<>();
    for (ConversationId name : names) {
      String list = conversationList(name);
      for (Entry entry : entries.tailSet(new Entry(list, Long.MAX_VALUE, -1), false)) {
        if (!entry.list.equals(list)) {
          break;
        }
        found.add(new Entry(ALL, entry.acceptedMicros, entry.id));
      }
    }
    List<Transfer> items = new ArrayList<>();
    Entry last = null;
    for (Entry entry : after == null ? found : found.tailSet(after, false)) {
      Transfer transfer = transfers.get(new TransferId(entry.id));
      if (transfer == null || !asked(query, transfer)) {
        continue;
      }
      if (last != null && items.size() == query.limit()) {
        return new Page<>(items, Optional.of(cursor(last)));
      }
      items.add(transfer);
      last = entry;
    }
    return new Page<>(items, Optional.empty());
  }

  private static boolean asked(TransferQuery query, Transfer transfer) {
    return query.open().map(open -> open == transfer.outcome().isEmpty()).orElse(true)
        && query
            .session()
            .map(
                s ->
                    s.equals(transfer.session())
                        || transfer.consultation().filter(s::equals).isPresent())
            .orElse(true);
  }

  private static String list(Optional<SessionId> session, Optional<Boolean> open) {
    return session
        .map(TransferIndex::sessionList)
        .orElseGet(() -> open.map(o -> o ? OPEN : OVER).orElse(ALL));
  }

  private static String cursor(Entry entry) {
    return Long.toString(entry.acceptedMicros, 36) + "." + Long.toUnsignedString(entry.id, 36);
  }

  private static Entry cursor(String list, String text) {
    int dot = text.indexOf('.');
    if (dot < 1 || text.length() > 40) {
      throw new IllegalArgumentException("this is no cursor of a list of transfers");
    }
    try {
      return new Entry(
          list,
          Long.parseLong(text.substring(0, dot), 36),
          Long.parseUnsignedLong(text.substring(dot + 1), 36));
    } catch (NumberFormatException notACursor) {
      throw new IllegalArgumentException("this is no cursor of a list of transfers", notACursor);
    }
  }

  /** Whether nothing is under way. */
  boolean isIdle() {
    return providers.isEmpty() && bySession.isEmpty();
  }
}
