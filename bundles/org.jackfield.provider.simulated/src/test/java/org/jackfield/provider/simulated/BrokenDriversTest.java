package org.jackfield.provider.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.ConfigKey;
import org.jackfield.api.provider.Handover;
import org.jackfield.api.provider.ProbeReport;
import org.jackfield.api.provider.ProviderConfig;
import org.jackfield.api.provider.ProviderContext;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.provider.TelephonyDriver;
import org.jackfield.api.provider.TelephonyProvider;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.Reason;
import org.jackfield.tck.TelephonyDriverContract;
import org.jackfield.tck.Testbed;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kit is worth something only if it finds what is wrong: drivers that break one rule each. */
class BrokenDriversTest {

  @TempDir Path folder;

  /** A driver that is right but for its facts and its acknowledgements. */
  private record Broken(
      TelephonyDriver right,
      UnaryOperator<ProviderContext> facts,
      UnaryOperator<TelephonyProvider> commands)
      implements TelephonyDriver {
    @Override
    public List<ConfigKey> schema() {
      return right.schema();
    }

    @Override
    public ProbeReport probe(ProviderConfig config) {
      return right.probe(config);
    }

    @Override
    public TelephonyProvider open(
        ProviderConfig config, ProviderContext context, Optional<Handover> handover) {
      return commands.apply(right.open(config, facts.apply(context), handover));
    }
  }

  private abstract static class Facts implements ProviderContext {
    private final ProviderContext right;

    Facts(ProviderContext right) {
      this.right = right;
    }

    @Override
    public String provider() {
      return right.provider();
    }

    @Override
    public void report(ProviderEvent event) {
      right.report(event);
    }

    @Override
    public void execute(Runnable task) {
      right.execute(task);
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
      return right.schedule(delay, task);
    }
  }

  private abstract static class Commands implements TelephonyProvider {
    final TelephonyProvider right;

    Commands(TelephonyProvider right) {
      this.right = right;
    }

    @Override
    public CompletionStage<ProviderReply> execute(Command command) {
      return right.execute(command);
    }

    @Override
    public void requestSnapshot() {
      right.requestSnapshot();
    }

    @Override
    public void close() {
      right.close();
    }
  }

  private TelephonyDriverContract brokenInFacts(UnaryOperator<ProviderContext> facts) {
    return contract(new Broken(new SimulatedDriver(), facts, c -> c));
  }

  private TelephonyDriverContract brokenInCommands(UnaryOperator<TelephonyProvider> commands) {
    return contract(new Broken(new SimulatedDriver(), f -> f, commands));
  }

  private TelephonyDriverContract contract(TelephonyDriver driver) {
    return new TelephonyDriverContract() {
      @Override
      protected Testbed testbed() {
        return new With(new SimulatedTestbed("full", folder), driver);
      }
    };
  }

  private record With(SimulatedTestbed bed, TelephonyDriver driver) implements Testbed {
    @Override
    public Duration patience() {
      return Duration.ofSeconds(2);
    }

    @Override
    public ProviderConfig config() {
      return bed.config();
    }

    @Override
    public ProviderConfig unreachable() {
      return bed.unreachable();
    }

    @Override
    public Address person(int which) {
      return bed.person(which);
    }

    @Override
    public Address ringing() {
      return bed.ringing();
    }

    @Override
    public Address busy() {
      return bed.busy();
    }

    @Override
    public Address declining() {
      return bed.declining();
    }

    @Override
    public Address nobody() {
      return bed.nobody();
    }

    @Override
    public void answer(Address phone) {
      bed.answer(phone);
    }

    @Override
    public void decline(Address phone) {
      bed.decline(phone);
    }

    @Override
    public void hangUp(Address phone) {
      bed.hangUp(phone);
    }

    @Override
    public void call(Address from, Address to) {
      bed.call(from, to);
    }

    @Override
    public void cutLink() {
      bed.cutLink();
    }

    @Override
    public void close() {
      bed.close();
    }
  }

  private static void play(Stream<DynamicTest> tests, String name) throws Throwable {
    List<DynamicTest> found = tests.filter(t -> t.getDisplayName().contains(name)).toList();
    assertThat(found).as("tests named so: %s", name).isNotEmpty();
    for (DynamicTest test : found) {
      test.getExecutable().execute();
    }
  }

  @Test
  void thePlayersWorkWithADriverThatIsRight() throws Throwable {
    play(contract(new SimulatedDriver()).r8WhatIsDeclaredWorks(), "completed as a transfer");
  }

  @Test
  void aPartyThatLeftIsToldTwice() {
    TelephonyDriverContract kit =
        brokenInFacts(
            right ->
                new Facts(right) {
                  @Override
                  public void report(ProviderEvent event) {
                    super.report(event);
                    if (event instanceof ProviderEvent.ConnectionChanged c
                        && c.connection().state().isOver()) {
                      super.report(event);
                    }
                  }
                });

    assertThatThrownBy(() -> play(kit.r8WhatIsDeclaredWorks(), "the far end hangs up"))
        .hasMessageContaining("a second time");
  }

  @Test
  void anAnswerIsKeptSecret() {
    TelephonyDriverContract kit =
        brokenInFacts(
            right ->
                new Facts(right) {
                  @Override
                  public void report(ProviderEvent event) {
                    if (!(event instanceof ProviderEvent.ConnectionChanged c)
                        || c.connection().state() != ConnectionState.CONNECTED) {
                      super.report(event);
                    }
                  }
                });

    assertThatThrownBy(() -> play(kit.r8WhatIsDeclaredWorks(), "it rings, is answered"))
        .hasMessageContaining("these talk");
  }

  @Test
  void aPartyHasAnotherIdInItsConsultation() {
    TelephonyDriverContract kit =
        brokenInFacts(
            right ->
                new Facts(right) {
                  private boolean held;

                  @Override
                  public void report(ProviderEvent event) {
                    if (event instanceof ProviderEvent.ConnectionChanged c) {
                      held |= c.connection().state() == ConnectionState.ON_HOLD_PENDING_TRANSFER;
                      Connection one = c.connection();
                      boolean consults =
                          held
                              && one.address().value().equals("1501")
                              && one.state() != ConnectionState.ON_HOLD_PENDING_TRANSFER;
                      ConnectionId id = consults ? new ConnectionId(one.id() + "x") : one.id();
                      super.report(
                          new ProviderEvent.ConnectionChanged(
                              c.call(),
                              new Connection(
                                  id,
                                  one.address(),
                                  one.name(),
                                  one.state(),
                                  one.heldByThem(),
                                  one.cause())));
                    } else {
                      super.report(event);
                    }
                  }
                });

    assertThatThrownBy(() -> play(kit.r8WhatIsDeclaredWorks(), "the held wait"))
        .hasMessageContaining("R6");
  }

  @Test
  void aLostLinkIsNotTold() {
    TelephonyDriverContract kit =
        brokenInFacts(
            right ->
                new Facts(right) {
                  @Override
                  public void report(ProviderEvent event) {
                    if (!(event instanceof ProviderEvent.LinkDown)) {
                      super.report(event);
                    }
                  }
                });

    assertThatThrownBy(kit::r9ALostLinkIsToldAndRepairedAndTheSnapshotIsThePbxsOwn)
        .hasMessageContaining("LinkDown");
  }

  @Test
  void aCommandIsAcceptedAndForgotten() {
    TelephonyDriverContract kit =
        brokenInCommands(
            right ->
                new Commands(right) {
                  @Override
                  public CompletionStage<ProviderReply> execute(Command command) {
                    return command instanceof Command.Retrieve
                        ? CompletableFuture.completedFuture(ProviderReply.ACCEPTED)
                        : super.execute(command);
                  }
                });

    assertThatThrownBy(() -> play(kit.r8WhatIsDeclaredWorks(), "hold and retrieve"))
        .hasMessageContaining("these talk");
  }

  @Test
  void anAcknowledgementDoesNotCome() {
    TelephonyDriverContract kit =
        brokenInCommands(
            right ->
                new Commands(right) {
                  @Override
                  public CompletionStage<ProviderReply> execute(Command command) {
                    super.execute(command);
                    return new CompletableFuture<>();
                  }
                });

    assertThatThrownBy(() -> play(kit.r8WhatIsDeclaredWorks(), "hold and retrieve"))
        .hasMessageContaining("R4");
  }

  @Test
  void whatCannotBeIsRefusedInTheWrongWord() {
    TelephonyDriverContract kit =
        brokenInCommands(
            right ->
                new Commands(right) {
                  @Override
                  public CompletionStage<ProviderReply> execute(Command command) {
                    return command instanceof Command.Park
                        ? CompletableFuture.completedFuture(
                            ProviderReply.Refused.of(Reason.REFUSED_BY_PBX, "no"))
                        : super.execute(command);
                  }
                });

    assertThatThrownBy(() -> play(kit.r8WhatIsNotDeclaredIsRefused(), "park"))
        .hasMessageContaining("NOT_SUPPORTED");
  }

  @Test
  void aProviderThatIsClosedGoesOn() {
    TelephonyDriverContract kit =
        brokenInCommands(
            right ->
                new Commands(right) {
                  @Override
                  public void close() {
                    right.requestSnapshot();
                  }
                });

    assertThatThrownBy(kit::r10CloseLeavesTheCallsAndNothingElse)
        .hasMessageContaining("after the close");
  }
}
