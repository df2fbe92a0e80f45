package org.jackfield.core.runner;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jackfield.api.session.ConversationId;
import org.jackfield.api.session.Page;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferId;
import org.jackfield.api.transfer.TransferQuery;
import org.jspecify.annotations.Nullable;

/**
 * The published transfers: those under way and the last {@value #ENDED} that ended, newest first.
 * Each is written by its lane only, read by anyone.
 */
final class TransferIndex {
  static final int ENDED = 10_000;

  private static final Entry[] NONE = {};

  private final Map<TransferId, Entry> entries = new ConcurrentHashMap<>();
  private final Map<SessionId, TransferId> bySession = new ConcurrentHashMap<>();
  private final ConcurrentSkipListSet<Entry> open = new ConcurrentSkipListSet<>();
  private final ConcurrentSkipListSet<Entry> over = new ConcurrentSkipListSet<>();

  /** The transfers of a session, of a consultation, of a conversation: by their ids; few each. */
  private final Map<Record, Entry[]> lists = new ConcurrentHashMap<>();

  private final Deque<Entry> ended = new ArrayDeque<>();

  /** A transfer at its place in the lists, newest first. */
  private static final class Entry implements Comparable<Entry> {
    static final Entry FIRST = new Entry("", Long.MAX_VALUE, -1);

    final String provider;
    final long acceptedMicros;
    final long id;
    volatile @Nullable Transfer transfer;

    /** In which lists it is: of all its consultations, not only of the last. */
    List<Record> listed = List.of();

    Entry(String provider, long acceptedMicros, long id) {
      this.provider = provider;
      this.acceptedMicros = acceptedMicros;
      this.id = id;
    }

    static Entry of(String provider, Transfer transfer) {
      Instant at = transfer.acceptedAt();
      return new Entry(
          provider, at.getEpochSecond() * 1_000_000 + at.getNano() / 1_000, transfer.id().value());
    }

    boolean isOpen() {
      Transfer now = transfer;
      return now != null && now.outcome().isEmpty();
    }

    @Override
    public int compareTo(Entry other) {
      int byTime = Long.compare(other.acceptedMicros, acceptedMicros);
      return byTime != 0 ? byTime : Long.compareUnsigned(other.id, id);
    }
  }

  Optional<Transfer> find(TransferId id) {
    Entry entry = entries.get(id);
    return entry == null ? Optional.empty() : Optional.ofNullable(entry.transfer);
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
    return Optional.ofNullable(entries.get(id)).filter(Entry::isOpen).map(entry -> entry.provider);
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
    Entry entry = entries.get(transfer.id());
    Transfer before = entry == null ? null : entry.transfer;
    if (entry == null) {
      entry = Entry.of(provider, transfer);
      entry.transfer = transfer;
      entries.put(transfer.id(), entry);
      open.add(entry);
      list(entry, transfer.session());
    }
    entry.transfer = transfer;
    if (before == null
        || !before.consultation().equals(transfer.consultation())
        || !before.conversation().equals(transfer.conversation())) {
      list(entry, transfer.conversation());
      if (transfer.consultation().isPresent()) {
        list(entry, transfer.consultation().get());
      }
    }
  }

  private void list(Entry entry, Record of) {
    if (!entry.listed.contains(of)) {
      List<Record> listed = new ArrayList<>(entry.listed);
      listed.add(of);
      entry.listed = listed;
      lists.compute(of, (id, its) -> with(its == null ? NONE : its, entry));
    }
  }

  private static Entry[] with(Entry[] its, Entry entry) {
    int at = -Arrays.binarySearch(its, entry) - 1;
    Entry[] all = new Entry[its.length + 1];
    System.arraycopy(its, 0, all, 0, at);
    all[at] = entry;
    System.arraycopy(its, at, all, at + 1, its.length - at);
    return all;
  }

  private static Entry @Nullable [] without(Entry[] its, Entry entry) {
    int at = Arrays.binarySearch(its, entry);
    if (at < 0) {
      return its;
    }
    Entry[] rest = Arrays.copyOf(its, its.length - 1);
    System.arraycopy(its, at + 1, rest, at, rest.length - at);
    return rest.length == 0 ? null : rest;
  }

  /** A transfer has its outcome; the sessions that were its calls are free again. */
  void end(Transfer transfer, Collection<SessionId> claimed) {
    Entry entry = entries.computeIfAbsent(transfer.id(), id -> Entry.of("", transfer));
    entry.transfer = transfer;
    release(claimed, transfer.id());
    over.add(entry);
    open.remove(entry);
    forget(entry);
  }

  private void forget(Entry newest) {
    Entry oldest = null;
    synchronized (ended) {
      ended.add(newest);
      if (ended.size() > ENDED) {
        oldest = ended.remove();
      }
    }
    if (oldest != null) {
      Entry old = oldest;
      entries.remove(new TransferId(old.id));
      over.remove(old);
      old.listed.forEach(of -> lists.computeIfPresent(of, (id, its) -> without(its, old)));
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
      Transfer transfer = entry.transfer;
      if (transfer != null
          && query.open().map(open -> open == transfer.outcome().isEmpty()).orElse(true)) {
        items.add(transfer);
      }
      at = entry;
    }
    return new Page<>(items, Optional.empty());
  }

  private Collection<Entry> behind(Entry place, TransferQuery query) {
    if (query.session().isPresent()) {
      return behind(place, lists.getOrDefault(query.session().get(), NONE));
    }
    if (query.open().isPresent()) {
      return (query.open().get() ? open : over).tailSet(place, false);
    }
    // One that ends meanwhile is in both for a moment, and never in neither.
    Set<Entry> both = new TreeSet<>();
    open.tailSet(place, false).stream().limit(query.limit() + 1L).forEach(both::add);
    over.tailSet(place, false).stream().limit(query.limit() + 1L).forEach(both::add);
    return both;
  }

  private static List<Entry> behind(Entry place, Entry[] its) {
    int at = Arrays.binarySearch(its, place);
    return Arrays.asList(its).subList(at < 0 ? -at - 1 : at + 1, its.length);
  }

  /**
   * One page of a conversation's transfers, newest first.
   *
   * @param names the ids that the conversation has had
   * @throws IllegalArgumentException if the cursor is none
   */
  Page<Transfer> list(TransferQuery query, Collection<ConversationId> names) {
    Entry after = query.after().map(TransferIndex::cursor).orElse(Entry.FIRST);
    Set<Entry> found = new TreeSet<>();
    for (ConversationId name : names) {
      found.addAll(behind(after, lists.getOrDefault(name, NONE)));
    }
    List<Transfer> items = new ArrayList<>();
    Entry last = null;
    for (Entry entry : found) {
      Transfer transfer = entry.transfer;
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
          "",
          Long.parseLong(text.substring(0, dot), 36),
          Long.parseUnsignedLong(text.substring(dot + 1), 36));
    } catch (NumberFormatException notACursor) {
      throw new IllegalArgumentException("this is no cursor of a list of transfers", notACursor);
    }
  }

  /** Whether nothing is under way. */
  boolean isIdle() {
    return open.isEmpty() && bySession.isEmpty();
  }
}
