package org.jackfield.core.simulation;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jackfield.api.event.Event;
import org.jackfield.api.event.Position;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.provider.TelephonyDriver;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.Session;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.core.CoreEngine;
import org.jackfield.core.arbiter.PreferenceRules;
import org.jackfield.core.provider.ProviderPublisher;
import org.jackfield.core.run.Environment;
import org.jackfield.core.run.IdSource;
import org.jackfield.core.transfer.Machine;
import org.jackfield.pbx.simulated.Profile;

/**
 * One run: a script played to the real core on the model PBX, with every invariant looked at
 * whenever the core has nothing more to do. A function of the script and the bug.
 */
final class Run implements Line.Ears {
  private static final long EPOCH = 7;
  private static final int EVENTS_KEPT = 4_096;

  /** Longer than any deadline of any request that a script makes, and of the PBX itself. */
  private static final Duration PATIENCE = Duration.ofMinutes(12);

  /** To whom what is logged on this thread belongs. */
  static final ThreadLocal<Run> CURRENT = new ThreadLocal<>();

  final Clockwork clock = new Clockwork();
  final Verdict verdict = new Verdict();
  final Ladder ladder;
  final ModelPbx pbx;
  final Line line;
  final Probe probe;
  final Telling telling;
  final Acting acting;
  final Outcomes outcomes;
  final Asking asking;
  final Paper paper;
  final CoreEngine core;

  private final Script script;
  private final TelephonyDriver driver;
  private final People people;
  private boolean started;
  private boolean lied;
  private boolean faulty;

  Run(Script script, Bug bug, boolean withLadder, Set<String> cells) {
    this.script = script;
    long seed = script.habits() * 4_096L + script.scene() * 64L + script.profile();
    ladder = new Ladder(withLadder, clock);
    clock.chance(new SplittableRandom(seed));
    clock.whenIdle(this::idle);
    pbx = new ModelPbx(clock, profile(), seed);
    telling = new Telling(verdict);
    acting = new Acting(verdict, clock);
    outcomes = new Outcomes(verdict, pbx, acting, () -> !wasFaulty());
    asking = new Asking(verdict, acting, ladder);
    paper = new Paper(clock, acting, this::ended, outcomes::accepted);
    probe = new Probe(bug.machine(Machine.PLAIN), verdict, ladder, cells);
    line = new Line(clock, pbx, this, ladder);
    driver = bug.driver(line);
    core =
        new CoreEngine(
            new Environment(
                clock,
                bug.timers(clock),
                clock.pool(),
                clock.blocking(),
                new IdSource(new SplittableRandom(seed + 1))),
            EPOCH,
            bug.journal(paper),
            bug.audit(asking),
            List.of(),
            PreferenceRules.SHIPPED,
            ProviderPublisher.NONE,
            probe,
            EVENTS_KEPT);
    people = new People(this);
    pbx.listen(this::pbxTold);
  }

  private String profile() {
    return Profile.NAMES.get(script.profile() % Profile.NAMES.size());
  }

  /** Plays the script to its end, or until an invariant is broken. */
  Verdict play() {
    CURRENT.set(this);
    try {
      ladder.note(Ladder.At.PBX, () -> "profile " + profile());
      people.scene(script.scene(), script.habits());
      install();
      configure();
      pass(200);
      started = true;
      for (Script.Step step : script.steps()) {
        if (verdict.isBroken()) {
          return verdict;
        }
        clock.chance(new SplittableRandom(step.salt()));
        people.act(step);
        pauseAfter(step);
      }
      for (Runnable last :
          List.<Runnable>of(
              this::calm, this::quiet, this::everybodyGoesHome, this::nothingIsLeft)) {
        if (!verdict.isBroken()) {
          last.run();
        }
      }
    } catch (RuntimeException bug) {
      java.io.StringWriter trace = new java.io.StringWriter();
      bug.printStackTrace(new java.io.PrintWriter(trace));
      verdict.broken("no exception", trace.toString());
    } finally {
      CURRENT.remove();
    }
    return verdict;
  }

  void install() {
    core.providers()
        .addDriver(driver, Line.PROPERTIES, org.osgi.framework.Version.parseVersion("1"), "model");
  }

  void configure() {
    core.providers().configure("pbx", Map.of("driver", "model"));
  }

  void uninstall() {
    core.providers().removeDriver(driver);
  }

  /** From nothing at all, through a few turns of some thread, to more than a deadline. */
  private void pauseAfter(Script.Step step) {
    int w = step.pause() & 31;
    if (w < 4) {
      return;
    }
    if (w < 7) {
      for (int i = 0; i <= (step.salt() & 3); i++) {
        clock.runOne();
      }
      return;
    }
    pass(
        w < 13
            ? 0
            : w < 17
                ? 5
                : w < 21
                    ? 45
                    : w < 25 ? 400 : w < 28 ? 1_200 : w < 30 ? 4_000 : w == 30 ? 12_000 : 40_000);
  }

  void pass(long ms) {
    clock.pass(Duration.ofMillis(ms));
  }

  /** Nothing breaks any more; what was started comes to its end. */
  private void calm() {
    line.heal();
    paper.heal();
    people.heal();
    clock.unstall();
    pass(7_000);
    if (lied) {
      line.cut(Duration.ofMillis(100));
    }
    long end = clock.nanos() + PATIENCE.toNanos();
    clock.settle();
    while (!telling.open().isEmpty() && !verdict.isBroken() && clock.next(end)) {
      clock.settle();
    }
    pass(7_000);
    if (!telling.open().isEmpty()) {
      verdict.broken("each transfer has an outcome", "none for " + telling.open());
    }
  }

  private void quiet() {
    Picture own = new Picture();
    own.apply(pbx.look());
    if (!own.all().equals(pbx.truth().all())) {
      verdict.broken("the model tells the truth", pbx.truth() + ", but has " + own);
    }
    asking.allAnswered();
    acting.allEnded(telling.ended().keySet());
    if (!lied) {
      samePicture(pbx.truth(), "the server's picture is the PBX's");
    }
    if (!lied && !pbx.truth().all().equals(outcomes.known().all()) && outcomes.isValid()) {
      verdict.broken("the model tells the truth", outcomes.known() + " is not " + pbx.truth());
    }
  }

  private void samePicture(Picture picture, String invariant) {
    int calls = 0;
    for (Session session : telling.sessions()) {
      CallId call = acting.call(session.id());
      java.util.Collection<Connection> there = picture.in(call);
      boolean same = there.size() == session.parties().size();
      for (Connection one : there) {
        same &= session.party(one.id()).filter(p -> p.connection().equals(one)).isPresent();
      }
      calls++;
      if (!same) {
        verdict.broken(invariant, "the server has " + session + ", the PBX " + picture);
      }
    }
    if (calls != picture.all().size()) {
      verdict.broken(invariant, "the server has " + telling.sessions() + ", the PBX " + picture);
    }
  }

  private void everybodyGoesHome() {
    started = false;
    for (int i = 0; i < 6 && !pbx.truth().isEmpty(); i++) {
      pbx.truth().calls().forEach(pbx::clear);
      pass(40_000);
    }
    pass(11 * 60_000);
  }

  private void nothingIsLeft() {
    if (!pbx.truth().isEmpty()) {
      verdict.broken("the model's calls end", pbx.truth().toString());
    }
    if (!telling.sessions().isEmpty() || !telling.open().isEmpty() || !core.isEmpty()) {
      verdict.broken(
          "nothing is left",
          "sessions "
              + telling.sessions()
              + ", transfers "
              + telling.open()
              + (core.isEmpty() ? "" : ", and something in the core"));
    }
    if (clock.timers() > 0) {
      verdict.broken("nothing is left", clock.timers() + " timers");
    }
    asking.everythingAudited();
  }

  // After every event

  private void idle() {
    outcomes.idle();
    long latest = core.events().latest().sequence();
    if (latest > telling.read()) {
      for (Event event :
          core.events()
              .after(new Position(EPOCH, telling.read()), Integer.MAX_VALUE)
              .orElseThrow()) {
        telling.hear(event, !lied && !faulty);
      }
    }
    if (!lied && outcomes.isValid() && !people.driverIsGone()) {
      samePicture(outcomes.known(), "what is published is what was told");
    }
    if (!isBusy()) {
      outcomes.settled();
    }
    if (!faulty && !lied) {
      outcomes.nobodyInTheVoid(telling.open(), clock.nanos());
    }
  }

  /** Whether something is on its way between core and PBX. */
  private boolean isBusy() {
    return line.hasInFlight() || paper.isBusy() || clock.isStalled();
  }

  private void ended(Transfer last) {
    ladder.note(Ladder.At.CORE, () -> "outcome " + last.outcome().orElseThrow());
    boolean calm = !faulty && !lied;
    if (calm && !last.outcome().orElseThrow().evidence().verified()) {
      verdict.broken("unverified only without a link", String.valueOf(last.outcome()));
    }
    if (!lied) {
      outcomes.decided(last, !isBusy());
    }
  }

  /** Something is about to break. */
  void faulty() {
    faulty = true;
  }

  boolean wasFaulty() {
    return faulty || lied;
  }

  void forgotten() {
    outcomes.invalid();
  }

  private void pbxTold(ModelPbx.Told told) {
    if (told.event() instanceof ProviderEvent.ConnectionChanged c) {
      acting.seen(c.connection());
    }
    if (told.event() != null && told.cause() == null) {
      ladder.tell(Ladder.At.PHONES, Ladder.At.PBX, () -> Ladder.of(told.event()));
    }
  }

  /** Something has reached the core. */
  void delivered(String kind, int actor) {
    if (started) {
      probe.delivered(kind, actor);
    }
  }

  // The seam

  @Override
  public void command(Command command) {
    ladder.tell(Ladder.At.CORE, Ladder.At.PBX, () -> Ladder.of(command));
    acting.command(command);
  }

  @Override
  public void reply(Command command, ProviderReply reply) {
    ladder.tell(
        Ladder.At.PBX,
        Ladder.At.CORE,
        () ->
            command.operation().text()
                + (reply instanceof ProviderReply.Accepted
                    ? " accepted"
                    : reply == null ? " threw" : " refused"));
    acting.reply(command, reply);
    delivered(
        command.operation().name(),
        reply instanceof ProviderReply.Accepted ? 1 : reply == null ? 3 : 2);
  }

  @Override
  public void fact(ProviderEvent event) {
    outcomes.fact(event);
    switch (event) {
      case ProviderEvent.ConnectionChanged c ->
          delivered(c.connection().state().name(), actor(c.connection()));
      case ProviderEvent.CallsMerged m -> {
        acting.merged(m.from(), m.into());
        delivered("merged", 0);
      }
      case ProviderEvent.CallBranched b -> delivered("branched", 0);
      case ProviderEvent.Snapshot s -> delivered("snapshot", s.calls().size());
      case ProviderEvent.CommandFailed failed -> {
        acting.failed(failed.command());
        delivered("failed", 0);
      }
      case ProviderEvent.LinkUp up -> delivered("linkUp", 0);
      case ProviderEvent.LinkDown down -> delivered("linkDown", 0);
      case ProviderEvent.AddressChanged a -> {}
    }
  }

  private static int actor(Connection connection) {
    return connection.address().value().hashCode() * 2 + (connection.heldByThem() ? 1 : 0);
  }

  @Override
  public void lied() {
    lied = true;
  }

  List<Session> sessions() {
    return telling.sessions();
  }
}
