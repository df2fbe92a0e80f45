package org.jackfield.pbx.simulated;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * People who call each other: keeps about so many calls alive, with the durations and states that a
 * day in an office has. A call in which a transfer is going on is left alone until it has ended.
 */
final class Traffic {

  private static final Duration TICK = Duration.ofMillis(250);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration RETRY = Duration.ofSeconds(15);
  private static final double MEAN_TALK_SECONDS = 180;
  private static final int ONE_RINGS_IN_VAIN_IN = 15;
  private static final int ONE_HOLDS_IN = 4;

  private final Exchange exchange;
  private final CallServices services;
  private final int wanted;

  Traffic(Pbx pbx, int wanted) {
    this.exchange = pbx.exchange();
    this.services = pbx.calls();
    this.wanted = wanted;
  }

  /** So many phones are needed for so many calls. */
  static int phonesFor(int calls) {
    return calls * 5 / 2;
  }

  /** Starts with all calls up, some of them old. */
  void start() {
    for (int i = 0; i < wanted; i++) {
      attempt(this::established);
    }
    exchange.later(TICK, null, this::topUp);
  }

  private void topUp() {
    int missing = wanted - exchange.calls().size();
    for (int i = 0; i < Math.min(missing, Math.max(1, wanted / 20)); i++) {
      attempt(this::dialled);
    }
    exchange.later(TICK, null, this::topUp);
  }

  private void attempt(Exchange.Service service) {
    try {
      exchange.input(null, service);
    } catch (Refused noPhoneFree) {
      // The next tick tries again.
      return;
    }
  }

  private void established() throws Refused {
    Phone one = free();
    Phone other = free();
    Refused.unless(one != other, Refused.Because.RESOURCE_UNAVAILABLE);
    Instant then = exchange.timers.now().minusMillis(talk().toMillis() / 2);
    Call call = exchange.newCall(exchange.newCallId(), then);
    exchange.join(call, one, Reason.DIRECT, ConnectionState.CONNECTED);
    exchange.join(call, other, Reason.DIRECT, ConnectionState.CONNECTED);
    exchange.refresh(call);
    plan(call.id);
  }

  private void dialled() throws Refused {
    boolean inVain = exchange.random.nextInt(ONE_RINGS_IN_VAIN_IN) == 0;
    String to = inVain ? "6003" : free().address;
    Call call = services.makeCall(exchange.newCallId(), free().address, to);
    exchange.later(PATIENCE, null, () -> giveUp(call.id));
    plan(call.id);
  }

  private void giveUp(String id) {
    find(id)
        .filter(call -> call.attempt != null && call.attempt.command == null)
        .map(call -> call.attempt == null ? null : call.attempt.caller)
        .ifPresent(caller -> exchange.leave(caller, Cause.NORMAL));
  }

  private void plan(String id) {
    Duration talk = talk();
    if (exchange.random.nextInt(ONE_HOLDS_IN) == 0) {
      exchange.later(talk.dividedBy(2), null, () -> hold(id));
    }
    exchange.later(talk, null, () -> hangUp(id));
  }

  private void hold(String id) {
    find(id)
        .filter(Traffic::isPlain)
        .ifPresent(
            call -> {
              Connection holder = any(call.parties());
              attempt(() -> services.hold(holder));
              long seconds = 5 + exchange.random.nextLong(20);
              exchange.later(Duration.ofSeconds(seconds), null, () -> retrieve(holder));
            });
  }

  private void retrieve(Connection holder) {
    if (holder.state == ConnectionState.ON_HOLD) {
      attempt(() -> services.retrieve(holder));
    }
  }

  private void hangUp(String id) {
    find(id)
        .ifPresent(
            call -> {
              if (isPlain(call)) {
                exchange.leave(any(call.parties()), Cause.NORMAL);
              } else {
                exchange.later(RETRY, null, () -> hangUp(id));
              }
            });
  }

  private Optional<Call> find(String id) {
    return Optional.ofNullable(exchange.find(id));
  }

  private static boolean isPlain(Call call) {
    return call.attempt == null
        && call.keeping == null
        && call.consultsFor == null
        && call.connections.size() > 1
        && call.connections.values().stream().allMatch(c -> c.state.speaks());
  }

  private Connection any(List<Connection> parties) {
    return parties.get(exchange.random.nextInt(parties.size()));
  }

  private Phone free() throws Refused {
    List<Phone> phones = exchange.directory.ordinary();
    for (int tries = 0; tries < 50; tries++) {
      Phone phone = phones.get(exchange.random.nextInt(phones.size()));
      if (phone.inService && phone.connections.isEmpty()) {
        return phone;
      }
    }
    throw new Refused(Refused.Because.RESOURCE_UNAVAILABLE);
  }

  /** Most calls are short, some are long. */
  private Duration talk() {
    double seconds = 10 - Math.log(1 - exchange.random.nextDouble()) * MEAN_TALK_SECONDS;
    return Duration.ofMillis((long) (seconds * 1000));
  }
}
