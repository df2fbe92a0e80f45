package org.jackfield.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.apache.felix.service.command.CommandSession;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.SessionQuery;
import org.jackfield.api.session.SessionRequest;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.TransferMode;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.api.transfer.TransferStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a person types, through the shell's own interpreter. */
class CommandsTest {
  private final OneCall calls = new OneCall();
  private final ThreadIOImpl threadIo = new ThreadIOImpl();
  private CommandSession shell;

  @BeforeEach
  void start() {
    threadIo.start();
    CommandProcessorImpl processor = new CommandProcessorImpl(threadIo);
    add(
        processor,
        new SessionCommands(calls, calls),
        "providers",
        "sessions",
        "hold",
        "retrieve",
        "redirect",
        "clear");
    add(
        processor,
        new TransferCommands(calls, calls),
        "transfer",
        "transfers",
        "dial",
        "alternate",
        "complete",
        "cancel",
        "takeover",
        "why");
    add(processor, new PolicyCommands(new OnePolicy()), "policy");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    shell = processor.createSession(InputStream.nullInputStream(), out, out);
  }

  private static void add(CommandProcessorImpl processor, Object commands, String... functions) {
    for (String function : functions) {
      processor.addCommand("jackfield", commands, function);
    }
  }

  @AfterEach
  void stop() {
    shell.close();
    threadIo.stop();
  }

  private String type(String line) throws Exception {
    return (String) shell.execute(line);
  }

  @Test
  void theComponentsDeclareTheirCommands() throws Exception {
    assertThat(functions("SessionCommands"))
        .contains("providers", "sessions", "hold", "retrieve", "redirect", "clear");
    assertThat(functions("PolicyCommands")).contains("policy");
    assertThat(functions("TransferCommands"))
        .contains(
            "transfer", "transfers", "dial", "alternate", "complete", "cancel", "takeover", "why");
  }

  private static String functions(String component) throws Exception {
    try (InputStream in =
        CommandsTest.class.getResourceAsStream(
            "/OSGI-INF/org.jackfield.shell." + component + ".xml")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void providersAndWhyOneIsDown() throws Exception {
    assertThat(type("jackfield:providers").lines().toList().get(1))
        .matches("demo +simulated +0\\.1\\.0 +down +1 +connection refused");
  }

  @Test
  void sessionsByPrefix() throws Exception {
    assertThat(type("jackfield:sessions --provider demo -n 5 10"))
        .contains("1001 Alice?[2J (alice, connected) · 1002 (bob, connected)")
        .doesNotContain("\u001b");
    assertThat(calls.asked)
        .containsExactly(
            new SessionQuery(
                Optional.of("demo"), Optional.empty(), Optional.of("10"), Optional.empty(), 5));
    assertThatThrownBy(() -> type("jackfield:sessions -s talking"))
        .hasMessage("there is no state talking");
  }

  @Test
  void aPartyByItsIdOrItsAddress() throws Exception {
    assertThat(type("jackfield:hold 1 1002")).isEqualTo("operation 11 pending");
    assertThat(type("jackfield:hold 1 alice")).isEqualTo("operation 11 pending");
    assertThat(calls.asked)
        .extracting(request -> ((SessionRequest.Hold) request).party())
        .containsExactly(new ConnectionId("bob"), new ConnectionId("alice"));
    assertThatThrownBy(() -> type("jackfield:hold 1 1009")).hasMessageContaining("no-such-party");
    assertThatThrownBy(() -> type("jackfield:hold 9 1001"))
        .hasMessage("no-such-session: no live session is 9");
    assertThatThrownBy(() -> type("jackfield:retrieve 1 1001"))
        .hasMessage("not-permitted-now: No.");
  }

  @Test
  void redirectNamesWhereTheCallIsToRing() throws Exception {
    type("jackfield:redirect 1 bob 6001");
    assertThat(calls.asked)
        .containsExactly(
            new SessionRequest.Redirect(
                ((SessionRequest.Redirect) calls.asked.getFirst()).requester(),
                new org.jackfield.api.session.SessionId(1),
                new ConnectionId("bob"),
                new org.jackfield.api.session.Address("6001"),
                java.util.OptionalLong.empty()));
  }

  @Test
  void clearTakesOnePartyOrAll() throws Exception {
    type("jackfield:clear 1");
    type("jackfield:clear 1 bob");
    assertThat(calls.asked.get(0)).isInstanceOf(SessionRequest.ClearAll.class);
    assertThat(calls.asked.get(1)).isInstanceOf(SessionRequest.Clear.class);
  }

  @Test
  void aTransfer() throws Exception {
    assertThat(type("jackfield:transfer --from 1002 -m blind 1 1003"))
        .isEqualTo("transfer 10 ended");
    TransferRequest request = (TransferRequest) calls.asked.getFirst();
    assertThat(request.mode()).isEqualTo(TransferMode.BLIND);
    assertThat(request.transferor()).contains(new ConnectionId("bob"));
    assertThat(request.requester().via()).isEqualTo("shell");
    assertThatThrownBy(() -> type("jackfield:transfer 1 1003"))
        .hasMessageStartingWith("party-required: No.")
        .hasMessageContaining("--from alice  1001");
  }

  @Test
  void aDryRunAsksForNothing() throws Exception {
    assertThat(type("jackfield:transfer -n -f bob 1 1003"))
        .isEqualTo(
            """
            plan blind
              1. send 1001 to 1003  (not to be undone after this)
              because 1002 is connected: it may transfer
              not oneStep: not declared (LINEERR_OPERATIONUNAVAIL)
              lost: no word with the target""");
    assertThat(calls.asked).isEmpty();
  }

  @Test
  void theSteps() throws Exception {
    for (String line :
        new String[] {
          "dial 10", "dial 10 1004", "alternate 10", "complete 10", "complete -c 10", "cancel 10"
        }) {
      assertThat(type("jackfield:" + line)).as(line).isEqualTo("transfer 10 ended");
    }
    assertThat(((TransferStep.Dial) calls.asked.get(1)).to()).isPresent();
    assertThat(((TransferStep.Complete) calls.asked.get(4)).as()).contains(CompleteAs.CONFERENCE);
    assertThatThrownBy(() -> type("jackfield:cancel 11")).hasMessage("no-such-transfer: No.");
    assertThat(type("jackfield:alternate 1 bob")).isEqualTo("operation 11 pending");
  }

  @Test
  void why() throws Exception {
    assertThat(type("jackfield:why 10"))
        .contains("because 1002 is connected")
        .contains("fact  1003 is busy")
        .endsWith("outcome reverted, busy (SIP 486), verified");
    assertThat(type("jackfield:why 1"))
        .contains("may hold")
        .contains("not retrieve: it holds nothing");
    assertThat(type("jackfield:transfers").lines().toList().get(1))
        .matches("10 +1 +1002 +1003 +ended +reverted, busy \\(SIP 486\\), verified");
  }

  @Test
  void showsThePolicyAndWhatIsWrongWithItsFile() throws Exception {
    // when
    String policy = type("jackfield:policy");
    // then
    assertThat(policy)
        .contains("version 4 since 2026-11-22T12:00:00Z, file by jackfield, etc/policy.jsonc")
        .contains("the file is not in force: rule 2 “night” set.answerMs is too long")
        .containsPattern(
            "outside +destination 0\\* +auto consultation, blind; answer 45000 ms; "
                + "recall to the transferor, then park 70");
  }

  @Test
  void somebodyElsesTransferIsTakenOverWithAReason() throws Exception {
    // when
    type("jackfield:takeover " + OneCall.MOVE + " alice is at lunch");
    // then
    assertThat(((TransferStep.TakeOver) calls.asked.getLast()).reason())
        .isEqualTo("alice is at lunch");
    assertThatThrownBy(() -> type("jackfield:takeover " + OneCall.MOVE))
        .hasMessageContaining("say why");
  }
}
