package org.jackfield.tck;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.capability.Trait;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.Reason;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.ReleaseWhen;

/** One test's PBX, the people on it, and the commands in few words. */
final class Scene implements AutoCloseable {

  final Testbed bed;
  final Opened pbx;
  final Address alice;
  final Address bob;
  final Address carol;

  Scene(Testbed bed) {
    this.bed = bed;
    try {
      this.pbx = new Opened(bed);
    } catch (Throwable notOpened) {
      bed.close();
      throw notOpened;
    }
    this.alice = bed.person(0);
    this.bob = bed.person(1);
    this.carol = bed.person(2);
  }

  boolean can(Operation operation) {
    return pbx.capabilities().permits(operation);
  }

  boolean has(Trait trait) {
    return pbx.capabilities().has(trait);
  }

  ConnectionId id(CallId call, Address address) {
    return pbx.picture()
        .party(call, address)
        .map(Connection::id)
        .orElseThrow(() -> new RuleBroken(Rule.R6, address + " is not in " + call + pbx.picture()));
  }

  // What is done

  /** Alice calls Bob, and they talk. */
  CallId aliceAndBobTalk() {
    if (!can(Operation.MAKE_CALL)) {
      bed.call(alice, bob);
      return awaitTalking(alice, bob);
    }
    CallId call = make(alice, bob);
    Rule.R6.same("the name of the call", call, awaitTalking(alice, bob));
    return call;
  }

  CallId make(Address from, Address to) {
    CallId call = Opened.newCall();
    pbx.does(new Command.MakeCall(Opened.newCommand(), call, from, to));
    return call;
  }

  void hold(CallId call, Address party) {
    pbx.does(new Command.Hold(Opened.newCommand(), call, id(call, party)));
  }

  void retrieve(CallId call, Address party) {
    pbx.does(new Command.Retrieve(Opened.newCommand(), call, id(call, party)));
  }

  void alternate(CallId held, CallId active, Address party) {
    pbx.does(new Command.Alternate(Opened.newCommand(), held, active, id(active, party)));
  }

  Command blind(CallId call, Address transferor, Address target, ReleaseWhen release) {
    return new Command.BlindTransfer(
        Opened.newCommand(), call, id(call, transferor), target, release);
  }

  /** A consultation that has been started and, where it can, has been given no target yet. */
  CallId consult(CallId call, Address transferor, Address target) {
    CallId consultation = Opened.newCall();
    ConnectionId party = id(call, transferor);
    if (can(Operation.CONSULT)) {
      pbx.does(
          new Command.Consult(Opened.newCommand(), call, party, consultation, Optional.empty()));
      dial(consultation, party, target);
    } else {
      pbx.does(
          new Command.Consult(Opened.newCommand(), call, party, consultation, Optional.of(target)));
    }
    return consultation;
  }

  void dial(CallId consultation, ConnectionId party, Address target) {
    pbx.does(new Command.Dial(Opened.newCommand(), consultation, party, target));
  }

  Command complete(CallId call, CallId consultation, Address transferor, CompleteAs as) {
    return new Command.Complete(Opened.newCommand(), call, consultation, id(call, transferor), as);
  }

  void clear(CallId call, Address party) {
    pbx.does(new Command.Clear(Opened.newCommand(), call, id(call, party)));
  }

  void recall(CallId call, Address waiting, Address to) {
    pbx.does(new Command.Recall(Opened.newCommand(), call, id(call, waiting), to));
  }

  /**
   * Accepted and failed later, or refused as no address: either is right for {@code nobody}.
   *
   * @return whether it was accepted
   */
  boolean attempt(Command command, Address target) {
    ProviderReply reply = pbx.ask(command);
    if (reply instanceof ProviderReply.Refused refused) {
      Rule.R8.same("only an address that nobody has may be refused", bed.nobody(), target);
      Rule.R4.same("the refusal's reason", Reason.INVALID_ADDRESS, refused.reason());
    }
    return reply == ProviderReply.ACCEPTED;
  }

  /** The target's own word, wherever it was told: never that it ended in the ordinary way. */
  void assertWhyFailed(Address target) {
    Cause.Code expected =
        target.equals(bed.busy())
            ? Cause.Code.BUSY
            : target.equals(bed.declining()) ? Cause.Code.REJECT : Cause.Code.BAD_ADDRESS;
    List<Cause.Code> told = pbx.picture().causes();
    Rule.R4.holds(told.contains(expected), "why " + target + " failed: told " + told);
    Optional<Cause.Code> left = pbx.picture().whyLeft(target).map(Cause::code);
    Rule.R5.holds(
        left.isEmpty() || left.equals(Optional.of(expected)),
        "why " + target + " left, if it was there: told " + left);
  }

  // What is seen

  void await(String what, Predicate<Picture> told) {
    pbx.await(what, told);
  }

  void await(Rule otherwise, String what, Predicate<Picture> told) {
    pbx.await(otherwise, what, told);
  }

  /** The party rings in a call of the server's, and that has the server's name for it. */
  void awaitRinging(CallId call, Address party) {
    await(
        party + " rings",
        p -> p.calls().stream().anyMatch(c -> p.is(c, party, ConnectionState.OFFERING)));
    Rule.R6.holds(
        pbx.picture().is(call, party, ConnectionState.OFFERING),
        party + " does not ring in " + call + pbx.picture());
  }

  /** They, and nobody else, are in one call and hear each other. */
  CallId awaitTalking(Address... parties) {
    pbx.await("these talk, alone: " + Set.of(parties), p -> p.talking(parties).isPresent());
    return pbx.picture().talking(parties).orElseThrow();
  }

  void awaitGone(Address... parties) {
    for (Address party : parties) {
      pbx.await(party + " is in no call", p -> !p.isAnywhere(party));
    }
  }

  Set<Address> everybody() {
    Set<Address> all = new LinkedHashSet<>(Set.of(alice, bob, carol));
    all.addAll(Set.of(bed.ringing(), bed.busy(), bed.declining(), bed.nobody()));
    return all;
  }

  /** Nothing is left, nothing was told wrongly, and the PBX says so too. */
  void leaveNothing() {
    Set<Address> all = everybody();
    if (can(Operation.CLEAR)) {
      for (CallId call : pbx.picture().calls()) {
        if (all.stream().anyMatch(a -> pbx.picture().party(call, a).isPresent())) {
          pbx.ask(new Command.ClearAll(Opened.newCommand(), call));
        }
      }
    } else {
      all.stream().filter(a -> pbx.picture().isAnywhere(a)).forEach(bed::hangUp);
    }
    awaitGone(all.toArray(Address[]::new));
    pbx.snapshot();
    for (Address party : all) {
      Rule.R9.holds(
          !pbx.picture().isAnywhere(party),
          "a snapshot shows " + party + ", who has left" + pbx.picture());
    }
    List<String> wrong = pbx.picture().wrong();
    Rule.R5.holds(wrong.isEmpty(), String.join("; ", wrong));
  }

  @Override
  public void close() {
    try {
      pbx.close();
    } finally {
      bed.close();
    }
  }
}
