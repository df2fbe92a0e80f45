package org.jackfield.provider.asterisk;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls that the driver itself keeps, and how another gets into its hands: by a command for one
 * of the two who talk, or from an instance that is gone. Confined to the provider's executor.
 */
final class KeptCalls {
  private static final Logger LOG = LoggerFactory.getLogger(KeptCalls.class);

  private final Exchange exchange;
  private final Calls calls;
  private final Picture picture;

  /** The calls of an instance that is gone, until we go on with them. */
  private final List<StasisCall> adopted = new ArrayList<>();

  KeptCalls(Exchange exchange) {
    this.exchange = exchange;
    this.calls = exchange.calls();
    this.picture = exchange.picture();
  }

  List<StasisCall> all() {
    return calls.all().stream().map(c -> c.stasis).filter(Objects::nonNull).distinct().toList();
  }

  @Nullable StasisCall find(CallId id) {
    var call = calls.find(id);
    return call == null ? null : call.stasis;
  }

  // ---- from an instance that is gone ----

  /** Nothing has been told yet, so these calls are told as what they are. */
  CompletableFuture<Void> adopt(Adoption.Found found) {
    for (var card : found.cards()) {
      adopted.add(StasisCall.of(card, exchange));
    }
    found.without().forEach(this::adoptWithoutCard);
    return CompletableFuture.allOf(
        all().stream().map(StasisCall::enlist).toArray(CompletableFuture[]::new));
  }

  /** Taken in, and nothing done with it yet: two go back together, one waits for what is asked. */
  private void adoptWithoutCard(List<String> channels) {
    var first = channels.get(0);
    var chan = picture.channel(first);
    if (chan == null || channels.size() > 2) {
      LOG.warn("{}: {} are left to the PBX", exchange.context().provider(), channels);
      return;
    }
    exchange.steps().rooms().discard(chan.stasisApplication());
    var call = calls.named(new CallId(chan.linkedId));
    boolean alone = channels.size() == 1;
    var kept =
        new StasisCall(call, alone ? "" : first, channels.get(channels.size() - 1), exchange);
    if (alone) {
      kept.waits();
    }
  }

  /** Goes on with what was adopted. */
  void goOn() {
    adopted.forEach(StasisCall::goOn);
    adopted.clear();
  }

  // ---- for a command ----

  /** The call in our hands, with that party as the one who acts; null where it cannot be. */
  @Nullable StasisCall taken(CallId id, ConnectionId party) {
    var call = calls.find(id);
    var connection = call == null ? null : call.told.get(party.value());
    if (call == null
        || connection == null
        || connection.state() != ConnectionState.CONNECTED
        || connection.heldByThem()) {
      return null;
    }
    var kept = call.stasis;
    if (kept != null) {
      return kept.assume(party) ? kept : null;
    }
    var chan = picture.channel(party.value());
    return chan == null || chan.isPlumbing() ? null : whole(id, chan.id);
  }

  /** The call in our hands, as it is: nothing is done with its channels yet. */
  @Nullable StasisCall whole(CallId id, String channel) {
    var call = calls.find(id);
    var other = otherEnd(id, channel);
    if (call == null || other == null) {
      return null;
    }
    return call.stasis != null ? call.stasis : new StasisCall(call, channel, other, exchange);
  }

  /** The one who is with that channel in a call of two, wherever the call is kept. */
  @Nullable String otherEnd(CallId id, String channel) {
    var kept = find(id);
    if (kept != null) {
      return kept.state.isPlain() && kept.parties.isTransferor(new ConnectionId(channel))
          ? kept.parties.held
          : null;
    }
    var chan = picture.channel(channel);
    if (chan == null || chan.bridge == null || picture.isHolding(chan.bridge)) {
      return null;
    }
    var others = new ArrayList<>(picture.members(chan.bridge));
    others.remove(channel);
    return others.size() == 1 ? farEnd(others.get(0)) : null;
  }

  /**
   * The phone behind a Local channel, if there is just one: it is taken instead, and what led to it
   * ends. So a call that is moved again and again does not grow longer each time.
   */
  private String farEnd(String id) {
    var chan = picture.channel(id);
    var other = chan == null || !chan.isLocal() ? null : picture.otherHalf(chan);
    if (other == null) {
      return id;
    }
    var behind = calls.parties(picture.component(other.id, Set.of(id)));
    var end = behind.size() == 1 ? behind.get(0) : null;
    return end != null
            && !end.isPlumbing()
            && end.isUp()
            && end.bridge != null
            && picture.members(end.bridge).size() == 2
        ? end.id
        : id;
  }

  /** The end of that party's phone in another call. */
  @Nullable Connection otherLine(CallId id, ConnectionId party) {
    var call = calls.find(id);
    var phone = picture.channel(party.value());
    if (call == null || phone == null) {
      return null;
    }
    for (var connection : call.told.values()) {
      var chan = picture.channel(connection.id().value());
      if (chan != null && chan != phone && chan.endpoint().equals(phone.endpoint())) {
        return connection;
      }
    }
    return null;
  }
}
