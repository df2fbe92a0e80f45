package org.jackfield.shell;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.StringJoiner;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.jackfield.api.provider.ProviderService;
import org.jackfield.api.provider.ProviderStatus;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.OperationReply;
import org.jackfield.api.session.Page;
import org.jackfield.api.session.Party;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionQuery;
import org.jackfield.api.session.SessionRequest;
import org.jackfield.api.session.SessionService;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The shell's commands for PBXs, live calls and single operations on them. */
@Component(
    service = SessionCommands.class,
    property = {
      "osgi.command.scope=jackfield",
      "osgi.command.function=providers",
      "osgi.command.function=sessions",
      "osgi.command.function=hold",
      "osgi.command.function=retrieve",
      "osgi.command.function=redirect",
      "osgi.command.function=clear"
    })
public final class SessionCommands {
  private final SessionService sessions;
  private final ProviderService providers;

  @Activate
  public SessionCommands(@Reference SessionService sessions, @Reference ProviderService providers) {
    this.sessions = sessions;
    this.providers = providers;
  }

  @Descriptor("the configured PBXs and how they are")
  public String providers() {
    Text table = new Text("NAME", "DRIVER", "VERSION", "STATE", "SESSIONS", "WHY");
    for (ProviderStatus provider : providers.providers()) {
      table.row(
          provider.name(),
          provider.driver(),
          provider.driverVersion(),
          provider.state().text(),
          Integer.toString(provider.sessions()),
          provider.why());
    }
    return table.toString();
  }

  @Descriptor("the live calls, oldest first")
  public String sessions(
      @Descriptor("only this PBX's")
          @Parameter(
              names = {"-p", "--provider"},
              absentValue = "")
          String provider,
      @Descriptor("only those in this state")
          @Parameter(
              names = {"-s", "--state"},
              absentValue = "")
          String state,
      @Descriptor("at most so many, 1 to 500")
          @Parameter(
              names = {"-n", "--limit"},
              absentValue = "50")
          int limit,
      @Descriptor("only those with an address or a name that begins so") String... prefix)
      throws Refused {
    SessionQuery query =
        new SessionQuery(
            given(provider),
            state.isEmpty() ? Optional.empty() : Optional.of(state(state)),
            prefix.length == 0 ? Optional.empty() : given(prefix[0]),
            Optional.empty(),
            limit);
    Page<Session> page = sessions.list(query);
    Text table = new Text("SESSION", "PROVIDER", "STATE", "SINCE", "PARTIES");
    for (Session session : page.items()) {
      table.row(
          session.id().toString(),
          session.provider(),
          session.state().text(),
          session.startedAt().toString(),
          parties(session));
    }
    return table + (page.next().isPresent() ? "\n… and more" : "");
  }

  private static String parties(Session session) {
    StringJoiner all = new StringJoiner(" · ");
    for (Party party : session.parties()) {
      String name = party.connection().name();
      all.add(
          party.address()
              + (name.isEmpty() ? "" : " " + name)
              + " ("
              + party.id()
              + ", "
              + party.state().text()
              + (party.connection().heldByThem() ? ", held" : "")
              + ")");
    }
    return all.toString();
  }

  private static Optional<String> given(String word) {
    return word.isEmpty() ? Optional.empty() : Optional.of(word);
  }

  private static ConnectionState state(String word) throws Refused {
    for (ConnectionState state : ConnectionState.values()) {
      if (state.text().equals(word)) {
        return state;
      }
    }
    throw new Refused("there is no state " + word);
  }

  @Descriptor("a party puts the others on hold")
  public String hold(
      @Descriptor("the session") String session, @Descriptor("id or address") String party)
      throws Refused, InterruptedException {
    Session on = Answers.session(sessions, session);
    return operate(
        new SessionRequest.Hold(
            Answers.requester(), on.id(), Answers.party(on, party), OptionalLong.empty()));
  }

  @Descriptor("a call that rings at a party rings elsewhere instead")
  public String redirect(
      @Descriptor("the session") String session,
      @Descriptor("id or address") String party,
      @Descriptor("where it is to ring") String to)
      throws Refused, InterruptedException {
    Session on = Answers.session(sessions, session);
    return operate(
        new SessionRequest.Redirect(
            Answers.requester(),
            on.id(),
            Answers.party(on, party),
            new Address(to),
            OptionalLong.empty()));
  }

  @Descriptor("a party takes the others back from hold")
  public String retrieve(
      @Descriptor("the session") String session, @Descriptor("id or address") String party)
      throws Refused, InterruptedException {
    Session on = Answers.session(sessions, session);
    return operate(
        new SessionRequest.Retrieve(
            Answers.requester(), on.id(), Answers.party(on, party), OptionalLong.empty()));
  }

  @Descriptor("ends a session")
  public String clear(@Descriptor("the session") String session)
      throws Refused, InterruptedException {
    Session on = Answers.session(sessions, session);
    return operate(new SessionRequest.ClearAll(Answers.requester(), on.id(), OptionalLong.empty()));
  }

  @Descriptor("takes a party out of a session")
  public String clear(
      @Descriptor("the session") String session, @Descriptor("id or address") String party)
      throws Refused, InterruptedException {
    Session on = Answers.session(sessions, session);
    return operate(
        new SessionRequest.Clear(
            Answers.requester(), on.id(), Answers.party(on, party), OptionalLong.empty()));
  }

  private String operate(SessionRequest request) throws Refused, InterruptedException {
    return switch (Answers.await(sessions.operate(request))) {
      case OperationReply.Accepted accepted ->
          "operation " + accepted.status().id() + " " + accepted.status().state().text();
      case OperationReply.Refused refused -> throw new Refused(refused.refusal());
    };
  }
}
