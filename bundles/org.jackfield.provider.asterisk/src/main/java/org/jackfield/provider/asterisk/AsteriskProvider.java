package org.jackfield.provider.asterisk;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.CommandFate;
import org.jackfield.api.provider.Handover;
import org.jackfield.api.provider.ProviderContext;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.provider.TelephonyProvider;
import org.jackfield.api.session.Cause;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Asterisk, from the first connection until all that was begun there is left in order: when its
 * calls are known, who has them before and after us. Confined to the provider's executor, on which
 * the context runs everything.
 */
final class AsteriskProvider implements TelephonyProvider, Link.Owner {
  private static final Logger LOG = LoggerFactory.getLogger(AsteriskProvider.class);

  /** A provider is to be gone within 2 s. */
  private static final Duration LEAVING = Duration.ofMillis(1_700);

  private static final Duration SETTLE = Duration.ofMillis(100);
  private static final Duration AGAIN = Duration.ofMillis(300);

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
  private final MadeCalls madeCalls;
  private final Commands commands;

  private boolean known;
  private int linkUps;
  private boolean snapshotWanted;
  private boolean handedOver;
  private boolean closed;

  AsteriskProvider(Settings settings, ProviderContext context) {
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
    var exchange = new Exchange(calls, picture, steps, context, turns);
    this.keptCalls = new KeptCalls(exchange);
    this.adoption = new Adoption(link, picture, settings, steps);
    var admission = new Admission(exchange, facts, settings);
    this.madeCalls = new MadeCalls(exchange, keptCalls, admission, settings);
    this.commands =
        new Commands(
            exchange,
            admission,
            new CallFeatures(exchange, keptCalls, admission, settings),
            madeCalls);
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
      madeCalls.check();
    }
    facts.check();
  }

  private void everythingChanged() {
    var all = new LinkedHashSet<String>();
    picture.channels().forEach(chan -> all.add(chan.id));
    calls.all().forEach(call -> all.addAll(call.told.keySet()));
    calls.refresh(all);
    calls.all().forEach(AsteriskProvider::resume);
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
    turns.until(() -> keptCalls.all().stream().noneMatch(StasisCall::isBusy), Admission.BUSY);
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
    BooleanSupplier left = () -> kept.stream().allMatch(call -> call.wayOut.isLeft());
    BooleanSupplier gone = () -> left.getAsBoolean() && steps.rooms().areEmptyOnesGone();
    if (kept.stream().anyMatch(StasisCall::isBusy)) {
      turns.until(() -> !link.isUp(), SETTLE); // what has been asked for may not be seen yet
    }
    while (!gone.getAsBoolean() && link.isUp() && System.nanoTime() < end) {
      boolean first = !left.getAsBoolean();
      if (first) {
        kept.forEach(call -> call.wayOut.leave());
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
    return commands.execute(command, known);
  }

  @Override
  public CompletionStage<CommandFate> fate(Command command) {
    return commands.fate(command, known);
  }
}
