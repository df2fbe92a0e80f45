package org.jackfield.pbx.simulated;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The PBX as its clients see it.
 *
 * <p>Not thread-safe: all calls, and all its timers, on one thread. Calls go on when clients go.
 */
public final class Pbx {

  /** One client's way out. */
  public interface Outlet {

    /** Takes a message; must not block. */
    void tell(Message message);

    /** The PBX has cut the link. */
    void cut();
  }

  /** The witness: hears of each command what came of it. */
  @FunctionalInterface
  public interface Witness {

    /**
     * A command was given.
     *
     * @param answer what was answered
     * @param repeated the id was seen before, and nothing was done
     * @param fault the fault that was injected, if any
     */
    void saw(
        int client,
        Command command,
        Message.Answer answer,
        boolean repeated,
        Control.@Nullable What fault);
  }

  private static final int REMEMBERED_COMMANDS = 100_000;

  private final String run;
  private final Profile profile;
  private final Exchange exchange;
  private final Services services;
  private final Faults faults;
  private final Witness witness;
  private final Set<Client> clients = new LinkedHashSet<>();
  private final Map<String, Message.Answer> answers =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Message.Answer> eldest) {
          return size() > REMEMBERED_COMMANDS;
        }
      };
  private int lastClient;

  /**
   * A PBX without calls.
   *
   * @param run names this run; ids that the PBX gives begin with it
   * @param phones how many ordinary phones; 0 is 1000
   */
  public Pbx(
      String run,
      Profile profile,
      Pace pace,
      Timers timers,
      RandomGenerator random,
      int phones,
      Witness witness) {
    this.run = run;
    this.profile = profile;
    this.witness = witness;
    this.faults = new Faults(timers);
    this.exchange =
        new Exchange(
            run, profile, pace, timers, random, new Directory(phones, random), this::broadcast);
    this.services = new Services(exchange, faults);
  }

  /** A client's way in. */
  public final class Client {
    private final int number;
    private final Outlet outlet;
    private boolean tester;

    private Client(int number, Outlet outlet) {
      this.number = number;
      this.outlet = outlet;
    }

    /** Gives a command. What it sets off is told before this returns, and the answer first. */
    public void command(Command command) {
      if (clients.contains(this)) {
        tester |= command instanceof Command.ByTester;
        given(this, command);
      }
    }

    /** Refuses what could not be understood. */
    public void malformed(String id) {
      outlet.tell(new Message.Answer(id, false, Refused.Because.MALFORMED));
    }

    /** The client has gone. */
    public void detach() {
      clients.remove(this);
    }

    private void tell(Message message) {
      faults.pass(tester, outlet, message);
    }
  }

  /** A client connects, and hears the hello. Refused while the link is cut: null. */
  public @Nullable Client attach(Outlet outlet) {
    if (faults.linkIsCut()) {
      return null;
    }
    Client client = new Client(++lastClient, outlet);
    clients.add(client);
    outlet.tell(
        new Message.Hello(
            "Jackfield simulated PBX",
            run,
            profile.name(),
            List.copyOf(profile.operations()),
            List.copyOf(profile.traits()),
            new Message.Limits(8, 1, Profile.MOST_IN_CONFERENCE),
            exchange.seq()));
    return client;
  }

  Exchange exchange() {
    return exchange;
  }

  CallServices calls() {
    return services.calls();
  }

  /** All calls as they are now. */
  public Message.Snapshot snapshot(String command) {
    List<Message.CallView> views = exchange.calls().stream().map(Call::view).toList();
    return new Message.Snapshot(command, exchange.seq(), views);
  }

  private void broadcast(Message.Event event) {
    if (outbox != null) {
      outbox.add(event);
      return;
    }
    for (Client client : List.copyOf(clients)) {
      client.tell(event);
    }
  }

  /** Events wait here while a command is being done, so that its answer comes first. */
  private @Nullable List<Message.Event> outbox;

  private void given(Client client, Command command) {
    Message.Answer known = answers.get(command.id());
    if (known != null) {
      witness.saw(client.number, command, known, true, null);
      client.tell(known);
      return;
    }
    Control.What fault = command instanceof Command.ByTester ? null : faults.next(command);
    List<Message.Event> caused = new ArrayList<>();
    outbox = caused;
    Message.Answer answer = perform(command, fault);
    outbox = null;
    if (fault != Control.What.LOST) {
      answers.put(command.id(), answer);
    }
    witness.saw(client.number, command, answer, false, fault);
    if (fault != Control.What.NO_ANSWER && fault != Control.What.LOST) {
      client.tell(answer);
    }
    caused.forEach(this::broadcast);
    if (answer.accepted()) {
      tellMore(client, command);
    }
  }

  private void tellMore(Client client, Command command) {
    switch (command) {
      case Command.TakeSnapshot c -> client.tell(snapshot(c.id()));
      case Command.ListAddresses c ->
          client.tell(
              new Message.Addresses(
                  c.id(), exchange.directory.all().stream().map(Phone::view).toList()));
      case Command.AskFate c -> client.tell(fate(c));
      case Control.Fault c when c.what() == Control.What.DROP_LINK -> cutLinks();
      default -> {}
    }
  }

  private Message.Fate fate(Command.AskFate ask) {
    Message.Answer known = answers.get(ask.about());
    return new Message.Fate(
        ask.id(),
        ask.about(),
        known != null,
        known != null && known.accepted(),
        known == null ? null : known.reason());
  }

  private void cutLinks() {
    for (Client client : List.copyOf(clients)) {
      if (!client.tester) {
        clients.remove(client);
        client.outlet.cut();
      }
    }
  }

  private Message.Answer perform(Command command, Control.@Nullable What fault) {
    try {
      if (fault == Control.What.REFUSE) {
        throw new Refused(faults.refusal());
      }
      if (fault != Control.What.NOT_DONE && fault != Control.What.LOST) {
        exchange.input(command.id(), () -> services.perform(command));
      }
      return new Message.Answer(command.id(), true, null);
    } catch (Refused refused) {
      return new Message.Answer(command.id(), false, refused.because());
    }
  }
}
