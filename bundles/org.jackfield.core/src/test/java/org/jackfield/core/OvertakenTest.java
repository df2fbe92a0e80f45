package org.jackfield.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jackfield.api.session.ConversationId;
import org.jackfield.api.session.Session;
import org.jackfield.api.transfer.TransferId;
import org.jackfield.api.transfer.TransferMode;
import org.jackfield.api.transfer.TransferOutcome;
import org.jackfield.api.transfer.TransferReply;
import org.jackfield.api.transfer.TransferStep;
import org.jackfield.pbx.simulated.Control;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * 1000 has called 1001, and a client transfers 1000 from 1001 to 1002. In each state of the
 * transfer a phone or the operator moves the call itself. The outcome of the transfer, its cause
 * and the topology are written by what each outcome means: <em>completed</em>, transferee and
 * target joined; <em>reverted</em>, as before; <em>abandoned</em>, a party that was needed has
 * left; <em>recalled</em>, the transferee is back with the transferor; <em>failed</em>, none of
 * these, where each is is named.
 */
class OvertakenTest {
  private final Office office = new Office("full");
  private Session session;
  private TransferId transfer;

  @AfterEach
  void nothingIsLeft() {
    office.closes();
  }

  /** Brings the transfer into a state; the last is on its way when somebody else acts. */
  private void given(String state) {
    session = office.talk("1000", "1001");
    office.talk("1006", "1007");
    switch (state) {
      case "redirecting" -> begin(TransferMode.BLIND);
      case "holding" -> {
        // The phone is faster than the first command.
      }
      case "failed" -> {
        begin(TransferMode.CONSULTATION);
        office.phone("1002", Control.Act.DECLINE);
      }
      case "ringing" -> begin(TransferMode.CONSULTATION);
      case "answered" -> answered();
      case "alternated" -> {
        answered();
        office.alternate(transfer);
      }
      case "completing" -> {
        answered();
        office
            .core
            .core
            .transfers()
            .step(new TransferStep.Complete(CoreFixture.ALICE, transfer, Optional.empty()));
      }
      case "reverting" -> {
        answered();
        office.cancel(transfer);
      }
      default -> throw new IllegalArgumentException(state);
    }
  }

  private void begin(TransferMode mode) {
    transfer = office.transfer(session, "1001", "1002", mode);
  }

  private void answered() {
    begin(TransferMode.CONSULTATION);
    office.phone("1002", Control.Act.ANSWER);
  }

  private void when(String somebody) {
    CompletableFuture<TransferReply> asked =
        transfer == null
            ? office.ask(session, "1001", "1002", TransferMode.CONSULTATION)
            : new CompletableFuture<>();
    switch (somebody) {
      case "blind" -> office.phone("1001", Control.Act.TRANSFER, "1005");
      case "blind to the target" -> office.phone("1001", Control.Act.TRANSFER, "1002");
      case "attended" -> office.phone("1001", Control.Act.COMPLETE);
      case "hangs up" -> office.phone("1001", Control.Act.HANG_UP);
      case "transferee hangs up" -> office.phone("1000", Control.Act.HANG_UP);
      case "merge" -> office.merge(office.call("1006", "1007"), callOf("1000"));
      case "split" -> office.split(callOf("1000"), "1000", "1008");
      default -> throw new IllegalArgumentException(somebody);
    }
    for (String phone : List.of("1005", "1002", "1008", "1001")) {
      office.phone(phone, Control.Act.ANSWER);
    }
    if (transfer == null && asked.join() instanceof TransferReply.Accepted yes) {
      transfer = yes.transfer().id();
    }
    office.pass(120_000);
    if (office.look(transfer).outcome().isEmpty()) {
      // Nobody could do anything: the client gives up.
      office.cancel(transfer);
      office.pass(10_000);
    }
  }

  private String callOf(String address) {
    return office.pbx.calls().stream()
        .filter(c -> c.connections().stream().anyMatch(one -> one.address().equals(address)))
        .findFirst()
        .orElseThrow()
        .call();
  }

  @ParameterizedTest(name = "{0}, {1}: {2}, {3}")
  @CsvSource(
      quoteCharacter = '"',
      delimiter = '|',
      value = {
        // The PBX keeps the call while the target rings; no phone can take it from there.
        "redirecting | blind | completed | normal | 1000 connected, 1002 connected",
        "redirecting | hangs up | completed | normal | 1000 connected, 1002 connected",
        "redirecting | transferee hangs up | abandoned | normal | nobody",
        "redirecting | merge | completed | normal | 1000 connected, 1002 connected / 1006 connected, 1007 connected",
        "redirecting | split | abandoned | overtaken | 1000 connected, 1008 connected",
        // The phone is faster than the first command.
        "holding | blind | failed | overtaken | 1000 connected, 1005 connected",
        "holding | blind to the target | completed | overtaken | 1000 connected, 1002 connected",
        "holding | hangs up | abandoned | normal | nobody",
        "holding | transferee hangs up | abandoned | normal | nobody",
        "holding | merge | failed | overtaken | 1000 conferenced, 1001 conferenced, 1006 conferenced, 1007 conferenced",
        "holding | split | abandoned | overtaken | 1000 connected, 1008 connected",
        // The target has declined; another may be dialled.
        "failed | blind | reverted | reject | 1000 connected, 1001 connected",
        "failed | attended | reverted | reject | 1000 connected, 1001 connected",
        "failed | hangs up | recalled | reject | 1000 connected, 1001 connected",
        "failed | transferee hangs up | abandoned | normal | nobody",
        "failed | merge | failed | overtaken | 1000 conferenced, 1001 onHoldPendingTransfer, 1006 conferenced, 1007 conferenced",
        "failed | split | abandoned | overtaken | 1000 connected, 1008 connected",
        // The target rings.
        "ringing | blind | reverted | cancelled | 1000 connected, 1001 connected",
        "ringing | attended | completed | overtaken | 1000 connected, 1002 connected",
        "ringing | hangs up | completed | overtaken | 1000 connected, 1002 connected",
        "ringing | transferee hangs up | abandoned | normal | nobody",
        "ringing | merge | failed | overtaken | 1000 conferenced, 1001 conferenced, 1006 conferenced, 1007 conferenced",
        "ringing | split | abandoned | overtaken | 1000 connected, 1008 connected",
        // Transferor and target talk.
        "answered | blind | reverted | cancelled | 1000 connected, 1001 connected",
        "answered | attended | completed | overtaken | 1000 connected, 1002 connected",
        "answered | hangs up | completed | overtaken | 1000 connected, 1002 connected",
        "answered | transferee hangs up | abandoned | normal | 1001 connected, 1002 connected",
        "answered | merge | failed | overtaken | 1000 conferenced, 1001 onHoldPendingTransfer, 1006 conferenced, 1007 conferenced / 1001 connected, 1002 connected",
        "answered | split | abandoned | overtaken | 1000 connected, 1008 connected / 1001 connected, 1002 connected",
        // Transferor and transferee talk again, the target is held.
        "alternated | blind | failed | overtaken | 1000 connected, 1005 connected / 1001 onHold, 1002 connected held",
        "alternated | attended | completed | overtaken | 1000 connected, 1002 connected",
        "alternated | hangs up | completed | overtaken | 1000 connected, 1002 connected",
        "alternated | transferee hangs up | abandoned | normal | 1001 onHold, 1002 connected held",
        "alternated | merge | failed | overtaken | 1000 conferenced, 1001 conferenced, 1006 conferenced, 1007 conferenced / 1001 onHold, 1002 connected held",
        "alternated | split | abandoned | overtaken | 1000 connected, 1008 connected / 1001 onHold, 1002 connected held",
        // Completion is on its way. Who has joined the two cannot be told from the facts.
        "completing | blind | completed | normal | 1000 connected, 1002 connected",
        "completing | attended | completed | normal | 1000 connected, 1002 connected",
        "completing | hangs up | completed | normal | 1000 connected, 1002 connected",
        "completing | transferee hangs up | abandoned | normal | 1001 connected, 1002 connected",
        "completing | merge | completed | normal | 1000 conferenced, 1002 conferenced, 1006 conferenced, 1007 conferenced",
        "completing | split | abandoned | overtaken | 1000 connected, 1008 connected / 1001 connected, 1002 connected",
        // The way back is on its way.
        "reverting | blind | reverted | cancelled | 1000 connected, 1001 connected",
        "reverting | attended | completed | overtaken | 1000 connected, 1002 connected",
        "reverting | hangs up | completed | overtaken | 1000 connected, 1002 connected",
        "reverting | transferee hangs up | abandoned | normal | nobody",
        "reverting | merge | failed | overtaken | 1000 conferenced, 1001 conferenced, 1006 conferenced, 1007 conferenced",
        "reverting | split | abandoned | overtaken | 1000 connected, 1008 connected",
      })
  void ends(String state, String somebody, String outcome, String cause, String picture) {
    // given
    given(state);
    ConversationId conversation = session.conversation();

    // when
    when(somebody);

    // then
    TransferOutcome told = office.outcome(transfer);
    Set<String> expected = new TreeSet<>(List.of(picture.split(" / ")));
    expected.remove("nobody");
    if (!somebody.equals("merge") || state.equals("redirecting")) {
      expected.add("1006 connected, 1007 connected");
    }
    assertThat(told.text() + ", " + told.cause().code().text() + ": " + office.picture())
        .as("%s", office.look(transfer).timeline())
        .isEqualTo(outcome + ", " + cause + ": " + expected);
    assertThat(told.evidence().verified()).isTrue();
    assertThat(office.ends(transfer)).isEqualTo(1);
    assertThat(office.picture()).isEqualTo(office.pbxsPicture());
    assertThat(office.look(transfer).conversation()).isEqualTo(conversation);
  }
}
