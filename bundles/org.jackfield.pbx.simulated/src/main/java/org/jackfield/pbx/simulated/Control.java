package org.jackfield.pbx.simulated;

import com.fasterxml.jackson.databind.EnumNamingStrategies;
import com.fasterxml.jackson.databind.annotation.EnumNaming;
import org.jspecify.annotations.Nullable;

/** The tester's commands: hands on the phones, and faults. */
public final class Control {

  private Control() {}

  /** What somebody does at a phone. */
  @EnumNaming(EnumNamingStrategies.LowerCamelCaseStrategy.class)
  public enum Act {
    /** Takes the ringing call. */
    ANSWER,
    /** Declines the ringing call. */
    DECLINE,
    /** Puts the handset down; with a held call and a consultation this may complete it. */
    HANG_UP,
    /** Dials {@code target}. */
    CALL,
    HOLD,
    RETRIEVE,
    /** A blind transfer to {@code target}, by the phone's own key. */
    TRANSFER,
    /** A consultation with {@code target}, by the phone's own key. */
    CONSULT,
    ALTERNATE,
    /** Completes the phone's own consultation. */
    COMPLETE,
    CONFERENCE
  }

  /** What a phone does when it is called. */
  @EnumNaming(EnumNamingStrategies.LowerCamelCaseStrategy.class)
  public enum Behaviour {
    ANSWERS,
    /** Rings until somebody acts, or for ever. */
    RINGS,
    BUSY,
    DECLINES
  }

  /** What somebody does at the PBX itself. */
  @EnumNaming(EnumNamingStrategies.LowerCamelCaseStrategy.class)
  public enum Switching {
    /** All parties of {@code call} are put into {@code otherCall}. */
    MERGE,
    /**
     * The party {@code connection} is taken out of {@code call} and connected with {@code target}.
     */
    SPLIT
  }

  /** What goes wrong. */
  @EnumNaming(EnumNamingStrategies.LowerCamelCaseStrategy.class)
  public enum What {
    /** All links but the tester's are cut, and new ones are refused for {@code ms}. */
    DROP_LINK,
    /** All that is sent to drivers is {@code ms} late from now on; 0 ends it. */
    DELAY,
    /** The next {@code count} events are sent twice. */
    DUPLICATE,
    /** The next {@code count} events are each sent after the one that follows. */
    REORDER,
    /** The next {@code count} commands are refused with {@code reason}. */
    REFUSE,
    /** The next {@code count} commands are done and not answered. */
    NO_ANSWER,
    /** The next {@code count} commands are accepted and never done. */
    NOT_DONE,
    /** The next {@code count} commands are neither done nor answered. */
    LOST,
    /** The phone {@code address} dies; everything it was in hears of it. */
    KILL_PHONE,
    /** The phone {@code address} is back. */
    REVIVE_PHONE
  }

  /** Somebody acts at a phone. */
  public record Handset(String id, String address, Act act, @Nullable String target)
      implements Command.ByTester {}

  /** The operator acts on calls, with no phone of theirs doing anything. */
  public record Operator(
      String id,
      Switching act,
      String call,
      @Nullable String otherCall,
      @Nullable String connection,
      @Nullable String target)
      implements Command.ByTester {}

  /**
   * A phone's habit from now on.
   *
   * @param ringMs how long it rings before it answers or declines, in milliseconds; as configured
   *     when absent
   */
  public record Script(String id, String address, Behaviour behaviour, @Nullable Long ringMs)
      implements Command.ByTester {}

  /**
   * A fault.
   *
   * @param verb only this verb ({@code blindTransfer}, …), or any when absent
   */
  public record Fault(
      String id,
      What what,
      @Nullable String verb,
      @Nullable String reason,
      @Nullable Integer count,
      @Nullable Long ms,
      @Nullable String address)
      implements Command.ByTester {}
}
