package org.jackfield.provider.asterisk;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.CommandFate;
import org.jackfield.api.provider.CommandId;
import org.jackfield.api.provider.ProviderContext;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.Reason;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.ReleaseWhen;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A call while the driver itself keeps it, in its Stasis application: pulled in when it is to be
 * held or moved, let go when two parties are left who talk.
 *
 * <p>Each party has a handle, the channel of the call that is in the application: the phone's own,
 * or the near half of a Local channel behind which the phone is. There are two bridges, one to talk
 * in and one with music for those who wait. What is told follows from where the PBX says the
 * handles are, never from what was asked for.
 *
 * <p>Confined to the provider's executor. At most one sequence of steps is under way; when it ends,
 * whether well or not, what is to be done next follows from the picture alone ({@link #advance}).
 */
final class StasisCall {
  /** What is being done with the call. */
  enum Mode {
    /** Two parties talk, and are about to be let go. */
    TALK,
    /** The transferor holds the other. */
    HOLD,
    /** The other waits while the target is dialled; the transferor stays, if it has not left. */
    BLIND,
    /** The other waits without a transferor; a target may be on its way. */
    WAITING,
    /** The transferor has a second call: a consultation, or one it made beside a held call. */
    CONSULT,
    /** Three talk. */
    CONFERENCE
  }

  private static final Logger LOG = LoggerFactory.getLogger(StasisCall.class);
  private static final Duration LATER = Duration.ofMillis(500);
  private static final int REMEMBERED_COMMANDS = 8;

  private final Exchange exchange;
  private final Call call;
  private final Calls calls;
  private final Picture picture;
  private final Steps steps;
  private final ProviderContext context;
  private final Turns turns;
  final Parties parties;
  private final String talk;
  private final String music;
  private Mode mode = Mode.TALK;
  private boolean pending;
  private ReleaseWhen release = ReleaseWhen.ON_ANSWER;
  private @Nullable Call consultation;

  /** With whom the held party is on its way to a bridge of the PBX's own. */
  private @Nullable String goesWith;

  private @Nullable CompleteAs completing;

  /** Whether the instance before us had taken the two in and done no more. */
  private boolean isCutShort;

  private boolean over;
  private CompletableFuture<Void> underWay = Steps.nothing();
  private boolean busy;
  private ProviderContext.@Nullable Timer later;

  private final Deque<CommandId> given = new ArrayDeque<>();
  private long version;
  private Optional<Card> noted = Optional.empty();
  private Set<String> notedOn = Set.of();

  /**
   * @param transferor the handle of the party who acts
   * @param held the handle of the other
   */
  StasisCall(Call call, String transferor, String held, Exchange exchange) {
    this(
        call,
        transferor,
        held,
        exchange.steps().freshName(),
        exchange.steps().freshName(),
        exchange);
    parties.learnAll();
  }

  private StasisCall(
      Call call, String transferor, String held, String talk, String music, Exchange exchange) {
    this.exchange = exchange;
    this.calls = exchange.calls();
    this.picture = exchange.picture();
    this.steps = exchange.steps();
    this.context = exchange.context();
    this.turns = exchange.turns();
    this.call = call;
    this.parties = new Parties(call, transferor, held, exchange);
    this.talk = talk;
    this.music = music;
    call.stasis = this;
    calls.claim(call, List.of(transferor, held));
  }

  /** The call of an instance that is gone, as that has written it down. */
  static StasisCall of(Card card, Exchange exchange) {
    var kept =
        new StasisCall(
            exchange.calls().named(card.call()),
            card.transferor(),
            card.held(),
            card.talk(),
            card.music(),
            exchange);
    kept.goOnFrom(card);
    return kept;
  }

  private void goOnFrom(Card card) {
    version = card.version();
    mode = card.mode();
    pending = card.pending();
    parties.target = card.target().orElse(null);
    parties.targetAddress = card.targetAddress().orElse(null);
    release = card.release();
    parties.dialled = card.dialled();
    goesWith = card.goesWith().orElse(null);
    completing = card.completing().orElse(null);
    isCutShort = mode == Mode.TALK && goesWith == null && completing == null;
    given.addAll(card.given());
    parties.remember(card.parties());
    if (card.consultation().isPresent()) {
      consultation = calls.named(card.consultation().get());
      consultation.stasis = this;
    }
    steps.rooms().adopt(talk);
    steps.rooms().adopt(music);
    parties.learnAll();
    parties.handles().forEach(handle -> calls.claim(call, parties.phones(handle)));
    calls.claim(call, parties.handles());
  }

  /** Lets our application have what another instance's had. */
  CompletableFuture<Void> enlist() {
    return CompletableFuture.allOf(
            parties.handles().stream()
                .filter(handle -> isAnothers(picture.channel(handle)))
                .map(steps::enlist)
                .toArray(CompletableFuture[]::new))
        .exceptionally(
            error -> {
              LOG.info("{}: call {}: {}", context.provider(), call.id, error.toString());
              return null;
            });
  }

  private static boolean isAnothers(@Nullable Chan chan) {
    return chan != null && !chan.stasis && !chan.stasisApplication().isEmpty();
  }

  // ---- what is written down at the PBX ----

  Card card() {
    var behind = new LinkedHashMap<String, List<String>>();
    parties.handles().forEach(handle -> behind.put(handle, List.copyOf(parties.phones(handle))));
    return new Card(
        version,
        steps.application(),
        call.id,
        Optional.ofNullable(consultation).map(c -> c.id),
        mode,
        pending,
        parties.transferor,
        parties.held,
        Optional.ofNullable(parties.target),
        Optional.ofNullable(parties.targetAddress),
        release,
        parties.dialled,
        Optional.ofNullable(goesWith),
        Optional.ofNullable(completing),
        talk,
        music,
        behind,
        List.copyOf(given));
  }

  private static boolean takesIn(Command command) {
    return command instanceof Command.Hold
        || command instanceof Command.BlindTransfer
        || command instanceof Command.Consult;
  }

  /** Completes, never exceptionally, when the PBX has it on every channel that we have. */
  private CompletableFuture<Void> note() {
    var card = card();
    var on = parties.handles().stream().filter(picture::isOurs).toList();
    if (over || on.isEmpty() || card.saysTheSame(noted) && notedOn.containsAll(on)) {
      return Steps.nothing();
    }
    version++;
    var next = card();
    noted = Optional.of(next);
    notedOn = Set.copyOf(on);
    return steps.note(next, on);
  }

  /** Whether a command was begun; only a call that has been written down can tell. */
  CommandFate fate(Command command) {
    if (given.contains(command.id())) {
      // Taken in by a command, and not yet as that wanted it: the two are given back to the PBX.
      boolean isUndone = isCutShort && takesIn(command) && command.id().equals(given.getLast());
      return new CommandFate.Given(
          isUndone
              ? ProviderReply.Refused.of(Reason.REFUSED_BY_PBX, "it was cut short and is undone")
              : ProviderReply.ACCEPTED);
    }
    return noted.isPresent() || version > 0 ? CommandFate.NEVER_GIVEN : CommandFate.UNKNOWN;
  }

  /** The other waits alone, for what is asked for it. */
  void waits() {
    mode = Mode.WAITING;
  }

  Mode mode() {
    return mode;
  }

  Call call() {
    return call;
  }

  @Nullable Call consultation() {
    return consultation;
  }

  boolean isBusy() {
    return busy;
  }

  /** Completes, never exceptionally, when the sequence under way has ended. */
  CompletableFuture<Void> idle() {
    return underWay.handle((r, e) -> null);
  }

  /** Whether a party with that address has the call on hard hold, and no other call through us. */
  boolean isHeldBy(Address address) {
    return mode == Mode.HOLD
        && !pending
        && parties.target == null
        && consultation == null
        && parties.alive(parties.held)
        && parties.transferorAlive()
        && parties.phones(parties.transferor).stream()
            .map(call.told::get)
            .anyMatch(c -> c != null && c.address().equals(address));
  }

  /** Whether the transferor has made a call of its own while it holds the first one. */
  boolean isBesideMadeCall() {
    return mode == Mode.CONSULT && !pending && consultation != null;
  }

  boolean heldWaits() {
    return picture.isIn(parties.held, music) && parties.alive(parties.held);
  }

  // ---- what is asked ----

  /** Lets another of the two who talk be the one who acts. */
  boolean assume(ConnectionId party) {
    if (mode != Mode.TALK
        || parties.target != null
        || over
        || !parties.alive(parties.held)
        || !parties.alive(parties.transferor)) {
      return false;
    }
    if (parties.isHeld(party)) {
      var other = parties.transferor;
      parties.transferor = parties.held;
      parties.held = other;
    }
    triedToLetGo = true;
    return parties.isTransferor(party);
  }

  /** Whether that party has the call on consultation hold, and nobody is being dialled. */
  boolean mayConsultAgain(ConnectionId party) {
    return (mode == Mode.CONSULT || mode == Mode.HOLD && pending)
        && parties.target == null
        && parties.isTransferor(party)
        && parties.alive(parties.held)
        && parties.transferorAlive()
        && heldWaits();
  }

  /**
   * Asks that the call be where the PBX keeps it by itself: as it was before, with what was dialled
   * for it cleared; or as it is about to be, where that was on its way. Three who talk are left
   * alone.
   */
  void leave() {
    if (mode == Mode.CONFERENCE) {
      return;
    }
    var with = leavesWith();
    for (var handle : parties.handles()) {
      if (with == null
          ? handle.equals(parties.target)
          : !handle.equals(parties.held) && !handle.equals(with)) {
        steps.leaveWithout(handle);
      }
    }
    if (with != null) {
      steps.leaveTogether(parties.held, with);
    }
  }

  /** Whether nothing is left to do for {@link #leave}. */
  boolean isLeft() {
    if (mode == Mode.CONFERENCE) {
      return true;
    }
    var with = leavesWith();
    return with == null
        ? !parties.alive(parties.target)
        : steps.areLetGo(parties.held, with)
            && parties.handles().stream()
                .allMatch(h -> h.equals(parties.held) || h.equals(with) || !parties.alive(h));
  }

  /** With whom the held party stays; null when there are no two. */
  private @Nullable String leavesWith() {
    if (!parties.alive(parties.held)) {
      return null;
    }
    boolean delivers = (mode == Mode.BLIND || mode == Mode.WAITING) && parties.targetAnswered();
    for (var other :
        new String[] {goesWith, delivers ? parties.target : null, parties.transferor}) {
      if (parties.alive(other)) {
        return other;
      }
    }
    return null;
  }

  /** Whether that party waits for somebody, and nobody is being dialled for it. */
  boolean mayBeRecalled(ConnectionId party) {
    return (mode == Mode.WAITING || mode == Mode.HOLD)
        && parties.target == null
        && parties.alive(parties.held)
        && parties.isHeld(party);
  }

  void hold(CommandId command) {
    run(
        command,
        () ->
            pullIn()
                .thenCompose(
                    done -> {
                      mode = Mode.HOLD;
                      pending = false;
                      return steps.into(music, parties.held);
                    }));
  }

  void retrieve(CommandId command) {
    run(command, () -> clearTarget().thenCompose(done -> backTogether()));
  }

  void blind(CommandId command, Address to, String dialString, ReleaseWhen when) {
    run(
        command,
        () ->
            pullIn()
                .thenCompose(
                    done -> {
                      mode = Mode.BLIND;
                      pending = true;
                      release = when;
                      return steps.into(music, parties.held);
                    })
                .thenCompose(done -> dialTarget(to, dialString, parties.held, ""))
                .thenCompose(
                    done -> {
                      if (release == ReleaseWhen.ON_ANSWER) {
                        return Steps.nothing();
                      }
                      mode = Mode.WAITING;
                      return release(parties.transferor);
                    }));
  }

  void recall(CommandId command, Address to, String dialString) {
    run(
        command,
        () ->
            steps
                .into(music, parties.held)
                .thenCompose(done -> dialTarget(to, dialString, parties.held, "")));
  }

  /**
   * Also after a target that failed: the call is on consultation hold already, and a new one is
   * opened.
   */
  void consult(CommandId command, CallId name, Optional<Address> to, String dialString) {
    var second = calls.named(name); // known at once, so that a dial may follow without waiting
    second.stasis = this;
    run(
        command,
        () ->
            pullIn()
                .thenCompose(
                    done -> {
                      endConsultation();
                      mode = Mode.CONSULT;
                      pending = true;
                      return steps.into(music, parties.held);
                    })
                .thenCompose(
                    done -> {
                      openConsultation(second);
                      return to.isPresent()
                          ? dialTarget(to.get(), dialString, parties.transferor, talk)
                          : Steps.nothing();
                    })
                .whenComplete((done, error) -> forgetUnopened(second)));
  }

  /**
   * A new call of the party who holds this one: by the same channel, so that nobody has to answer a
   * phone that is off the hook.
   */
  void make(CommandId command, CallId name, Address to, String dialString) {
    var second = calls.named(name);
    second.stasis = this;
    run(
        command,
        () -> {
          mode = Mode.CONSULT;
          openConsultation(second);
          return dialTarget(to, dialString, parties.transferor, talk);
        });
  }

  private void forgetUnopened(Call second) {
    if (consultation != second) {
      second.stasis = null;
      calls.forget(second);
    }
  }

  private void openConsultation(Call second) {
    consultation = second;
    parties.targetFailure = Optional.empty();
    tell();
  }

  void dial(CommandId command, Address to, String dialString) {
    run(command, () -> dialTarget(to, dialString, parties.transferor, talk));
  }

  /** Whoever is dialled is dialled no more, and another in its place. */
  void redirect(CommandId command, Address to, String dialString) {
    boolean consulting = mode == Mode.CONSULT;
    var forwarded = Cause.of(Cause.Code.FORWARDED);
    var before = parties.target;
    if (before == null) {
      return;
    }
    parties.leaves(before, forwarded);
    run(
        command,
        () ->
            steps
                .hangUp(before)
                .thenCompose(
                    done ->
                        dialTarget(
                            to,
                            dialString,
                            consulting ? parties.transferor : parties.held,
                            consulting ? talk : "")));
  }

  void alternate(CommandId command) {
    var other = parties.target;
    if (other == null) {
      return;
    }
    boolean heldWaits = heldWaits();
    var comes = heldWaits ? parties.held : other;
    var goes = heldWaits ? other : parties.held;
    run(
        command,
        () ->
            steps
                .into(music, goes)
                .thenCompose(done -> steps.into(talk, comes))
                .exceptionallyCompose(
                    error ->
                        steps
                            .into(talk, goes)
                            .thenCompose(done -> CompletableFuture.failedFuture(error))));
  }

  void complete(@Nullable CommandId command, CompleteAs as) {
    var other = parties.target;
    if (other == null) {
      return;
    }
    completing = as;
    if (as == CompleteAs.CONFERENCE) {
      run(
          command,
          () ->
              steps
                  .place(other)
                  .thenCompose(done -> steps.into(talk, parties.transferor, parties.held, other))
                  .thenRun(
                      () -> {
                        mode = Mode.CONFERENCE;
                        mergeConsultation();
                        tell();
                      }));
    } else if (parties.targetAnswered()) {
      run(command, this::joinTarget);
    } else {
      run(
          command,
          () -> {
            mode = Mode.WAITING;
            mergeConsultation();
            return release(parties.transferor);
          });
    }
  }

  /** Whether two parties are in the call, nobody is dialled for it and nothing is under way. */
  boolean isPlain() {
    return (mode == Mode.TALK || mode == Mode.HOLD)
        && !busy
        && parties.target == null
        && consultation == null
        && parties.alive(parties.held)
        && parties.transferorAlive();
  }

  /**
   * Joins the other party with one of another call, in which the transferor's phone is on another
   * line. The PBX has the two together before either line is cleared.
   *
   * @param joined the handle of the other call's party
   * @param line the transferor's channel in the other call
   */
  void joinOtherLine(CommandId command, Call other, String joined, String line) {
    var lent = other.stasis;
    if (lent != null) {
      lent.over = true; // what happens to its channels is dealt with here
    }
    other.stasis = null;
    run(
        command,
        () ->
            steps
                .place(parties.held)
                .thenCompose(done -> steps.place(joined))
                .thenCompose(
                    done -> {
                      goesWith = joined;
                      return steps.letGo(parties.held, joined);
                    })
                .thenCompose(done -> steps.hangUp(List.of(parties.transferor, line)))
                .whenComplete((done, error) -> joined(other, joined, lent, error == null)));
  }

  private void joined(Call other, String joined, @Nullable StasisCall lent, boolean well) {
    goesWith = null;
    if (!well) {
      other.stasis = lent;
      if (lent != null) {
        lent.over = false;
      }
      return;
    }
    if (lent != null) {
      lent.removeBridges();
    }
    calls.merge(other, call);
    calls.claim(call, List.of(joined));
    parties.transferor = joined;
    parties.learn(joined);
    mode = Mode.TALK;
    tell();
    dissolveIfLetGo();
  }

  /** Clears the consultation call; the first stays held. */
  void clearConsultation(CommandId command) {
    if (!parties.alive(parties.held)) {
      run(command, this::clearAll);
      return;
    }
    run(
        command,
        () ->
            clearTarget()
                .thenCompose(
                    done -> {
                      endConsultation();
                      mode = parties.transferorAlive() ? Mode.HOLD : Mode.WAITING;
                      return heldWaits() ? Steps.nothing() : backTogether();
                    }));
  }

  /** Clears the first call; what the transferor has made beside it goes on. */
  void clearHeld(CommandId command) {
    run(command, () -> steps.hangUp(parties.held));
  }

  /** Takes one party out; what follows for the others follows from the picture. */
  void clear(CommandId command, ConnectionId party) {
    for (var handle : parties.handles()) {
      if (parties.phones(handle).contains(party.value())) {
        if (handle.equals(parties.target)) {
          parties.cancelled(handle);
        }
        run(command, () -> steps.hangUp(handle));
        return;
      }
    }
  }

  /**
   * Ends everything, also in the middle of a sequence of steps, which then fails and is done with.
   */
  CompletableFuture<Void> clearAll() {
    if (parties.target != null && !parties.targetAnswered()) {
      parties.cancelled(parties.target);
    }
    return steps.hangUp(parties.handles());
  }

  // ---- sequences ----

  private CompletableFuture<Void> pullIn() {
    var one = picture.channel(parties.transferor);
    var two = picture.channel(parties.held);
    if (one != null && two != null && one.stasis && two.stasis) {
      return picture.isIn(parties.held, music)
          ? Steps.nothing()
          : steps.into(talk, parties.transferor, parties.held);
    }
    return steps
        .rooms()
        .make(talk, "mixing")
        .thenCompose(done -> steps.rooms().make(music, "holding"))
        .thenCompose(done -> steps.music(music))
        .thenCompose(done -> steps.pullIn(parties.transferor, parties.held))
        .thenCompose(done -> note())
        .thenCompose(done -> steps.into(talk, parties.transferor, parties.held));
  }

  private CompletableFuture<Void> dialTarget(
      Address to, String dialString, String seenAs, String early) {
    var id = steps.freshName();
    parties.target = id;
    parties.targetAddress = to;
    parties.targetFailure = Optional.empty();
    parties.dialled = false;
    calls.claim(call, List.of(id));
    tell();
    return steps
        .dial(id, dialString, seenAs, early)
        .thenRun(
            () -> {
              parties.dialled = true;
              tell();
            })
        .exceptionallyCompose(
            error -> {
              if (parties.target != null && parties.target.equals(id) && !picture.alive(id)) {
                return Steps.nothing(); // it ended at once: a fact, dealt with like any other
              }
              return steps.hangUp(id).thenCompose(done -> CompletableFuture.failedFuture(error));
            });
  }

  /** Lets a party go; who was taken from us is not ours to let go. */
  private CompletableFuture<Void> release(String handle) {
    return parties.isLost(handle) ? Steps.nothing() : steps.hangUp(handle);
  }

  private CompletableFuture<Void> clearTarget() {
    var gone = parties.target;
    if (gone == null) {
      return Steps.nothing();
    }
    if (!parties.targetAnswered()) {
      parties.cancelled(gone);
    }
    return steps
        .hangUp(gone)
        .thenRun(
            () -> {
              parties.target = null;
              tell();
            });
  }

  /** Transferor and transferee as before. */
  private CompletableFuture<Void> backTogether() {
    return steps
        .into(talk, parties.held, parties.transferor)
        .thenCompose(
            done -> {
              endConsultation();
              mode = Mode.TALK;
              pending = false;
              tell();
              return letGo(parties.held, parties.transferor);
            });
  }

  /**
   * Transferee and target together, the transferor out. The PBX has the two before the transferor
   * leaves, so that who sees it leave sees a call that does not need us any more.
   */
  private CompletableFuture<Void> joinTarget() {
    var other = parties.target;
    if (other == null) {
      return Steps.nothing();
    }
    return steps
        .place(other)
        .thenCompose(done -> steps.into(talk, parties.held, other))
        .thenCompose(
            done -> {
              mergeConsultation();
              mode = Mode.TALK;
              pending = false;
              goesWith = other;
              tell();
              return finishJoin(other);
            });
  }

  /** The last of it; done again where it was cut short. */
  private CompletableFuture<Void> finishJoin(String other) {
    return steps
        .letGo(parties.held, other)
        .exceptionally(error -> null)
        .thenCompose(done -> release(parties.transferor))
        .thenRun(
            () -> {
              parties.transferor = other;
              parties.target = null;
              goesWith = null;
              tell();
              dissolveIfLetGo();
            });
  }

  private CompletableFuture<Void> letGo(String first, String second) {
    return steps
        .place(first)
        .thenCompose(done -> steps.place(second))
        .thenCompose(done -> steps.letGo(first, second))
        .thenRun(this::dissolveIfLetGo);
  }

  private void dissolveIfLetGo() {
    if (steps.areLetGo(parties.held, parties.transferor)) {
      over();
    }
  }

  /** From here on the PBX keeps the call by itself, or it has ended. */
  private void over() {
    endConsultation();
    over = true;
    call.stasis = null;
    removeBridges();
    close();
    var left = new LinkedHashSet<String>();
    for (var handle : parties.handles()) {
      left.addAll(picture.component(handle, Set.of()));
      left.add(handle);
    }
    if (left.stream().noneMatch(picture::alive)) {
      calls.tell(call, List.of(), parties.why());
    }
    calls.claim(call, left);
    calls.refresh(left);
  }

  private void removeBridges() {
    steps.rooms().remove(talk);
    steps.rooms().remove(music);
  }

  private void mergeConsultation() {
    var second = consultation;
    if (second != null) {
      consultation = null;
      second.stasis = null;
      calls.merge(second, call);
    }
  }

  private void endConsultation() {
    var second = consultation;
    if (second != null) {
      consultation = null;
      second.stasis = null;
      calls.tell(second, List.of(), parties.why());
      calls.forget(second);
    }
  }

  // ---- what happens ----

  private void run(@Nullable CommandId command, Supplier<CompletableFuture<Void>> sequence) {
    busy = true;
    if (command != null) {
      given.add(command);
      if (given.size() > REMEMBERED_COMMANDS) {
        given.remove();
      }
    }
    // Whoever comes after us knows that it was begun before the PBX can show anything of it.
    CompletableFuture<Void> begun = note().thenCompose(done -> sequence.get());
    underWay =
        begun.whenCompleteAsync(
            (done, error) -> {
              busy = false;
              completing = null;
              if (error != null) {
                failed(command, error);
              }
              tell();
              if (error == null || command != null) {
                advance();
              } else if (steps.arePossible()) {
                again(LATER); // what follows by itself is tried once more
              }
            },
            turns);
  }

  private void failed(@Nullable CommandId command, Throwable error) {
    var cause =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    LOG.info("{}: call {}: {}", context.provider(), call.id, cause.toString());
    if (command != null) {
      var reason =
          cause instanceof StepFailed step
              ? step.reason()
              : new Cause(Cause.Code.STEP_REFUSED, String.valueOf(cause.getMessage()), "");
      context.report(new ProviderEvent.CommandFailed(command, reason));
    }
  }

  /** To be called after each event about one of its channels. */
  void changed() {
    if (over) {
      return;
    }
    parties.learnAll();
    tell();
    advance();
  }

  /** Does what follows from the picture, if nothing is under way. */
  void advance() {
    if (busy || over || !steps.arePossible()) {
      return;
    }
    if (isBetween()) {
      again(Chan.SETTLE); // by then it is known where it is, or that it is gone
      return;
    }
    parties.handles().stream().filter(this::isTaken).forEach(this::taken);
    if (mode != Mode.TALK) {
      stranger().ifPresent(this::sentOn);
    }
    if (parties.target != null && !parties.alive(parties.target) && mode != Mode.CONFERENCE) {
      targetGone();
    }
    boolean heldAlive = parties.alive(parties.held);
    boolean transferorAlive = parties.alive(parties.transferor);
    switch (mode) {
      case TALK -> talking(heldAlive, transferorAlive);
      case HOLD -> holding(heldAlive, transferorAlive);
      case BLIND, WAITING -> waiting(heldAlive, transferorAlive);
      case CONSULT -> consulting(heldAlive, transferorAlive);
      case CONFERENCE -> conferring();
    }
  }

  private void again(Duration delay) {
    if (later == null) {
      later =
          context.schedule(
              delay,
              () -> {
                later = null;
                changed();
              });
    }
  }

  /** Nothing more is done of its own accord. */
  void close() {
    if (later != null) {
      later.cancel();
      later = null;
    }
  }

  /** Those whom the PBX keeps are not with us any more, which is as it is to be. */
  private boolean isTaken(String handle) {
    var chan = picture.channel(handle);
    return mode != Mode.TALK && chan != null && chan.isTaken() && !parties.isLost(handle);
  }

  /** Whether one of them has left our application, and may be moved or may have hung up. */
  private boolean isBetween() {
    return mode != Mode.TALK
        && !busy
        && parties.handles().stream()
            .map(picture::channel)
            .anyMatch(chan -> chan != null && chan.isBetween());
  }

  /**
   * A phone by its own keys, or the operator, has moved it: for this call it has left. Whom it is
   * with now is told as a call of its own, of the same conversation. What only rang for us rings no
   * more.
   */
  private void taken(String handle) {
    var from = callOf(handle);
    boolean isTheirs = parties.hasAnswered(handle);
    lose(handle);
    var with = picture.component(handle, Set.copyOf(parties.handles()));
    if (isTheirs) {
      calls.branch(from, steps.freshName(), with);
    }
    tell();
    if (isTheirs) {
      calls.refresh(with);
    } else {
      steps.leaveWithout(handle);
    }
  }

  private Call callOf(String handle) {
    var second = consultation;
    return second != null && handle.equals(parties.target) ? second : call;
  }

  private void lose(String handle) {
    LOG.info("{}: call {}: {} was moved by somebody else", context.provider(), call.id, handle);
    var cause = Cause.of(Cause.Code.OVERTAKEN);
    parties.lose(handle, cause);
    if (handle.equals(parties.target) && mode != Mode.CONFERENCE) {
      parties.targetFailure = Optional.of(cause);
      parties.target = null;
    }
  }

  /** Whom the PBX has put into our bridge in the place of a phone that sent the others on. */
  private Optional<String> stranger() {
    return picture.members(talk).stream()
        .filter(id -> !parties.handles().contains(id) && !parties.isLost(id))
        .filter(id -> isPhoneOrWayToIt(picture.channel(id)))
        .findFirst();
  }

  /** Who only listens or speaks to all of a bridge is none of its parties. */
  private static boolean isPhoneOrWayToIt(@Nullable Chan chan) {
    return chan != null && (chan.isLocal() || !chan.isPlumbing());
  }

  /**
   * A phone has sent whom it talked with to somebody else. If that one has answered, the two are a
   * call of their own from now on, which is left to the PBX as soon as it can be.
   */
  private void sentOn(String stranger) {
    if (mode == Mode.CONFERENCE) {
      takesThePlace(stranger);
      return;
    }
    parties.ignore(stranger);
    var other =
        parties.target != null && picture.isIn(parties.target, talk)
            ? parties.target
            : parties.held;
    if (!picture.isIn(other, talk)) {
      return;
    }
    if (!parties.hasAnswered(other)) {
      taken(other);
      steps.leaveWithout(stranger); // it was to talk with nobody
      return;
    }
    var from = callOf(other);
    lose(other);
    var into = calls.branch(from, steps.freshName(), Set.of(other, stranger));
    tell();
    var successor = new StasisCall(into, stranger, other, exchange);
    successor.parties.remember(Map.of(other, parties.phones(other)));
    successor.run(
        null,
        () ->
            steps
                .rooms()
                .make(successor.talk, "mixing")
                .thenCompose(done -> steps.into(successor.talk, other, stranger)));
  }

  private void takesThePlace(String stranger) {
    if (!parties.alive(parties.transferor) || !picture.isIn(parties.transferor, talk)) {
      parties.transferor = stranger;
    } else if (!parties.alive(parties.held) || !picture.isIn(parties.held, talk)) {
      parties.held = stranger;
    } else {
      parties.target = stranger;
    }
    calls.claim(call, List.of(stranger));
    parties.learn(stranger);
    tell();
  }

  private void targetGone() {
    var gone = parties.target;
    if (gone == null) {
      return;
    }
    var cause = parties.failureOf(gone);
    parties.targetFailure = Optional.of(cause);
    if (parties.phones(gone).isEmpty() && parties.targetAddress != null) {
      var where = consultation == null ? call : consultation;
      var never =
          Connection.of(
              new ConnectionId(gone), parties.targetAddress, "", ConnectionState.DISCONNECTED);
      context.report(new ProviderEvent.ConnectionChanged(where.id, never.left(cause)));
    }
    parties.target = null;
    tell();
  }

  private void talking(boolean heldAlive, boolean transferorAlive) {
    if (heldAlive && transferorAlive) {
      var one = picture.channel(parties.held);
      var two = picture.channel(parties.transferor);
      var joined = parties.target;
      if (joined != null) {
        run(null, () -> finishJoin(joined));
      } else if (steps.areLetGo(parties.held, parties.transferor)) {
        over();
      } else if (one != null
          && two != null
          && one.stasis
          && two.stasis
          && one.isUp()
          && two.isUp()
          && !triedToLetGo) {
        triedToLetGo = true;
        run(null, () -> letGo(parties.held, parties.transferor));
      }
    } else {
      end();
    }
  }

  private boolean triedToLetGo;

  /** The picture is new, after a loss of the link: what failed may be tried again. */
  void resume() {
    triedToLetGo = false;
    changed();
  }

  /** Goes on with what the instance before us had begun with the call. */
  void goOn() {
    parties.learnAll();
    var other = parties.target;
    if (completing != null && other != null && parties.alive(other)) {
      complete(null, completing);
    } else if (other != null
        && parties.alive(other)
        && !parties.targetAnswered()
        && !parties.dialled) {
      run(null, () -> dialOn(other));
    } else if (mode == Mode.CONSULT
        && parties.targetAnswered()
        && !isInTalk(parties.held)
        && !isInTalk(other)) {
      run(null, () -> steps.into(talk, String.valueOf(other)));
    }
  }

  private boolean isInTalk(@Nullable String handle) {
    return picture.isIn(handle, talk);
  }

  /** It is not known whether the channel that was made has been dialled already. */
  private CompletableFuture<Void> dialOn(String made) {
    boolean consulting = mode == Mode.CONSULT;
    return steps
        .ring(made, consulting ? parties.transferor : parties.held, consulting ? talk : "")
        .thenRun(() -> parties.dialled = true)
        .exceptionallyCompose(error -> steps.hangUp(made));
  }

  private void holding(boolean heldAlive, boolean transferorAlive) {
    if (!heldAlive || !transferorAlive && !pending && parties.target == null) {
      end();
    } else if (parties.targetAnswered()) {
      run(null, this::joinTarget);
    } else if (!transferorAlive) {
      mode = Mode.WAITING;
    }
  }

  private void waiting(boolean heldAlive, boolean transferorAlive) {
    if (!heldAlive) {
      end();
    } else if (parties.targetAnswered()) {
      run(null, this::joinTarget);
    } else if (parties.target == null && transferorAlive) {
      run(null, this::backTogether);
    }
  }

  private void consulting(boolean heldAlive, boolean transferorAlive) {
    if (isBesideMadeCall() && heldAlive && !transferorAlive) {
      end();
    } else if (isBesideMadeCall() && heldAlive && parties.target == null) {
      endConsultation();
      mode = heldWaits() ? Mode.HOLD : Mode.TALK;
      triedToLetGo = false;
      tell();
      advance();
    } else if (heldAlive && !transferorAlive && parties.target == null) {
      endConsultation();
      mode = Mode.WAITING;
    } else if (!heldAlive && transferorAlive && parties.targetAnswered()) {
      becomePlainCall();
    } else if (!heldAlive && (parties.target == null || !transferorAlive)) {
      end();
    }
  }

  /** The held party has left: the consultation is an ordinary call now. */
  private void becomePlainCall() {
    var other = parties.target;
    var second = consultation;
    if (other == null || second == null) {
      return;
    }
    calls.tell(call, List.of(), parties.why());
    call.stasis = null;
    calls.forget(call);
    var successor = new StasisCall(second, parties.transferor, other, exchange);
    successor.parties.remember(parties.phones());
    over = true;
    consultation = null;
    steps.rooms().remove(music);
    successor.run(
        null,
        () ->
            steps
                .rooms()
                .make(successor.talk, "mixing")
                .thenCompose(
                    done ->
                        steps.into(
                            successor.talk, successor.parties.transferor, successor.parties.held))
                .whenComplete((done, error) -> steps.rooms().remove(talk))
                .thenCompose(
                    done -> successor.letGo(successor.parties.held, successor.parties.transferor)));
  }

  private void conferring() {
    var left = parties.handles().stream().filter(parties::alive).toList();
    if (left.size() == 2) {
      parties.held = left.get(0);
      parties.transferor = left.get(1);
      parties.target = null;
      mode = Mode.TALK;
      run(null, () -> letGo(parties.held, parties.transferor));
    } else if (left.size() < 2) {
      end();
    }
  }

  /** Nobody is left to talk with: what was started is cleared. */
  private void end() {
    if (parties.target != null && !parties.targetAnswered()) {
      parties.cancelled(parties.target);
    }
    var left = parties.handles().stream().filter(parties::alive).toList();
    if (left.isEmpty()) {
      over();
    } else {
      run(null, () -> steps.hangUp(left));
    }
  }

  // ---- what is told ----

  private void tell() {
    if (over || isBetween()) {
      return;
    }
    if (parties.target != null && !parties.alive(parties.target)) {
      parties.targetFailed(parties.target);
    }
    var first = new ArrayList<Connection>();
    if (consultation == null || parties.alive(parties.held)) {
      add(first, parties.transferor, transferorState(), false);
    }
    boolean waits = heldWaits();
    add(
        first,
        parties.held,
        mode == Mode.CONFERENCE ? ConnectionState.CONFERENCED : ConnectionState.CONNECTED,
        waits);
    if (consultation == null) {
      add(first, parties.target, targetState(), false);
    }
    calls.tell(call, first, parties.why());
    if (consultation != null) {
      tellConsultation(consultation);
    }
    var unused = note();
  }

  private void tellConsultation(Call second) {
    var connections = new ArrayList<Connection>();
    add(connections, parties.transferor, consultationState(), false);
    connections.replaceAll(this::inConsultation);
    add(connections, parties.target, targetState(), picture.isIn(parties.target, music));
    calls.tell(second, connections, parties.why());
  }

  /**
   * The transferor in its consultation call: it stays when a target fails, to dial again or to go
   * back.
   */
  private Connection inConsultation(Connection told) {
    return told.state() == ConnectionState.DISCONNECTED
        ? told.left(parties.targetFailure.orElse(Cause.NORMAL))
        : told;
  }

  private void add(
      List<Connection> to, @Nullable String handle, ConnectionState state, boolean heldByThem) {
    if (handle == null || !parties.alive(handle)) {
      return;
    }
    var now =
        state == ConnectionState.CONNECTED && !parties.hasAnswered(handle)
            ? ConnectionState.OFFERING // somebody else has sent the call there
            : state;
    for (var id : parties.phones(handle)) {
      var chan = picture.channel(id);
      if (chan != null) {
        to.add(calls.connection(chan, now, heldByThem));
      }
    }
  }

  private ConnectionState transferorState() {
    if (mode == Mode.CONFERENCE) {
      return ConnectionState.CONFERENCED;
    }
    if (!heldWaits()) {
      return ConnectionState.CONNECTED;
    }
    return pending ? ConnectionState.ON_HOLD_PENDING_TRANSFER : ConnectionState.ON_HOLD;
  }

  private ConnectionState targetState() {
    if (mode == Mode.CONFERENCE) {
      return ConnectionState.CONFERENCED;
    }
    boolean joined =
        parties.targetAnswered()
            && (steps.areLetGo(parties.held, String.valueOf(parties.target))
                || picture.isIn(parties.target, talk) && (consultation != null || !heldWaits())
                || picture.isIn(parties.target, music));
    return joined ? ConnectionState.CONNECTED : ConnectionState.OFFERING;
  }

  private ConnectionState consultationState() {
    if (parties.target == null) {
      return parties
          .targetFailure
          .map(
              c ->
                  c.code() == Cause.Code.BUSY && pending
                      ? ConnectionState.BUSY
                      : ConnectionState.DISCONNECTED)
          .orElse(ConnectionState.DIALTONE);
    }
    if (parties.targetAnswered()) {
      return picture.isIn(parties.target, music)
          ? ConnectionState.ON_HOLD
          : ConnectionState.CONNECTED;
    }
    if (!parties.dialled) {
      return ConnectionState.DIALING;
    }
    for (var id : parties.phones(parties.target)) {
      var chan = picture.channel(id);
      if (chan != null && chan.state.equals("Ringing")) {
        return ConnectionState.RINGBACK;
      }
    }
    return ConnectionState.PROCEEDING;
  }
}
