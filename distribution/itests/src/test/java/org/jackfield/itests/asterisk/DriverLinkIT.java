package org.jackfield.itests.asterisk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jackfield.api.provider.ProbeReport;
import org.jackfield.api.provider.ProviderConfig;
import org.jackfield.provider.asterisk.AsteriskDriver;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The link to the PBX: what stands before it, what happens without it, and what is true after it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DriverLinkIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  private AsteriskLab lab;
  private Relay ari;
  private Relay ami;
  private Phone alice;
  private Phone bob;
  private Phone carol;

  @BeforeAll
  void upTheLab(@TempDir Path dir) {
    lab = AsteriskLab.start(dir);
    ari = Relay.to(lab.http());
    ami = Relay.to(lab.ami());
    alice = lab.phone(Voice.ALICE);
    bob = lab.phone(Voice.BOB);
    carol = lab.phone(Voice.CAROL);
  }

  @AfterAll
  void downTheLab() {
    ari.close();
    ami.close();
    lab.close();
  }

  @AfterEach
  void clear() {
    ari.mend();
    ami.mend();
    lab.clear();
  }

  private DriverMover driver() {
    var config = new HashMap<>(TransferScenarios.config(lab));
    config.put("ari.url", "http://127.0.0.1:" + ari.port() + "/ari");
    config.put("ami.port", "" + ami.port());
    return new DriverMover(new AsteriskDriver(), config);
  }

  /**
   * The parties of every call, as the driver tells them and as the PBX shows its phones' channels.
   */
  private void pictureIsThePbx(DriverMover driver) {
    driver.await(
        "the driver's picture is the PBX's",
        () ->
            driver.recorder().calls().values().stream()
                .flatMap(call -> call.keySet().stream())
                .collect(Collectors.toSet())
                .equals(
                    lab.channels().stream()
                        .filter(c -> !c.isLocal())
                        .map(AsteriskLab.Channel::id)
                        .collect(Collectors.toSet())));
  }

  @Test
  void a_call_that_was_there_before_us_is_known_and_can_be_moved() {
    alice.dial(Voice.BOB.address());
    Tones.await(Map.of(alice, Set.of(Voice.BOB)));

    try (var driver = driver()) {
      var call = driver.talking(Voice.ALICE, Voice.BOB);
      var move = driver.blind(call, Voice.ALICE, Voice.CAROL.address(), TransferScenarios.LONG);

      assertThat(driver.outcome(move)).isEqualTo("completed");
      Tones.await(Map.of(bob, Set.of(Voice.CAROL), carol, Set.of(Voice.BOB)));
    }
  }

  @Test
  void a_call_keeps_its_name_when_we_come_again() {
    alice.dial(Voice.BOB.address());
    String call;
    try (var driver = driver()) {
      call = driver.talking(Voice.ALICE, Voice.BOB);
      assertThat(
              driver.outcome(
                  driver.blind(call, Voice.ALICE, Voice.CAROL.address(), TransferScenarios.LONG)))
          .isEqualTo("completed");
    }

    try (var driver = driver()) {
      assertThat(driver.talking(Voice.BOB, Voice.CAROL)).isEqualTo(call);
    }
  }

  @Test
  void a_driver_that_closes_during_a_consultation_leaves_the_call_as_it_was() {
    alice.dial(Voice.BOB.address());
    var driver = driver();
    var call = driver.talking(Voice.ALICE, Voice.BOB);
    var move = driver.consult(call, Voice.BOB, "121", TransferScenarios.LONG);
    driver.awaitRinging(move);

    driver.close();

    areAsBefore();
  }

  /** Also between two of its steps, with commands on their way that the PBX has not answered. */
  @ParameterizedTest(name = "after {0} facts")
  @ValueSource(ints = {0, 1, 2, 3})
  void a_driver_that_closes_at_any_moment_leaves_nothing_behind(int facts) {
    alice.dial(Voice.BOB.address());
    var driver = driver();
    var call = driver.talking(Voice.ALICE, Voice.BOB);
    int before = driver.recorder().events().size();
    driver.blind(call, Voice.BOB, "121", TransferScenarios.LONG);
    driver.await(
        facts + " facts are told", () -> driver.recorder().events().size() >= before + facts);

    driver.close();

    areAsBefore();
  }

  private void areAsBefore() {
    Tones.await(Map.of(alice, Set.of(Voice.BOB), bob, Set.of(Voice.ALICE)));
    Wait.until(
        "nothing of ours is left",
        SOON,
        () -> lab.channels().size() == 2 && noBridgeOfOursIsLeft(),
        () -> lab.channels() + " " + lab.bridges());
    alice.hangUp();
    lab.awaitNothingLeft();
  }

  private boolean noBridgeOfOursIsLeft() {
    return lab.bridges().stream().noneMatch(b -> b.startsWith("jackfield"));
  }

  /** One instance goes without a word while it keeps a call; the next one finds its bridges. */
  @Test
  void what_an_instance_left_behind_is_swept_by_the_next_one() {
    alice.dial(Voice.BOB.address());
    var dead = driver();
    dead.hold(dead.talking(Voice.ALICE, Voice.BOB), Voice.BOB);
    ari.cut();
    ami.cut();
    dead.await("the driver says that the link is lost", () -> !dead.linked());
    dead.close();
    alice.hangUp();
    bob.hangUp();
    lab.clear();
    assertThat(noBridgeOfOursIsLeft()).as("%s", lab.bridges()).isFalse();
    ari.mend();
    ami.mend();

    try (var next = driver()) {
      Wait.until(
          "nothing of ours is left",
          SOON,
          this::noBridgeOfOursIsLeft,
          () -> lab.bridges() + "\n" + next.recorder().log());
    }
  }

  /** What could not be asked without a link is asked when it is back. */
  @Test
  void a_call_that_ends_while_the_link_is_cut_leaves_no_bridge() {
    alice.dial(Voice.BOB.address());
    try (var driver = driver()) {
      driver.hold(driver.talking(Voice.ALICE, Voice.BOB), Voice.BOB);
      ari.cut();
      ami.cut();
      driver.await("the driver says that the link is lost", () -> !driver.linked());
      alice.hangUp();
      bob.hangUp();
      lab.clear();
      ari.mend();
      ami.mend();

      driver.await("the driver is connected again", driver::linked);
      driver.await("no call is left", () -> driver.calls() == 0);
      Wait.until("no bridge is left", SOON, this::noBridgeOfOursIsLeft, () -> "" + lab.bridges());
    }
  }

  @Test
  void calls_change_while_the_link_is_cut() {
    alice.dial(Voice.BOB.address());
    try (var driver = driver()) {
      driver.talking(Voice.ALICE, Voice.BOB);

      ari.cut();
      ami.cut();
      driver.await("the driver says that the link is lost", () -> !driver.linked());
      alice.hangUp();
      lab.awaitNothingLeft();
      carol.dial(Voice.BOB.address());
      Tones.await(Map.of(carol, Set.of(Voice.BOB)));
      ari.mend();
      ami.mend();

      driver.await("the driver is connected again", driver::linked);
      driver.await("the old call is gone", () -> driver.calls() == 1);
      driver.talking(Voice.BOB, Voice.CAROL);
      pictureIsThePbx(driver);
    }
  }

  @Test
  void a_transfer_goes_on_after_a_cut() {
    try (var slow = lab.phone(Voice.DAVE, false);
        var driver = driver()) {
      alice.dial(Voice.BOB.address());
      var call = driver.talking(Voice.ALICE, Voice.BOB);
      var move = driver.blind(call, Voice.BOB, Voice.DAVE.address(), TransferScenarios.LONG);
      driver.awaitRinging(move);

      ari.cut();
      ami.cut();
      driver.await("the driver says that the link is lost", () -> !driver.linked());
      slow.answer();
      Wait.until(
          "dave has answered",
          SOON,
          () -> lab.channelsOf(Voice.DAVE).stream().anyMatch(c -> c.state().equals("Up")));
      ari.mend();
      ami.mend();

      assertThat(driver.outcome(move)).isEqualTo("completed");
      Tones.await(Map.of(alice, Set.of(Voice.DAVE), slow, Set.of(Voice.ALICE)));
      alice.hangUp();
      lab.awaitNothingLeft();
    }
  }

  @Test
  void asterisk_is_killed_and_started_again() {
    alice.dial(Voice.BOB.address());
    try (var driver = driver()) {
      var call = driver.talking(Voice.ALICE, Voice.BOB);
      var move = driver.consult(call, Voice.BOB, "121", TransferScenarios.LONG);
      driver.awaitRinging(move);

      lab.kill();
      driver.await("the driver says that the link is lost", () -> !driver.linked());
      lab.startAgain();

      driver.await("the driver is connected again", driver::linked);
      driver.await("no call is left", () -> driver.calls() == 0);
      alice.hangUp();
      bob.hangUp();
      carol.dial(Voice.BOB.address());
      driver.talking(Voice.BOB, Voice.CAROL);
      pictureIsThePbx(driver);
    }
  }

  @Test
  void the_probe_finds_nothing_missing_and_changes_nothing() {
    var before = lab.channels();

    var report =
        new AsteriskDriver().probe(new ProviderConfig("lab", TransferScenarios.config(lab)));

    assertThat(report.findings())
        .allMatch(f -> f.level() == ProbeReport.Level.OK, "nothing is missing");
    assertThat(report.usable()).isTrue();
    assertThat(lab.channels()).isEqualTo(before);
  }

  @Test
  void the_probe_names_what_is_missing() {
    var config = new HashMap<>(TransferScenarios.config(lab));
    config.put("ami.user", "reader");
    config.put("ami.secret", "reader-secret");
    config.put("context", "nowhere");
    config.put("pullin.context", "internal");
    config.put("ari.secret", "wrong");

    var report = new AsteriskDriver().probe(new ProviderConfig("lab", config));

    assertThat(report.usable()).isFalse();
    assertThat(report.findings())
        .filteredOn(f -> f.level() == ProbeReport.Level.FAIL)
        .extracting(ProbeReport.Finding::subject)
        .contains(
            "ARI user",
            "AMI right call",
            "AMI right originate",
            "context nowhere",
            "context internal");
  }
}
