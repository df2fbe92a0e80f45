package org.jackfield.history;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Items into rows of events, sessions and transfers, in the caller's transaction. Given again, an
 * item changes nothing: an event's row is there already, and a session's or a transfer's is of the
 * same or a later place in the log.
 */
final class Store {
  private static final String EVENT =
      "INSERT INTO history_event (epoch, sequence, at, type, session, transfer, provider, text)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
  private static final String NEW_SESSION =
      "INSERT INTO history_session (id, provider, conversation, state, started_at, ended_at,"
          + " merged_into, cause, cause_text, cause_driver, epoch, sequence)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
  private static final String SESSION =
      "UPDATE history_session SET conversation = ?, state = ?, epoch = ?, sequence = ?"
          + " WHERE id = ? AND (epoch < ? OR epoch = ? AND sequence < ?)";
  private static final String SESSION_OVER =
      "UPDATE history_session SET conversation = ?, state = ?, ended_at = ?, merged_into = ?,"
          + " cause = ?, cause_text = ?, cause_driver = ?, epoch = ?, sequence = ?"
          + " WHERE id = ? AND (epoch < ? OR epoch = ? AND sequence < ?)";
  private static final String NEW_PARTY =
      "INSERT INTO history_party (session, party, place, address, address_key, name, name_key,"
          + " role, seen_at, epoch, sequence)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
  private static final String PARTY =
      "UPDATE history_party SET address = ?, address_key = ?, name = ?, name_key = ?, role = ?,"
          + " left_at = NULL, epoch = ?, sequence = ?"
          + " WHERE session = ? AND party = ? AND (epoch < ? OR epoch = ? AND sequence < ?)";
  private static final String PARTIES_LEFT =
      "UPDATE history_party SET left_at = ? WHERE session = ? AND left_at IS NULL"
          + " AND (epoch < ? OR epoch = ? AND sequence < ?)";
  private static final String ALL_LEFT =
      "UPDATE history_party SET left_at = ? WHERE session = ? AND left_at IS NULL"
          + " AND (epoch < ? OR epoch = ? AND sequence <= ?)";
  private static final String NEW_TRANSFER =
      "INSERT INTO history_transfer (id, session, conversation, state, principal, transferor_key,"
          + " transferee_key, target_key, accepted_at, snapshot, outcome, ended_at, epoch, sequence)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
  private static final String TRANSFER =
      "UPDATE history_transfer SET conversation = ?, state = ?, target_key = ?,"
          + " snapshot = COALESCE(?, snapshot), epoch = ?, sequence = ?"
          + " WHERE id = ? AND (epoch < ? OR epoch = ? AND sequence < ?)";
  private static final String TRANSFER_OVER =
      "UPDATE history_transfer SET conversation = ?, state = ?, target_key = ?,"
          + " snapshot = COALESCE(?, snapshot), outcome = ?, ended_at = ?, epoch = ?, sequence = ?"
          + " WHERE id = ? AND (epoch < ? OR epoch = ? AND sequence < ?)";

  private final Connection connection;
  private final Sql.Batches batches;

  private Store(Connection connection, Sql.Batches batches) {
    this.connection = connection;
    this.batches = batches;
  }

  /** Stores everything but audit entries. */
  static void write(Connection connection, List<Item> items) throws SQLException {
    try (Sql.Batches batches = new Sql.Batches(connection)) {
      new Store(connection, batches).write(items);
    }
  }

  private void write(List<Item> items) throws SQLException {
    // of each only the last place in this batch is written
    Map<String, Item.SessionSeen> sessions = new LinkedHashMap<>();
    Map<String, List<Item.PartySeen>> parties = new HashMap<>();
    Map<String, Item.TransferSeen> transfers = new LinkedHashMap<>();
    for (Item item : items) {
      if (item instanceof Item.Began began) {
        began(began);
      }
      if (item instanceof Item.Told told) {
        event(told);
      }
      if (item instanceof Item.SessionSeen seen) {
        Item.SessionSeen before = sessions.put(seen.id(), seen);
        if (before != null) {
          parties.computeIfAbsent(seen.id(), k -> new ArrayList<>()).addAll(before.parties());
        }
      }
      if (item instanceof Item.TransferSeen seen) {
        Item.TransferSeen before = transfers.get(seen.id());
        transfers.put(seen.id(), before == null ? seen : onto(before, seen));
      }
    }
    Map<String, String> known = conversations(sessions.keySet());
    for (Item.SessionSeen seen : sessions.values()) {
      session(seen, parties.getOrDefault(seen.id(), List.of()), known.get(seen.id()));
    }
    for (Item.TransferSeen seen : transfers.values()) {
      transfer(seen);
    }
    batches.send();
  }

  /** The later one, with the snapshot of the earlier one where it has none. */
  private static Item.TransferSeen onto(Item.TransferSeen before, Item.TransferSeen t) {
    return t.snapshot() != null
        ? t
        : new Item.TransferSeen(
            t.at(),
            t.epoch(),
            t.sequence(),
            t.type(),
            t.id(),
            t.session(),
            t.conversation(),
            t.principal(),
            t.transferor(),
            t.transferee(),
            t.target(),
            t.acceptedAt(),
            t.outcome(),
            before.snapshot(),
            t.text());
  }

  private void began(Item.Began began) throws SQLException {
    long epoch = began.epoch();
    String older = " AND (epoch < ? OR epoch = ? AND sequence < ?)";
    Sql.update(
        connection,
        "UPDATE history_session SET state = 'unknown' WHERE state = 'live'" + older,
        epoch,
        epoch,
        began.sequence());
    Sql.update(
        connection,
        "UPDATE history_transfer SET state = 'unknown' WHERE state = 'open'" + older,
        epoch,
        epoch,
        began.sequence());
  }

  private void event(Item.Told told) throws SQLException {
    String session = null;
    String transfer = null;
    String provider = null;
    switch (told) {
      case Item.SessionSeen s -> {
        session = s.id();
        provider = s.provider();
      }
      case Item.TransferSeen t -> {
        session = t.session();
        transfer = t.id();
      }
      case Item.ProviderSeen p -> provider = p.provider();
    }
    batches.add(
        EVENT,
        told.epoch(),
        told.sequence(),
        told.at(),
        told.type(),
        session,
        transfer,
        provider,
        told.text());
  }

  private void session(
      Item.SessionSeen s, List<Item.PartySeen> before, @Nullable String conversation)
      throws SQLException {
    if (conversation != null && !conversation.equals(s.conversation())) {
      renamed(conversation, s.conversation());
    }
    String state = !s.over() ? "live" : s.into() == null ? "ended" : "merged";
    Item.CauseSeen cause = s.cause();
    String code = cause == null ? null : cause.code();
    String text = cause == null ? null : cause.text();
    String driver = cause == null ? null : cause.driver();
    batches.add(
        NEW_SESSION,
        s.id(),
        s.provider(),
        s.conversation(),
        state,
        s.startedAt(),
        s.over() ? s.at() : null,
        s.into(),
        code,
        text,
        driver,
        s.epoch(),
        s.sequence());
    parties(s, before);
    if (s.over()) {
      batches.add(
          SESSION_OVER,
          s.conversation(),
          state,
          s.at(),
          s.into(),
          code,
          text,
          driver,
          s.epoch(),
          s.sequence(),
          s.id(),
          s.epoch(),
          s.epoch(),
          s.sequence());
    } else {
      batches.add(
          SESSION,
          s.conversation(),
          state,
          s.epoch(),
          s.sequence(),
          s.id(),
          s.epoch(),
          s.epoch(),
          s.sequence());
    }
  }

  private void parties(Item.SessionSeen s, List<Item.PartySeen> before) throws SQLException {
    Map<String, Item.PartySeen> all = new LinkedHashMap<>();
    before.forEach(party -> all.put(party.id(), party));
    s.parties().forEach(party -> all.put(party.id(), party));
    Set<String> present = new HashSet<>();
    s.parties().forEach(party -> present.add(party.id()));
    int place = 0;
    for (Item.PartySeen p : all.values()) {
      batches.add(
          NEW_PARTY,
          s.id(),
          p.id(),
          place++,
          p.address(),
          Storable.key(p.address()),
          p.name(),
          Storable.key(p.name()),
          p.role(),
          s.at(),
          s.epoch(),
          present.contains(p.id()) ? s.sequence() : 0L);
    }
    for (Item.PartySeen p : s.parties()) {
      batches.add(
          PARTY,
          p.address(),
          Storable.key(p.address()),
          p.name(),
          Storable.key(p.name()),
          p.role(),
          s.epoch(),
          s.sequence(),
          s.id(),
          p.id(),
          s.epoch(),
          s.epoch(),
          s.sequence());
    }
    batches.add(
        s.over() ? ALL_LEFT : PARTIES_LEFT, s.at(), s.id(), s.epoch(), s.epoch(), s.sequence());
  }

  private void transfer(Item.TransferSeen t) throws SQLException {
    String target = t.target() == null ? null : Storable.key(t.target());
    boolean over = t.outcome() != null;
    String state = over ? "ended" : "open";
    if (t.snapshot() != null) {
      batches.add(
          NEW_TRANSFER,
          t.id(),
          t.session(),
          t.conversation(),
          state,
          t.principal(),
          Storable.key(t.transferor()),
          Storable.key(t.transferee()),
          target,
          t.acceptedAt(),
          t.snapshot(),
          t.outcome(),
          over ? t.at() : null,
          t.epoch(),
          t.sequence());
    }
    if (over) {
      batches.add(
          TRANSFER_OVER,
          t.conversation(),
          state,
          target,
          t.snapshot(),
          t.outcome(),
          t.at(),
          t.epoch(),
          t.sequence(),
          t.id(),
          t.epoch(),
          t.epoch(),
          t.sequence());
    } else {
      batches.add(
          TRANSFER,
          t.conversation(),
          state,
          target,
          t.snapshot(),
          t.epoch(),
          t.sequence(),
          t.id(),
          t.epoch(),
          t.epoch(),
          t.sequence());
    }
  }

  /** Which conversation each of these sessions is said to belong to so far. */
  private Map<String, String> conversations(Collection<String> sessions) throws SQLException {
    Map<String, String> known = new HashMap<>();
    if (!sessions.isEmpty()) {
      new Query("SELECT id, conversation FROM history_session")
          .in("id", sessions)
          .list(connection, row -> known.put(row.getString(1), row.getString(2)));
    }
    return known;
  }

  /** A conversation went into another one; what it was called before still finds it. */
  private void renamed(String old, String present) throws SQLException {
    Sql.update(connection, "DELETE FROM history_conversation WHERE old_id = ?", present);
    Sql.update(
        connection,
        "INSERT INTO history_conversation (old_id, present_id) VALUES (?, ?)"
            + " ON CONFLICT DO NOTHING",
        old,
        present);
    for (String sql :
        List.of(
            "UPDATE history_conversation SET present_id = ? WHERE present_id = ?",
            "UPDATE history_session SET conversation = ? WHERE conversation = ?",
            "UPDATE history_transfer SET conversation = ? WHERE conversation = ?")) {
      Sql.update(connection, sql, present, old);
    }
  }
}
