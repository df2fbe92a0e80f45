package org.jackfield.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jackfield.core.CoreFixture.ALICE;
import static org.jackfield.core.FakeDriver.party;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.capability.Trait;
import org.jackfield.api.provider.AddressInfo;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Party;
import org.jackfield.api.session.Reason;
import org.jackfield.api.session.Session;
import org.jackfield.api.transfer.PlanReply;
import org.jackfield.api.transfer.TransferMode;
import org.jackfield.api.transfer.TransferPlan.Kind;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.api.transfer.TransferTarget;
import org.junit.jupiter.api.Test;

/** An address may less than its PBX: what may ever be done is known for each address. */
class AddressCapabilitiesTest {
  private final CoreFixture core = CoreFixture.open();

  private void tell(Address address, Optional<Capabilities> may) {
    core.driver
        .last()
        .report(
            new ProviderEvent.AddressChanged(
                new AddressInfo(address, "", AddressInfo.State.BUSY, may)));
    core.time.settle();
  }

  private static Capabilities without(Operation operation) {
    return Capabilities.of(EnumSet.complementOf(EnumSet.of(operation)), Set.of(Trait.values()));
  }

  private Party bob() {
    return core.session().party(party("bob")).orElseThrow();
  }

  private PlanReply plan(Session session, String transferor) {
    return core.answer(
        () ->
            core.core
                .transfers()
                .plan(
                    TransferRequest.of(
                        ALICE,
                        session.id(),
                        Optional.of(party(transferor)),
                        new TransferTarget.To(new Address("6001")),
                        TransferMode.BLIND)));
  }

  @Test
  void narrowsWhatItsPartyMayDoAndSaysWhy() {
    // given
    Session session = core.aliceAndBobTalk();
    Address bobs = bob().address();

    // when
    tell(bobs, Optional.of(without(Operation.BLIND_TRANSFER)));

    // then
    assertThat(bob().permitted().permits(Operation.BLIND_TRANSFER)).isFalse();
    assertThat(bob().permitted().permits(Operation.HOLD)).isTrue();
    assertThat(
            core.core
                .sessions()
                .refused(core.session(), party("bob"))
                .get(Operation.BLIND_TRANSFER))
        .satisfies(
            no -> {
              assertThat(no.reason()).isEqualTo(Reason.NOT_SUPPORTED);
              assertThat(no.detail()).isEqualTo("this PBX has no blindTransfer for " + bobs);
            });
    assertThat(plan(session, "bob")).isInstanceOf(PlanReply.Refused.class);
    assertThat(plan(session, "alice"))
        .isInstanceOfSatisfying(
            PlanReply.Planned.class,
            planned -> assertThat(planned.plan().kind()).isEqualTo(Kind.BLIND));
  }

  @Test
  void isAsItsPbxAgainWhenItIsToldWithoutLimits() {
    Session session = core.aliceAndBobTalk();
    Address bobs = bob().address();
    tell(bobs, Optional.of(without(Operation.BLIND_TRANSFER)));

    tell(bobs, Optional.empty());

    assertThat(bob().permitted().permits(Operation.BLIND_TRANSFER)).isTrue();
    assertThat(plan(session, "bob")).isInstanceOf(PlanReply.Planned.class);
  }

  @Test
  void neverAddsToWhatItsPbxMay() {
    core.driver.capabilities = without(Operation.HOLD);
    core.driver.last().linkUp();
    Session session = core.aliceAndBobTalk();

    tell(bob().address(), Optional.of(without(Operation.BLIND_TRANSFER)));

    assertThat(core.session().id()).isEqualTo(session.id());
    assertThat(bob().permitted().permits(Operation.HOLD)).isFalse();
    assertThat(bob().permitted().permits(Operation.BLIND_TRANSFER)).isFalse();
    assertThat(bob().permitted().permits(Operation.CONSULT)).isTrue();
  }
}
