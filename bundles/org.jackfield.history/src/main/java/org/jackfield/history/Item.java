package org.jackfield.history;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.List;
import org.jackfield.api.audit.AuditEntry;
import org.jspecify.annotations.Nullable;

/** One thing that is to be stored: as a line of the backlog, then as rows. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Item.Began.class, name = "began"),
  @JsonSubTypes.Type(value = Item.SessionSeen.class, name = "session"),
  @JsonSubTypes.Type(value = Item.TransferSeen.class, name = "transfer"),
  @JsonSubTypes.Type(value = Item.ProviderSeen.class, name = "provider"),
  @JsonSubTypes.Type(value = Item.Audited.class, name = "audit")
})
sealed interface Item {
  Instant at();

  /**
   * What was live before this place in the log and is not told of again has an unknown end: the
   * server was started again, or a part of the log was missed.
   */
  record Began(Instant at, long epoch, long sequence) implements Item {}

  /** An event: a place in the log is its identity. */
  sealed interface Told extends Item {
    long epoch();

    long sequence();

    String type();

    String text();
  }

  /**
   * @param over whether this was its last event
   * @param into the session it went on in
   */
  record SessionSeen(
      Instant at,
      long epoch,
      long sequence,
      String type,
      String id,
      String provider,
      String conversation,
      Instant startedAt,
      List<PartySeen> parties,
      boolean over,
      @Nullable String into,
      @Nullable CauseSeen cause,
      String text)
      implements Told {}

  record PartySeen(String id, String address, String name, String role) {}

  record CauseSeen(String code, String text, String driver) {}

  /**
   * @param snapshot the whole transfer; null where the last one will do
   * @param outcome how it ended; null while it has not
   */
  record TransferSeen(
      Instant at,
      long epoch,
      long sequence,
      String type,
      String id,
      String session,
      String conversation,
      String principal,
      String transferor,
      String transferee,
      @Nullable String target,
      Instant acceptedAt,
      @Nullable String outcome,
      @Nullable String snapshot,
      String text)
      implements Told {}

  record ProviderSeen(
      Instant at, long epoch, long sequence, String type, String provider, String text)
      implements Told {}

  /**
   * @param entry the entry's own identity, so that it is stored once
   */
  record Audited(String entry, AuditEntry audit) implements Item {
    @Override
    public Instant at() {
      return audit.at();
    }
  }
}
