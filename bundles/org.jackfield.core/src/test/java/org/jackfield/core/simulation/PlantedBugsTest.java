package org.jackfield.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.jackfield.core.Effort;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whether the simulator would notice: bugs are put in on purpose, one at a time. */
class PlantedBugsTest {
  private static final int BUDGET = Effort.of(100_000, 100_000, 1_000_000);

  private static CoreLog log;

  @BeforeAll
  static void listen() {
    log = CoreLog.listen();
  }

  @AfterAll
  static void leave() {
    log.close();
  }

  @ParameterizedTest
  @EnumSource(PlantedBug.class)
  void aPlantedBugIsFound(PlantedBug bug) {
    // given
    Simulation simulation = new Simulation(() -> bug);

    // when
    Simulation.Failure failure = null;
    while (failure == null && simulation.runs() < BUDGET) {
      failure = simulation.play(simulation.runs() + 1L);
    }

    // then
    assertThat(failure).as("%s is not found in %d runs", bug, BUDGET).isNotNull();
    Script shortest = new Shrinker(() -> bug).shrink(failure.script());
    System.out.printf(
        "%s: found in run %d, \"%s\", by %d steps of %d%n",
        bug,
        simulation.runs(),
        failure.verdict().invariant(),
        shortest.steps().size(),
        failure.script().steps().size());
    assertThat(new Run(shortest, bug, false, Probe.cells()).play().invariant())
        .isEqualTo(failure.verdict().invariant());
  }
}
