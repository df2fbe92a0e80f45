package org.jackfield.deployer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jackfield.api.provider.DriverShares;
import org.jackfield.api.provider.ShareProgress;
import org.jackfield.api.rollout.DeployedBundle;
import org.jackfield.api.rollout.DeployedBundle.State;
import org.jackfield.api.rollout.DeployedBundle.Step;
import org.jackfield.api.rollout.Drain;
import org.jackfield.api.rollout.RolloutPlan;
import org.jackfield.api.rollout.RolloutPlan.Mode;
import org.jackfield.api.rollout.RolloutPlan.OnDeadline;
import org.jackfield.api.rollout.RolloutReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** A staged bundle is rolled out step by step, in a framework; the PBXs are the test's own. */
class RolloutsTest {
  private static final String PACKAGE = "org.jackfield.deployer.odd";
  private static TestSigner signer;

  @TempDir private Path folder;

  private final Pbxs pbxs = new Pbxs();
  private final List<DeployedBundle> told = new CopyOnWriteArrayList<>();
  private TestFramework framework;
  private BundleContext context;
  private Pipeline pipeline;
  private Rollouts rollouts;

  /** Two PBXs: one that two versions can serve at once, and one that cannot. */
  private static final class Pbxs implements DriverShares {
    final List<String> asked = new CopyOnWriteArrayList<>();
    volatile List<Candidate> all = List.of(new Candidate("one", true));
    volatile Optional<String> notBegun = Optional.empty();
    volatile Optional<String> notFinished = Optional.empty();
    volatile Optional<ShareProgress> progress = Optional.of(progress(0, 0, 0, 0));

    static ShareProgress progress(int older, int commands, int failed, int longestMs) {
      return new ShareProgress(50, 1, older, commands, failed, Duration.ofMillis(longestMs));
    }

    @Override
    public void reserve(String bundle, String version, Set<String> providers) {
      asked.add("reserve " + version + " " + providers);
    }

    @Override
    public void release(String bundle, String version) {
      asked.add("release " + version);
    }

    @Override
    public CompletionStage<List<Candidate>> candidates(String bundle, String version) {
      return CompletableFuture.completedStage(all);
    }

    @Override
    public CompletionStage<Optional<String>> begin(String provider, String b, String version) {
      asked.add("begin " + provider);
      return CompletableFuture.completedStage(notBegun);
    }

    @Override
    public void share(String provider, int percent) {
      asked.add("share " + provider + " " + percent);
    }

    @Override
    public CompletionStage<Optional<ShareProgress>> progress(String provider) {
      return CompletableFuture.completedStage(progress);
    }

    @Override
    public CompletionStage<Optional<String>> finish(String provider, boolean release) {
      asked.add("finish " + provider + (release ? " released" : ""));
      return CompletableFuture.completedStage(notFinished);
    }

    @Override
    public CompletionStage<Void> drain(String bundle, String version, String why) {
      asked.add("drain " + version);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void drainNoMore(String bundle, String version) {
      // whoever is out drains no more
    }

    @Override
    public CompletionStage<Map<String, OptionalInt>> left(String bundle, String version) {
      return CompletableFuture.completedStage(Map.of());
    }

    @Override
    public CompletionStage<Void> takeBack(String provider, String why) {
      asked.add("take back " + provider);
      return CompletableFuture.completedStage(null);
    }
  }

  @BeforeAll
  static void key() throws Exception {
    signer = TestSigner.ec("Acme");
  }

  @BeforeEach
  void start() throws Exception {
    framework = new TestFramework(folder, signer);
    context = framework.context;
    open();
  }

  private void open() throws IOException {
    pipeline =
        new Pipeline(
            context,
            framework.gate,
            new Records(folder.resolve("deploy")),
            framework.new Present(() -> pipeline) {
              @Override
              public Optional<DriverShares> shares() {
                return Optional.of(pbxs);
              }
            },
            told::add,
            Clock.offset(Clock.systemUTC(), Duration.ofMinutes(1)),
            TestFramework.LONG);
    rollouts = new Rollouts(pipeline, withdrawals(), new Plans(folder.resolve("deploy")));
  }

  private Withdrawals withdrawals() {
    return new Withdrawals(pipeline, Clock.systemUTC(), () -> Drain.WAIT);
  }

  @AfterEach
  void stop() throws Exception {
    rollouts.close();
    pipeline.close();
    framework.close();
  }

  private DeployedBundle staged(String version) throws Exception {
    return stage(driver(version));
  }

  private DeployedBundle stage(byte[] jar) throws Exception {
    return pipeline
        .submit(new Pipeline.Sender("tester", "rest", ""), jar, false, true)
        .toCompletableFuture()
        .get(60, TimeUnit.SECONDS);
  }

  private byte[] driver(String version) throws IOException {
    return framework.driver(version, "");
  }

  private static RolloutPlan plan(String bundle, Mode mode, Integer... steps) {
    return new RolloutPlan(
        bundle,
        Set.of(),
        mode,
        List.of(steps),
        Duration.ofMillis(1),
        Optional.empty(),
        OnDeadline.WAIT,
        Optional.of(20),
        Optional.of(Duration.ofSeconds(1)));
  }

  private void begin(RolloutPlan plan) {
    assertThat(rollouts.begin(plan)).isInstanceOf(RolloutReply.Accepted.class);
  }

  private DeployedBundle ends(String id, State state) {
    await("it is " + state, () -> now(id).state() == state || isOver(now(id).state()));
    assertThat(now(id).state()).as(now(id).toString()).isEqualTo(state);
    return now(id);
  }

  private static boolean isOver(State state) {
    return state == State.ACTIVE || state == State.FAILED || state == State.REMOVED;
  }

  private DeployedBundle now(String id) {
    return rollouts.find(id).orElseThrow().bundle();
  }

  private static void await(String what, BooleanSupplier fact) {
    long end = System.nanoTime() + TestFramework.LONG.toNanos();
    while (!fact.getAsBoolean() && System.nanoTime() < end) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
    assertThat(fact.getAsBoolean()).as(what).isTrue();
  }

  private List<String> running() {
    return Arrays.stream(context.getBundles())
        .filter(b -> PACKAGE.equals(b.getSymbolicName()) && b.getState() == Bundle.ACTIVE)
        .map(b -> b.getVersion().toString())
        .toList();
  }

  private boolean hasJar(DeployedBundle one) {
    return Files.exists(folder.resolve("deploy").resolve(one.sha256() + ".jar"));
  }

  @Test
  void aStagedOneIsVerifiedAndKeptAndNothingOfItRuns() throws Exception {
    // when
    byte[] jar = driver("1.0.0");
    DeployedBundle staged = stage(jar);

    // then
    assertThat(staged.why()).isEmpty();
    assertThat(staged.state()).isEqualTo(State.STAGED);
    assertThat(running()).isEmpty();
    assertThat(hasJar(staged)).isTrue();
    assertThat(stage(jar)).isEqualTo(staged);
    assertThat(new Records(folder.resolve("deploy")).newest()).containsExactly(staged);
    assertThat(rollouts.all()).isEmpty();
  }

  @Test
  void theShareGrowsStepByStepAndThenItServesAll() throws Exception {
    // given
    DeployedBundle staged = staged("1.0.0");

    // when
    begin(plan(staged.id(), Mode.HAND_OVER, 5, 50, 100));
    DeployedBundle end = ends(staged.id(), State.ACTIVE);

    // then
    assertThat(pbxs.asked)
        .containsExactly(
            "reserve 1.0.0 []",
            "begin one",
            "share one 5",
            "share one 50",
            "share one 100",
            "reserve 1.0.0 [one]",
            "finish one",
            "release 1.0.0");
    assertThat(running()).containsExactly("1.0.0");
    assertThat(end.steps())
        .extracting(Step::name)
        .containsExactly(
            State.VERIFYING,
            State.STARTING,
            State.ROLLING,
            State.ROLLING,
            State.ROLLING,
            State.MOVING);
    assertThat(end.steps()).allMatch(Step::done);
    assertThat(end.steps().get(2).text()).startsWith("5 % of the new calls. one: 1 sessions");
    await("the end is told", () -> told.getLast().state() == State.ACTIVE);
    assertThat(told).extracting(DeployedBundle::state).endsWith(State.MOVING, State.ACTIVE);
    assertThat(new Records(folder.resolve("deploy")).newest()).containsExactly(end);
    assertThat(new Plans(folder.resolve("deploy")).find(staged.id()))
        .contains(plan(staged.id(), Mode.HAND_OVER, 5, 50, 100));
  }

  @Test
  void whatDoesNotBeginIsTakenOut() throws Exception {
    // given
    pbxs.notBegun = Optional.of("its link promises too much");
    DeployedBundle staged = staged("1.0.0");

    // when
    begin(plan(staged.id(), Mode.HAND_OVER, 50));
    DeployedBundle end = ends(staged.id(), State.FAILED);

    // then
    assertThat(end.why()).isEqualTo("one: its link promises too much. The version before goes on.");
    await("it is taken out", () -> running().isEmpty() && !hasJar(staged));
    await("others may come", () -> pbxs.asked.getLast().equals("release 1.0.0"));
  }

  @ParameterizedTest
  @CsvSource({"9,9,0,", "10,2,0,", "10,3,0,3 of 10 commands have failed", "1,0,1001,1001 ms"})
  void aBrokenLimitTakesItBack(int commands, int failed, int longest, String why) throws Exception {
    // given
    pbxs.progress = Optional.of(Pbxs.progress(0, commands, failed, longest));
    DeployedBundle staged = staged("1.0.0");

    // when
    begin(plan(staged.id(), Mode.HAND_OVER, 50));
    DeployedBundle end = ends(staged.id(), why == null ? State.ACTIVE : State.FAILED);

    // then
    assertThat(end.why()).contains(why == null ? "" : why);
    assertThat(pbxs.asked.contains("take back one")).isEqualTo(why != null);
    if (why != null) {
      assertThat(running()).isEmpty();
      assertThat(end.steps().getLast()).matches(step -> !step.done() && step.text().contains(why));
    }
  }

  @Test
  void aPbxThatIsNoLongerSharedTakesItBack() throws Exception {
    pbxs.progress = Optional.empty();
    DeployedBundle staged = staged("1.0.0");
    begin(plan(staged.id(), Mode.HAND_OVER, 50));
    assertThat(ends(staged.id(), State.FAILED).why()).contains("no longer served by both");
  }

  @Test
  void aPbxThatDoesNotTakeItAtTheEndTakesItBack() throws Exception {
    pbxs.notFinished = Optional.of("the hand-over took more than 5 s");
    DeployedBundle staged = staged("1.0.0");
    begin(plan(staged.id(), Mode.HAND_OVER, 50));
    assertThat(ends(staged.id(), State.FAILED).why()).contains("one: the hand-over took more");
    assertThat(running()).isEmpty(); // it goes before that is said
  }

  @Test
  void whoeverAsksItGoesBackWhileItIsUnderWayAndAfterwards() throws Exception {
    // given two, of which the first drains for ever
    pbxs.progress = Optional.of(Pbxs.progress(1, 0, 0, 0));
    DeployedBundle first = staged("1.0.0");
    DeployedBundle second = staged("1.1.0");
    begin(plan(first.id(), Mode.DRAIN));
    await("it drains", () -> now(first.id()).steps().size() == 3);

    // when
    RolloutReply another = rollouts.begin(plan(second.id(), Mode.HAND_OVER));
    RolloutReply reply = rollouts.back(first.id(), "It was asked for.").toCompletableFuture().get();

    // then
    assertThat(another)
        .isEqualTo(new RolloutReply.Refused("Another rollout is under way: " + first.id() + "."));
    assertThat(reply).isInstanceOf(RolloutReply.Accepted.class);
    assertThat(ends(first.id(), State.REMOVED).why()).isEqualTo("It was asked for.");
    assertThat(pbxs.asked).contains("share one 100", "take back one");
    await("it is taken out", () -> pbxs.asked.getLast().equals("release 1.0.0"));

    // when
    await(
        "another may begin",
        () ->
            rollouts.find(second.id()).isPresent()
                || rollouts.begin(plan(second.id(), Mode.HAND_OVER))
                    instanceof RolloutReply.Accepted);
    ends(second.id(), State.ACTIVE);
    RolloutReply later = rollouts.back(second.id(), "Too late.").toCompletableFuture().get();

    // then
    assertThat(later).isInstanceOf(RolloutReply.Accepted.class);
    assertThat(now(second.id()).state()).isEqualTo(State.REMOVED);
    assertThat(running()).isEmpty();
    assertThat(rollouts.back(second.id(), "Again.").toCompletableFuture().get())
        .isEqualTo(new RolloutReply.Refused("It is over: removed."));
    assertThat(rollouts.back("nope", "").toCompletableFuture().get())
        .isInstanceOf(RolloutReply.Refused.class);
  }

  @ParameterizedTest
  @CsvSource({"WAIT,0,finish one", "RELEASE,1,finish one released", "FORCE,1,finish one"})
  void whatDrainsIsWaitedForOrNotAsWasAsked(OnDeadline then, int older, String finish)
      throws Exception {
    // given
    pbxs.progress = Optional.of(Pbxs.progress(1, 0, 0, 0));
    DeployedBundle staged = staged("1.0.0");
    RolloutPlan plan =
        new RolloutPlan(
            staged.id(),
            Set.of(),
            Mode.DRAIN,
            List.of(),
            Duration.ofMillis(1),
            Optional.of(Duration.ofMillis(300)),
            then,
            Optional.empty(),
            Optional.empty());

    // when
    begin(plan);
    await("it drains", () -> now(staged.id()).steps().size() >= 3);
    pbxs.progress = Optional.of(Pbxs.progress(older, 0, 0, 0));
    DeployedBundle end = ends(staged.id(), State.ACTIVE);

    // then
    assertThat(pbxs.asked).contains("share one 100", finish);
    assertThat(end.steps().get(3).text())
        .startsWith(older == 0 ? "Drained." : "Not drained in time: " + then.text());
  }

  @Test
  void aPbxThatCannotBeSharedGoesOverAtTheEndAndThatIsSaid() throws Exception {
    pbxs.all = List.of(new DriverShares.Candidate("two", false));
    DeployedBundle staged = staged("1.0.0");
    begin(plan(staged.id(), Mode.HAND_OVER, 5, 50));
    DeployedBundle end = ends(staged.id(), State.ACTIVE);
    assertThat(pbxs.asked)
        .containsExactly("reserve 1.0.0 []", "reserve 1.0.0 [two]", "release 1.0.0");
    assertThat(end.steps().get(1).text()).endsWith("At once, at the end, with a hand-over: two.");
  }

  @Test
  void aRolloutToSomePbxsIsTheirsAlsoAfterARestart() throws Exception {
    // given
    DeployedBundle staged = staged("1.0.0");
    RolloutPlan all = plan(staged.id(), Mode.HAND_OVER);
    RolloutPlan some =
        new RolloutPlan(
            all.bundle(),
            Set.of("one"),
            all.mode(),
            List.of(),
            all.step(),
            all.deadline(),
            all.onDeadline(),
            all.failurePercent(),
            all.stall());

    // when
    begin(some);
    ends(staged.id(), State.ACTIVE);

    // then
    assertThat(pbxs.asked).containsExactly("reserve 1.0.0 []", "reserve 1.0.0 [one]");
    pbxs.asked.clear();
    new Rollouts(pipeline, withdrawals(), new Plans(folder.resolve("deploy"))).reserve(pbxs);
    assertThat(pbxs.asked).containsExactly("reserve 1.0.0 [one]");

    // when the server starts again, it does not run before the core knows whose it is
    restart();
    settle();
    assertThat(now(staged.id()).state()).isEqualTo(State.ACTIVE);
    assertThat(running()).isEmpty();
    rollouts.reserve(pbxs);
    pipeline.restoreRest();
    settle();
    assertThat(running()).containsExactly("1.0.0");
  }

  private void restart() throws IOException {
    rollouts.close();
    pipeline.close();
    Arrays.stream(context.getBundles())
        .filter(b -> PACKAGE.equals(b.getSymbolicName()))
        .forEach(RolloutsTest::uninstall);
    open();
    pipeline.restore(file -> false, rollouts::isReserved);
  }

  /** Until all that was begun before is done. */
  private void settle() throws Exception {
    pipeline.inTurn(() -> true).toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  @Test
  void aPbxThatIsNotThereIsSaid() throws Exception {
    DeployedBundle staged = staged("1.0.0");
    RolloutPlan all = plan(staged.id(), Mode.HAND_OVER);
    begin(
        new RolloutPlan(
            all.bundle(),
            Set.of("nowhere"),
            all.mode(),
            List.of(),
            all.step(),
            all.deadline(),
            all.onDeadline(),
            all.failurePercent(),
            all.stall()));
    assertThat(ends(staged.id(), State.FAILED).why()).contains("nowhere");
    assertThat(rollouts.begin(plan("nope", Mode.DRAIN)))
        .isEqualTo(new RolloutReply.Refused("No bundle of this id is staged."));
  }

  @Test
  void oneThatWasUnderWayWhenTheServerEndedHasFailed() throws Exception {
    // given it drains for ever
    pbxs.progress = Optional.of(Pbxs.progress(1, 0, 0, 0));
    DeployedBundle staged = staged("1.0.0");
    begin(plan(staged.id(), Mode.DRAIN));
    await("it drains", () -> now(staged.id()).steps().size() == 3);

    // when
    restart();

    // then
    assertThat(ends(staged.id(), State.FAILED).why()).contains("ended while it was rolling");
    assertThat(running()).isEmpty();
    await("its JAR is gone", () -> !hasJar(staged));
  }

  private static void uninstall(Bundle bundle) {
    try {
      bundle.uninstall();
    } catch (org.osgi.framework.BundleException e) {
      throw new AssertionError(e);
    }
  }
}
