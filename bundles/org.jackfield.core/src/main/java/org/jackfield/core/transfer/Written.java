package org.jackfield.core.transfer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.RecallRung;
import org.jackfield.api.transfer.ReleaseWhen;
import org.jackfield.api.transfer.Transfer.Focus;
import org.jackfield.api.transfer.Transfer.TargetState;

/** States and acts as words for the journal, and back. */
public final class Written {
  private static final String STATE = "state";
  private static final String ACT = "act";

  private final Map<String, String> words;

  private Written(Map<String, String> words) {
    this.words = words;
  }

  /** A state as words. */
  public static Map<String, String> of(TransferState.Live state) {
    Written to = new Written(new LinkedHashMap<>());
    to.put(STATE, state.phase().text());
    to.put("token", state.deadline().token());
    switch (state) {
      case Redirecting s -> {}
      case Holding s -> to.put("placed", s.placed());
      case Consulting s -> {
        to.put("focus", s.focus());
        to.put("target", s.target());
        s.redial().ifPresent(a -> to.put("redial", a));
        s.failure().ifPresent(to::cause);
        to.put("alone", s.alone());
      }
      case Completing s -> {
        to.put("as", s.as());
        to.put("stage", s.stage());
        to.put("drop", s.drop());
      }
      case Reverting s -> {
        to.put("aim", s.aim());
        to.put("rung", s.rung());
        to.put("settled", s.settled());
        to.put("undone", s.undone());
        to.cause(s.cause());
      }
    }
    return to.words;
  }

  /** A state that waits for its provider to come back: nothing is known until then. */
  public static TransferState.Live state(Map<String, String> words) {
    Written from = new Written(words);
    Deadline lost = new Deadline(from.number("token"), false, true);
    return switch (from.word(STATE)) {
      case "redirecting" -> new Redirecting(lost, false);
      case "holding" -> new Holding(lost, from.flag("placed"));
      case "consulting" ->
          new Consulting(
              lost,
              Focus.valueOf(from.word("focus")),
              TargetState.valueOf(from.word("target")),
              from.address("redial"),
              from.maybe("cause").map(code -> from.cause()),
              from.maybe("alone").map(Boolean::parseBoolean).orElse(false));
      case "completing" ->
          new Completing(
              lost,
              CompleteAs.valueOf(from.word("as")),
              Completing.Stage.valueOf(from.word("stage")),
              from.flag("drop"));
      case "reverting" ->
          new Reverting(
              lost,
              Reverting.Aim.valueOf(from.word("aim")),
              from.number("rung"),
              from.cause(),
              from.flag("settled"),
              Reverting.Undo.valueOf(from.word("undone")));
      default -> throw new IllegalArgumentException("there is no state " + words);
    };
  }

  /** The first state of a plan of which nothing was begun, waiting for its provider. */
  public static TransferState.Live unbegun(Opening opening) {
    Deadline lost = new Deadline(1, false, true);
    return opening == Opening.REDIRECT ? new Redirecting(lost, false) : new Holding(lost, false);
  }

  /**
   * Whether a state waits for the same person or ringing target as one before: its time goes on.
   */
  public static boolean waitsOn(TransferState before, TransferState now) {
    return before instanceof Consulting then
        && now instanceof Consulting waits
        && then.waitsFor() == waits.waitsFor()
        && then.alone() == waits.alone();
  }

  /** An act as words. */
  public static Map<String, String> of(Effect.Act act) {
    Written to = new Written(new LinkedHashMap<>());
    to.put(ACT, act.getClass().getSimpleName());
    switch (act) {
      case Effect.RedirectCall a -> {
        to.put("target", a.target());
        to.put("release", a.release());
      }
      case Effect.OpenConsultation a -> a.oneStep().ifPresent(t -> to.put("target", t));
      case Effect.PlaceCall a -> to.put("target", a.target());
      case Effect.DialTarget a -> to.put("target", a.target());
      case Effect.JoinCalls a -> to.put("as", a.as());
      case Effect.RecallTransferee a -> {
        switch (a.rung()) {
          case RecallRung.ToTransferor r -> to.put("to", "transferor");
          case RecallRung.ToAddress r -> {
            to.put("to", "address");
            to.put("target", r.address());
          }
          case RecallRung.ToPark r -> {
            to.put("to", "park");
            to.put("target", r.place());
          }
        }
      }
      default -> {}
    }
    return to.words;
  }

  /** An act again. */
  public static Effect.Act act(Map<String, String> words) {
    Written from = new Written(words);
    return switch (from.word(ACT)) {
      case "RedirectCall" ->
          new Effect.RedirectCall(
              new Address(from.word("target")), ReleaseWhen.valueOf(from.word("release")));
      case "OpenConsultation" -> new Effect.OpenConsultation(from.address("target"));
      case "HoldCall" -> new Effect.HoldCall();
      case "PlaceCall" -> new Effect.PlaceCall(new Address(from.word("target")));
      case "EndConsultation" -> new Effect.EndConsultation();
      case "DialTarget" -> new Effect.DialTarget(new Address(from.word("target")));
      case "AlternateCalls" -> new Effect.AlternateCalls();
      case "JoinCalls" -> new Effect.JoinCalls(CompleteAs.valueOf(from.word("as")));
      case "ReleaseTransferor" -> new Effect.ReleaseTransferor();
      case "RestoreCall" -> new Effect.RestoreCall();
      case "ClearTarget" -> new Effect.ClearTarget();
      case "RecallTransferee" -> new Effect.RecallTransferee(from.rung());
      case "ClearRest" -> new Effect.ClearRest();
      default -> throw new IllegalArgumentException("there is no act " + words);
    };
  }

  private RecallRung rung() {
    return switch (word("to")) {
      case "transferor" -> new RecallRung.ToTransferor();
      case "address" -> new RecallRung.ToAddress(new Address(word("target")));
      case "park" -> new RecallRung.ToPark(new Address(word("target")));
      default -> throw new IllegalArgumentException("there is no rung " + words);
    };
  }

  private void put(String key, Object value) {
    words.put(key, value instanceof Enum<?> constant ? constant.name() : value.toString());
  }

  private void cause(Cause cause) {
    put("cause", cause.code());
    put("causeText", cause.text());
    put("causeDriver", cause.driver());
  }

  private Cause cause() {
    return new Cause(
        Cause.Code.valueOf(word("cause")),
        maybe("causeText").orElse(""),
        maybe("causeDriver").orElse(""));
  }

  private Optional<String> maybe(String key) {
    return Optional.ofNullable(words.get(key));
  }

  private String word(String key) {
    return maybe(key)
        .orElseThrow(() -> new IllegalArgumentException(key + " is missing in " + words));
  }

  private int number(String key) {
    return Integer.parseInt(word(key));
  }

  private boolean flag(String key) {
    return Boolean.parseBoolean(word(key));
  }

  private Optional<Address> address(String key) {
    return maybe(key).map(Address::new);
  }
}
