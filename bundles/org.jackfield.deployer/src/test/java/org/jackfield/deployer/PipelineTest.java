package org.jackfield.deployer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jackfield.api.provider.DriverMove;
import org.jackfield.api.rollout.BundleCheck;
import org.jackfield.api.rollout.BundleProblem;
import org.jackfield.api.rollout.DeployedBundle;
import org.jackfield.api.rollout.DeployedBundle.State;
import org.jackfield.api.rollout.Drain;
import org.jackfield.deployer.verify.Trust;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;

/** From the bytes to the running bundle, in a framework whose gate is shut. */
class PipelineTest {
  private static final String PACKAGE = "org.jackfield.deployer.odd";
  private static final Pipeline.Sender TESTER = new Pipeline.Sender("tester", "shell", "");
  private static final Duration LONG = Duration.ofSeconds(60);
  private static TestSigner signer;

  @TempDir private Path folder;

  private final List<DeployedBundle> told = Collections.synchronizedList(new ArrayList<>());
  private CompletionStage<List<DriverMove>> moves = CompletableFuture.completedStage(List.of());
  private TestFramework framework;
  private BundleContext context;
  private Pipeline pipeline;
  private Withdrawals withdrawals;

  @BeforeAll
  static void key() throws Exception {
    signer = TestSigner.ec("Acme");
  }

  @BeforeEach
  void start() throws Exception {
    start(LONG);
  }

  private void start(Duration startWithin) throws Exception {
    Trust trusted = framework == null ? null : framework.trust;
    framework = new TestFramework(folder, signer);
    framework.trust = trusted == null ? framework.trust : trusted;
    context = framework.context;
    context.addBundleListener(framework.gate);
    context.registerService(ResolverHookFactory.class, framework.gate, null);
    pipeline =
        new Pipeline(
            context,
            framework.gate,
            new Records(folder.resolve("deploy")),
            framework.new Present(() -> pipeline) {
              @Override
              public CompletionStage<List<DriverMove>> moves(Bundle bundle) {
                return moves;
              }
            },
            told::add,
            Clock.offset(Clock.systemUTC(), Duration.ofMinutes(1)),
            startWithin);
    withdrawals = new Withdrawals(pipeline, Clock.systemUTC(), () -> Drain.WAIT);
  }

  @AfterEach
  void stop() throws Exception {
    pipeline.close();
    framework.close();
  }

  private byte[] driver(String version, String habit) throws IOException {
    return framework.driver(version, habit);
  }

  private void isThrownOut(String habit, String why) throws Exception {
    DeployedBundle first = deploy(driver("1.0.0", ""));

    DeployedBundle second = deploy(driver("1.1.0", habit));

    assertThat(second.state()).isEqualTo(State.FAILED);
    assertThat(second.why()).isEqualTo(why);
    assertThat(second.steps().getLast().name()).isEqualTo(State.STARTING);
    assertThat(first.state()).isEqualTo(State.ACTIVE);
    assertThat(running()).containsExactly("1.0.0");
  }

  @Test
  void oneThatRegistersNoDriverIsThrownOut() throws Exception {
    isThrownOut("registersNothing", "It runs, but registers no driver acme.");
  }

  @Test
  void oneWhoseDriverCannotBeMadeIsThrownOut() throws Exception {
    isThrownOut("cannotBeMade", "Its driver acme breaks when it is made; the log says why.");
  }

  @Test
  void oneWhoseServiceIsNotWhatItsManifestDeclaresIsThrownOut() throws Exception {
    isThrownOut(
        "declaresLess",
        "Its manifest declares the operations [blindTransfer, hold] of acme, its service [hold].");
  }

  private DeployedBundle deploy(byte[] jar) throws Exception {
    return pipeline.submit(TESTER, jar, false).toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private List<String> running() {
    return Arrays.stream(context.getBundles())
        .filter(b -> PACKAGE.equals(b.getSymbolicName()))
        .filter(b -> b.getState() == Bundle.ACTIVE)
        .map(b -> b.getVersion().toString())
        .sorted()
        .toList();
  }

  private static void await(String what, BooleanSupplier fact) {
    long end = System.nanoTime() + LONG.toNanos();
    while (!fact.getAsBoolean() && System.nanoTime() < end) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
    assertThat(fact.getAsBoolean()).as(what).isTrue();
  }

  @Test
  void aSignedDriverRunsBesideTheOneBefore() throws Exception {
    // when
    DeployedBundle first = deploy(driver("1.0.0", ""));
    DeployedBundle second = deploy(driver("1.1.0", ""));

    // then
    assertThat(first.why()).isEmpty();
    assertThat(first.state()).isEqualTo(State.ACTIVE);
    assertThat(second.state()).isEqualTo(State.ACTIVE);
    assertThat(running()).containsExactly("1.0.0", "1.1.0");
    assertThat(second.steps())
        .extracting(DeployedBundle.Step::name)
        .containsExactly(State.VERIFYING, State.INSTALLING, State.STARTING, State.MOVING);
    assertThat(second.steps()).allMatch(DeployedBundle.Step::done);
    assertThat(told)
        .extracting(DeployedBundle::version, DeployedBundle::state)
        .endsWith(
            tuple("", State.VERIFYING),
            tuple("1.1.0", State.INSTALLING),
            tuple("1.1.0", State.STARTING),
            tuple("1.1.0", State.MOVING),
            tuple("1.1.0", State.ACTIVE));
    assertThat(told).endsWith(second).contains(first);
    assertThat(new Records(folder.resolve("deploy")).newest()).containsExactly(second, first);
  }

  @Test
  void theSameBytesAgainAreWhatTheyWere() throws Exception {
    // given
    byte[] jar = driver("1.0.0", "");
    DeployedBundle first = deploy(jar);

    // then
    assertThat(deploy(jar)).isEqualTo(first);
    assertThat(running()).hasSize(1);
  }

  @Test
  void aRefusedOneIsNeverInstalled() throws Exception {
    // given
    int before = context.getBundles().length;
    byte[] jar = TestJar.with(driver("1.0.0", ""), "more", "x");

    // when
    DeployedBundle refused = deploy(jar);

    // then
    assertThat(refused.state()).isEqualTo(State.REFUSED);
    assertThat(refused.checks().stream().flatMap(c -> c.problem().stream()))
        .containsExactly(BundleProblem.EXTRA_ENTRY);
    assertThat(refused.why()).contains("more");
    assertThat(context.getBundles()).hasSize(before);
    assertThat(new Records(folder.resolve("deploy")).newest()).containsExactly(refused);
    assertThat(Files.list(folder.resolve("deploy")).filter(f -> f.toString().endsWith(".jar")))
        .isEmpty();
  }

  @Test
  void whatIsInstalledAreTheBytesThatWereVerified() throws Exception {
    // given
    byte[] jar = driver("1.0.0", "");
    String sha256 = Trust.sha256(jar);

    // when its sender changes them as soon as they are sent
    var answer = pipeline.submit(TESTER, jar, false);
    Arrays.fill(jar, (byte) 0);
    DeployedBundle deployed = answer.toCompletableFuture().get(60, TimeUnit.SECONDS);

    // then
    assertThat(deployed.state()).isEqualTo(State.ACTIVE);
    assertThat(deployed.sha256()).isEqualTo(sha256);
    assertThat(Trust.sha256(pipeline.records().readJar(sha256))).isEqualTo(sha256);
  }

  @Test
  void anOlderOneIsRefusedAlsoWhenTheNewerWentUntilItIsAskedFor() throws Exception {
    // given
    DeployedBundle newer = deploy(driver("2.0.0", ""));
    withdrawals
        .withdraw(newer.id(), "for the test")
        .toCompletableFuture()
        .get(60, TimeUnit.SECONDS);
    byte[] older = driver("1.0.0", "");

    // when
    DeployedBundle refused = deploy(older);
    DeployedBundle wanted =
        pipeline.submit(TESTER, older, true).toCompletableFuture().get(60, TimeUnit.SECONDS);

    // then
    assertThat(refused.checks().stream().flatMap(c -> c.problem().stream()))
        .containsExactly(BundleProblem.DOWNGRADED);
    assertThat(wanted.state()).isEqualTo(State.ACTIVE);
    assertThat(wanted.checks()).anyMatch(c -> c.state() == BundleCheck.State.WARNED);
    assertThat(running()).containsExactly("1.0.0");
  }

  @Test
  void oneThatBreaksAtItsStartIsGoneAndTheOneBeforeGoesOn() throws Exception {
    // given
    deploy(driver("1.0.0", ""));

    // when
    DeployedBundle broken = deploy(driver("1.1.0", "throws"));

    // then
    assertThat(broken.state()).isEqualTo(State.FAILED);
    assertThat(broken.why()).contains("odd by habit");
    assertThat(running()).containsExactly("1.0.0");
    assertThat(context.getBundles()).filteredOn(b -> b.getVersion().getMinor() == 1).isEmpty();
  }

  @Test
  void itRunsWhenEachOpenPbxHasMovedToIt() throws Exception {
    // given
    moves =
        CompletableFuture.completedStage(
            List.of(
                new DriverMove("one", true, "", Duration.ofMillis(120)),
                new DriverMove("two", true, "", Duration.ofMillis(80))));

    // when
    DeployedBundle moved = deploy(driver("1.1.0", ""));

    // then
    assertThat(moved.state()).isEqualTo(State.ACTIVE);
    assertThat(moved.steps().getLast().text()).isEqualTo("Moved: one in 120 ms, two in 80 ms.");
  }

  @Test
  void oneThatAPbxDoesNotTakeIsGoneAndTheRecordSaysWhy() throws Exception {
    // given
    deploy(driver("1.0.0", ""));
    moves =
        CompletableFuture.completedStage(
            List.of(
                new DriverMove("one", true, "", Duration.ofMillis(120)),
                new DriverMove("two", false, "odd 1.1.0 is not used: no link", Duration.ZERO)));

    // when
    DeployedBundle refused = deploy(driver("1.1.0", ""));

    // then
    assertThat(refused.state()).isEqualTo(State.FAILED);
    assertThat(refused.why()).contains("The version before goes on").contains("two: odd 1.1.0");
    assertThat(refused.steps()).extracting(DeployedBundle.Step::done).endsWith(true, false);
    assertThat(running()).containsExactly("1.0.0");
    assertThat(new Records(folder.resolve("deploy")).newest().getFirst()).isEqualTo(refused);
  }

  @Test
  void oneThatHangsAtItsStartIsGivenUpAndTheNextComesIn() throws Exception {
    // given
    stop();
    start(Duration.ofSeconds(2));

    // when
    DeployedBundle hanging = deploy(driver("1.0.0", "hangs"));

    // then
    assertThat(hanging.state()).isEqualTo(State.FAILED);
    assertThat(hanging.why()).contains("2000 ms");
    await("it is gone", () -> running().isEmpty());
  }

  @Test
  void afterARestartWhatWasLetInRunsAgain() throws Exception {
    // given
    DeployedBundle one = deploy(driver("1.0.0", ""));

    // when
    restart();

    // then
    await("it runs again", () -> running().equals(List.of("1.0.0")));
    assertThat(pipeline.records().find(one.id())).contains(one);
  }

  private void restart() throws Exception {
    stop();
    start(LONG);
    pipeline.restore(file -> false, one -> false);
  }

  @Test
  void afterARestartWhatWasRevokedOrAlteredDoesNotRun() throws Exception {
    // given
    DeployedBundle altered = deploy(driver("1.0.0", ""));
    DeployedBundle revoked = deploy(driver("1.1.0", ""));
    Files.write(folder.resolve("deploy/" + altered.sha256() + ".jar"), driver("1.0.0", "other"));
    framework.trust = new Trust(framework.trust.signers(), Set.of(revoked.sha256()));

    // when
    restart();

    // then
    await("both are told", () -> states().equals(List.of(State.FAILED, State.FAILED)));
    assertThat(pipeline.records().find(altered.id()).orElseThrow().why()).contains("altered");
    assertThat(pipeline.records().find(revoked.id()).orElseThrow().why()).contains("revoked");
    assertThat(running()).isEmpty();
  }

  private List<State> states() {
    return pipeline.records().newest().stream().map(DeployedBundle::state).toList();
  }

  @Test
  void whatWasUnderWayWhenTheServerWasKilledHasFailedAndSaysWhere() throws Exception {
    for (State at : List.of(State.VERIFYING, State.INSTALLING, State.STARTING, State.MOVING)) {
      // given
      DeployedBundle one = deploy(driver("1." + at.ordinal() + ".0", ""));
      pipeline
          .records()
          .write(
              new DeployedBundle(
                  one.id(),
                  one.symbolicName(),
                  one.version(),
                  one.sha256(),
                  one.signer(),
                  one.by(),
                  one.via(),
                  one.file(),
                  one.receivedAt(),
                  at,
                  "",
                  one.checks(),
                  List.of()));

      // when
      restart();

      // then
      await("it has failed", () -> states().stream().allMatch(s -> s == State.FAILED));
      assertThat(pipeline.records().find(one.id()).orElseThrow().why()).contains(at.text());
      assertThat(running()).isEmpty();
    }
  }

  @Test
  void aHalfCopiedFileIsNotReadAndOneThatIsTakenOutGoes() throws Exception {
    // given
    Path deploy = Files.createDirectory(folder.resolve("drop"));
    DropFolder drop = new DropFolder(deploy, pipeline, withdrawals);
    byte[] jar = driver("1.0.0", "");
    Path file = deploy.resolve("odd.jar");

    // when
    Files.write(file, Arrays.copyOf(jar, jar.length / 2));
    for (int i = 0; i < 5; i++) {
      drop.look();
    }

    // then
    assertThat(pipeline.records().newest()).isEmpty();

    // when it is whole
    Files.write(file, jar);
    drop.look();
    drop.look();

    // then
    await("it runs", () -> states().equals(List.of(State.ACTIVE)));
    DeployedBundle one = pipeline.records().newest().getFirst();
    assertThat(one.file()).isEqualTo("odd.jar");
    assertThat(one.via()).isEqualTo("folder");

    // when
    drop.look();
    Files.delete(file);
    drop.look();

    // then
    await("it is gone", () -> states().equals(List.of(State.REMOVED)));
    assertThat(running()).isEmpty();
    assertThat(pipeline.records().find(one.id()).orElseThrow().why()).contains("odd.jar");
  }

  @Test
  void oneOfTheFolderThatHasFailedIsTriedAgainOnlyWhenAPersonAsks() throws Exception {
    // given
    Pipeline.Sender sender = new Pipeline.Sender("deploy", "folder", "odd.jar");
    byte[] jar = driver("1.0.0", "throws");
    DeployedBundle failed =
        pipeline.submit(sender, jar, false).toCompletableFuture().get(60, TimeUnit.SECONDS);

    // when
    DeployedBundle met =
        pipeline.submit(sender, jar, false).toCompletableFuture().get(60, TimeUnit.SECONDS);
    DeployedBundle asked = deploy(jar);

    // then
    assertThat(failed.state()).isEqualTo(State.FAILED);
    assertThat(met).isEqualTo(failed);
    assertThat(asked.id()).isNotEqualTo(failed.id());
    assertThat(asked.state()).isEqualTo(State.FAILED);
  }

  @Test
  void anEarlierVersionOfAFileGoesWithTheFile() throws Exception {
    // given
    Path deploy = Files.createDirectory(folder.resolve("drop"));
    DropFolder drop = new DropFolder(deploy, pipeline, withdrawals);
    Path file = deploy.resolve("odd.jar");
    Files.write(file, driver("1.0.0", ""));
    drop.look();
    drop.look();
    await("the first runs", () -> running().equals(List.of("1.0.0")));

    // when it is written over
    Files.write(file, driver("1.1.0", "longer, so that its size differs"));
    drop.look();
    drop.look();

    // then
    await("both run", () -> running().equals(List.of("1.0.0", "1.1.0")));

    // when
    Files.delete(file);
    drop.look();

    // then
    await("both are told", () -> states().equals(List.of(State.REMOVED, State.REMOVED)));
    assertThat(running()).isEmpty();
  }

  @Test
  void aFileThatWasTakenOutWhileTheServerWasDownDoesNotRun() throws Exception {
    // given
    DeployedBundle one =
        pipeline
            .submit(new Pipeline.Sender("deploy", "folder", "odd.jar"), driver("1.0.0", ""), false)
            .toCompletableFuture()
            .get(60, TimeUnit.SECONDS);
    assertThat(one.state()).isEqualTo(State.ACTIVE);

    // when
    stop();
    start(LONG);
    pipeline.restore("odd.jar"::equals, b -> false);

    // then
    await("it is told", () -> states().equals(List.of(State.REMOVED)));
    assertThat(running()).isEmpty();
  }
}
