package org.jackfield.pbx.simulated;

import org.jspecify.annotations.Nullable;

/** One end of a call. */
final class Connection {

  final String id;
  final Phone phone;
  final Reason reason;
  Call call;
  ConnectionState state = ConnectionState.IDLE;
  boolean heldByThem;
  @Nullable Cause cause;

  /** The call in which this party's phone consults while this party holds. */
  @Nullable Call consultation;

  Timers.@Nullable Timer clearDown;

  Connection(String id, Call call, Phone phone, Reason reason) {
    this.id = id;
    this.call = call;
    this.phone = phone;
    this.reason = reason;
  }

  /** A transferor who comes back if the target does not answer. */
  boolean awaitsBlindTransfer() {
    return call.attempt != null && call.attempt.transferor == this;
  }

  /** The held connection for which this party consults here. */
  @Nullable Connection consultsFor() {
    Connection held = call.consultsFor;
    return held != null && held.id.equals(id) ? held : null;
  }

  Message.ConnectionView view() {
    Connection held = consultsFor();
    return new Message.ConnectionView(
        call.id,
        id,
        phone.address,
        phone.name,
        state,
        heldByThem,
        reason,
        cause,
        held == null ? null : held.call.id);
  }
}
