package org.jackfield.deployer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
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
import org.jackfield.api.rollout.Drain;
import org.jackfield.api.rollout.RolloutPlan.OnDeadline;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** Drivers are taken out, in a framework; the calls that live on them are the test's own. */
class WithdrawalsTest {
  private static final String PACKAGE = "org.jackfield.deployer.odd";
  private static final Pipeline.Sender FOLDER = new Pipeline.Sender("deploy", "folder", "odd.jar");
  private static TestSigner signer;

  @TempDir private Path folder;

  private final Core core = new Core();
  private final List<DeployedBundle> told = new CopyOnWriteArrayList<>();
  private volatile Duration later = Duration.ofMinutes(1);
  private volatile Optional<DriverShares> shares = Optional.of(core);
  private Drain usual = Drain.WAIT;
  private TestFramework framework;
  private BundleContext context;
  private Pipeline pipeline;
  private Withdrawals withdrawals;
  private DropFolder drop;

  /** What the core says. */
  private static final class Core implements DriverShares {
    final List<String> asked = new CopyOnWriteArrayList<>();
    volatile Map<String, OptionalInt> left = Map.of("pbx", OptionalInt.of(2));

    @Override
    public CompletionStage<Void> drain(String bundle, String version, String why) {
      asked.add("drain " + version + ": " + why);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void drainNoMore(String bundle, String version) {
      asked.add("no more " + version);
    }

    @Override
    public CompletionStage<Map<String, OptionalInt>> left(String bundle, String version) {
      return CompletableFuture.completedStage(left);
    }

    @Override
    public void reserve(String bundle, String version, Set<String> providers) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void release(String bundle, String version) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<List<Candidate>> candidates(String bundle, String version) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Optional<String>> begin(String provider, String b, String version) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void share(String provider, int percent) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Optional<ShareProgress>> progress(String provider) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Optional<String>> finish(String provider, boolean release) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Void> takeBack(String provider, String why) {
      throw new UnsupportedOperationException();
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
    pipeline =
        new Pipeline(
            context,
            framework.gate,
            new Records(folder.resolve("deploy")),
            framework.new Present(() -> pipeline) {
              @Override
              public Optional<DriverShares> shares() {
                return shares;
              }
            },
            told::add,
            this::now,
            TestFramework.LONG);
    withdrawals = new Withdrawals(pipeline, this::now, () -> usual);
    Path dropped = folder.resolve("drop");
    Files.createDirectories(dropped);
    drop = new DropFolder(dropped, pipeline, withdrawals);
  }

  private Instant now() {
    return Clock.systemUTC().instant().plus(later);
  }

  @AfterEach
  void stop() throws Exception {
    pipeline.close();
    framework.close();
  }

  private byte[] driver(String version) throws IOException {
    return framework.driver(version, "");
  }

  private DeployedBundle deploy(byte[] jar) throws Exception {
    DeployedBundle one =
        pipeline.submit(FOLDER, jar, false).toCompletableFuture().get(60, TimeUnit.SECONDS);
    assertThat(one.state()).isEqualTo(State.ACTIVE);
    core.asked.clear();
    return one;
  }

  private DeployedBundle withdraw(DeployedBundle one, Drain how) throws Exception {
    return withdrawals
        .withdraw(one.id(), "It was taken out by admin.", how)
        .toCompletableFuture()
        .get(60, TimeUnit.SECONDS)
        .orElseThrow();
  }

  private List<String> running() {
    return Arrays.stream(context.getBundles())
        .filter(b -> PACKAGE.equals(b.getSymbolicName()))
        .filter(b -> b.getState() == Bundle.ACTIVE)
        .map(b -> b.getVersion().toString())
        .sorted()
        .toList();
  }

  private DeployedBundle now(DeployedBundle one) {
    return pipeline.records().find(one.id()).orElseThrow();
  }

  /** A fact is seen in the middle of a turn: what follows in that turn is waited for too. */
  private void await(String what, BooleanSupplier fact) throws Exception {
    long end = System.nanoTime() + TestFramework.LONG.toNanos();
    while (!fact.getAsBoolean() && System.nanoTime() < end) {
      withdrawals.look();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
    assertThat(fact.getAsBoolean()).as(what).isTrue();
    settle();
  }

  /** Until all that was begun before is done. */
  private void settle() throws Exception {
    withdrawals.look();
    pipeline.inTurn(() -> true).toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private void restart() throws Exception {
    stop();
    shares = Optional.empty();
    start();
    pipeline.restore(drop::gone, one -> false);
    settle();
  }

  @Test
  void aFileThatIsTakenOutDrainsUntilItsCallsHaveEnded() throws Exception {
    // given
    Path file = folder.resolve("drop/odd.jar");
    Files.write(file, driver("1.0.0"));
    drop.look();
    drop.look();
    await("it runs", () -> running().equals(List.of("1.0.0")));
    settle();
    DeployedBundle one = pipeline.records().newest().getFirst();
    core.asked.clear();

    // when
    Files.delete(file);
    drop.look();

    // then
    await("it drains", () -> now(one).state() == State.DRAINING);
    await("its calls are told", () -> !now(one).draining().orElseThrow().left().isEmpty());
    assertThat(now(one).draining().orElseThrow().left()).isEqualTo(Map.of("pbx", 2));
    assertThat(now(one).why())
        .isEqualTo("odd.jar was taken out of deploy/. Calls that live are waited for.");
    assertThat(core.asked)
        .containsExactly(
            "drain 1.0.0: driver 1.0.0 takes no new work: odd.jar was taken out of deploy/. Calls"
                + " that live are waited for");
    assertThat(running()).containsExactly("1.0.0");

    // when
    core.left = Map.of("pbx", OptionalInt.of(0));

    // then
    await("it is gone", () -> now(one).state() == State.REMOVED);
    assertThat(running()).isEmpty();
    assertThat(now(one).steps().getLast().name()).isEqualTo(State.DRAINING);
    assertThat(now(one).steps().getLast().done()).isTrue();
    assertThat(now(one).steps().getLast().text()).startsWith("Drained");
    assertThat(core.asked).endsWith("no more 1.0.0");
    assertThat(told).extracting(DeployedBundle::state).endsWith(State.DRAINING, State.REMOVED);
    assertThat(folder.resolve("deploy/" + one.sha256() + ".jar")).doesNotExist();
  }

  @Test
  void oneWhosePbxsGoOverToAnotherVersionIsGoneAtOnce() throws Exception {
    DeployedBundle one = deploy(driver("1.0.0"));
    core.left = Map.of();
    DeployedBundle gone = withdraw(one, Drain.WAIT);
    assertThat(gone.state()).isEqualTo(State.REMOVED);
    assertThat(gone.draining()).isEmpty();
    assertThat(gone.why()).isEqualTo("It was taken out by admin.");
    assertThat(running()).isEmpty();
  }

  @Test
  void aPbxThatHasNotToldItsCallsIsWaitedFor() throws Exception {
    DeployedBundle one = deploy(driver("1.0.0"));
    core.left = Map.of("pbx", OptionalInt.empty(), "other", OptionalInt.of(0));
    DeployedBundle drains = withdraw(one, Drain.WAIT);
    assertThat(drains.state()).isEqualTo(State.DRAINING);
    assertThat(drains.draining().orElseThrow().left()).isEqualTo(Map.of("other", 0));
  }

  @ParameterizedTest
  @EnumSource(OnDeadline.class)
  void atTheDeadlineItIsDoneWhatWasAskedFor(OnDeadline then) throws Exception {
    // given
    DeployedBundle one = deploy(driver("1.0.0"));
    DeployedBundle drains = withdraw(one, new Drain(Optional.of(Duration.ofMinutes(10)), then));
    assertThat(drains.state()).isEqualTo(State.DRAINING);

    // when
    later = later.plus(Duration.ofMinutes(9));
    settle();
    settle();

    // then
    assertThat(now(one).state()).isEqualTo(State.DRAINING);

    // when
    later = later.plus(Duration.ofMinutes(1));

    // then
    if (then == OnDeadline.WAIT) {
      settle();
      settle();
      assertThat(now(one).state()).isEqualTo(State.DRAINING);
    } else {
      await("it is gone", () -> now(one).state() == State.REMOVED);
      assertThat(drains.why()).contains("until").endsWith("then: " + then.text() + ".");
      assertThat(now(one).steps().getLast().done()).isFalse();
      assertThat(now(one).steps().getLast().text())
          .isEqualTo(
              "Not drained in time: " + then.text() + ". 2 calls stay where the PBX keeps them.");
      assertThat(running()).isEmpty();
    }
  }

  @Test
  void whoDrainsMayBeGivenAnotherDeadline() throws Exception {
    // given
    DeployedBundle one = deploy(driver("1.0.0"));
    DeployedBundle drains = withdraw(one, Drain.WAIT);

    // when
    DeployedBundle gone = withdraw(one, new Drain(Optional.of(Duration.ZERO), OnDeadline.RELEASE));

    // then
    assertThat(drains.state()).isEqualTo(State.DRAINING);
    assertThat(gone.state()).isEqualTo(State.REMOVED);
    assertThat(running()).isEmpty();
  }

  @Test
  void theSameBytesBroughtAgainStay() throws Exception {
    // given
    byte[] jar = driver("1.0.0");
    DeployedBundle one = deploy(jar);
    withdraw(one, Drain.WAIT);

    // when it comes from elsewhere
    DeployedBundle stays =
        pipeline
            .submit(new Pipeline.Sender("admin", "rest", ""), jar, false)
            .toCompletableFuture()
            .get(60, TimeUnit.SECONDS);

    // then the file's absence is no reason to take it out
    assertThat(stays.id()).isEqualTo(one.id());
    assertThat(stays.state()).isEqualTo(State.ACTIVE);
    assertThat(stays.draining()).isEmpty();
    assertThat(stays.file()).isEmpty();
    assertThat(stays.steps().getLast().text()).isEqualTo("It was brought again, and stays.");
    assertThat(core.asked).endsWith("no more 1.0.0");
    settle();
    settle();
    assertThat(running()).containsExactly("1.0.0");
    assertThat(new Records(folder.resolve("deploy")).newest()).containsExactly(stays);
  }

  @Test
  void afterARestartItDrainsOnWhenTheCoreKnowsIt() throws Exception {
    // given
    DeployedBundle one = deploy(driver("1.0.0"));
    withdraw(one, new Drain(Optional.of(Duration.ofMinutes(10)), OnDeadline.RELEASE));

    // when
    restart();

    // then it is not started before the core takes nothing new on for it
    settle();
    assertThat(now(one).state()).isEqualTo(State.DRAINING);
    assertThat(now(one).draining().orElseThrow().onDeadline()).isEqualTo(OnDeadline.RELEASE);
    assertThat(running()).isEmpty();

    // when
    core.asked.clear();
    withdrawals.reserve(core);
    shares = Optional.of(core);
    pipeline.restoreRest();
    settle();

    // then
    assertThat(core.asked).hasSize(1).first().asString().startsWith("drain 1.0.0");
    assertThat(running()).containsExactly("1.0.0");

    // when its deadline, which was said before the restart, has passed
    later = later.plus(Duration.ofMinutes(10));

    // then
    await("it is gone", () -> now(one).state() == State.REMOVED);
    assertThat(running()).isEmpty();
  }

  @Test
  void oneThatWasPutBackWhileTheServerWasDownStays() throws Exception {
    // given
    byte[] jar = driver("1.0.0");
    DeployedBundle one = deploy(jar);
    withdraw(one, Drain.WAIT);
    Files.write(folder.resolve("drop/odd.jar"), jar);

    // when
    restart();
    withdrawals.reserve(core);
    shares = Optional.of(core);
    pipeline.restoreRest();
    drop.look();
    drop.look();

    // then
    await("it stays", () -> now(one).state() == State.ACTIVE);
    assertThat(running()).containsExactly("1.0.0");
    assertThat(core.asked).endsWith("no more 1.0.0");
  }

  @Test
  void allVersionsOfAFileGoTogetherTheOldestFirst() throws Exception {
    deploy(driver("1.0.0"));
    deploy(driver("1.1.0"));
    withdrawals.withdrawFile("odd.jar");
    settle();
    assertThat(core.asked).hasSize(2);
    assertThat(core.asked.get(0)).startsWith("drain 1.0.0");
    assertThat(core.asked.get(1)).startsWith("drain 1.1.0");
    core.left = Map.of();
    await(
        "both are gone",
        () -> pipeline.records().newest().stream().allMatch(b -> b.state() == State.REMOVED));
    assertThat(running()).isEmpty();
  }

  @Test
  void whereThereIsNoCoreNothingIsWaitedFor() throws Exception {
    DeployedBundle one = deploy(driver("1.0.0"));
    shares = Optional.empty();
    assertThat(withdraw(one, Drain.WAIT).state()).isEqualTo(State.REMOVED);
    assertThat(running()).isEmpty();
  }

  @Test
  void whatDrainsIsWhatLaterVersionsAreComparedWith() throws Exception {
    DeployedBundle one = deploy(driver("2.0.0"));
    withdraw(one, Drain.WAIT);
    DeployedBundle older =
        pipeline
            .submit(FOLDER, driver("1.0.0"), false)
            .toCompletableFuture()
            .get(60, TimeUnit.SECONDS);
    assertThat(older.state()).isEqualTo(State.REFUSED);
    assertThat(withdrawals.withdraw("nope", "").toCompletableFuture().get(60, TimeUnit.SECONDS))
        .isEmpty();
  }
}
