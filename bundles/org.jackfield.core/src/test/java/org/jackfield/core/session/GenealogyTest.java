package org.jackfield.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jackfield.api.session.ConversationId;
import org.jackfield.api.session.Kinship;
import org.jackfield.api.session.SessionId;
import org.jackfield.core.VirtualTime;
import org.junit.jupiter.api.Test;

class GenealogyTest {
  private final VirtualTime time = new VirtualTime();
  private final Genealogy genealogy = new Genealogy(time.environment(1));

  /** A session that began a conversation of its own at that second. */
  private static Genealogy.Member session(long id, long second) {
    return new Genealogy.Member(
        new SessionId(id), new ConversationId(id), Instant.ofEpochSecond(second));
  }

  @Test
  void theOlderConversationSurvivesWhicheverWayTheyAreMerged() {
    // when
    ConversationId one =
        genealogy.relate(session(2, 20), session(1, 10), Kinship.How.MERGED).conversation();
    ConversationId other =
        genealogy.relate(session(3, 30), session(4, 40), Kinship.How.MERGED).conversation();

    // then
    assertThat(one).isEqualTo(new ConversationId(1));
    assertThat(other).isEqualTo(new ConversationId(3));

    // and when those two meet
    ConversationId all =
        genealogy.relate(session(1, 10), session(4, 40), Kinship.How.MERGED).conversation();

    // then
    assertThat(all).isEqualTo(new ConversationId(1));
    for (long id = 1; id <= 4; id++) {
      assertThat(genealogy.surviving(new ConversationId(id))).isEqualTo(all);
    }
    assertThat(genealogy.mergedInto(new SessionId(2))).contains(new SessionId(4));
    assertThat(genealogy.of(new SessionId(2))).isEqualTo(genealogy.of(new SessionId(4)));
  }

  @Test
  void ofTwoThatBeganAtOnceTheLowerIdSurvives() {
    assertThat(genealogy.relate(session(9, 10), session(7, 10), Kinship.How.MERGED).conversation())
        .isEqualTo(new ConversationId(7));
  }

  @Test
  void aConsultationThatBeganAtOnceWithItsCallHasTheCallsConversation() {
    for (Kinship.How how : List.of(Kinship.How.CONSULTATION, Kinship.How.SPLIT)) {
      Genealogy.Related related =
          new Genealogy(time.environment(1)).relate(session(9, 10), session(7, 10), how);

      assertThat(related.conversation()).as(how.toString()).isEqualTo(new ConversationId(9));
    }
  }

  @Test
  void aSessionThatLivesAgainIsInNoOther() {
    // given
    genealogy.relate(session(1, 10), session(2, 20), Kinship.How.MERGED);

    // when
    genealogy.livesAgain(new SessionId(1));

    // then
    assertThat(genealogy.mergedInto(new SessionId(1))).isEmpty();
  }

  @Test
  void aDayAfterItsLastLineAConversationIsForgotten() {
    // given
    genealogy.relate(session(1, 10), session(2, 20), Kinship.How.MERGED);
    time.pass(Genealogy.KEPT.minus(Duration.ofMinutes(1)));
    assertThat(genealogy.mergedInto(new SessionId(1))).contains(new SessionId(2));

    // when
    time.pass(Duration.ofMinutes(2));

    // then
    assertThat(genealogy.of(new SessionId(1))).isEmpty();
    assertThat(genealogy.mergedInto(new SessionId(1))).isEmpty();
    assertThat(genealogy.size()).isZero();
  }

  @Test
  void thereIsAMostOfConversations() {
    // when
    int some = 100;
    for (int i = 1; i <= Genealogy.CONVERSATIONS + some; i++) {
      genealogy.relate(session(2L * i, i), session(2L * i + 1, i), Kinship.How.CONSULTATION);
    }

    // then
    assertThat(genealogy.size()).isEqualTo(Genealogy.CONVERSATIONS);
    assertThat(genealogy.of(new SessionId(2L * some))).isEmpty();
    assertThat(genealogy.of(new SessionId(2L * (some + 1)))).hasSize(1);
    assertThat(genealogy.surviving(new ConversationId(2))).isEqualTo(new ConversationId(2));
  }
}
