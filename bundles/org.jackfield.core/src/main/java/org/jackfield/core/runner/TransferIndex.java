package org.jackfield.core.runner;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
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

  private final Map<TransferId, Transfer> transfers = new ConcurrentHashMap<>();
  private final Map<TransferId, String> providers = new ConcurrentHashMap<>();
  private final Map<SessionId, TransferId> bySession = new ConcurrentHashMap<>();
  private final ConcurrentSkipListSet<Entry> all = new ConcurrentSkipListSet<>();
  private final ConcurrentSkipListSet<Entry> open = new ConcurrentSkipListSet<>();
  private final ConcurrentSkipListSet<Entry> over = new ConcurrentSkipListSet<>();

  /** The transfers of a session, of a consultation, of a conversation: by their ids. */
  private final Map<Record, ConcurrentSkipListSet<Entry>> lists = new ConcurrentHashMap<>();

  private final Deque<TransferId> ended = new ArrayDeque<>();

  /** In the lists of which sessions a transfer is: of all its consultations, not only the last. */
  private final Map<TransferId, Set<Record>> listed = new ConcurrentHashMap<>();

  /** A place in a list, newest first. */
  private record Entry(long acceptedMicros, long id) implements Comparable<Entry> {
    static final Entry FIRST = new Entry(Long.MAX_VALUE, -1);

    static Entry of(Transfer transfer) {
      Instant at = transfer.acceptedAt();
      return new Entry(
          at.getEpochSecond() * 1_000_000 + at.getNano() / 1_000, transfer.id().value());
    }

    @Override
    public int compareTo(Entry other) {
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
      all.add(Entry.of(transfer));
      open.add(Entry.of(transfer));
      list(transfer, transfer.session());
    }
    if (before == null
        || !before.consultation().equals(transfer.consultation())
        || !before.conversation().equals(transfer.conversation())) {
      list(transfer, transfer.conversation());
      transfer.consultation().ifPresent(session -> list(transfer, session));
    }
  }

  private void list(Transfer transfer, Record of) {
    if (listed.computeIfAbsent(transfer.id(), id -> ConcurrentHashMap.newKeySet(2)).add(of)) {
      lists.compute(
          of,
          (id, present) -> {
            ConcurrentSkipListSet<Entry> its =
                present == null ? new ConcurrentSkipListSet<>() : present;
            its.add(Entry.of(transfer));
            return its;
          });
    }
  }

  private void unlist(Transfer transfer, Record of) {
    lists.computeIfPresent(
        of,
        (id, its) -> {
          its.remove(Entry.of(transfer));
          return its.isEmpty() ? null : its;
        });
  }

  /** A transfer has its outcome; the sessions that were its calls are free again. */
  void end(Transfer transfer, Collection<SessionId> claimed) {
    transfers.put(transfer.id(), transfer);
    providers.remove(transfer.id());
    release(claimed, transfer.id());
    over.add(Entry.of(transfer));
    open.remove(Entry.of(transfer));
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
      all.remove(Entry.of(old));
      over.remove(Entry.of(old));
      Objects.requireNonNullElse(listed.remove(old.id()), Set.<Record>of())
          .forEach(of -> unlist(old, of));
    }
  }

  /**
   * One page, newest first.
   *
   * @throws IllegalArgumentException if the cursor is none
   */
  Page<Transfer> list(TransferQuery query) {
    Entry at = query.after().map(TransferIndex::cursor).orElse(Entry.FIRST);
    List<Transfer> items = new ArrayList<>();
    for (Entry entry : behind(at, query)) {
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

  private Collection<Entry> behind(Entry place, TransferQuery query) {
    ConcurrentSkipListSet<Entry> list =
        query.session().isPresent()
            ? lists.get(query.session().get())
            : query.open().map(isOpen -> isOpen ? open : over).orElse(all);
    return list == null ? List.of() : list.tailSet(place, false);
  }

  /**
   * One page of a conversation's transfers, newest first.
   *
   * @param names the ids that the conversation has had
   * @throws IllegalArgumentException if the cursor is none
   */
  Page<Transfer> list(TransferQuery query, Collection<ConversationId> names) {
    Entry after = query.after().map(TransferIndex::cursor).orElse(Entry.FIRST);
    ConcurrentSkipListSet<Entry> found = new ConcurrentSkipListSet<>();
    for (ConversationId name : names) {
      ConcurrentSkipListSet<Entry> its = lists.get(name);
      if (its != null) {
        found.addAll(its.tailSet(after, false));
      }
    }
    List<Transfer> items = new ArrayList<>();
    Entry last = null;
    for (Entry entry : found) {
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

  private static String cursor(Entry entry) {
    return Long.toString(entry.acceptedMicros, 36) + "." + Long.toUnsignedString(entry.id, 36);
  }

  private static Entry cursor(String text) {
    int dot = text.indexOf('.');
    if (dot < 1 || text.length() > 40) {
      throw new IllegalArgumentException("this is no cursor of a list of transfers");
    }
    try {
      return new Entry(
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
