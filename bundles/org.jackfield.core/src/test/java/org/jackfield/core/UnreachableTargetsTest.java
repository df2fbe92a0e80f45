package org.jackfield.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jackfield.core.CoreFixture.ALICE;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.Session;
import org.jackfield.api.transfer.CompleteWhen;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferMode;
import org.jackfield.api.transfer.TransferReply;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.api.transfer.TransferTarget;
import org.jackfield.pbx.simulated.Control;
import org.jackfield.provider.simulated.SimulatedPbx;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.Version;

/** Nobody is lost: targets that cannot be reached, on the simulated PBX under virtual time. */
class UnreachableTargetsTest {
  private final VirtualTime time = new VirtualTime();
  private final SimulatedPbx pbx = new SimulatedPbx(time, time, 1, "full");
  private final CoreFixture core = new CoreFixture(time, 1);

  private Session talking() {
    core.core
        .providers()
        .addDriver(
            pbx.driver(),
            Map.of("org.jackfield.driver.name", "simulated"),
            Version.parseVersion("1"),
            "simulated");
    core.core.providers().configure("pbx", Map.of("driver", "simulated"));
    core.pass(Duration.ofSeconds(1));
    pbx.tester(new Control.Handset("t1", "1000", Control.Act.CALL, "1001"));
    core.pass(Duration.ofSeconds(10));
    Session session = core.session();
    assertThat(session.state()).isEqualTo(ConnectionState.CONNECTED);
    return session;
  }

  private Transfer transfer(Session session, TransferMode mode, String target) {
    TransferRequest of =
        TransferRequest.of(
            ALICE,
            session.id(),
            Optional.of(session.parties().get(1).id()),
            new TransferTarget.To(new Address(target)),
            mode);
    TransferRequest request =
        new TransferRequest(
            of.requester(),
            of.session(),
            of.transferor(),
            of.target(),
            of.mode(),
            Optional.of(CompleteWhen.ON_ANSWER),
            of.release(),
            of.completeAs(),
            of.needs(),
            of.timeouts(),
            of.recall(),
            of.ifRevision(),
            of.reason());
    TransferReply reply = core.answer(() -> core.core.transfers().transfer(request));
    return ((TransferReply.Accepted) reply).transfer();
  }

  @ParameterizedTest
  @CsvSource({
    "BLIND, 6002, BUSY, 5",
    "BLIND, 6004, REJECT, 5",
    "BLIND, 6005, BAD_ADDRESS, 5",
    "BLIND, 6003, NO_ANSWER, 45",
    "CONSULTATION, 6002, BUSY, 5",
    "CONSULTATION, 6004, REJECT, 5",
    "CONSULTATION, 6005, BAD_ADDRESS, 5",
    "CONSULTATION, 6003, NO_ANSWER, 45",
    "ONE_STEP, 6002, BUSY, 5",
    "ONE_STEP, 6005, BAD_ADDRESS, 5",
  })
  void thePartiesTalkAgainAndTheCauseIsTold(
      TransferMode mode, String target, Cause.Code cause, int seconds) {
    // given
    Session session = talking();

    // when
    Transfer accepted = transfer(session, mode, target);
    core.pass(Duration.ofSeconds(seconds));

    // then
    Transfer last = core.core.transfers().find(accepted.id()).orElseThrow();
    assertThat(last.outcome()).as("%s", last.timeline()).isPresent();
    assertThat(last.outcome().get().text()).isEqualTo("reverted");
    assertThat(last.outcome().get().evidence().verified()).isTrue();
    assertThat(last.outcome().get().cause().code()).isEqualTo(cause);
    assertThat(core.session().parties())
        .extracting(p -> p.address().value(), p -> p.state(), p -> p.connection().heldByThem())
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple("1000", ConnectionState.CONNECTED, false),
            org.assertj.core.groups.Tuple.tuple("1001", ConnectionState.CONNECTED, false));
  }

  @Test
  void oneThatAnswersIsJoinedToTheTransferee() {
    // given
    Session session = talking();

    // when
    Transfer accepted = transfer(session, TransferMode.CONSULTATION, "6001");
    core.pass(Duration.ofSeconds(3));

    // then
    Transfer last = core.core.transfers().find(accepted.id()).orElseThrow();
    assertThat(last.outcome()).as("%s", last.timeline()).isPresent();
    assertThat(last.outcome().get().text()).isEqualTo("completed");
    assertThat(core.session().parties())
        .extracting(p -> p.address().value())
        .containsExactlyInAnyOrder("1000", "6001");
  }
}
