package org.jackfield.pbx.simulated;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jackfield.pbx.simulated.Call.Attempt;
import org.jackfield.pbx.simulated.Call.Keeping;

/** Call processing: who rings, who answers, who leaves, and what follows from it. */
final class Exchange extends Board {

  Exchange(
      String run,
      Profile profile,
      Pace pace,
      Timers timers,
      RandomGenerator random,
      Directory directory,
      Consumer<Message.Event> told) {
    super(run, profile, pace, timers, random, directory, told);
  }

  // Ringing

  /** Dials the attempt's target. */
  void dial(Attempt a) {
    a.call.attempt = a;
    a.call.dialled = a.target;
    if (a.caller != null) {
      a.caller.cause = null;
      set(a.caller, ConnectionState.DIALING);
    } else if (a.transferor != null) {
      set(a.transferor, ConnectionState.ON_HOLD_PENDING_TRANSFER);
    } else {
      limit(a);
    }
    refresh(a.call);
    flush();
    a.progress = later(pace.dial(), a.command, () -> reach(a));
  }

  /** From now on nobody but the PBX watches over this attempt. */
  void limit(Attempt a) {
    if (a.limit == null) {
      a.limit = later(pace.noAnswer(), a.command, () -> fail(a, Cause.NO_ANSWER));
    }
  }

  private void reach(Attempt a) {
    Phone phone = directory.find(a.target);
    if (phone == null || !phone.inService) {
      fail(a, phone == null ? Cause.BAD_ADDRESS : Cause.OUT_OF_ORDER);
      return;
    }
    if (a.caller != null) {
      set(a.caller, ConnectionState.PROCEEDING);
    }
    a.progress = later(pace.dial(), a.command, () -> ring(a, phone));
  }

  private void ring(Attempt a, Phone phone) {
    if (phone.isBusy() || !phone.inService) {
      if (a.campsOn) {
        a.progress = later(pace.campOn(), a.command, () -> ring(a, phone));
      } else {
        fail(a, phone.inService ? Cause.BUSY : Cause.OUT_OF_ORDER);
      }
      return;
    }
    Connection leg = join(a.call, phone, a.reason, ConnectionState.OFFERING);
    a.leg = leg;
    if (a.caller != null) {
      set(a.caller, ConnectionState.RINGBACK);
    }
    switch (phone.behaviour) {
      case ANSWERS -> a.progress = later(ringTime(phone), null, () -> answer(leg));
      case DECLINES -> a.progress = later(ringTime(phone), null, () -> leave(leg, Cause.REJECT));
      case RINGS, BUSY -> a.progress = null;
    }
  }

  private Duration ringTime(Phone phone) {
    if (phone.rings != null) {
      return phone.rings;
    }
    if (phone.lines > 1) {
      return pace.service();
    }
    long min = pace.ringMin().toMillis();
    return Duration.ofMillis(min + random.nextLong(pace.ringMax().toMillis() - min + 1));
  }

  /** The ringing phone is picked up. */
  void answer(Connection leg) {
    Call call = leg.call;
    Attempt a = call.attempt;
    if (a == null || a.leg != leg) {
      return;
    }
    a.stopTimers();
    call.attempt = null;
    stopKeeping(call);
    set(leg, ConnectionState.CONNECTED);
    if (a.caller != null) {
      set(a.caller, ConnectionState.CONNECTED);
    }
    if (a.transferor != null) {
      end(a.transferor, Cause.NORMAL);
    }
    if (a.releasesHolders) {
      letHoldersGo(call);
    }
    refresh(call);
  }

  private void letHoldersGo(Call call) {
    for (Connection c : call.parties()) {
      if (c.state.holds()) {
        end(c, Cause.NORMAL);
      }
    }
  }

  /** The target cannot be had. Who was there stays there. */
  void fail(Attempt a, Cause cause) {
    Call call = a.call;
    a.stopTimers();
    call.attempt = null;
    end(a.leg != null ? a.leg : neverRang(a), cause);
    Connection caller = a.caller;
    if (caller != null) {
      caller.cause = cause;
      set(caller, cause == Cause.BUSY ? ConnectionState.BUSY : ConnectionState.DISCONNECTED);
      if (call.consultsFor == null) {
        clearDown(caller);
      }
    } else if (a.transferor != null) {
      set(a.transferor, ConnectionState.CONNECTED);
    } else if (call.connections.size() == 1) {
      keepWaiting(call);
    } else {
      stopKeeping(call);
    }
    refresh(call);
  }

  private Connection neverRang(Attempt a) {
    Phone phone = directory.find(a.target);
    return join(
        a.call,
        phone != null ? phone : new Phone(a.target, "", 1, Control.Behaviour.RINGS),
        a.reason,
        ConnectionState.OFFERING);
  }

  /** The attempt is pointless or not wanted any more. */
  void abandon(Attempt a, Cause cause) {
    a.stopTimers();
    a.call.attempt = null;
    if (a.leg != null) {
      end(a.leg, cause);
    }
    if (a.transferor != null) {
      set(a.transferor, ConnectionState.CONNECTED);
    }
  }

  // Keeping whom a transfer has left alone

  private void keepWaiting(Call call) {
    Keeping keeping = call.keeping == null ? new Keeping(null) : call.keeping;
    call.keeping = keeping;
    Phone transferor = keeping.transferor;
    if (transferor != null && !keeping.recalled) {
      keeping.timer = later(pace.recall(), null, () -> recall(call, keeping, transferor));
    } else {
      keeping.timer =
          later(
              pace.patience(), null, () -> call.parties().forEach(c -> leave(c, Cause.NO_ANSWER)));
    }
  }

  private void recall(Call call, Keeping keeping, Phone transferor) {
    keeping.recalled = true;
    dial(new Attempt(call, transferor.address, Reason.REMINDER, null));
  }

  /** Should the call's other party be left alone, then this phone is recalled for it. */
  Keeping keep(Call call, Phone transferor) {
    stopKeeping(call);
    Keeping keeping = new Keeping(transferor);
    call.keeping = keeping;
    return keeping;
  }

  void stopKeeping(Call call) {
    if (call.keeping != null && call.keeping.timer != null) {
      call.keeping.timer.cancel();
    }
    call.keeping = null;
  }

  // Leaving

  /** A party leaves its call, of its own will or by command. */
  void leave(Connection c, Cause cause) {
    Call call = c.call;
    Attempt a = call.attempt;
    if (a != null && a.leg == c) {
      fail(a, cause);
      return;
    }
    if (a != null && a.caller == c) {
      abandon(a, Cause.CANCELLED);
    }
    if (a != null && a.transferor == c) {
      a.transferor = null;
      keep(call, c.phone);
      limit(a);
    }
    Connection held = c.consultsFor();
    end(c, cause);
    if (held != null) {
      detachConsultation(call);
      reconnect(held);
    }
    settle(call);
  }

  private void reconnect(Connection held) {
    if (profile.has("autoReconnect")
        && held.state == ConnectionState.ON_HOLD_PENDING_TRANSFER
        && held.phone.isFreeBut(held, null)) {
      set(held, ConnectionState.CONNECTED);
      refresh(held.call);
    }
  }

  /** Brings a call to rest after somebody has left. */
  void settle(Call call) {
    Attempt a = call.attempt;
    if (a != null && call.staying().isEmpty()) {
      abandon(a, Cause.CANCELLED);
    }
    if (call.connections.isEmpty()) {
      endCall(call);
    } else if (call.connections.size() == 1 && call.keeping == null && call.attempt == null) {
      call.parties().forEach(this::farEndGone);
    }
    refresh(call);
  }

  private void farEndGone(Connection lone) {
    if (lone.state.hasFailed()) {
      return;
    }
    if (lone.consultation != null) {
      detachConsultation(lone.consultation);
    }
    lone.cause = Cause.NORMAL;
    set(lone, ConnectionState.DISCONNECTED);
    if (lone.call.consultsFor == null) {
      clearDown(lone);
    }
  }

  private void clearDown(Connection c) {
    c.clearDown =
        later(pace.clearDown(), null, () -> leave(c, c.cause == null ? Cause.NORMAL : c.cause));
  }

  // Ends

  /** Who has left a call does not consult for it any more. */
  @Override
  void remove(Connection c) {
    if (c.consultation != null) {
      detachConsultation(c.consultation);
    }
    super.remove(c);
  }

  void endCall(Call call) {
    forget(call);
    stopKeeping(call);
    detachConsultation(call);
  }

  /** The call is nobody's consultation any more. */
  void detachConsultation(Call consultation) {
    Connection held = consultation.consultsFor;
    if (held == null) {
      return;
    }
    consultation.consultsFor = null;
    held.consultation = null;
    for (Connection c : consultation.parties()) {
      touch(c);
      if (c.state.hasFailed() && c.clearDown == null) {
        clearDown(c);
      }
    }
  }
}
