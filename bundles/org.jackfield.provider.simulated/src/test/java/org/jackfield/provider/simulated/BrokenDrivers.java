package org.jackfield.provider.simulated;

import static org.jackfield.api.session.ConnectionState.CONNECTED;
import static org.jackfield.api.session.ConnectionState.OFFERING;
import static org.jackfield.api.session.ConnectionState.ON_HOLD;
import static org.jackfield.api.session.ConnectionState.ON_HOLD_PENDING_TRANSFER;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.CallSnapshot;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.CommandId;
import org.jackfield.api.provider.Handover;
import org.jackfield.api.provider.ProbeReport;
import org.jackfield.api.provider.ProviderConfig;
import org.jackfield.api.provider.ProviderContext;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.provider.TelephonyDriver;
import org.jackfield.api.provider.TelephonyProvider;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.Reason;
import org.jackfield.pbx.simulated.Control;
import org.jackfield.tck.Rule;

/** Drivers that are right but for one thing. */
enum BrokenDrivers {
  NONE_BUT_THE_RIGHT_ONE(bed -> new Broken()),

  CONNECTS_WHEN_IT_IS_MADE(Rule.R1, Eager::new),
  OPENS_ONLY_WHAT_IS_THERE(Rule.R1, bed -> new WaitsForTheLink(bed)),
  NEVER_TELLS_THAT_THE_LINK_IS_UP(
      Rule.R1,
      facts(
          (event, on) -> {
            if (!(event instanceof ProviderEvent.LinkUp)) {
              on.accept(event);
            }
          })) {
    @Override
    Duration patience() {
      return Duration.ofSeconds(1); // nothing else is looked at
    }
  },

  PROBES_WITH_A_GOOD_WORD_FOR_ALL(
      Rule.R2,
      bed ->
          new Broken() {
            @Override
            public ProbeReport probe(ProviderConfig config) {
              return new ProbeReport(List.of());
            }
          }),
  PROBES_BY_ENDING_A_CALL(
      Rule.R2,
      bed ->
          new Broken() {
            @Override
            public ProbeReport probe(ProviderConfig config) {
              hangUp(bed);
              return super.probe(config);
            }
          }),

  BLOCKS_ITS_THREAD(
      Rule.R3,
      execute(
          (command, right) -> {
            if (command instanceof Command.Hold) {
              passes(Duration.ofSeconds(3));
            }
            return right.execute(command);
          })),

  DOES_NOT_ACKNOWLEDGE(
      Rule.R4,
      execute(
          (command, right) ->
              command instanceof Command.Redirect
                  ? right.execute(command).thenCompose(r -> new CompletableFuture<>())
                  : right.execute(command))),
  THROWS_INSTEAD_OF_REFUSING(
      Rule.R4,
      execute(
          (command, right) -> {
            if (command instanceof Command.Recall) {
              throw new IllegalStateException("a bug");
            }
            return right.execute(command);
          })),
  REFUSES_AND_DOES_IT(
      Rule.R4,
      execute(
          (command, right) ->
              right
                  .execute(command)
                  .thenCompose(
                      reply ->
                          reply instanceof ProviderReply.Refused no
                                  && no.reason() == Reason.NO_SUCH_PARTY
                              ? right
                                  .execute(new Command.ClearAll(anId(), command.call()))
                                  .thenApply(done -> reply)
                              : done(reply)))),
  ACCEPTS_WHAT_IS_NOT_THERE(
      Rule.R4,
      execute(
          (command, right) ->
              command instanceof Command.Clear
                  ? right.execute(command).thenApply(reply -> ProviderReply.ACCEPTED)
                  : right.execute(command))),

  A_PARTY_THAT_LEFT_IS_TOLD_TWICE(
      Rule.R5,
      connections(
          (told, on) -> {
            on.accept(told);
            if (told.connection().state().isOver()) {
              on.accept(told);
            }
          })),
  NOBODY_LEAVES_FOR_A_REASON(
      Rule.R5,
      connections(
          (told, on) ->
              on.accept(
                  person(told, 1) && told.connection().state().isOver()
                      ? changed(told, told.connection().id(), Optional.empty())
                      : told))),
  AN_OFFER_IS_NOT_TOLD(
      Rule.R5,
      connections(
          (told, on) -> {
            if (!person(told, 1) || told.connection().state() != OFFERING) {
              on.accept(told);
            }
          })),
  AN_ANSWER_IS_KEPT_SECRET(
      Rule.R5,
      connections(
          (told, on) -> {
            boolean answered = told.connection().state() == CONNECTED;
            if (!answered || !told.connection().address().value().equals("6003")) {
              on.accept(told);
            }
          })),

  A_PARTY_HAS_ANOTHER_ID_IN_ITS_CONSULTATION(Rule.R6, bed -> new TwoIds()),
  THE_SERVERS_NAMES_ARE_CHANGED(
      Rule.R6,
      facts(
          (event, on) ->
              on.accept(
                  switch (event) {
                    case ProviderEvent.ConnectionChanged told ->
                        new ProviderEvent.ConnectionChanged(mine(told.call()), told.connection());
                    case ProviderEvent.Snapshot shown ->
                        new ProviderEvent.Snapshot(
                            shown.calls().stream()
                                .map(c -> new CallSnapshot(mine(c.call()), c.connections()))
                                .toList());
                    default -> event;
                  }))),

  DOES_IT_AGAIN(
      Rule.R7,
      execute(
          (command, right) ->
              right.execute(
                  command instanceof Command.MakeCall make
                      ? new Command.MakeCall(anId(), make.call(), make.from(), make.to())
                      : command))),

  ACCEPTS_AND_FORGETS(
      Rule.R8,
      execute(
          (command, right) ->
              command instanceof Command.Alternate
                  ? done(ProviderReply.ACCEPTED)
                  : right.execute(command))),
  REFUSES_IN_THE_WRONG_WORD(
      Rule.R8,
      execute(
          (command, right) ->
              command instanceof Command.Park
                  ? done(ProviderReply.Refused.of(Reason.REFUSED_BY_PBX, "no"))
                  : right.execute(command))),
  DOES_WHAT_IT_DOES_NOT_DECLARE(
      Rule.R8,
      facts(
          (event, on) ->
              on.accept(
                  event instanceof ProviderEvent.LinkUp up
                      ? new ProviderEvent.LinkUp(
                          without(up.capabilities(), Operation.REDIRECT), Map.of())
                      : event))),

  A_LOST_LINK_IS_NOT_TOLD(
      Rule.R9,
      facts(
          (event, on) -> {
            if (!(event instanceof ProviderEvent.LinkDown)) {
              on.accept(event);
            }
          })),
  A_SNAPSHOT_SHOWS_NO_HOLD(
      Rule.R9,
      facts(
          (event, on) ->
              on.accept(
                  event instanceof ProviderEvent.Snapshot shown
                      ? new ProviderEvent.Snapshot(
                          shown.calls().stream().map(BrokenDrivers::withoutHold).toList())
                      : event))),

  TELLS_AFTER_ITS_CLOSE(
      Rule.R10,
      closing(
          (right, context) ->
              context.execute(
                  () ->
                      context.report(
                          new ProviderEvent.LinkDown(
                              new Cause(Cause.Code.PROVIDER_LOST, "gone", "gone")))))),
  LEAVES_A_TIMER(
      Rule.R10,
      closing((right, context) -> context.schedule(Duration.ofHours(1), right::requestSnapshot))),
  LEAVES_A_THREAD(
      Rule.R10,
      closing((right, context) -> Thread.ofVirtual().start(() -> passes(Duration.ofDays(1))))),
  LEAVES_A_SOCKET(Rule.R10, bed -> new LeavesASocket(bed)),
  ENDS_THE_CALLS(
      Rule.R10,
      bed ->
          Broken.provider(
              (right, context) ->
                  new Broken.Provider(right) {
                    private boolean handedOver;

                    @Override
                    public Optional<Handover> handOver() {
                      handedOver = true;
                      return super.handOver();
                    }

                    @Override
                    public void close() {
                      if (!handedOver) {
                        hangUp(bed);
                      }
                      super.close();
                    }
                  })),
  IS_HELD_FOR_EVER(Rule.R10, bed -> new LeakyDriver()),

  HANDS_OVER_BY_ENDING_A_CALL(
      Rule.R11,
      bed ->
          Broken.provider(
              (right, context) ->
                  new Broken.Provider(right) {
                    @Override
                    public Optional<Handover> handOver() {
                      hangUp(bed);
                      return super.handOver();
                    }
                  })),
  FORGETS_WHAT_IT_TAKES_OVER(
      Rule.R11, bed -> Broken.provider((right, context) -> new Forgetful(right))),
  TAKES_ANYTHING_OVER(
      Rule.R11,
      bed ->
          Broken.provider(
              (right, context) ->
                  new Broken.Provider(right) {
                    @Override
                    public void takeOver(Handover handover) {}
                  }));

  private final Set<Rule> breaks;
  private final Function<SimulatedTestbed, TelephonyDriver> make;

  BrokenDrivers(Function<SimulatedTestbed, TelephonyDriver> make) {
    this.breaks = Set.of();
    this.make = make;
  }

  BrokenDrivers(Rule breaks, Function<SimulatedTestbed, TelephonyDriver> make) {
    this.breaks = Set.of(breaks);
    this.make = make;
  }

  Set<Rule> breaks() {
    return breaks;
  }

  Function<SimulatedTestbed, TelephonyDriver> make() {
    return make;
  }

  Duration patience() {
    return Duration.ofSeconds(15);
  }

  /** Whether it leaves on purpose what the kit waits for to go. */
  boolean leavesSomething() {
    return this == CONNECTS_WHEN_IT_IS_MADE
        || this == LEAVES_A_THREAD
        || this == LEAVES_A_SOCKET
        || this == IS_HELD_FOR_EVER;
  }

  String text() {
    return breaks + " " + name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** What the broken ones have left, that nobody else lets go. */
  private static final class Left {
    static final CountDownLatch ENOUGH = new CountDownLatch(1);
    static final List<Socket> SOCKETS = new ArrayList<>();
  }

  /** Ends what they have left. */
  static void letGo() {
    Left.ENOUGH.countDown();
    synchronized (Left.SOCKETS) {
      Left.SOCKETS.forEach(BrokenDrivers::close);
    }
  }

  /** Blocks for that time, or until all is over. */
  private static void passes(Duration time) {
    try {
      if (Left.ENOUGH.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private static Socket socket(SimulatedTestbed bed) {
    String address = bed.pbx.address();
    int colon = address.lastIndexOf(':');
    try {
      return new Socket(
          address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first person hangs up, if there is a call. */
  private static void hangUp(SimulatedTestbed bed) {
    bed.pbx.act(
        new Control.Handset(
            SimulatedTestbed.id(), bed.person(0).value(), Control.Act.HANG_UP, null));
  }

  private static CallId mine(CallId call) {
    return call.value().startsWith("tck-") ? new CallId(call + "-mine") : call;
  }

  private static CommandId anId() {
    return new CommandId(ThreadLocalRandom.current().nextLong());
  }

  private static CompletionStage<ProviderReply> done(ProviderReply reply) {
    return CompletableFuture.completedStage(reply);
  }

  private static Function<SimulatedTestbed, TelephonyDriver> facts(
      BiConsumer<ProviderEvent, Consumer<ProviderEvent>> tell) {
    return bed -> Broken.facts(tell);
  }

  private static Function<SimulatedTestbed, TelephonyDriver> connections(
      BiConsumer<ProviderEvent.ConnectionChanged, Consumer<ProviderEvent>> tell) {
    return facts(
        (event, on) -> {
          if (event instanceof ProviderEvent.ConnectionChanged told) {
            tell.accept(told, on);
          } else {
            on.accept(event);
          }
        });
  }

  private static Function<SimulatedTestbed, TelephonyDriver> execute(
      BiFunction<Command, TelephonyProvider, CompletionStage<ProviderReply>> execute) {
    return bed ->
        Broken.provider(
            (right, context) ->
                new Broken.Provider(right) {
                  @Override
                  public CompletionStage<ProviderReply> execute(Command command) {
                    return execute.apply(command, right);
                  }
                });
  }

  private static Function<SimulatedTestbed, TelephonyDriver> closing(
      BiConsumer<TelephonyProvider, ProviderContext> besides) {
    return bed ->
        Broken.provider(
            (right, context) ->
                new Broken.Provider(right) {
                  @Override
                  public void close() {
                    besides.accept(right, context);
                    super.close();
                  }
                });
  }

  private static boolean person(ProviderEvent.ConnectionChanged told, int which) {
    return told.connection().address().value().equals(String.valueOf(1500 + which));
  }

  private static ProviderEvent changed(
      ProviderEvent.ConnectionChanged told, ConnectionId id, Optional<Cause> cause) {
    Connection c = told.connection();
    return new ProviderEvent.ConnectionChanged(
        told.call(), new Connection(id, c.address(), c.name(), c.state(), c.heldByThem(), cause));
  }

  private static CallSnapshot withoutHold(CallSnapshot call) {
    UnaryOperator<Connection> talking =
        c ->
            new Connection(
                c.id(),
                c.address(),
                c.name(),
                c.state() == ON_HOLD ? CONNECTED : c.state(),
                c.heldByThem(),
                c.cause());
    return new CallSnapshot(call.call(), call.connections().stream().map(talking).toList());
  }

  private static Capabilities without(Capabilities all, Operation one) {
    return Capabilities.of(
            all.operationSet().stream().filter(o -> o != one).toList(), all.traitSet())
        .withLimits(all.limits());
  }

  /** Has a socket before anybody has opened anything. */
  private static final class Eager extends Broken {
    private final Socket socket;

    Eager(SimulatedTestbed bed) {
      socket = socket(bed);
      synchronized (Left.SOCKETS) {
        Left.SOCKETS.add(socket);
      }
    }

    @Override
    public TelephonyProvider open(
        ProviderConfig config, ProviderContext context, Optional<Handover> handover) {
      return new Provider(super.open(config, context, handover)) {
        @Override
        public void close() {
          BrokenDrivers.close(socket);
          super.close();
        }
      };
    }
  }

  private static final class WaitsForTheLink extends Broken {
    private final SimulatedTestbed bed;

    WaitsForTheLink(SimulatedTestbed bed) {
      this.bed = bed;
    }

    @Override
    public TelephonyProvider open(
        ProviderConfig config, ProviderContext context, Optional<Handover> handover) {
      if (config.equals(bed.unreachable())) {
        passes(Duration.ofSeconds(4));
      }
      return super.open(config, context, handover);
    }
  }

  private static final class TwoIds extends Broken {
    @Override
    public TelephonyProvider open(
        ProviderConfig config, ProviderContext context, Optional<Handover> handover) {
      boolean[] held = {false};
      return facts(
              (event, on) -> {
                if (event instanceof ProviderEvent.ConnectionChanged told && person(told, 1)) {
                  boolean pending = told.connection().state() == ON_HOLD_PENDING_TRANSFER;
                  held[0] |= pending;
                  on.accept(
                      held[0] && !pending
                          ? changed(
                              told,
                              new ConnectionId(told.connection().id() + "x"),
                              told.connection().cause())
                          : event);
                } else {
                  on.accept(event);
                }
              })
          .open(config, context, handover);
    }
  }

  private static final class LeavesASocket extends Broken {
    private final SimulatedTestbed bed;

    LeavesASocket(SimulatedTestbed bed) {
      this.bed = bed;
    }

    @Override
    public TelephonyProvider open(
        ProviderConfig config, ProviderContext context, Optional<Handover> handover) {
      Socket socket = socket(bed);
      synchronized (Left.SOCKETS) {
        Left.SOCKETS.add(socket);
      }
      return super.open(config, context, handover);
    }
  }

  /** Hands something over, and has no use for it. */
  private static final class Forgetful extends Broken.Provider {
    private static final String FORMAT = "forgetful/1";
    private boolean forgotten;

    Forgetful(TelephonyProvider right) {
      super(right);
    }

    @Override
    public CompletionStage<ProviderReply> execute(Command command) {
      return forgotten && command instanceof Command.Retrieve
          ? done(ProviderReply.Refused.of(Reason.NOT_PERMITTED_NOW, "what call?"))
          : super.execute(command);
    }

    @Override
    public Optional<Handover> handOver() {
      return Optional.of(new Handover(FORMAT, new byte[0]));
    }

    @Override
    public void takeOver(Handover handover) {
      if (!handover.format().equals(FORMAT)) {
        throw new IllegalArgumentException(handover.format());
      }
      forgotten = true;
    }
  }
}
