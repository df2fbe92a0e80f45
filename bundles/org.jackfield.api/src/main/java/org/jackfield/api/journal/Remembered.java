package org.jackfield.api.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.CommandId;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferId;
import org.jspecify.annotations.Nullable;

/**
 * What still matters of a journal, whose records it is given in their order: live calls, transfers
 * under way with what was asked for them, the newest outcomes, the kinship of sessions, and
 * requests whose keys are remembered. All is bounded but what lives. Whoever keeps records and
 * whoever takes them over agree by it. One thread.
 */
public final class Remembered {
  /** So many outcomes, the newest. */
  public static final int OUTCOMES = 1_000;

  /** So many lines of kinship, the newest. */
  public static final int KINSHIPS = 20_000;

  /** So many requests with a key, the newest. */
  public static final int REQUESTS = 20_000;

  /** How long kinship matters. */
  public static final Duration KEPT = Duration.ofHours(24);

  /** A record and its place in the journal. */
  private record Kept<R extends JournalRecord>(long number, R is) {}

  private record Key(String principal, String key) {}

  /** A transfer that was under way. */
  public static final class Open {
    private final Kept<JournalRecord.TransferAccepted> accepted;
    private final Map<CommandId, Kept<JournalRecord.CommandIntended>> intents =
        new LinkedHashMap<>();
    private @Nullable Kept<JournalRecord.TransferStands> stands;

    private Open(Kept<JournalRecord.TransferAccepted> accepted) {
      this.accepted = accepted;
    }

    /** What was accepted. */
    public JournalRecord.TransferAccepted accepted() {
      return accepted.is;
    }

    /** How far it was. */
    public JournalRecord.TransferStands stands() {
      return stands == null ? accepted.is.stands() : stands.is;
    }

    /** What was about to be sent, in order, without what was withdrawn. */
    public List<JournalRecord.CommandIntended> intents() {
      return records(intents.values());
    }
  }

  private final Instant now;
  private final Map<String, Map<CallId, Kept<JournalRecord.CallBound>>> calls = new HashMap<>();
  private final Map<TransferId, Open> open = new LinkedHashMap<>();
  private final Map<TransferId, Kept<JournalRecord.TransferEnded>> ended = newest(OUTCOMES);
  private final Map<JournalRecord.SessionsRelated, Kept<JournalRecord.SessionsRelated>> kinships =
      newest(KINSHIPS);
  private final Map<Key, Kept<JournalRecord>> requests = newest(REQUESTS);

  /**
   * Nothing yet.
   *
   * @param now what has run out by then does not matter
   */
  public Remembered(Instant now) {
    this.now = now;
  }

  /**
   * Reads a journal through.
   *
   * @throws JournalDamaged if it is damaged
   */
  public static Remembered of(Journal journal, Instant now) {
    Remembered remembered = new Remembered(now);
    long[] number = {0};
    journal.replay(is -> remembered.take(number[0]++, is));
    return remembered;
  }

  private static <K, R> Map<K, R> newest(int most) {
    return new LinkedHashMap<>() {
      private static final long serialVersionUID = 1;

      @Override
      protected boolean removeEldestEntry(Map.Entry<K, R> eldest) {
        return size() > most;
      }
    };
  }

  /**
   * Takes the next record.
   *
   * @param number its place in the journal, greater than that of the one before
   */
  public void take(long number, JournalRecord next) {
    switch (next) {
      case JournalRecord.CallBound r ->
          calls
              .computeIfAbsent(r.provider(), p -> new HashMap<>())
              .put(r.call(), new Kept<>(number, r));
      case JournalRecord.CallEnded r ->
          calls.computeIfPresent(
              r.provider(),
              (p, its) -> {
                its.remove(r.call());
                return its.isEmpty() ? null : its;
              });
      // A single operation is known for as long as the process lives.
      case JournalRecord.OperationIntended r -> {}
      case JournalRecord.SessionsRelated r -> {
        if (r.at().plus(KEPT).isAfter(now)) {
          kinships.put(r, new Kept<>(number, r));
        }
      }
      case JournalRecord.TransferAccepted r ->
          open.put(r.transfer().id(), new Open(new Kept<>(number, r)));
      case JournalRecord.TransferStands r -> {
        Open its = open.get(r.transfer());
        if (its != null) {
          its.stands = new Kept<>(number, r);
        }
      }
      case JournalRecord.CommandIntended r -> {
        Open its = open.get(r.transfer());
        if (its != null) {
          its.intents.put(r.command().id(), new Kept<>(number, r));
        }
      }
      case JournalRecord.CommandWithdrawn r -> {
        Open its = open.get(r.transfer());
        if (its != null) {
          its.intents.remove(r.command());
        }
      }
      case JournalRecord.TransferEnded r -> {
        open.remove(r.transfer().id());
        ended.put(r.transfer().id(), new Kept<>(number, r));
      }
      case JournalRecord.RequestBegun r ->
          keep(new Key(r.principal(), r.key()), r.until(), new Kept<>(number, r));
      case JournalRecord.RequestAnswered r ->
          keep(new Key(r.principal(), r.key()), r.until(), new Kept<>(number, r));
    }
  }

  /** The last word on a key counts; it is the newest. */
  private void keep(Key key, Instant until, Kept<JournalRecord> last) {
    requests.remove(key);
    if (until.isAfter(now)) {
      requests.put(key, last);
    }
  }

  private static <R extends JournalRecord> List<R> records(Collection<Kept<R>> kept) {
    List<R> records = new ArrayList<>(kept.size());
    kept.forEach(one -> records.add(one.is));
    return records;
  }

  /** The calls of a PBX with the sessions that they are; given once. */
  public Map<CallId, JournalRecord.CallBound> takeCalls(String provider) {
    Map<CallId, JournalRecord.CallBound> its = new HashMap<>();
    Map<CallId, Kept<JournalRecord.CallBound>> kept = calls.remove(provider);
    if (kept != null) {
      kept.forEach((call, bound) -> its.put(call, bound.is));
    }
    return its;
  }

  /** The last place in the order of starting that one of the calls has; 0 when there is none. */
  public long lastPlace() {
    long last = 0;
    for (Map<CallId, Kept<JournalRecord.CallBound>> its : calls.values()) {
      for (Kept<JournalRecord.CallBound> one : its.values()) {
        last =
            Math.max(last, one.is.started().map(JournalRecord.CallBound.Started::place).orElse(0L));
      }
    }
    return last;
  }

  /** Which sessions are of one conversation, oldest first. */
  public List<JournalRecord.SessionsRelated> kinships() {
    return records(kinships.values());
  }

  /** The transfers under way, by their PBX's name, oldest first. */
  public Map<String, List<Open>> open() {
    Map<String, List<Open>> byProvider = new HashMap<>();
    for (Open one : open.values()) {
      byProvider.computeIfAbsent(one.accepted().provider(), p -> new ArrayList<>()).add(one);
    }
    return byProvider;
  }

  /** The transfers that had their outcome, oldest first. */
  public List<Transfer> ended() {
    return records(ended.values()).stream().map(JournalRecord.TransferEnded::transfer).toList();
  }

  /** The places of all records that matter. */
  public Set<Long> numbers() {
    Set<Long> numbers = new HashSet<>();
    calls.values().forEach(its -> add(numbers, its.values()));
    for (Open its : open.values()) {
      numbers.add(its.accepted.number);
      add(numbers, its.intents.values());
      if (its.stands != null) {
        numbers.add(its.stands.number);
      }
    }
    add(numbers, ended.values());
    add(numbers, kinships.values());
    add(numbers, requests.values());
    return numbers;
  }

  private static <R extends JournalRecord> void add(Set<Long> numbers, Collection<Kept<R>> kept) {
    kept.forEach(one -> numbers.add(one.number));
  }
}
