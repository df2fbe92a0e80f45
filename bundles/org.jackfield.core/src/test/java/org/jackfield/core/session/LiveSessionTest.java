package org.jackfield.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.capability.Trait;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.ConversationId;
import org.jackfield.api.session.Party;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionId;
import org.junit.jupiter.api.Test;

/** What is packed is seen as it was told. */
class LiveSessionTest {
  private static final Capabilities MAY =
      Capabilities.of(EnumSet.allOf(Operation.class), EnumSet.of(Trait.TRANSFER_NORM));
  private static final Instant STARTED = Instant.parse("2026-01-02T03:04:05.678901Z");
  private static final Connection ADA =
      Connection.of(
          new ConnectionId("PJSIP/ada-0001"),
          new Address("1001"),
          "Ada",
          ConnectionState.CONNECTED);
  private static final Connection ZOE =
      new Connection(
          new ConnectionId("é".repeat(128)),
          new Address("x".repeat(128)),
          "Zoë Şahin 字".repeat(11),
          ConnectionState.BUSY,
          true,
          Optional.of(Cause.of(Cause.Code.BUSY, "SIP 486")));

  private final LiveSession session =
      new LiveSession(
          new SessionId(7), "pbx", new CallId("call-1"), new ConversationId(9), STARTED, 1);

  private Session publish() {
    session
        .changed(MAY, true, address -> MAY, (but, party) -> List.of())
        .ifPresent(session::publish);
    session.rest();
    return session.published().orElseThrow();
  }

  @Test
  void whatIsSeenIsWhatWasTold() {
    // given
    session.put(ADA);
    session.put(ZOE);

    // when
    Session seen = publish();

    // then
    assertThat(seen.id()).isEqualTo(new SessionId(7));
    assertThat(seen.provider()).isEqualTo("pbx");
    assertThat(seen.conversation()).isEqualTo(new ConversationId(9));
    assertThat(seen.startedAt()).isEqualTo(STARTED);
    assertThat(seen.parties()).extracting(Party::connection).containsExactly(ADA, ZOE);
    assertThat(seen.parties())
        .extracting(Party::role)
        .containsExactly(Party.Role.CALLER, Party.Role.CALLED);
    assertThat(seen.parties().getFirst().permitted().traitSet())
        .containsExactly(Trait.TRANSFER_NORM);
    assertThat(session.call()).isEqualTo(new CallId("call-1"));
    assertThat(session.connection(ZOE.id())).contains(ZOE);
    assertThat(session.connection(new ConnectionId("PJSIP/ada-000"))).isEmpty();
  }

  @Test
  void aRevisionStaysWhatItWasWhateverComesAfterIt() {
    // given
    session.put(ADA);
    Session first = publish();
    SessionSnapshot kept = session.snapshot().orElseThrow();

    // when
    session.put(ADA.in(ConnectionState.ON_HOLD));
    session.put(ZOE);
    Session second = publish();

    // then
    assertThat(kept.session()).isEqualTo(first);
    assertThat(second.revision()).isEqualTo(first.revision() + 1);
    assertThat(second.state()).isEqualTo(ConnectionState.ON_HOLD);
  }

  @Test
  void whatIsToldAgainMakesNoRevision() {
    // given
    session.put(ADA);
    session.put(ZOE);
    Session first = publish();

    // when
    session.put(ADA.in(ConnectionState.CONNECTED));

    // then
    assertThat(publish()).isEqualTo(first);
  }

  @Test
  void aTransferGivesPartsAndTakesThemBack() {
    // given
    session.put(ADA);
    session.put(ZOE);
    Session before = publish();

    // when
    session.mark(
        new LiveSession.Marks(
            Set.of(ADA.id()), Set.of(ADA.id(), ZOE.id()), 1L << Operation.COMPLETE.ordinal()));
    Session during = publish();
    session.mark(null);
    Session after = publish();

    // then
    assertThat(during.parties().getFirst().role()).isEqualTo(Party.Role.TRANSFEROR);
    assertThat(during.parties().getFirst().permitted().operationSet())
        .containsExactlyInAnyOrder(Operation.COMPLETE, Operation.CLEAR);
    assertThat(during.parties().getLast().permitted().operationSet())
        .containsExactly(Operation.CLEAR);
    assertThat(after.parties()).isEqualTo(before.parties());
    assertThat(after.revision()).isEqualTo(3);
  }

  @Test
  void whoCalledIsTheCallerAgainWhenItComesBack() {
    // given
    session.put(ADA);
    session.put(ZOE);
    publish();

    // when
    session.remove(ADA.id());
    publish();
    session.put(ADA);

    // then
    assertThat(publish().parties())
        .extracting(Party::role)
        .containsExactly(Party.Role.CALLED, Party.Role.CALLER);
  }
}
