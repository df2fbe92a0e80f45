package org.jackfield.benchmarks;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.capability.Trait;
import org.jackfield.api.security.Requester;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.ConversationId;
import org.jackfield.api.session.Party;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.transfer.TransferMode;
import org.jackfield.api.transfer.TransferPlan.Kind;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.api.transfer.TransferTarget;
import org.jackfield.core.arbiter.Decision;
import org.jackfield.core.arbiter.LoopGuard;
import org.jackfield.core.arbiter.Preferences;
import org.jackfield.core.arbiter.Situation;
import org.jackfield.core.arbiter.TransferArbiter;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;

/**
 * What a decision costs: with the first fact against each plan, without it, and with all its words.
 * Beside it, in the same run, what merely finding a capable provider costs by the registry's own
 * means, an LDAP filter over service properties.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ArbiterBenchmark {
  @Param({"4", "64"})
  int providers;

  private final TransferArbiter arbiter = new TransferArbiter(Preferences.SHIPPED, new LoopGuard());
  private final List<Situation> situations = new ArrayList<>();
  private final List<Map<String, Object>> properties = new ArrayList<>();
  private final List<TransferRequest> requests = new ArrayList<>();
  private final Filter filter = filter();
  private int next;

  /** Providers that differ in capability, and a request in each mode, from one seed. */
  @Setup
  public void build() {
    SplittableRandom random = new SplittableRandom(42);
    for (int i = 0; i < providers; i++) {
      Set<Operation> operations = EnumSet.of(Operation.COMPLETE, Operation.DIAL);
      for (Operation operation :
          List.of(Operation.BLIND_TRANSFER, Operation.CONSULT, Operation.ONE_STEP_CONSULT)) {
        if (random.nextInt(3) > 0) {
          operations.add(operation);
        }
      }
      Set<Trait> traits = EnumSet.of(Trait.TRANSFER_NORM);
      for (Trait trait :
          List.of(Trait.RELEASE_ON_ANSWER, Trait.EARLY_COMPLETE, Trait.TRANSFER_MAKE)) {
        if (random.nextBoolean()) {
          traits.add(trait);
        }
      }
      situations.add(Situation.of(call(i), Capabilities.of(operations, traits)));
      properties.add(
          Map.of(
              "operation", operations.stream().map(Operation::text).toList(),
              "trait", traits.stream().map(Trait::text).toList(),
              "state", "up"));
    }
    for (TransferMode mode : TransferMode.values()) {
      requests.add(
          TransferRequest.of(
              new Requester("bench", "rest", ""),
              new SessionId(1),
              Optional.of(new ConnectionId("b")),
              new TransferTarget.To(new Address("6001")),
              mode));
    }
  }

  private static Filter filter() {
    try {
      return FrameworkUtil.createFilter(
          "(&(|(operation=blindTransfer)(operation=consult))(operation=complete)"
              + "(trait=releaseOnAnswer)(state=up))");
    } catch (InvalidSyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static Session call(int n) {
    return new Session(
        new SessionId(n),
        "pbx" + n,
        new ConversationId(n),
        1,
        Instant.EPOCH,
        List.of(party("a", "1001"), party("b", "1002")));
  }

  private static Party party(String id, String address) {
    return new Party(
        Connection.of(new ConnectionId(id), new Address(address), "", ConnectionState.CONNECTED),
        Party.Role.CALLED,
        Capabilities.NONE);
  }

  /** One decision for a call on one of the providers, with the first fact against each plan. */
  @Benchmark
  public Decision decide() {
    next++;
    return arbiter.decide(
        requests.get(next % requests.size()), situations.get(next % situations.size()));
  }

  /** Only which plan it is, without reasons. */
  @Benchmark
  public @Nullable Kind choose() {
    next++;
    return arbiter.choose(
        requests.get(next % requests.size()), situations.get(next % situations.size()));
  }

  /** One decision with all its words, as a dry run or a journal has it. */
  @Benchmark
  public Object explain() {
    return switch (decide()) {
      case Decision.Planned planned -> planned.plan();
      case Decision.Refused refused -> refused.reply();
    };
  }

  /** The peer: which of the providers could do it, by an LDAP filter over all of them. */
  @Benchmark
  public int ldapFilter() {
    int matching = 0;
    for (Map<String, Object> service : properties) {
      if (filter.matches(service)) {
        matching++;
      }
    }
    return matching;
  }
}
