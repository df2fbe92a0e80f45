package org.jackfield.provider.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jackfield.api.session.Address;
import org.jackfield.tck.Check;
import org.jackfield.tck.Conformance;
import org.jackfield.tck.Report;
import org.jackfield.tck.Result.Verdict;
import org.jackfield.tck.Rule;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The kit is worth something only if it finds what is wrong: drivers that each break one rule on
 * purpose are put through all of it, and each is failed by that rule and by no other.
 */
class BrokenDriversTest {

  /** Mostly they wait for one another's people. */
  private static final int AT_ONCE = 12;

  /** How long what a driver leaves on purpose is waited for; nobody else is at work by then. */
  private static final Duration IN_VAIN = Duration.ofSeconds(5);

  private static final Map<BrokenDrivers, Report> REPORTS = new LinkedHashMap<>();

  @TempDir static Path folder;

  private static volatile boolean alone;

  @BeforeAll
  static void putThemThroughTheKit() {
    Map<BrokenDrivers, Conformance> kits = new LinkedHashMap<>();
    List<CompletableFuture<?>> running = new ArrayList<>();
    try (ExecutorService people = Executors.newFixedThreadPool(AT_ONCE)) {
      for (BrokenDrivers broken : BrokenDrivers.values()) {
        running.add(
            CompletableFuture.supplyAsync(() -> new Conformance(() -> bed(broken)), people)
                .thenAccept(
                    kit -> {
                      synchronized (kits) {
                        kits.put(broken, kit);
                      }
                    }));
      }
      CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)).join();
      running.clear();
      for (Conformance kit : kits.values()) {
        kit.checks().stream()
            .filter(check -> !check.alone())
            .forEach(
                check -> running.add(CompletableFuture.runAsync(() -> kit.run(check), people)));
      }
      CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)).join();
    }
    alone = true;
    kits.forEach(
        (broken, kit) -> {
          kit.checks().stream().filter(Check::alone).forEach(kit::run);
          REPORTS.put(broken, kit.report());
        });
  }

  @AfterAll
  static void letGo() {
    BrokenDrivers.letGo();
  }

  private static SimulatedTestbed bed(BrokenDrivers broken) {
    try {
      return new SimulatedTestbed("full", Files.createTempDirectory(folder, "pbx"), broken.make()) {
        @Override
        public Duration patience() {
          return alone && broken.leavesSomething() ? IN_VAIN : broken.patience();
        }
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @TestFactory
  Stream<DynamicTest> eachIsFailedByItsRuleAndByNoOther() {
    return REPORTS.entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey().text(),
                    () ->
                        assertThat(entry.getValue().broken())
                            .as(entry.getValue().markdown())
                            .isEqualTo(entry.getKey().breaks())));
  }

  @Test
  void thereIsOneForEachRule() {
    Set<Rule> broken = EnumSet.noneOf(Rule.class);
    for (BrokenDrivers driver : BrokenDrivers.values()) {
      broken.addAll(driver.breaks());
    }

    assertThat(broken).containsExactly(Rule.values());
  }

  @Test
  void aFaultOfTheTestbedIsNotTheDrivers() {
    Conformance kit =
        new Conformance(
            () ->
                new SimulatedTestbed("full", folder, bed -> new SimulatedDriver()) {
                  @Override
                  public void answer(Address phone) {
                    throw new IllegalStateException("the phone's battery is empty");
                  }
                });
    kit.checks().stream()
        .filter(check -> check.name().equals("make call: it rings, is answered, and is told so"))
        .forEach(kit::run);

    Report report = kit.report();
    assertThat(report.broken()).isEmpty();
    assertThat(report.passed()).isFalse();
    assertThat(report.of(Verdict.KIT_FAULT))
        .singleElement()
        .satisfies(result -> assertThat(result.words()).contains("battery"));
    assertThat(report.markdown()).contains("kit fault: ").contains("battery");
    assertThat(report.xml()).contains("errors=\"1\"").contains("<error type=\"R8\"");
  }

  @Test
  void aReportTellsPeopleAndProgramsWhatWasFound() {
    Report report = REPORTS.get(BrokenDrivers.A_PARTY_THAT_LEFT_IS_TOLD_TWICE);

    assertThat(report.passed()).isFalse();
    assertThat(report.markdown())
        .startsWith("# org.jackfield.provider.simulated.Broken")
        .contains("does not conform")
        .containsPattern(
            "\\| R5\\.1 \\| required \\| the facts of a call are in order \\| broken: ")
        .contains("| not declared |");
    assertThat(report.xml())
        .contains("<testcase classname=\"R5.1\"")
        .contains("<failure type=\"R5\" message=\"R5, facts are whole and in order: ")
        .contains("<skipped/>");
  }
}
