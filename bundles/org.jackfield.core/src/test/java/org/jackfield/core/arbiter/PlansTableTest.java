package org.jackfield.core.arbiter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.security.Requester;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.ConversationId;
import org.jackfield.api.session.Party;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.transfer.TransferMode;
import org.jackfield.api.transfer.TransferReply;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.api.transfer.TransferTarget;
import org.jackfield.pbx.simulated.Profile;
import org.jackfield.provider.simulated.SimulatedPbx;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** The table of answers: every simulated profile, mode, kind of target and state of the party. */
class PlansTableTest {
  private static final ConnectionId ALICE = new ConnectionId("alice");
  private static final ConnectionId BOB = new ConnectionId("bob");
  private static final Map<String, Capabilities> PROFILES = new HashMap<>();
  private static final Set<String> SEEN = new HashSet<>();

  private final TransferArbiter arbiter = new TransferArbiter(Preferences.SHIPPED, new LoopGuard());

  private static Session call(int id, Party... parties) {
    return new Session(
        new SessionId(id), "pbx", new ConversationId(id), 1, Instant.EPOCH, List.of(parties));
  }

  private static Party party(ConnectionId id, String address, ConnectionState state) {
    return new Party(
        Connection.of(id, new Address(address), "", state), Party.Role.CALLED, Capabilities.NONE);
  }

  /**
   * Bob in that state in the call with alice; where the target is held, dave is on hold with him.
   */
  private static Situation situation(String profile, String target, ConnectionState bob) {
    Situation plain =
        Situation.of(
            call(1, party(ALICE, "101", ConnectionState.CONNECTED), party(BOB, "102", bob)),
            PROFILES.computeIfAbsent(profile, SimulatedPbx::capabilities));
    if (target.equals("address")) {
      return plain;
    }
    Session held =
        call(
            2,
            party(new ConnectionId("dave"), "104", ConnectionState.CONNECTED),
            party(BOB, "102", ConnectionState.ON_HOLD));
    return new Situation(
        plain.session(),
        plain.capabilities(),
        true,
        Optional.empty(),
        0,
        1,
        Optional.of(new Situation.Held(held, Optional.empty())));
  }

  private static <E> E named(E[] values, java.util.function.Function<E, String> text, String name) {
    return Arrays.stream(values).filter(v -> text.apply(v).equals(name)).findFirst().orElseThrow();
  }

  /** All rows in one go, for the mutation tests: they select each test by itself. */
  @Test
  void answersAsTheWholeTableSays() throws IOException {
    try (InputStream table = PlansTableTest.class.getResourceAsStream("plans.csv")) {
      List<String> lines =
          new String(table.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.startsWith("#"))
              .skip(1)
              .toList();
      assertThat(lines).hasSize(728);
      for (String line : lines) {
        String[] row = line.split(",", -1);
        answersAsTheTableSays(row[0], row[1], row[2], row[3], row[4], row[5]);
      }
    }
  }

  @Tag("row")
  @ParameterizedTest(name = "{0}, {1} to {2}, {3}: {4} {5}")
  @CsvFileSource(resources = "plans.csv", useHeadersInDisplayName = true)
  void answersAsTheTableSays(
      String profile, String mode, String target, String state, String answer, String tapiError) {
    SEEN.add(String.join(",", profile, mode, target, state));
    TransferRequest request =
        TransferRequest.of(
            new Requester("operator", "rest", ""),
            new SessionId(1),
            Optional.of(BOB),
            target.equals("held")
                ? new TransferTarget.Held(new SessionId(2))
                : new TransferTarget.To(new Address("103")),
            named(TransferMode.values(), TransferMode::text, mode));
    ConnectionState bob = named(ConnectionState.values(), ConnectionState::text, state);

    Decision decision = arbiter.decide(request, situation(profile, target, bob));

    switch (decision) {
      case Decision.Planned planned -> {
        assertThat(planned.plan().kind().text()).isEqualTo(answer);
        assertThat(planned.plan().rejected()).hasSize(6);
      }
      case Decision.Refused refused -> {
        TransferReply.Refused no = refused.reply();
        assertThat("refused").as(no.refusal().detail()).isEqualTo(answer);
        assertThat(no.refusal().reason().tapiError()).isEqualTo(tapiError);
        assertThat(no.reasons()).isNotEmpty();
        assertThat(no.rejected()).hasSize(7);
      }
    }
  }

  @AfterAll
  static void everyCaseIsInTheTable() {
    Set<String> all = new HashSet<>();
    for (String profile : Profile.NAMES) {
      for (TransferMode mode : TransferMode.values()) {
        for (String target : List.of("address", "held")) {
          for (ConnectionState state : ConnectionState.values()) {
            all.add(String.join(",", profile, mode.text(), target, state.text()));
          }
        }
      }
    }
    assertThat(SEEN).hasSize(728).isEqualTo(all);
  }
}
