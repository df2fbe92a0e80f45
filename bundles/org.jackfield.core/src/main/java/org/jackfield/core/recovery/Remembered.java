package org.jackfield.core.recovery;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jackfield.api.journal.Journal;
import org.jackfield.api.journal.JournalRecord;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.CommandId;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferId;

/** What a journal says of the lives of the server before this one, once it was read through. */
public final class Remembered {
  private final Map<String, Map<CallId, JournalRecord.CallBound>> calls = new HashMap<>();
  private final List<JournalRecord.SessionsRelated> kinships = new ArrayList<>();
  private final Map<TransferId, Open> open = new LinkedHashMap<>();
  private final Map<TransferId, Transfer> ended = new LinkedHashMap<>();

  /** A transfer that was under way. */
  public static final class Open {
    private final JournalRecord.TransferAccepted accepted;
    private final Map<CommandId, JournalRecord.CommandIntended> intents = new LinkedHashMap<>();
    private JournalRecord.TransferStands stands;

    Open(JournalRecord.TransferAccepted accepted) {
      this.accepted = accepted;
      this.stands = accepted.stands();
    }

    public JournalRecord.TransferAccepted accepted() {
      return accepted;
    }

    /** How far it was. */
    public JournalRecord.TransferStands stands() {
      return stands;
    }

    /** What was about to be sent, in order, without what was withdrawn. */
    public Collection<JournalRecord.CommandIntended> intents() {
      return intents.values();
    }
  }

  /** Nothing. */
  public Remembered() {}

  /**
   * Reads a journal through.
   *
   * @throws org.jackfield.api.journal.JournalDamaged if it is damaged
   */
  public static Remembered of(Journal journal) {
    Remembered remembered = new Remembered();
    journal.replay(remembered::take);
    return remembered;
  }

  private void take(JournalRecord journalRecord) {
    switch (journalRecord) {
      case JournalRecord.CallBound r ->
          calls.computeIfAbsent(r.provider(), p -> new HashMap<>()).put(r.call(), r);
      case JournalRecord.CallEnded r ->
          calls.computeIfPresent(
              r.provider(),
              (p, its) -> {
                its.remove(r.call());
                return its.isEmpty() ? null : its;
              });
      case JournalRecord.SessionsRelated r -> kinships.add(r);
      case JournalRecord.TransferAccepted r -> open.put(r.transfer().id(), new Open(r));
      case JournalRecord.TransferStands r -> {
        Open its = open.get(r.transfer());
        if (its != null) {
          its.stands = r;
        }
      }
      case JournalRecord.CommandIntended r -> {
        Open its = open.get(r.transfer());
        if (its != null) {
          its.intents.put(r.command().id(), r);
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
        ended.put(r.transfer().id(), r.transfer());
      }
      case JournalRecord.OperationIntended r -> {}
      // The web's own.
      case JournalRecord.RequestBegun r -> {}
      case JournalRecord.RequestAnswered r -> {}
    }
  }

  /** The calls of a PBX with the sessions that they are; given once. */
  public Map<CallId, JournalRecord.CallBound> takeCalls(String provider) {
    Map<CallId, JournalRecord.CallBound> its = calls.remove(provider);
    return its == null ? Map.of() : its;
  }

  public List<JournalRecord.SessionsRelated> kinships() {
    return kinships;
  }

  /** The transfers under way, by their PBX's name, oldest first. */
  public Map<String, List<Open>> open() {
    Map<String, List<Open>> byProvider = new HashMap<>();
    open.values()
        .forEach(
            one ->
                byProvider
                    .computeIfAbsent(one.accepted.provider(), p -> new ArrayList<>())
                    .add(one));
    return byProvider;
  }

  /** The transfers that had their outcome, oldest first. */
  public Collection<Transfer> ended() {
    return ended.values();
  }
}
