package org.jackfield.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jackfield.api.journal.JournalRecord;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.CommandId;
import org.jackfield.api.transfer.TransferId;
import org.jspecify.annotations.Nullable;

/**
 * What still matters of the records that it is given in their order: live calls, transfers under
 * way with what was asked for them, the newest outcomes, the kinship of sessions, and requests
 * whose keys are remembered. All is bounded but what lives.
 */
final class Survivors {
  static final int OUTCOMES = 1_000;
  static final int KINSHIPS = 20_000;
  static final int REQUESTS = 20_000;
  static final Duration KEPT = Duration.ofHours(24);

  private record Call(String provider, CallId call) {}

  private record Key(String principal, String key) {}

  /** What there is of a transfer under way. */
  private static final class Open {
    final Frame accepted;
    final Map<CommandId, Frame> intents = new LinkedHashMap<>();
    @Nullable Frame stands;

    Open(Frame accepted) {
      this.accepted = accepted;
    }

    List<Frame> frames() {
      List<Frame> frames = new ArrayList<>(intents.values());
      frames.add(accepted);
      if (stands != null) {
        frames.add(stands);
      }
      return frames;
    }
  }

  private final Instant now;
  private final Map<Call, Frame> calls = new HashMap<>();
  private final Map<TransferId, Open> open = new HashMap<>();
  private final Map<TransferId, Frame> outcomes = newest(OUTCOMES);
  private final Map<JournalRecord.SessionsRelated, Frame> kinships = newest(KINSHIPS);
  private final Map<Key, Frame> requests = newest(REQUESTS);

  Survivors(Instant now) {
    this.now = now;
  }

  private static <K> Map<K, Frame> newest(int most) {
    return new LinkedHashMap<>() {
      private static final long serialVersionUID = 1;

      @Override
      protected boolean removeEldestEntry(Map.Entry<K, Frame> eldest) {
        return size() > most;
      }
    };
  }

  void take(Frame frame, JournalRecord journalRecord) {
    switch (journalRecord) {
      case JournalRecord.CallBound r -> calls.put(new Call(r.provider(), r.call()), frame);
      case JournalRecord.CallEnded r -> calls.remove(new Call(r.provider(), r.call()));
      // A single operation is known for as long as the process lives.
      case JournalRecord.OperationIntended r -> {}
      case JournalRecord.SessionsRelated r -> {
        if (r.at().plus(KEPT).isAfter(now)) {
          kinships.put(r, frame);
        }
      }
      case JournalRecord.TransferAccepted r -> open.put(r.transfer().id(), new Open(frame));
      case JournalRecord.TransferStands r -> {
        Open its = open.get(r.transfer());
        if (its != null) {
          its.stands = frame;
        }
      }
      case JournalRecord.CommandIntended r -> {
        Open its = open.get(r.transfer());
        if (its != null) {
          its.intents.put(r.command().id(), frame);
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
        outcomes.put(r.transfer().id(), frame);
      }
      case JournalRecord.RequestBegun r -> keep(new Key(r.principal(), r.key()), r.until(), frame);
      case JournalRecord.RequestAnswered r ->
          keep(new Key(r.principal(), r.key()), r.until(), frame);
    }
  }

  /** The last word on a key counts; it is the newest. */
  private void keep(Key key, Instant until, Frame frame) {
    requests.remove(key);
    if (until.isAfter(now)) {
      requests.put(key, frame);
    }
  }

  /** The records that survive, in their order. */
  List<Frame> frames() {
    List<Frame> frames = new ArrayList<>(calls.values());
    open.values().forEach(its -> frames.addAll(its.frames()));
    frames.addAll(outcomes.values());
    frames.addAll(kinships.values());
    frames.addAll(requests.values());
    frames.sort(Comparator.comparingLong(Frame::sequence));
    return frames;
  }
}
