package org.jackfield.provider.asterisk;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.CommandFate;
import org.jackfield.api.provider.CommandId;
import org.jackfield.api.provider.Handover;
import org.jackfield.api.provider.ProviderContext;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.provider.ProviderReply.Refused;
import org.jackfield.api.provider.TelephonyProvider;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.Reason;
import org.jackfield.api.transfer.CompleteAs;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One Asterisk. Confined to the provider's executor, on which the context runs everything. */
final class AsteriskProvider implements TelephonyProvider, Link.Owner {
  private static final Logger LOG = LoggerFactory.getLogger(AsteriskProvider.class);
  private static final int REMEMBERED_COMMANDS = 10_000;
  private static final Duration BUSY = Duration.ofMillis(1_500);
  private static final Duration ENDING = Duration.ofSeconds(1);

  /** A provider is to be gone within 2 s. */
  private static final Duration LEAVING = Duration.ofMillis(1_700);

  private static final Duration SETTLE = Duration.ofMillis(100);
  private static final Duration AGAIN = Duration.ofMillis(300);

  private final Settings settings;
  private final ProviderContext context;
  private final Turns turns;
  private final Link link;
  private final Picture picture;
  private final Facts facts;
  private final Survey survey;
  private final Steps steps;
  private final Calls calls;
  private final KeptCalls keptCalls;
  private final Adoption adoption;
  private final Map<CommandId, CompletionStage<ProviderReply>> done =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(
            Map.Entry<CommandId, CompletionStage<ProviderReply>> eldest) {
          return size() > REMEMBERED_COMMANDS;
        }
      };
  private final Map<String, Command.MakeCall> made = new HashMap<>();

  private boolean known;
  private int linkUps;
  private boolean snapshotWanted;
  private boolean handedOver;
  private boolean closed;

  AsteriskProvider(Settings settings, ProviderContext context) {
    this.settings = settings;
    this.context = context;
    var application =
        settings.application()
            + "_"
            + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    this.picture = new Picture(application);
    this.facts = new Facts(context);
    this.turns = new Turns(context::execute);
    this.link = new Link(settings, application, context, turns, this);
    this.survey = new Survey(link, picture, facts, turns, application);
    this.steps = new Steps(link, picture, facts, settings, application);
    this.calls = new Calls(picture, settings, context);
    this.keptCalls = new KeptCalls(new Exchange(calls, picture, steps, context, turns));
    this.adoption = new Adoption(link, picture, settings, steps);
  }

  void open() {
    turns.execute(link::connect);
  }

  // ---- the link ----

  @Override
  public void linkUp() {
    known = false;
    int mine = ++linkUps;
    survey.take(
        () ->
            adoption
                .look()
                .thenCompose(keptCalls::adopt)
                .whenCompleteAsync(
                    (done, error) -> {
                      if (link.isLeaving() || mine != linkUps || !link.isUp()) {
                        return;
                      }
                      if (error == null) {
                        inTouch();
                      } else {
                        link.useless("the calls of before cannot be taken over: " + error);
                      }
                    },
                    turns));
  }

  private void inTouch() {
    link.proven();
    steps.rooms().sweep();
    context.report(new ProviderEvent.LinkUp(AsteriskDriver.DECLARED, Map.of()));
    goOn();
  }

  private void goOn() {
    known = true;
    keptCalls.goOn();
    everythingChanged();
    if (snapshotWanted) {
      tellSnapshot();
    }
  }

  @Override
  public void linkDown(String why) {
    survey.linkDown();
    boolean was = known;
    known = false;
    facts.fail(new IOException("link lost: " + why));
    if (was) {
      context.report(new ProviderEvent.LinkDown(Cause.of(Cause.Code.PROVIDER_LOST, why)));
    }
  }

  @Override
  public void event(JsonNode event) {
    if (closed) {
      return;
    }
    if (link.isLeaving()) {
      picture.apply(event); // that is all that is wanted now
      return;
    }
    survey.event(event);
    if ("ApplicationReplaced".equals(event.path("type").asText())) {
      LOG.warn("{}: another connection took this application's name", context.provider());
    }
    var touched = picture.apply(event);
    if (known && !handedOver && !touched.isEmpty()) {
      calls.refresh(touched);
      checkMade();
    }
    facts.check();
  }

  private void everythingChanged() {
    var all = new LinkedHashSet<String>();
    picture.channels().forEach(chan -> all.add(chan.id));
    calls.all().forEach(call -> all.addAll(call.told.keySet()));
    calls.refresh(all);
    calls.all().forEach(call -> resume(call));
    facts.check();
  }

  private static void resume(Call call) {
    if (call.stasis != null) {
      call.stasis.resume();
    }
  }

  @Override
  public void requestSnapshot() {
    snapshotWanted = true;
    if (known) {
      survey.take(
          () -> {
            if (known) {
              everythingChanged();
              tellSnapshot();
            }
          });
    }
  }

  private void tellSnapshot() {
    if (snapshotWanted) {
      snapshotWanted = false;
      context.report(new ProviderEvent.Snapshot(calls.snapshot()));
    }
  }

  @Override
  public Optional<Handover> handOver() {
    turns.until(() -> keptCalls.all().stream().noneMatch(StasisCall::isBusy), BUSY);
    handedOver = true;
    calls.close();
    keptCalls.all().forEach(StasisCall::close);
    return Optional.of(
        calls.baton(keptCalls.all().stream().map(StasisCall::card).toList()).handover());
  }

  @Override
  public void takeOver(Handover handover) {
    var baton = Baton.of(handover);
    known = false;
    int mine = linkUps;
    calls.begin(baton, !handedOver);
    handedOver = false;
    keptCalls
        .adopt(new Adoption.Found(baton.kept(), List.of()))
        .whenCompleteAsync(
            (done, error) -> {
              if (!link.isLeaving() && mine == linkUps && link.isUp()) {
                goOn();
              }
            },
            turns);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    link.leave();
    calls.close();
    if (!handedOver) {
      leaveCalls();
    }
    closed = true;
    link.close();
    facts.fail(new IOException("closed"));
  }

  /**
   * Every call that we keep goes back to where the PBX keeps it by itself, and then what we made
   * for it goes. All is asked for until the PBX has told it, or the time is up.
   */
  private void leaveCalls() {
    var kept = keptCalls.all();
    long end = System.nanoTime() + LEAVING.toNanos();
    BooleanSupplier left = () -> kept.stream().allMatch(StasisCall::isLeft);
    BooleanSupplier gone = () -> left.getAsBoolean() && steps.rooms().areEmptyOnesGone();
    if (kept.stream().anyMatch(StasisCall::isBusy)) {
      turns.until(() -> !link.isUp(), SETTLE); // what has been asked for may not be seen yet
    }
    while (!gone.getAsBoolean() && link.isUp() && System.nanoTime() < end) {
      boolean first = !left.getAsBoolean();
      if (first) {
        kept.forEach(StasisCall::leave);
      } else {
        steps.rooms().leave();
      }
      turns.until(first ? left : gone, AGAIN);
    }
    kept.forEach(StasisCall::close);
    if (!gone.getAsBoolean()) {
      LOG.info("{}: not all that was begun could be left in order", context.provider());
      steps.rooms().leave();
    }
  }

  // ---- commands ----

  @Override
  public CompletionStage<ProviderReply> execute(Command command) {
    var before = done.get(command.id());
    if (before != null) {
      return before;
    }
    CompletionStage<ProviderReply> reply =
        known ? begin(command) : now(refused(Reason.PROVIDER_DOWN, "no link to the PBX"));
    reply =
        reply.exceptionally(
            error -> refused(Reason.REFUSED_BY_PBX, String.valueOf(error.getMessage())));
    done.put(command.id(), reply);
    return reply;
  }

  /** By what was written down at the PBX, on the call's channels, before the command was begun. */
  @Override
  public CompletionStage<CommandFate> fate(Command command) {
    var before = done.get(command.id());
    if (before != null) {
      return before.thenApply(CommandFate.Given::new);
    }
    var call = calls.find(command.call());
    if (!known || call == null) {
      return CompletableFuture.completedFuture(CommandFate.UNKNOWN);
    }
    if (call.stasis != null) {
      return CompletableFuture.completedFuture(call.stasis.fate(command));
    }
    var cards = call.told.keySet().stream().map(steps::noted).toList();
    return CompletableFuture.allOf(cards.toArray(CompletableFuture[]::new))
        .handle(
            (read, error) ->
                error != null
                    ? CommandFate.UNKNOWN
                    : cards.stream()
                            .anyMatch(
                                card ->
                                    card.join().isPresent()
                                        && card.join().get().given().contains(command.id()))
                        ? new CommandFate.Given(ProviderReply.ACCEPTED)
                        : CommandFate.NEVER_GIVEN);
  }

  private CompletionStage<ProviderReply> begin(Command command) {
    return switch (command) {
      case Command.MakeCall c -> makeCall(c);
      case Command.Hold c -> idle(c, () -> hold(c));
      case Command.Retrieve c -> idle(c, () -> retrieve(c));
      case Command.Alternate c -> idle(c, () -> alternate(c));
      case Command.BlindTransfer c -> dialable(c.target(), () -> idle(c, () -> blind(c)));
      case Command.Consult c ->
          c.target().isPresent()
              ? dialable(c.target().get(), () -> idle(c, () -> consult(c)))
              : idle(c, () -> consult(c));
      case Command.Dial c -> dialable(c.target(), () -> whenFree(c, () -> dial(c)));
      case Command.Complete c -> idle(c, () -> complete(c));
      case Command.Recall c -> dialable(c.to(), () -> whenFree(c, () -> recall(c)));
      case Command.Redirect c -> dialable(c.to(), () -> idle(c, () -> redirect(c)));
      case Command.Clear c -> idle(c, () -> clear(c));
      case Command.ClearAll c -> clearAll(c);
      default ->
          now(refused(Reason.NOT_SUPPORTED, "this PBX does not " + command.operation().text()));
    };
  }

  private static CompletionStage<ProviderReply> now(ProviderReply reply) {
    return CompletableFuture.completedFuture(reply);
  }

  private static ProviderReply refused(Reason reason, String words) {
    return Refused.of(reason, words);
  }

  private static ProviderReply notNow(String words) {
    return Refused.of(Reason.NOT_PERMITTED_NOW, words);
  }

  /** Goes on when the PBX knows the address; nothing has been dialled before. */
  private CompletionStage<ProviderReply> dialable(
      Address address, Supplier<CompletionStage<ProviderReply>> then) {
    if (!Fields.dialable(address.value())) {
      return now(refused(Reason.INVALID_ADDRESS, "not an address that can be dialled here"));
    }
    return steps
        .exists(address.value())
        .thenCompose(
            exists ->
                exists
                    ? then.get()
                    : now(
                        new Refused(
                            Reason.INVALID_ADDRESS,
                            new Cause(
                                Cause.Code.BAD_ADDRESS,
                                "",
                                "Did not find extension "
                                    + address.value()
                                    + "@"
                                    + settings.context()))));
  }

  /**
   * Goes on when no sequence of steps is under way in the call, which takes milliseconds as a rule.
   */
  private CompletionStage<ProviderReply> idle(Command command, Supplier<ProviderReply> then) {
    var call = calls.find(command.call());
    return call == null ? now(refused(Reason.NO_SUCH_SESSION, "no such call")) : idle(call, then);
  }

  private CompletionStage<ProviderReply> idle(Call call, Supplier<ProviderReply> then) {
    return idle(call, System.nanoTime() + BUSY.toNanos(), then);
  }

  private CompletionStage<ProviderReply> idle(Call call, long until, Supplier<ProviderReply> then) {
    var kept = call.stasis;
    if (kept == null || !kept.isBusy()) {
      return now(then.get());
    }
    return kept.idle()
        .orTimeout(Math.max(1, until - System.nanoTime()), TimeUnit.NANOSECONDS)
        .handleAsync(
            (r, late) ->
                late == null
                    ? idle(call, until, then) // what follows by itself may have begun
                    : now(notNow("another step is under way")),
            turns)
        .thenCompose(reply -> reply);
  }

  private @Nullable Connection told(CallId id, ConnectionId party) {
    var call = calls.find(id);
    return call == null ? null : call.told.get(party.value());
  }

  private ProviderReply started(@Nullable StasisCall call, Consumer<StasisCall> start) {
    if (call == null) {
      return notNow("the party does not talk with exactly one other");
    }
    start.accept(call);
    return ProviderReply.ACCEPTED;
  }

  private ProviderReply hold(Command.Hold c) {
    return noParty(c.call(), c.party())
        .orElseGet(() -> started(keptCalls.taken(c.call(), c.party()), call -> call.hold(c.id())));
  }

  private Optional<ProviderReply> noParty(CallId call, ConnectionId party) {
    return told(call, party) == null
        ? Optional.of(refused(Reason.NO_SUCH_PARTY, "no such party in the call"))
        : Optional.empty();
  }

  private ProviderReply blind(Command.BlindTransfer c) {
    return noParty(c.call(), c.transferor())
        .orElseGet(
            () ->
                started(
                    keptCalls.taken(c.call(), c.transferor()),
                    call ->
                        call.blind(
                            c.id(),
                            c.target(),
                            settings.dialString(c.target().value()),
                            c.release())));
  }

  private ProviderReply consult(Command.Consult c) {
    return noParty(c.call(), c.transferor())
        .orElseGet(
            () ->
                started(
                    consulting(c.call(), c.transferor()),
                    call ->
                        call.consult(
                            c.id(),
                            c.consultation(),
                            c.target(),
                            c.target().map(t -> settings.dialString(t.value())).orElse(""))));
  }

  private @Nullable StasisCall consulting(CallId id, ConnectionId party) {
    var kept = keptCalls.find(id);
    return kept != null && kept.mayConsultAgain(party) ? kept : keptCalls.taken(id, party);
  }

  private ProviderReply retrieve(Command.Retrieve c) {
    var kept = keptCalls.find(c.call());
    if (kept == null
        || !kept.isTransferor(c.party())
        || !kept.transferorAlive()
        || kept.call() != calls.find(c.call())
        || kept.mode() == StasisCall.Mode.TALK
        || kept.mode() == StasisCall.Mode.CONFERENCE) {
      return noParty(c.call(), c.party()).orElse(notNow("the party does not hold the call"));
    }
    if (kept.isBesideMadeCall()) {
      return notNow("the party has another call; it is to be cleared, or the two alternated");
    }
    kept.retrieve(c.id());
    return ProviderReply.ACCEPTED;
  }

  /**
   * A target that has failed is told before the last channel of it is gone: another may be dialled
   * a moment later.
   */
  private CompletionStage<ProviderReply> whenFree(Command c, Supplier<ProviderReply> then) {
    var kept = keptCalls.find(c.call());
    if (kept == null || !kept.targetIsEnding()) {
      return idle(c, then);
    }
    return facts
        .await("the failed target is gone", ENDING, () -> !kept.hasTarget())
        .handle((done, late) -> late)
        .thenCompose(late -> idle(c, then));
  }

  private ProviderReply dial(Command.Dial c) {
    var kept = keptCalls.find(c.call());
    if (kept == null || kept.consultation() != calls.find(c.call()) || kept.hasTarget()) {
      return notNow("the party may not dial now");
    }
    kept.dial(c.id(), c.target(), settings.dialString(c.target().value()));
    return ProviderReply.ACCEPTED;
  }

  private ProviderReply alternate(Command.Alternate c) {
    var kept = keptCalls.find(c.call());
    if (kept == null
        || kept.mode() != StasisCall.Mode.CONSULT
        || !kept.targetAnswered()
        || !kept.transferorAlive()
        || kept != keptCalls.find(c.active())) {
      return notNow("there are no two calls to alternate between");
    }
    if (kept.heldWaits() != (kept.call() == calls.find(c.call()))) {
      return notNow("the call is not the one on hold");
    }
    kept.alternate(c.id());
    return ProviderReply.ACCEPTED;
  }

  private ProviderReply complete(Command.Complete c) {
    var kept = keptCalls.find(c.call());
    if (kept == null || kept != keptCalls.find(c.consultation())) {
      return completeTwoLines(c);
    }
    if (kept.mode() != StasisCall.Mode.CONSULT
        || c.call().equals(c.consultation())
        || !kept.hasTarget()) {
      return notNow("there is nobody to complete to");
    }
    boolean conference = c.as() == CompleteAs.CONFERENCE;
    if (conference && !(kept.targetAnswered() && kept.transferorAlive())) {
      return notNow("the target has not answered");
    }
    kept.complete(c.id(), c.as());
    return ProviderReply.ACCEPTED;
  }

  /** The transferor's phone has the two calls on two lines, and holds one of them. */
  private ProviderReply completeTwoLines(Command.Complete c) {
    var here = told(c.call(), c.transferor());
    var there = keptCalls.otherLine(c.consultation(), c.transferor());
    var other = calls.find(c.consultation());
    if (here == null || there == null || other == null || c.as() != CompleteAs.TRANSFER) {
      return notNow("there is nobody to complete to");
    }
    boolean oneIsHeld =
        (here.state() == ConnectionState.ON_HOLD) != (there.state() == ConnectionState.ON_HOLD);
    if (!oneIsHeld || !here.state().isTalking() && !there.state().isTalking()) {
      return notNow("the party does not hold the one call and talk in the other");
    }
    var line = there.id().value();
    var joined = keptCalls.otherEnd(c.consultation(), line);
    var kept = joined == null ? null : keptCalls.whole(c.call(), c.transferor().value());
    if (kept == null || joined == null) {
      return notNow("each of the two calls must have two parties");
    }
    kept.joinOtherLine(c.id(), other, joined, line);
    return ProviderReply.ACCEPTED;
  }

  private ProviderReply recall(Command.Recall c) {
    var kept = keptCalls.find(c.call());
    if (kept == null || !kept.mayBeRecalled(c.waiting())) {
      return notNow("the party does not wait");
    }
    kept.recall(c.id(), c.to(), settings.dialString(c.to().value()));
    return ProviderReply.ACCEPTED;
  }

  /**
   * Whoever dials the party dials another. Where one call rings in several places it is left alone:
   * the others would be silenced too.
   */
  private ProviderReply redirect(Command.Redirect c) {
    var offered = told(c.call(), c.party());
    if (offered == null) {
      return refused(Reason.NO_SUCH_PARTY, "no such party in the call");
    }
    var phone = picture.channel(c.party().value());
    if (offered.state() != ConnectionState.OFFERING || phone == null || phone.isUp()) {
      return notNow("the call is not offered to the party");
    }
    var by = picture.channel(phone.dialledBy);
    var kept = keptCalls.find(c.call());
    if (by != null && !by.stasis && by.dials.size() == 1) {
      picture.unwanted(phone.id, Cause.Code.FORWARDED);
      tellFailure(c.id(), steps.sendTo(by.id, c.to().value()));
    } else if (by == null && kept != null && kept.hasTarget()) {
      kept.redirect(c.id(), c.to(), settings.dialString(c.to().value()));
    } else {
      return notNow("it is not one call alone that rings there");
    }
    return ProviderReply.ACCEPTED;
  }

  private ProviderReply clear(Command.Clear c) {
    var kept = keptCalls.find(c.call());
    if (kept != null) {
      if (kept.consultation() == calls.find(c.call()) && kept.isTransferor(c.party())) {
        kept.clearConsultation(c.id());
      } else if (kept.isBesideMadeCall() && kept.isTransferor(c.party())) {
        kept.clearHeld(c.id());
      } else {
        kept.clear(c.id(), c.party());
      }
      return ProviderReply.ACCEPTED;
    }
    return noParty(c.call(), c.party())
        .orElseGet(
            () -> {
              picture.unwanted(c.party().value(), Cause.Code.CANCELLED);
              tellFailure(c.id(), steps.hangUp(List.of(c.party().value())));
              return ProviderReply.ACCEPTED;
            });
  }

  private CompletionStage<ProviderReply> clearAll(Command.ClearAll c) {
    var call = calls.find(c.call());
    if (call == null) {
      return now(refused(Reason.NO_SUCH_SESSION, "no such call"));
    }
    var kept = call.stasis;
    return kept != null && (kept.call() != call || kept.isBesideMadeCall())
        ? idle(call, () -> clearAllNow(call, c))
        : now(clearAllNow(call, c)); // also in the middle of a sequence of steps
  }

  private ProviderReply clearAllNow(Call call, Command.ClearAll c) {
    var kept = call.stasis;
    if (kept == null) {
      tellFailure(c.id(), steps.hangUp(List.copyOf(call.told.keySet())));
    } else if (kept.call() != call) {
      kept.clearConsultation(c.id());
    } else if (kept.isBesideMadeCall()) {
      kept.clearHeld(c.id());
    } else {
      tellFailure(c.id(), kept.clearAll());
    }
    return ProviderReply.ACCEPTED;
  }

  private void tellFailure(CommandId command, CompletableFuture<Void> step) {
    var unused =
        step.exceptionally(
            error -> {
              context.report(
                  new ProviderEvent.CommandFailed(
                      command,
                      Cause.of(Cause.Code.STEP_REFUSED, String.valueOf(error.getMessage()))));
              return null;
            });
  }

  private CompletionStage<ProviderReply> makeCall(Command.MakeCall c) {
    return dialable(
        c.from(),
        () ->
            dialable(
                c.to(),
                () -> {
                  var holding =
                      keptCalls.all().stream().filter(kept -> kept.isHeldBy(c.from())).toList();
                  return holding.size() == 1
                      ? idle(holding.get(0).call(), () -> makeBeside(holding.get(0), c))
                      : originate(c);
                }));
  }

  private ProviderReply makeBeside(StasisCall kept, Command.MakeCall c) {
    if (!kept.isHeldBy(c.from())) {
      return notNow("the party does not hold its other call any more");
    }
    kept.make(c.id(), c.call(), c.to(), settings.dialString(c.to().value()));
    return ProviderReply.ACCEPTED;
  }

  private CompletionStage<ProviderReply> originate(Command.MakeCall c) {
    var id = c.call().value();
    if (!id.matches("[a-z0-9-]{1,128}")) {
      return now(refused(Reason.REFUSED_BY_PBX, "no name for a channel"));
    }
    made.put(id, c);
    return steps
        .originate(id, c.from().value(), c.to().value())
        .handle(
            (r, error) -> {
              if (error == null) {
                return ProviderReply.ACCEPTED;
              }
              made.remove(id);
              return refused(Reason.REFUSED_BY_PBX, String.valueOf(error.getMessage()));
            });
  }

  /**
   * A call that was asked for and ended before any party of it was seen ends in the caller's name.
   */
  private void checkMade() {
    if (made.isEmpty()) {
      return;
    }
    made.values()
        .removeIf(
            c -> {
              var call = calls.find(c.call());
              if (call != null && !call.told.isEmpty()) {
                return true;
              }
              var end = picture.end(c.call().value());
              if (end == null) {
                return false;
              }
              var cause =
                  end.code() == Cause.Code.NORMAL
                      ? Cause.of(Cause.Code.NO_ANSWER, end.driver())
                      : end;
              context.report(
                  new ProviderEvent.ConnectionChanged(
                      c.call(),
                      Connection.of(
                              new ConnectionId(c.call().value()),
                              c.from(),
                              "",
                              ConnectionState.DISCONNECTED)
                          .left(cause)));
              return true;
            });
  }
}
