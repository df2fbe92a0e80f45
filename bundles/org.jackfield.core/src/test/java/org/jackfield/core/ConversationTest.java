package org.jackfield.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jackfield.core.FakeDriver.connection;

import java.util.List;
import java.util.Optional;
import org.jackfield.api.event.Event;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.ConversationId;
import org.jackfield.api.session.Kinship;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionEvent;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.session.SessionQuery;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferId;
import org.jackfield.api.transfer.TransferMode;
import org.jackfield.api.transfer.TransferQuery;
import org.jackfield.pbx.simulated.Control;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The correlation id is the same over chained transfers; old ids map to new ones (invariant 5). */
class ConversationTest {
  private static List<SessionId> sessionsOf(CoreFixture core, ConversationId conversation) {
    SessionQuery all =
        new SessionQuery(
            Optional.empty(),
            Optional.empty(),
            Optional.of(conversation),
            Optional.empty(),
            Optional.empty(),
            500);
    return core.core.sessions().list(all).items().stream().map(Session::id).toList();
  }

  private static List<TransferId> transfersOf(CoreFixture core, ConversationId conversation) {
    TransferQuery all =
        new TransferQuery(
            Optional.empty(), Optional.of(conversation), Optional.empty(), Optional.empty(), 500);
    return core.core.transfers().list(all).items().stream().map(Transfer::id).toList();
  }

  /** On the simulated PBX: what people and clients do. */
  @Nested
  class OnAPbx {
    private final Office office = new Office("full");

    @AfterEach
    void nothingIsLeft() {
      office.closes();
    }

    @Test
    void fourPartiesAndThreeTransfersAreOneConversation() {
      // given: 1000 has called 1001, who consults 1002
      Session first = office.talk("1000", "1001");
      ConversationId conversation = first.conversation();
      TransferId ours = office.transfer(first, "1001", "1002", TransferMode.CONSULTATION);
      office.phone("1002", Control.Act.ANSWER);
      Session consultation = office.of("1001", "1002");
      assertThat(consultation.conversation()).isEqualTo(conversation);
      office.complete(ours);

      // and 1002 sends the call to 1003, blind
      Session second = office.of("1000", "1002");
      TransferId blind = office.transfer(second, "1002", "1003", TransferMode.BLIND);
      office.phone("1003", Control.Act.ANSWER);

      // when 1003 does the same by its own phone's keys
      office.phone("1003", Control.Act.CONSULT, "1004");
      office.phone("1004", Control.Act.ANSWER);
      Session byPhone = office.of("1003", "1004");
      office.phone("1003", Control.Act.COMPLETE);

      // then
      Session last = office.of("1000", "1004");
      assertThat(byPhone.conversation()).isEqualTo(conversation);
      assertThat(last.conversation()).isEqualTo(conversation);
      assertThat(office.look(ours).conversation()).isEqualTo(conversation);
      assertThat(office.look(blind).conversation()).isEqualTo(conversation);
      for (Session old : List.of(consultation, byPhone)) {
        assertThat(office.core.core.sessions().mergedInto(old.id())).contains(last.id());
      }
      assertThat(office.core.core.sessions().genealogy(last.id()))
          .extracting(Kinship::from, Kinship::into, Kinship::how)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple(
                  first.id(), consultation.id(), Kinship.How.CONSULTATION),
              org.assertj.core.groups.Tuple.tuple(
                  consultation.id(), first.id(), Kinship.How.MERGED),
              org.assertj.core.groups.Tuple.tuple(
                  first.id(), byPhone.id(), Kinship.How.CONSULTATION),
              org.assertj.core.groups.Tuple.tuple(byPhone.id(), first.id(), Kinship.How.MERGED));
      assertThat(sessionsOf(office.core, conversation)).containsExactly(last.id());
      assertThat(transfersOf(office.core, conversation)).containsExactly(blind, ours);
    }

    @Test
    void ofTwoConversationsTheOlderOnesIdSurvivesForAllTheirSessions() {
      // given: two calls, the younger of them with a consultation under way
      Session older = office.talk("1000", "1001");
      Session younger = office.talk("1002", "1003");
      TransferId consulting = office.transfer(younger, "1003", "1004", TransferMode.CONSULTATION);
      office.phone("1004", Control.Act.ANSWER);
      Session consultation = office.of("1003", "1004");
      long place = office.core.latest();

      // when
      office.merge(office.call("1000", "1001"), office.call("1002", "1003"));

      // then
      Session merged = office.of("1000", "1001", "1002", "1003");
      assertThat(merged.id()).isEqualTo(younger.id());
      assertThat(merged.conversation()).isEqualTo(older.conversation());
      assertThat(office.of("1003", "1004").conversation()).isEqualTo(older.conversation());
      assertThat(office.core.core.sessions().surviving(younger.conversation()))
          .isEqualTo(older.conversation());
      assertThat(office.core.core.sessions().mergedInto(older.id())).contains(younger.id());
      for (ConversationId name : List.of(older.conversation(), younger.conversation())) {
        assertThat(sessionsOf(office.core, name)).containsExactly(younger.id(), consultation.id());
        assertThat(transfersOf(office.core, name)).containsExactly(consulting);
      }
      assertThat(office.core.events(place))
          .filteredOn(
              e -> e instanceof Event.OfSession s && s.event() instanceof SessionEvent.Merged)
          .singleElement()
          .isInstanceOfSatisfying(
              Event.OfSession.class,
              e ->
                  assertThat(e.event())
                      .isInstanceOfSatisfying(
                          SessionEvent.Merged.class,
                          m -> {
                            assertThat(m.session().id()).isEqualTo(older.id());
                            assertThat(m.into()).isEqualTo(younger.id());
                            assertThat(m.conversation()).isEqualTo(older.conversation());
                          }));
    }

    @Test
    void aPartyThatIsTakenOutOfAConferenceStaysInTheConversation() {
      // given
      Session first = office.talk("1000", "1001");
      TransferId ours = office.transfer(first, "1001", "1002", TransferMode.CONSULTATION);
      office.phone("1002", Control.Act.ANSWER);
      office.conference(ours);

      // when
      office.split(office.call("1000", "1001", "1002"), "1002", "6001");
      office.pass(10_000);

      // then
      Session split = office.of("1002", "6001");
      assertThat(split.conversation()).isEqualTo(first.conversation());
      assertThat(office.core.core.sessions().genealogy(split.id()))
          .last()
          .satisfies(
              line -> {
                assertThat(line.from()).isEqualTo(office.of("1000", "1001").id());
                assertThat(line.into()).isEqualTo(split.id());
                assertThat(line.how()).isEqualTo(Kinship.How.SPLIT);
              });
    }

    @Test
    void aConsultationThatBeganWhileTheLinkWasCutIsOfTheConversationToo() {
      // given
      Session first = office.talk("1000", "1001");
      office.tell(
          new Control.Fault(office.id(), Control.What.DROP_LINK, null, null, null, 3_000L, null));

      // when
      office.phone("1001", Control.Act.CONSULT, "1002");
      office.phone("1002", Control.Act.ANSWER);
      office.pass(20_000);

      // then
      assertThat(office.of("1001", "1002").conversation()).isEqualTo(first.conversation());
    }

    @Test
    void twoCallsThatHaveNothingToDoWithEachOtherAreTwoConversations() {
      // when: 1001 holds its call and makes another one
      Session first = office.talk("1000", "1001");
      office.phone("1001", Control.Act.HOLD);
      Session second = office.talk("1001", "1002");

      // then
      assertThat(second.conversation()).isNotEqualTo(first.conversation());
      assertThat(office.core.core.sessions().genealogy(second.id())).isEmpty();
    }
  }

  /** What a driver tells, in any order. */
  @Nested
  class ByADriver {
    private final CoreFixture core = CoreFixture.open();

    private void branch(String from, String into) {
      core.driver
          .last()
          .report(new ProviderEvent.CallBranched(new CallId(from), new CallId(into), false));
    }

    @Test
    void whereACallComesFromMayBeToldAfterItsConnections() {
      // given
      Session first = core.aliceAndBobTalk();
      core.driver.set("c2", "bob", ConnectionState.CONNECTED);
      core.driver.set("c2", "carol", ConnectionState.CONNECTED);
      core.sessions();

      // when
      branch("c1", "c2");
      branch("c1", "c2");

      // then
      assertThat(core.sessions())
          .hasSize(2)
          .allSatisfy(s -> assertThat(s.conversation()).isEqualTo(first.conversation()));
      assertThat(core.core.sessions().genealogy(first.id())).hasSize(1);
    }

    @Test
    void whereACallComesFromMayBeToldBeforeItIsThere() {
      // given
      Session first = core.aliceAndBobTalk();

      // when
      branch("c1", "c2");
      branch("nobody-knows-this-one", "c3");
      core.driver.set("c2", "bob", ConnectionState.CONNECTED);
      core.driver.set("c3", "dave", ConnectionState.CONNECTED);

      // then
      assertThat(core.sessions())
          .filteredOn(s -> s.conversation().equals(first.conversation()))
          .hasSize(2);
      assertThat(core.sessions()).hasSize(3);
    }

    @Test
    void aCallThatBranchesAgainBeforeItsPartiesAreToldIsOfTheConversation() {
      // given: c3 is there before it is known where it comes from
      Session first = core.aliceAndBobTalk();
      core.driver.set("c3", "carol", ConnectionState.CONNECTED);
      core.sessions();

      // when
      branch("c1", "c2");
      branch("c2", "c3");
      branch("c2", "c4");
      core.driver.set("c4", "dave", ConnectionState.CONNECTED);

      // then
      assertThat(core.sessions())
          .hasSize(3)
          .allSatisfy(s -> assertThat(s.conversation()).isEqualTo(first.conversation()));
    }

    @Test
    void theWayThroughManyMergesEndsAtTheLiveSession() {
      // given
      Session first = core.aliceAndBobTalk();
      for (int i = 1; i < 100; i++) {
        core.driver.set("c" + (i + 1), connection("p" + i, ConnectionState.CONNECTED));
        core.sessions();

        // when
        core.driver.merge("c" + i, "c" + (i + 1));
      }

      // then: the oldest lines are gone, the conversation is still the one
      Session last = core.session();
      assertThat(last.conversation()).isEqualTo(first.conversation());
      assertThat(core.core.sessions().genealogy(last.id())).hasSize(64);
      SessionId recent = core.core.sessions().genealogy(last.id()).getFirst().from();
      assertThat(core.core.sessions().mergedInto(recent)).contains(last.id());
      assertThat(sessionsOf(core, first.conversation())).containsExactly(last.id());
    }
  }
}
