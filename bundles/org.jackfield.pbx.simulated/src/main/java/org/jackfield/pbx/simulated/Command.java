package org.jackfield.pbx.simulated;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.EnumNamingStrategies;
import com.fasterxml.jackson.databind.annotation.EnumNaming;
import org.jspecify.annotations.Nullable;

/**
 * What a client may ask. {@code id} is the client's; a command id that was seen before is answered
 * as before and done no second time.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "do")
@JsonSubTypes({
  @Type(value = Command.MakeCall.class, name = "makeCall"),
  @Type(value = Command.Hold.class, name = "hold"),
  @Type(value = Command.Retrieve.class, name = "retrieve"),
  @Type(value = Command.Alternate.class, name = "alternate"),
  @Type(value = Command.BlindTransfer.class, name = "blindTransfer"),
  @Type(value = Command.Consult.class, name = "consult"),
  @Type(value = Command.Dial.class, name = "dial"),
  @Type(value = Command.Complete.class, name = "complete"),
  @Type(value = Command.Conference.class, name = "conference"),
  @Type(value = Command.Redirect.class, name = "redirect"),
  @Type(value = Command.Recall.class, name = "recall"),
  @Type(value = Command.Clear.class, name = "clear"),
  @Type(value = Command.ClearCall.class, name = "clearCall"),
  @Type(value = Command.TakeSnapshot.class, name = "snapshot"),
  @Type(value = Command.ListAddresses.class, name = "addresses"),
  @Type(value = Command.AskFate.class, name = "fate"),
  @Type(value = Control.Handset.class, name = "phone"),
  @Type(value = Control.Operator.class, name = "operator"),
  @Type(value = Control.Script.class, name = "script"),
  @Type(value = Control.Fault.class, name = "fault"),
})
public sealed interface Command {

  /** The client's name for this command, unique over all its commands. */
  String id();

  /** When the transferor of a blind transfer is let go. */
  @EnumNaming(EnumNamingStrategies.LowerCamelCaseStrategy.class)
  enum Release {
    ON_ANSWER,
    ON_ACCEPT
  }

  /** What a completed consultation becomes. */
  @EnumNaming(EnumNamingStrategies.LowerCamelCaseStrategy.class)
  enum As {
    TRANSFER,
    CONFERENCE
  }

  /** {@code from} goes off-hook and dials {@code to}; {@code call} is the new call's id. */
  record MakeCall(String id, String call, String from, String to) implements Command {}

  /** A connected party puts the others on hold. */
  record Hold(String id, String call, String connection) implements Command {}

  /** A party takes the others back from hold; its consultation, if it has one, is given up. */
  record Retrieve(String id, String call, String connection) implements Command {}

  /** A party that is active in {@code call} and holds {@code otherCall} exchanges them. */
  record Alternate(String id, String call, String otherCall, String connection)
      implements Command {}

  /** The others are sent to {@code target}. */
  record BlindTransfer(String id, String call, String connection, String target, Release release)
      implements Command {}

  /** The party consults in {@code consultCall}; with a target it is dialled at once. */
  record Consult(
      String id, String call, String connection, String consultCall, @Nullable String target)
      implements Command {}

  /** The party dials in its consultation call. */
  record Dial(String id, String call, String connection, String target) implements Command {}

  /** The two calls of one party become one. */
  record Complete(String id, String call, String consultCall, String connection, As as)
      implements Command {}

  /** The two calls of one party become one, and the party stays in it. */
  record Conference(String id, String call, String consultCall, String connection)
      implements Command {}

  /** A ringing party's call rings at {@code target} instead. */
  record Redirect(String id, String call, String connection, String target) implements Command {}

  /** A lone or held party is connected to {@code target}; who held it is let go at the answer. */
  record Recall(String id, String call, String connection, String target) implements Command {}

  /** One party leaves. A ringing one declines. */
  record Clear(String id, String call, String connection) implements Command {}

  /** All parties leave. */
  record ClearCall(String id, String call) implements Command {}

  /** All calls, as of one sequence number. */
  record TakeSnapshot(String id) implements Command {}

  /** All phones. */
  record ListAddresses(String id) implements Command {}

  /** What became of the command {@code about}, by whichever client it was given. */
  record AskFate(String id, String about) implements Command {}

  /** What tests and the demo do at the far end, or to the link. */
  sealed interface ByTester extends Command
      permits Control.Handset, Control.Operator, Control.Script, Control.Fault {}
}
