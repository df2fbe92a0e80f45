package org.jackfield.provider.asterisk;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.CommandFate;
import org.jackfield.api.provider.CommandId;
import org.jackfield.api.provider.ProviderContext;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.ReleaseWhen;
import org.jackfield.provider.asterisk.CallState.Mode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A call while the driver itself keeps it, in its Stasis application: pulled in when it is to be
 * held or moved, let go when two parties are left who talk.
 *
 * <p>It has {@link Parties}, each with a channel in the application, and two {@link Bridges}, one
 * to talk in and one with music for those who wait. How it stands is its {@link CallState}; what is
 * told of that follows from where the PBX says the parties are, never from what was asked for.
 *
 * <p>Confined to the provider's executor, with all its pieces. At most one {@link Sequence} of
 * steps is under way; when it ends, whether well or not, what is to be done next follows from the
 * picture alone ({@link CallProgress}).
 */
final class StasisCall {
  private static final Logger LOG = LoggerFactory.getLogger(StasisCall.class);

  private final Call call;
  private final Calls calls;
  private final Picture picture;
  private final Steps steps;
  private final ProviderContext context;
  final Parties parties;
  final CallState state;
  private final Bridges bridges;
  private final Consultation consultation;
  private final Notes notes;
  private final Report report;
  final Sequence sequence;
  private final Dialling dialling;
  final WayOut wayOut;
  final TwoLines twoLines;
  private final CallProgress progress;

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
    this.calls = exchange.calls();
    this.picture = exchange.picture();
    this.steps = exchange.steps();
    this.context = exchange.context();
    this.call = call;
    this.parties = new Parties(call, transferor, held, exchange);
    this.bridges = new Bridges(talk, music, exchange);
    this.state = new CallState(call, parties, bridges, exchange);
    this.consultation = state.consultation;
    this.notes = new Notes(state, exchange);
    this.report = new Report(state, notes, exchange);
    this.sequence = new Sequence(state, notes, report, exchange, this::advance, this::changed);
    this.dialling = new Dialling(state, report, exchange);
    this.wayOut = new WayOut(state, report, sequence, exchange);
    this.progress = new CallProgress(state, report, sequence, dialling, wayOut, exchange);
    this.twoLines = new TwoLines(state, report, sequence, wayOut, exchange);
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
    state.resume(card);
    notes.resume(card);
    var second = consultation.call();
    if (second != null) {
      second.stasis = this;
    }
    bridges.adopt();
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
    return notes.card();
  }

  /** Whether a command was begun; only a call that has been written down can tell. */
  CommandFate fate(Command command) {
    return notes.fate(command);
  }

  /** The other waits alone, for what is asked for it. */
  void waits() {
    state.mode = Mode.WAITING;
  }

  boolean isBusy() {
    return state.busy;
  }

  // ---- what is asked ----

  /** Lets another of the two who talk be the one who acts. */
  boolean assume(ConnectionId party) {
    if (state.mode != Mode.TALK
        || parties.target != null
        || state.over
        || !parties.alive(parties.held)
        || !parties.alive(parties.transferor)) {
      return false;
    }
    if (parties.isHeld(party)) {
      var other = parties.transferor;
      parties.transferor = parties.held;
      parties.held = other;
    }
    state.triedToLetGo = true;
    return parties.isTransferor(party);
  }

  void hold(CommandId command) {
    sequence.run(
        command,
        () ->
            pullIn()
                .thenCompose(
                    done -> {
                      state.mode = Mode.HOLD;
                      state.pending = false;
                      return bridges.intoMusic(parties.held);
                    }));
  }

  void retrieve(CommandId command) {
    sequence.run(command, () -> dialling.clear().thenCompose(done -> wayOut.backTogether()));
  }

  void blind(CommandId command, Address to, String dialString, ReleaseWhen when) {
    sequence.run(
        command,
        () ->
            pullIn()
                .thenCompose(
                    done -> {
                      state.mode = Mode.BLIND;
                      state.pending = true;
                      state.release = when;
                      return bridges.intoMusic(parties.held);
                    })
                .thenCompose(done -> dialling.forHeld(to, dialString))
                .thenCompose(
                    done -> {
                      if (state.release == ReleaseWhen.ON_ANSWER) {
                        return Steps.nothing();
                      }
                      state.mode = Mode.WAITING;
                      return wayOut.release(parties.transferor);
                    }));
  }

  void recall(CommandId command, Address to, String dialString) {
    sequence.run(
        command,
        () ->
            bridges.intoMusic(parties.held).thenCompose(done -> dialling.forHeld(to, dialString)));
  }

  /**
   * Also after a target that failed: the call is on consultation hold already, and a new one is
   * opened.
   */
  void consult(CommandId command, CallId name, Optional<Address> to, String dialString) {
    var second = calls.named(name); // known at once, so that a dial may follow without waiting
    second.stasis = this;
    sequence.run(
        command,
        () ->
            pullIn()
                .thenCompose(
                    done -> {
                      consultation.end();
                      state.mode = Mode.CONSULT;
                      state.pending = true;
                      return bridges.intoMusic(parties.held);
                    })
                .thenCompose(
                    done -> {
                      openConsultation(second);
                      return to.isPresent()
                          ? dialling.forTransferor(to.get(), dialString)
                          : Steps.nothing();
                    })
                .whenComplete((done, error) -> consultation.forgetUnopened(second)));
  }

  /**
   * A new call of the party who holds this one: by the same channel, so that nobody has to answer a
   * phone that is off the hook.
   */
  void make(CommandId command, CallId name, Address to, String dialString) {
    var second = calls.named(name);
    second.stasis = this;
    sequence.run(
        command,
        () -> {
          state.mode = Mode.CONSULT;
          openConsultation(second);
          return dialling.forTransferor(to, dialString);
        });
  }

  private void openConsultation(Call second) {
    consultation.open(second);
    report.tell();
  }

  void dial(CommandId command, Address to, String dialString) {
    sequence.run(command, () -> dialling.forTransferor(to, dialString));
  }

  /** Whoever is dialled is dialled no more, and another in its place. */
  void redirect(CommandId command, Address to, String dialString) {
    boolean consulting = state.mode == Mode.CONSULT;
    var forwarded = Cause.of(Cause.Code.FORWARDED);
    var before = parties.target;
    if (before == null) {
      return;
    }
    parties.leaves(before, forwarded);
    sequence.run(
        command,
        () ->
            steps
                .hangUp(before)
                .thenCompose(
                    done ->
                        consulting
                            ? dialling.forTransferor(to, dialString)
                            : dialling.forHeld(to, dialString)));
  }

  void alternate(CommandId command) {
    var other = parties.target;
    if (other == null) {
      return;
    }
    boolean heldWaits = state.heldWaits();
    var comes = heldWaits ? parties.held : other;
    var goes = heldWaits ? other : parties.held;
    sequence.run(
        command,
        () ->
            bridges
                .intoMusic(goes)
                .thenCompose(done -> bridges.intoTalk(comes))
                .exceptionallyCompose(
                    error ->
                        bridges
                            .intoTalk(goes)
                            .thenCompose(done -> CompletableFuture.failedFuture(error))));
  }

  void complete(@Nullable CommandId command, CompleteAs as) {
    var other = parties.target;
    if (other == null) {
      return;
    }
    state.completing = as;
    if (as == CompleteAs.CONFERENCE) {
      sequence.run(
          command,
          () ->
              steps
                  .place(other)
                  .thenCompose(done -> bridges.intoTalk(parties.transferor, parties.held, other))
                  .thenRun(
                      () -> {
                        state.mode = Mode.CONFERENCE;
                        consultation.merge();
                        report.tell();
                      }));
    } else if (parties.targetAnswered()) {
      sequence.run(command, wayOut::joinTarget);
    } else {
      sequence.run(
          command,
          () -> {
            state.mode = Mode.WAITING;
            consultation.merge();
            return wayOut.release(parties.transferor);
          });
    }
  }

  /** Clears the consultation call; the first stays held. */
  void clearConsultation(CommandId command) {
    if (!parties.alive(parties.held)) {
      sequence.run(command, this::clearAll);
      return;
    }
    sequence.run(
        command,
        () ->
            dialling
                .clear()
                .thenCompose(
                    done -> {
                      consultation.end();
                      state.mode = parties.transferorAlive() ? Mode.HOLD : Mode.WAITING;
                      return state.heldWaits() ? Steps.nothing() : wayOut.backTogether();
                    }));
  }

  /** Clears the first call; what the transferor has made beside it goes on. */
  void clearHeld(CommandId command) {
    sequence.run(command, () -> steps.hangUp(parties.held));
  }

  /** Takes one party out; what follows for the others follows from the picture. */
  void clear(CommandId command, ConnectionId party) {
    for (var handle : parties.handles()) {
      if (parties.phones(handle).contains(party.value())) {
        if (handle.equals(parties.target)) {
          parties.cancelled(handle);
        }
        sequence.run(command, () -> steps.hangUp(handle));
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
      return bridges.isInMusic(parties.held)
          ? Steps.nothing()
          : bridges.intoTalk(parties.transferor, parties.held);
    }
    return bridges
        .make()
        .thenCompose(done -> steps.pullIn(parties.transferor, parties.held))
        .thenCompose(done -> notes.write())
        .thenCompose(done -> bridges.intoTalk(parties.transferor, parties.held));
  }

  // ---- what happens ----

  /** Completes, never exceptionally, when the sequence under way has ended. */
  CompletableFuture<Void> idle() {
    return sequence.idle();
  }

  /** Nothing more is done of its own accord. */
  void close() {
    sequence.close();
  }

  /** To be called after each event about one of its channels. */
  void changed() {
    progress.changed();
  }

  private void advance() {
    progress.advance();
  }

  /** The picture is new, after a loss of the link: what failed may be tried again. */
  void resume() {
    progress.resume();
  }

  /** Goes on with what the instance before us had begun with the call. */
  void goOn() {
    parties.learnAll();
    var other = parties.target;
    if (state.completing != null && other != null && parties.alive(other)) {
      complete(null, state.completing);
    } else if (other != null
        && parties.alive(other)
        && !parties.targetAnswered()
        && !parties.dialled) {
      sequence.run(null, () -> dialling.goOn(other));
    } else if (state.mode == Mode.CONSULT
        && parties.targetAnswered()
        && !bridges.isInTalk(parties.held)
        && !bridges.isInTalk(other)) {
      sequence.run(null, () -> bridges.intoTalk(String.valueOf(other)));
    }
  }
}
