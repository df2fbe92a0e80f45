package org.jackfield.pbx.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A PBX under virtual time, and one client who writes commands as words and reads what it hears as
 * lines: {@code A 1500 connected held} is the connection of 1500 in call A.
 */
final class Bench implements Pbx.Outlet {

  static final Pace PACE =
      new Pace(
          Duration.ofMillis(10),
          Duration.ofMillis(100),
          Duration.ofMillis(100),
          Duration.ofMillis(100),
          Duration.ofMillis(500),
          Duration.ofSeconds(30),
          Duration.ofSeconds(5),
          Duration.ofMinutes(5),
          Duration.ofSeconds(1));

  final VirtualTime time = new VirtualTime();
  final Pbx pbx;
  final List<Message> raw = new ArrayList<>();
  final List<String> witnessed = new ArrayList<>();
  private final List<String> heard = new ArrayList<>();
  private final Pbx.Client client;
  private int commands;
  boolean cut;

  Bench(String profile) {
    this(profile, 1);
  }

  Bench(String profile, long seed) {
    pbx =
        new Pbx(
            "run",
            Profile.named(profile),
            PACE,
            time,
            new Random(seed),
            0,
            (client, command, answer, repeated, fault) ->
                witnessed.add(
                    Lines.verb(command)
                        + (answer.accepted() ? " accepted" : " refused")
                        + (repeated ? " repeated" : "")
                        + (fault == null ? "" : " " + fault)));
    client = pbx.attach(this);
    raw.clear();
    heard.clear();
  }

  @Override
  public void tell(Message message) {
    raw.add(message);
    switch (message) {
      case Message.ConnectionChanged e -> heard.add(text(e.connection()));
      case Message.Merged e -> heard.add("merged " + e.from() + " into " + e.into());
      case Message.Branched e -> heard.add("branched " + e.into() + " from " + e.from());
      case Message.AddressChanged e -> {}
      case Message.Answer e ->
          heard.add(e.accepted() ? "accepted" : "refused " + Lines.line(e.reason()));
      default -> heard.add(message.getClass().getSimpleName());
    }
  }

  @Override
  public void cut() {
    cut = true;
  }

  static String text(Message.ConnectionView c) {
    return c.call()
        + " "
        + c.address()
        + " "
        + Lines.line(c.state()).replace("\"", "")
        + (c.heldByThem() ? " held" : "")
        + (c.cause() == null ? "" : " " + Lines.line(c.cause()).replace("\"", ""))
        + (c.reason() == Reason.REMINDER ? " recall" : "");
  }

  /** Gives a command in words, and returns the answer. */
  String ask(String words) {
    int before = heard.size();
    client.command(parse("c" + ++commands, words.split(" ")));
    return before < heard.size() ? heard.get(before).replace("\"", "") : "silence";
  }

  /** Gives a command that must be accepted, and lets it have its effect. */
  Bench when(String words) {
    assertThat(ask(words)).as(words).isEqualTo("accepted");
    return pass(60);
  }

  Bench pass(long ms) {
    time.pass(Duration.ofMillis(ms));
    return this;
  }

  /** A call in which both talk, so that a test can begin. */
  Bench given(String call, String from, String to) {
    when("makeCall " + call + " " + from + " " + to).pass(200);
    heard.clear();
    return this;
  }

  /** What was heard since the last time, without answers. */
  List<String> heard() {
    List<String> lines =
        heard.stream().filter(l -> !l.startsWith("accepted") && !l.startsWith("refused")).toList();
    heard.clear();
    return lines;
  }

  /** All connections as they are. */
  List<String> picture() {
    return pbx.snapshot("x").calls().stream()
        .flatMap(c -> c.connections().stream())
        .map(Bench::text)
        .toList();
  }

  Command parse(String id, String... w) {
    String verb = w[0];
    return switch (verb) {
      case "makeCall" -> new Command.MakeCall(id, w[1], w[2], w[3]);
      case "hold" -> new Command.Hold(id, w[1], at(w[1], w[2]));
      case "retrieve" -> new Command.Retrieve(id, w[1], at(w[1], w[2]));
      case "alternate" -> new Command.Alternate(id, w[1], w[2], at(w[1], w[3]));
      case "blind" ->
          new Command.BlindTransfer(
              id,
              w[1],
              at(w[1], w[2]),
              w[3],
              w[4].equals("onAnswer") ? Command.Release.ON_ANSWER : Command.Release.ON_ACCEPT);
      case "consult" -> new Command.Consult(id, w[1], at(w[1], w[2]), w[3], word(w, 4));
      case "dial" -> new Command.Dial(id, w[1], at(w[1], w[2]), w[3]);
      case "complete" ->
          new Command.Complete(
              id,
              w[1],
              w[2],
              at(w[1], w[3]),
              w[4].equals("transfer") ? Command.As.TRANSFER : Command.As.CONFERENCE);
      case "redirect" -> new Command.Redirect(id, w[1], at(w[1], w[2]), w[3]);
      case "recall" -> new Command.Recall(id, w[1], at(w[1], w[2]), w[3]);
      case "clear" -> new Command.Clear(id, w[1], at(w[1], w[2]));
      case "clearCall" -> new Command.ClearCall(id, w[1]);
      case "phone" ->
          new Control.Handset(id, w[1], constant(Control.Act.values(), w[2]), word(w, 3));
      case "merge" -> new Control.Operator(id, Control.Switching.MERGE, w[1], w[2], null, null);
      case "split" ->
          new Control.Operator(id, Control.Switching.SPLIT, w[1], null, at(w[1], w[2]), w[3]);
      case "script" ->
          new Control.Script(id, w[1], constant(Control.Behaviour.values(), w[2]), null);
      default -> throw new IllegalArgumentException(verb);
    };
  }

  private static @Nullable String word(String[] words, int i) {
    return i < words.length ? words[i] : null;
  }

  private static <E extends Enum<E>> E constant(E[] all, String name) {
    return Arrays.stream(all)
        .filter(e -> e.name().replace("_", "").equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow();
  }

  private String at(String call, String address) {
    return pbx.snapshot("x").calls().stream()
        .filter(c -> c.call().equals(call))
        .flatMap(c -> c.connections().stream())
        .filter(c -> c.address().equals(address))
        .map(Message.ConnectionView::connection)
        .findFirst()
        .orElse("none");
  }

  /** Gives a command as it is. */
  void give(Command command) {
    client.command(command);
  }
}
