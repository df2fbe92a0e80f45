package org.jackfield.tck;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What every driver keeps. Extend it, give it a {@link Testbed}, and run it as a JUnit test.
 *
 * <p>There is one test for each {@link Check}, under the rule of {@code org.jackfield.api.provider}
 * that it belongs to. A test that fails by {@link RuleBroken} has found a fault of the driver; any
 * other failure is one of the kit or of the testbed. The report is written to {@code
 * target/conformance}, or where the system property {@code jackfield.conformance} says, as Markdown
 * and as XML.
 */
public abstract class TelephonyDriverContract {

  private @Nullable Conformance conformance;

  /** A PBX for one check. */
  protected abstract Testbed testbed();

  /** The checks that apply to what the driver declares. */
  @TestFactory
  public Stream<DynamicContainer> conformance() {
    Conformance kit = new Conformance(this::testbed);
    conformance = kit;
    Map<Rule, List<DynamicTest>> rules = new LinkedHashMap<>();
    for (Check check : kit.checks()) {
      rules
          .computeIfAbsent(check.rule(), rule -> new ArrayList<>())
          .add(
              DynamicTest.dynamicTest(
                  kit.number(check) + " " + check.name(), () -> pass(kit.run(check))));
    }
    return rules.entrySet().stream()
        .map(
            rule ->
                DynamicContainer.dynamicContainer(
                    rule.getKey() + " " + rule.getKey().title(), rule.getValue()));
  }

  private static void pass(Result result) throws Throwable {
    switch (result.verdict()) {
      case PASSED, NOT_DECLARED -> {}
      case BROKEN -> throw result.fault().orElseThrow();
      case KIT_FAULT ->
          throw new IllegalStateException(
              "a fault of the kit or its testbed, not of the driver", result.fault().orElseThrow());
    }
  }

  /** Writes the report. */
  @AfterEach
  void report() throws IOException {
    if (conformance != null) {
      conformance
          .report()
          .write(
              Path.of(System.getProperty("jackfield.conformance", "target/conformance")),
              getClass().getName());
    }
  }
}
