package org.jackfield.core;

import static org.jackfield.core.FakeDriver.connection;
import static org.jackfield.core.FakeDriver.party;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.Reason;
import org.jackfield.api.transfer.CompleteAs;

/** Makes the fake driver's table behave as the commands say; who rings answers when told to. */
final class FakePbx {
  private final FakeDriver driver;

  FakePbx(FakeDriver driver) {
    this.driver = driver;
    driver.answer = this::command;
  }

  private CompletionStage<ProviderReply> command(Command command) {
    boolean done =
        switch (command) {
          case Command.Hold c -> held(c.call(), c.party(), ConnectionState.ON_HOLD);
          case Command.Retrieve c -> retrieve(c);
          case Command.Alternate c ->
              held(c.active(), c.party(), ConnectionState.ON_HOLD) && back(c.call(), c.party());
          case Command.BlindTransfer c -> {
            held(c.call(), c.transferor(), ConnectionState.ON_HOLD_PENDING_TRANSFER);
            yield offer(c.call(), c.target().value());
          }
          case Command.Consult c -> {
            held(c.call(), c.transferor(), ConnectionState.ON_HOLD_PENDING_TRANSFER);
            put(c.consultation(), at(c.call(), c.transferor()).in(ConnectionState.DIALTONE));
            yield true;
          }
          case Command.Dial c -> {
            put(c.call(), at(c.call(), c.transferor()).in(ConnectionState.RINGBACK));
            yield offer(c.call(), c.target().value());
          }
          case Command.Complete c -> complete(c);
          case Command.Recall c -> offer(c.call(), c.to().value());
          case Command.Clear c -> clear(c.call(), c.party());
          case Command.ClearAll c -> {
            in(c.call()).keySet().stream().toList().forEach(id -> clear(c.call(), id));
            yield true;
          }
          default -> false;
        };
    return CompletableFuture.completedStage(
        done
            ? ProviderReply.ACCEPTED
            : ProviderReply.Refused.of(Reason.REFUSED_BY_PBX, "not in this state"));
  }

  private Map<ConnectionId, Connection> in(CallId call) {
    return driver.calls.getOrDefault(call, Map.of());
  }

  private Connection at(CallId call, ConnectionId party) {
    return in(call).get(party);
  }

  private void put(CallId call, Connection connection) {
    driver.set(call.value(), connection);
  }

  private boolean offer(CallId call, String target) {
    put(call, connection(target, ConnectionState.OFFERING));
    return true;
  }

  private boolean held(CallId call, ConnectionId party, ConnectionState how) {
    if (at(call, party) == null) {
      return false;
    }
    put(call, at(call, party).in(how));
    others(call, party).forEach(c -> put(call, c.heldByThem(true)));
    return true;
  }

  private boolean back(CallId call, ConnectionId party) {
    put(call, at(call, party).in(ConnectionState.CONNECTED));
    others(call, party).forEach(c -> put(call, c.heldByThem(false)));
    return true;
  }

  private List<Connection> others(CallId call, ConnectionId party) {
    return in(call).values().stream().filter(c -> !c.id().equals(party)).toList();
  }

  /** What was started for the party is cleared with it. */
  private boolean retrieve(Command.Retrieve c) {
    if (at(c.call(), c.party()) == null) {
      return false;
    }
    List.copyOf(driver.calls.keySet()).stream()
        .filter(call -> !call.equals(c.call()) && in(call).containsKey(c.party()))
        .forEach(call -> in(call).keySet().stream().toList().forEach(id -> clear(call, id)));
    others(c.call(), c.party()).stream()
        .filter(o -> o.state() == ConnectionState.OFFERING)
        .forEach(o -> clear(c.call(), o.id()));
    return back(c.call(), c.party());
  }

  private boolean clear(CallId call, ConnectionId party) {
    if (at(call, party) == null) {
      return false;
    }
    put(call, at(call, party).left(Cause.NORMAL));
    return true;
  }

  private boolean complete(Command.Complete c) {
    ConnectionId transferor = c.transferor();
    if (c.as() == CompleteAs.CONFERENCE) {
      clear(c.consultation(), transferor);
      driver.merge(c.consultation().value(), c.call().value());
      in(c.call()).values().stream()
          .toList()
          .forEach(o -> put(c.call(), o.in(ConnectionState.CONFERENCED).heldByThem(false)));
      return true;
    }
    driver.merge(c.consultation().value(), c.call().value());
    clear(c.call(), transferor);
    others(c.call(), transferor).forEach(o -> put(c.call(), o.heldByThem(false)));
    return true;
  }

  /** The phone is answered, in whatever call it rings. */
  void answers(String who) {
    CallId call = ringing(who);
    ConnectionId answering = party(who);
    put(call, at(call, answering).in(ConnectionState.CONNECTED));
    for (Connection other : others(call, answering)) {
      if (other.state().isPlacing()) {
        put(call, other.in(ConnectionState.CONNECTED));
      } else if (other.state() == ConnectionState.ON_HOLD_PENDING_TRANSFER) {
        put(call, other.left(Cause.NORMAL));
      } else if (other.heldByThem()) {
        put(call, other.heldByThem(false));
      }
    }
  }

  /** The phone is not answered, and the PBX puts back whom it can. */
  void fails(String who, Cause.Code why) {
    CallId call = ringing(who);
    put(call, at(call, party(who)).left(Cause.of(why)));
    for (Connection other : List.copyOf(in(call).values())) {
      if (other.state().isPlacing()) {
        put(call, other.left(Cause.of(why)));
      } else if (other.state() == ConnectionState.ON_HOLD_PENDING_TRANSFER) {
        back(call, other.id());
      }
    }
  }

  void hangsUp(String who) {
    for (CallId call : List.copyOf(driver.calls.keySet())) {
      clear(call, party(who));
    }
  }

  private CallId ringing(String who) {
    return driver.calls.entrySet().stream()
        .filter(e -> e.getValue().containsKey(party(who)))
        .filter(e -> e.getValue().get(party(who)).state() == ConnectionState.OFFERING)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(() -> new AssertionError(who + " does not ring"));
  }
}
