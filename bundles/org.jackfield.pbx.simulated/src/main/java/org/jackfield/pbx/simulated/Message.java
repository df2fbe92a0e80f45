package org.jackfield.pbx.simulated;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a client hears. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonSubTypes({
  @Type(value = Message.Hello.class, name = "hello"),
  @Type(value = Message.Answer.class, name = "answer"),
  @Type(value = Message.Snapshot.class, name = "snapshot"),
  @Type(value = Message.Addresses.class, name = "addresses"),
  @Type(value = Message.Fate.class, name = "fate"),
  @Type(value = Message.ConnectionChanged.class, name = "connection"),
  @Type(value = Message.Merged.class, name = "merged"),
  @Type(value = Message.Branched.class, name = "branched"),
  @Type(value = Message.AddressChanged.class, name = "addressChanged"),
})
public sealed interface Message {

  /** The first on every link. {@code run} differs each time that the PBX is started. */
  record Hello(
      String pbx,
      String run,
      String profile,
      List<String> operations,
      List<String> traits,
      Limits limits,
      long seq)
      implements Message {}

  /** The most at one phone, and in one conference. */
  record Limits(int onHold, int onHoldPending, int conference) {}

  /** Accepted, or refused with a reason; never an outcome. */
  record Answer(String command, boolean accepted, Refused.@Nullable Because reason)
      implements Message {}

  /** All calls, with all that events up to and including {@code seq} have told. */
  record Snapshot(String command, long seq, List<CallView> calls) implements Message {}

  /** All phones. */
  record Addresses(String command, List<AddressView> addresses) implements Message {}

  /**
   * What became of the command {@code about}: {@code given} says whether it has come at all, the
   * rest how it was answered.
   */
  record Fate(
      String command,
      String about,
      boolean given,
      boolean accepted,
      Refused.@Nullable Because reason)
      implements Message {}

  /** A fact. Sequence numbers have no gap; times are microseconds since 1970. */
  sealed interface Event extends Message {
    long seq();

    long at();

    /** The command that caused it, where there is one. */
    @Nullable String command();
  }

  /** One connection as it is now; after {@code idle} it is gone. */
  record ConnectionChanged(long seq, long at, @Nullable String command, ConnectionView connection)
      implements Event {}

  /** All connections of {@code from} are now in {@code into}, and {@code from} is gone. */
  record Merged(long seq, long at, @Nullable String command, String from, String into)
      implements Event {}

  /** A party of {@code from} was moved into {@code into}, which is new. */
  record Branched(long seq, long at, @Nullable String command, String from, String into)
      implements Event {}

  /** A phone came, went or changed. */
  record AddressChanged(long seq, long at, @Nullable String command, AddressView address)
      implements Event {}

  /** A call in a snapshot. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record CallView(String call, long startedAt, List<ConnectionView> connections) {}

  /**
   * One end of a call.
   *
   * @param heldByThem the far end has put this one on hold, or nobody is there yet
   * @param cause why it ended, in the states {@code busy}, {@code disconnected} and {@code idle}
   * @param consults the call that this end holds while it consults here
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ConnectionView(
      String call,
      String connection,
      String address,
      String name,
      ConnectionState state,
      boolean heldByThem,
      Reason reason,
      @Nullable Cause cause,
      @Nullable String consults) {}

  /** A phone. */
  record AddressView(String address, String name, Phone.Lamp lamp) {}
}
