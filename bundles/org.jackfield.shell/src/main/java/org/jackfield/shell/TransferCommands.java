package org.jackfield.shell;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.OperationReply;
import org.jackfield.api.session.Reason;
import org.jackfield.api.session.Refusal;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionRequest;
import org.jackfield.api.session.SessionService;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.PlanReply;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferId;
import org.jackfield.api.transfer.TransferMode;
import org.jackfield.api.transfer.TransferQuery;
import org.jackfield.api.transfer.TransferReply;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.api.transfer.TransferService;
import org.jackfield.api.transfer.TransferStep;
import org.jackfield.api.transfer.TransferTarget;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The shell's commands for calls on the move. */
@Component(
    service = TransferCommands.class,
    property = {
      "osgi.command.scope=jackfield",
      "osgi.command.function=transfer",
      "osgi.command.function=transfers",
      "osgi.command.function=dial",
      "osgi.command.function=alternate",
      "osgi.command.function=complete",
      "osgi.command.function=cancel",
      "osgi.command.function=takeover",
      "osgi.command.function=why"
    })
public final class TransferCommands {
  private final SessionService sessions;
  private final TransferService transfers;

  @Activate
  public TransferCommands(
      @Reference SessionService sessions, @Reference TransferService transfers) {
    this.sessions = sessions;
    this.transfers = transfers;
  }

  @Descriptor("transfers a session to an address")
  public String transfer(
      @Descriptor("the party that leaves: id or address")
          @Parameter(
              names = {"-f", "--from"},
              absentValue = "")
          String from,
      @Descriptor("auto, blind, consultation or oneStep")
          @Parameter(
              names = {"-m", "--mode"},
              absentValue = "auto")
          String mode,
      @Descriptor("only show the plan")
          @Parameter(
              names = {"-n", "--dry-run"},
              presentValue = "true",
              absentValue = "false")
          boolean dryRun,
      @Descriptor("the session") String session,
      @Descriptor("the address") String target)
      throws Refused, InterruptedException {
    Session on = Answers.session(sessions, session);
    Optional<ConnectionId> transferor =
        from.isEmpty() ? Optional.empty() : Optional.of(Answers.party(on, from));
    TransferRequest request =
        TransferRequest.of(
            Answers.requester(),
            on.id(),
            transferor,
            new TransferTarget.To(new Address(target)),
            mode(mode));
    if (!dryRun) {
      return told(Answers.await(transfers.transfer(request)));
    }
    return switch (Answers.await(transfers.plan(request))) {
      case PlanReply.Planned planned -> Explained.plan(planned.plan());
      case PlanReply.Refused refused -> throw new Refused(Explained.refusal(refused.refused()));
    };
  }

  private static TransferMode mode(String word) throws Refused {
    return Arrays.stream(TransferMode.values())
        .filter(mode -> mode.text().equals(word))
        .findFirst()
        .orElseThrow(() -> new Refused("there is no mode " + word));
  }

  @Descriptor("the transfers, newest first")
  public String transfers() {
    Text table = new Text("TRANSFER", "SESSION", "FROM", "TO", "PHASE", "OUTCOME");
    TransferQuery query =
        new TransferQuery(Optional.empty(), Optional.empty(), Optional.empty(), 50);
    for (Transfer transfer : transfers.list(query).items()) {
      table.row(
          transfer.id().toString(),
          transfer.session().toString(),
          transfer.transferor().address().value(),
          transfer.target().map(Address::value).orElse("–"),
          transfer.phase().text(),
          transfer.outcome().map(Explained::outcome).orElse(""));
    }
    return table.toString();
  }

  @Descriptor("dials the target of a transfer")
  public String dial(@Descriptor("the transfer") String transfer)
      throws Refused, InterruptedException {
    return step(new TransferStep.Dial(Answers.requester(), id(transfer), Optional.empty()));
  }

  @Descriptor("dials another target")
  public String dial(@Descriptor("the transfer") String transfer, @Descriptor("whom") String to)
      throws Refused, InterruptedException {
    return step(
        new TransferStep.Dial(Answers.requester(), id(transfer), Optional.of(new Address(to))));
  }

  @Descriptor("the transferor talks to the other one")
  public String alternate(@Descriptor("the transfer") String transfer)
      throws Refused, InterruptedException {
    return step(new TransferStep.Alternate(Answers.requester(), id(transfer)));
  }

  @Descriptor("a party exchanges its two calls")
  public String alternate(
      @Descriptor("the session") String session, @Descriptor("id or address") String party)
      throws Refused, InterruptedException {
    Session on = Answers.session(sessions, session);
    SessionRequest request =
        new SessionRequest.Alternate(
            Answers.requester(), on.id(), Answers.party(on, party), OptionalLong.empty());
    return switch (Answers.await(sessions.operate(request))) {
      case OperationReply.Accepted accepted ->
          "operation " + accepted.status().id() + " " + accepted.status().state().text();
      case OperationReply.Refused refused -> throw new Refused(refused.refusal());
    };
  }

  @Descriptor("joins transferee and target")
  public String complete(
      @Descriptor("join all three")
          @Parameter(
              names = {"-c", "--conference"},
              presentValue = "true",
              absentValue = "false")
          boolean conference,
      @Descriptor("the transfer") String transfer)
      throws Refused, InterruptedException {
    Optional<CompleteAs> as = conference ? Optional.of(CompleteAs.CONFERENCE) : Optional.empty();
    return step(new TransferStep.Complete(Answers.requester(), id(transfer), as));
  }

  @Descriptor("takes a transfer back")
  public String cancel(@Descriptor("the transfer") String transfer)
      throws Refused, InterruptedException {
    return step(new TransferStep.Cancel(Answers.requester(), id(transfer)));
  }

  @Descriptor("makes somebody else's transfer yours")
  public String takeover(
      @Descriptor("the transfer") String transfer, @Descriptor("why") String... reason)
      throws Refused, InterruptedException {
    String why = String.join(" ", reason);
    if (why.isBlank() || why.length() > 256) {
      throw new Refused("say why, in 1 to 256 characters");
    }
    return step(
        new TransferStep.TakeOver(Answers.requester(), id(transfer), OptionalLong.empty(), why));
  }

  @Descriptor("why a transfer is done as it is, or what the parties of a session may do")
  public String why(@Descriptor("a transfer or a session") String id) throws Refused {
    Optional<Transfer> transfer = TransferId.parse(id).flatMap(transfers::find);
    return transfer.isPresent()
        ? Explained.transfer(transfer.get())
        : Explained.session(Answers.session(sessions, id), sessions);
  }

  private String step(TransferStep step) throws Refused, InterruptedException {
    return told(Answers.await(transfers.step(step)));
  }

  private static String told(TransferReply reply) throws Refused {
    return switch (reply) {
      case TransferReply.Accepted accepted ->
          "transfer " + accepted.transfer().id() + " " + accepted.transfer().phase().text();
      case TransferReply.Refused refused -> throw new Refused(Explained.refusal(refused));
    };
  }

  private static TransferId id(String word) throws Refused {
    return TransferId.parse(word)
        .orElseThrow(
            () -> new Refused(new Refusal(Reason.NO_SUCH_TRANSFER, "no transfer is " + word)));
  }
}
