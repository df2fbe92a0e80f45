package org.jackfield.tck;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.tck.Result.Verdict;

/**
 * The kit, for one driver on one PBX: its checks, numbered, and what they have found. May be used
 * by several threads, but for the checks that want to be {@link Check#alone}.
 */
public final class Conformance {

  private final Supplier<Testbed> testbeds;
  private final Map<Check, String> numbers = new LinkedHashMap<>();
  private final Map<Check, Result> results = Collections.synchronizedMap(new HashMap<>());
  private final String driver;
  private final Capabilities declared;
  private final boolean opened;

  /** Opens the PBX once, to hear what it may do. */
  public Conformance(Supplier<Testbed> testbeds) {
    this.testbeds = testbeds;
    number();
    Optional<Capabilities> heard;
    try (Testbed bed = testbeds.get()) {
      driver = bed.driver().getClass().getName();
      heard = hear(bed);
    }
    opened = heard.isPresent();
    declared = heard.orElse(Capabilities.NONE);
  }

  private static Optional<Capabilities> hear(Testbed bed) {
    try (Opened pbx = new Opened(bed)) {
      return Optional.of(pbx.capabilities());
    } catch (RuleBroken notEvenOpened) { // its first rule's checks say so again
      return Optional.empty();
    }
  }

  private void number() {
    List<Check> all = new ArrayList<>(LifeChecks.all());
    all.addAll(CallScenarios.all());
    all.addAll(BlindScenarios.all());
    all.addAll(ConsultationScenarios.all());
    all.addAll(RefusalChecks.all());
    Map<Rule, Integer> last = new EnumMap<>(Rule.class);
    all.stream()
        .sorted(Comparator.comparing(Check::rule))
        .forEach(
            check ->
                numbers.put(check, check.rule() + "." + last.merge(check.rule(), 1, Integer::sum)));
  }

  /** The checks that apply to the driver, in their order; the first rule's if it does not open. */
  public List<Check> checks() {
    return numbers.keySet().stream()
        .filter(check -> opened ? check.applies(declared) : check.rule() == Rule.R1)
        .toList();
  }

  /** Its number, also among the checks of other drivers: {@code R9.2}. */
  public String number(Check check) {
    return Objects.requireNonNull(numbers.get(check));
  }

  /** Does one check. */
  public Result run(Check check) {
    long begin = System.nanoTime();
    Verdict verdict = Verdict.PASSED;
    Optional<Throwable> fault = Optional.empty();
    Rule rule = check.rule();
    try {
      check.run(testbeds);
    } catch (RuleBroken broken) {
      verdict = Verdict.BROKEN;
      rule = broken.rule();
      fault = Optional.of(broken);
    } catch (Throwable anything) { // the testbed is somebody else's too
      verdict = Verdict.KIT_FAULT;
      fault = Optional.of(anything);
    }
    Result result =
        new Result(
            number(check),
            rule,
            check.name(),
            check.required(),
            verdict,
            fault.map(Conformance::words).orElse(""),
            fault,
            Duration.ofNanos(System.nanoTime() - begin));
    results.put(check, result);
    return result;
  }

  private static String words(Throwable fault) {
    return fault instanceof RuleBroken ? String.valueOf(fault.getMessage()) : fault.toString();
  }

  /** What was found so far; the checks that do not apply are in it. */
  public Report report() {
    List<Result> found = new ArrayList<>();
    numbers.forEach(
        (check, number) -> {
          Result result = results.get(check);
          if (result != null) {
            found.add(result);
          } else if (!check.applies(declared)) {
            found.add(
                new Result(
                    number,
                    check.rule(),
                    check.name(),
                    check.required(),
                    Verdict.NOT_DECLARED,
                    "",
                    Optional.empty(),
                    Duration.ZERO));
          }
        });
    return new Report(driver, found);
  }
}
