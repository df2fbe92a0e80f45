package org.jackfield.tck;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.ConfigKey;
import org.jackfield.api.provider.Handover;
import org.jackfield.api.provider.ProbeReport;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.provider.TelephonyDriver;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;

/** From the making of a driver to its close, and to another one that goes on. */
final class LifeChecks {

  /** How long a driver may take to begin what it must not begin. */
  private static final Duration A_MOMENT = Duration.ofMillis(200);

  private static final Duration PROBED = Duration.ofSeconds(10);

  private LifeChecks() {}

  static List<Check> all() {
    return List.of(
        Check.alone(Rule.R1, "making a driver connects to nothing", LifeChecks::quiet),
        Check.required(Rule.R1, "the link comes up by itself", LifeChecks::linkUp),
        Check.required(
            Rule.R1, "open returns, also for a PBX that is not there", LifeChecks::unreachable),
        Check.scene(Rule.R2, "the probe changes nothing", s -> harmlessProbe(s)),
        Check.required(
            Rule.R2, "the probe of a PBX that is not there says so", LifeChecks::truthfulProbe),
        Check.required(
            Rule.R6, "calls of phones keep their names over a new open", LifeChecks::lastingNames),
        Check.scene(Rule.R9, "a lost link is told and repaired", s -> lostLink(s)),
        Check.scene(Rule.R9, "a snapshot says what the facts have said", s -> truthfulSnapshot(s)),
        Check.required(Rule.R10, "close leaves the calls", LifeChecks::cleanLeave),
        Check.alone(
            Rule.R10, "close leaves no timer, thread or socket", LeftoverChecks::nothingRuns),
        Check.alone(Rule.R10, "what is let go can be unloaded", LeftoverChecks::classesAreLetGo),
        Check.required(Rule.R11, "another one goes on with what is half done", LifeChecks::goesOn),
        Check.scene(Rule.R11, "what is given back goes on where it was", s -> givenBack(s)),
        Check.scene(Rule.R11, "a form that is not known is refused", s -> unknownForm(s)));
  }

  private static void quiet(Supplier<Testbed> testbeds) {
    try (Testbed bed = testbeds.get()) {
      Leftovers before = Leftovers.now();
      TelephonyDriver driver = bed.driver();
      List<ConfigKey> schema = driver.schema();
      LeftoverChecks.pass(A_MOMENT);
      String begun = LeftoverChecks.stays(before, bed.patience());
      Rule.R1.holds(begun.isEmpty(), "a driver that nobody has opened has" + begun);
      Set<String> names = new HashSet<>();
      for (ConfigKey key : schema) {
        Rule.R1.holds(!key.name().isBlank() && names.add(key.name()), "the schema's key " + key);
      }
    }
  }

  private static void linkUp(Supplier<Testbed> testbeds) {
    try (Testbed bed = testbeds.get();
        Opened pbx = new Opened(bed)) {
      Rule.R1.holds(
          pbx.facts().getFirst() instanceof ProviderEvent.LinkUp,
          "the first fact is LinkUp: " + pbx.facts().getFirst());
    }
  }

  private static void unreachable(Supplier<Testbed> testbeds) {
    try (Testbed bed = testbeds.get()) {
      new Opened(bed).close(); // its classes are loaded by now
      TelephonyDriver driver = bed.driver();
      new Opened(driver, bed.unreachable(), Opened.AT_ONCE).close();
    }
  }

  static ProbeReport probe(Callable<ProbeReport> probe) {
    return within(Rule.R2, "probe", PROBED, probe);
  }

  /** On a thread of its own, as the server does. */
  static <T> T within(Rule rule, String what, Duration time, Callable<T> call) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("tck-" + what)
        .start(
            () -> {
              try {
                answer.complete(call.call());
              } catch (Throwable thrown) { // a driver may throw anything
                answer.completeExceptionally(thrown);
              }
            });
    try {
      return answer.get(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      throw new RuleBroken(rule, what + " did not come back within " + time, late);
    } catch (ExecutionException thrown) {
      throw new RuleBroken(rule, what + " threw " + thrown.getCause(), thrown.getCause());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", stopped);
    }
  }

  private static void harmlessProbe(Scene s) {
    CallId call = halfDone(s);
    var before = pictured(s.pbx);

    ProbeReport report = probe(() -> s.bed.driver().probe(s.bed.config()));

    Rule.R2.holds(report.usable(), "a PBX that can be opened is not usable: " + report);
    Rule.R2.same("the calls after the probe", before, pictured(s.pbx));
    goOn(s.pbx, Rule.R2, s, call);
  }

  private static void truthfulProbe(Supplier<Testbed> testbeds) {
    try (Testbed bed = testbeds.get()) {
      isTruthful(probe(() -> bed.driver().probe(bed.unreachable())));
    }
  }

  /** Of a PBX that is not there. */
  static void isTruthful(ProbeReport report) {
    Rule.R2.holds(!report.usable(), "a PBX that is not there is usable: " + report);
    Rule.R2.holds(
        report.findings().stream().noneMatch(f -> f.text().isBlank()),
        "a finding without words: " + report);
  }

  private static void lastingNames(Supplier<Testbed> testbeds) {
    try (Scene s = new Scene(testbeds.get())) {
      s.bed.call(s.alice, s.bob);
      CallId call = s.awaitTalking(s.alice, s.bob);
      ConnectionId alice = s.id(call, s.alice);
      s.pbx.closeProvider();

      try (Opened again = new Opened(s.bed)) {
        stillTalk(again, s, Rule.R6, call);
        Rule.R6.same(
            "Alice's id",
            Optional.of(alice),
            again.picture().party(call, s.alice).map(party -> party.id()));
        end(again, s, call);
      }
    }
  }

  private static void stillTalk(Opened again, Scene s, Rule rule, CallId call) {
    again.await(Rule.R10, "they talk still", p -> p.talking(s.alice, s.bob).isPresent());
    rule.same("the call", Optional.of(call), again.picture().talking(s.alice, s.bob));
  }

  private static void end(Opened pbx, Scene s, CallId call) {
    if (pbx.capabilities().permits(Operation.CLEAR)) {
      pbx.ask(new Command.ClearAll(Opened.newCommand(), call));
    } else {
      s.bed.hangUp(s.alice);
    }
    pbx.await("gone", p -> !p.isAnywhere(s.alice) && !p.isAnywhere(s.bob));
  }

  private static void lostLink(Scene s) {
    CallId call = s.aliceAndBobTalk();

    s.bed.cutLink();
    s.pbx.awaitFact(Rule.R9, "LinkDown", ProviderEvent.LinkDown.class, 1);
    s.pbx.awaitFact(Rule.R9, "LinkUp, after LinkDown", ProviderEvent.LinkUp.class, 2);
    s.pbx.snapshot();

    s.await(Rule.R9, "the calls live on", p -> p.talking(s.alice, s.bob).isPresent());
    Rule.R6.same("the call's name", call, s.awaitTalking(s.alice, s.bob));
  }

  private static void truthfulSnapshot(Scene s) {
    CallId call = halfDone(s);
    var told = s.pbx.picture().copy();

    s.pbx.snapshot();

    Rule.R9.same("the snapshot", told, s.pbx.picture().copy());
    goOn(s.pbx, Rule.R9, s, call);
  }

  private static void cleanLeave(Supplier<Testbed> testbeds) {
    try (Scene s = new Scene(testbeds.get())) {
      CallId call = s.aliceAndBobTalk();
      s.pbx.closeProvider();
      Rule.R10.same("timers that are left", 0, s.pbx.tasksLeft());

      try (Opened other = new Opened(s.bed)) {
        stillTalk(other, s, Rule.R10, call);
        end(other, s, call);
      }
      Rule.R10.same("facts after the close", 0, s.pbx.toldAfterClose());
      s.pbx.closeProvider();
    }
  }

  private static void goesOn(Supplier<Testbed> testbeds) {
    try (Scene s = new Scene(testbeds.get())) {
      CallId call = halfDone(s);
      var told = pictured(s.pbx);

      try (Opened next = new Opened(s.bed)) {
        Optional<Handover> handover = s.pbx.handOver();
        next.takeOver(handover);
        s.pbx.closeProvider();

        Rule.R11.same("the calls after the hand-over", told, pictured(next));
        goOn(next, Rule.R11, s, call);
        end(next, s, call);
      }
      Rule.R10.same("facts after the close", 0, s.pbx.toldAfterClose());
    }
  }

  private static void givenBack(Scene s) {
    CallId call = halfDone(s);
    var told = pictured(s.pbx);

    s.pbx.takeOver(s.pbx.handOver());

    Rule.R11.same("the calls after they were given back", told, pictured(s.pbx));
    goOn(s.pbx, Rule.R11, s, call);
  }

  private static void unknownForm(Scene s) {
    CallId call = halfDone(s);
    var told = pictured(s.pbx);

    Rule.R11.holds(
        s.pbx.refuses(new Handover("no-driver-has-this/1", new byte[] {1})),
        "takes over a form that it cannot know");

    Rule.R11.same("the calls after a form that is not known", told, pictured(s.pbx));
    goOn(s.pbx, Rule.R11, s, call);
  }

  private static boolean holds(Scene s) {
    Capabilities declared = s.pbx.capabilities();
    return declared.permits(Operation.HOLD) && declared.permits(Operation.RETRIEVE);
  }

  /** What a snapshot shows; to be compared with what another one shows. */
  private static Map<CallId, Map<ConnectionId, Connection>> pictured(Opened pbx) {
    pbx.snapshot();
    return pbx.picture().copy();
  }

  /** A call that the driver itself may have to keep. */
  private static CallId halfDone(Scene s) {
    CallId call = s.aliceAndBobTalk();
    if (holds(s)) {
      s.hold(call, s.bob);
      s.await(
          "bob holds", p -> p.is(call, s.bob, ConnectionState.ON_HOLD) && p.waits(call, s.alice));
    }
    return call;
  }

  private static void goOn(Opened pbx, Rule rule, Scene s, CallId call) {
    if (holds(s)) {
      ConnectionId bob =
          pbx.picture()
              .party(call, s.bob)
              .orElseThrow(() -> new RuleBroken(rule, "Bob is not in the call any more"))
              .id();
      pbx.does(rule, new Command.Retrieve(Opened.newCommand(), call, bob));
    }
    pbx.await(rule, "they talk", p -> p.talking(s.alice, s.bob).filter(call::equals).isPresent());
  }
}
