package org.jackfield.core.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.ConversationId;
import org.jackfield.api.session.Page;
import org.jackfield.api.session.Party;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.session.SessionQuery;
import org.junit.jupiter.api.Test;

/** The index against a plain map that is filtered and sorted: every list must be the same. */
class SessionIndexTest {
  private static final Comparator<Session> OLDEST_FIRST =
      Comparator.comparing(Session::startedAt)
          .thenComparing(s -> s.id().value(), Long::compareUnsigned);
  private static final List<String> NAMES =
      List.of("", "Ada Berg", "adam", "Zoë Şahin", "Ärger", "ADA", "Bo", "Adalbert von Bo");

  private final SessionIndex index = new SessionIndex();
  private final Map<SessionId, Session> model = new HashMap<>();

  @Test
  void listsAreThoseOfTheModelAfterAnySequenceOfChanges() {
    long seed = Long.getLong("jackfield.seed", new SplittableRandom().nextLong());
    System.out.printf("seed %d (replay: -Djackfield.seed=%d)%n", seed, seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 3_000; i++) {
      change(random, i);
      if (i % 10 == 0) {
        SessionQuery query = query(random);
        assertThat(pages(query)).as("seed %d, %s", seed, query).isEqualTo(expected(query));
      }
    }
    List.copyOf(model.keySet()).forEach(index::remove);
    assertThat(index.isEmpty()).as("seed %d", seed).isTrue();
  }

  private void change(SplittableRandom random, int step) {
    if (!model.isEmpty() && random.nextInt(5) == 0) {
      SessionId gone = any(random).id();
      model.remove(gone);
      index.remove(gone);
      return;
    }
    boolean fresh = model.isEmpty() || random.nextBoolean();
    Session before = fresh ? null : any(random);
    Session now =
        new Session(
            before == null ? new SessionId(random.nextLong()) : before.id(),
            before == null ? "pbx" + random.nextInt(3) : before.provider(),
            new ConversationId(1),
            before == null ? 1 : before.revision() + 1,
            before == null ? Instant.ofEpochSecond(1_000 + step / 3) : before.startedAt(),
            parties(random));
    model.put(now.id(), now);
    index.publish(now);
  }

  private Session any(SplittableRandom random) {
    return List.copyOf(model.values()).get(random.nextInt(model.size()));
  }

  private static List<Party> parties(SplittableRandom random) {
    List<Party> parties = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(3); i++) {
      Connection connection =
          Connection.of(
              new ConnectionId("p" + i + random.nextInt(4)),
              new Address(String.valueOf(100 + random.nextInt(30))),
              NAMES.get(random.nextInt(NAMES.size())),
              ConnectionState.values()[random.nextInt(ConnectionState.values().length)]);
      if (parties.stream().noneMatch(p -> p.id().equals(connection.id()))) {
        parties.add(new Party(connection, Party.Role.CALLED, Capabilities.NONE));
      }
    }
    return parties;
  }

  private static SessionQuery query(SplittableRandom random) {
    Optional<String> prefix =
        switch (random.nextInt(5)) {
          case 0 -> Optional.of("1" + random.nextInt(3));
          case 1 -> Optional.of("aDa");
          case 2 -> Optional.of("adalbert VON");
          case 3 -> Optional.of("z");
          default -> Optional.empty();
        };
    return new SessionQuery(
        random.nextBoolean() ? Optional.of("pbx" + random.nextInt(4)) : Optional.empty(),
        random.nextBoolean()
            ? Optional.of(ConnectionState.values()[random.nextInt(ConnectionState.values().length)])
            : Optional.empty(),
        prefix,
        Optional.empty(),
        1 + random.nextInt(20));
  }

  /** All pages of a list, one after the other. */
  private List<Session> pages(SessionQuery query) {
    List<Session> all = new ArrayList<>();
    Optional<String> after = Optional.empty();
    do {
      Page<Session> page =
          index.list(
              new SessionQuery(
                  query.provider(), query.state(), query.prefix(), after, query.limit()));
      assertThat(page.items()).hasSizeLessThanOrEqualTo(query.limit());
      all.addAll(page.items());
      after = page.next();
    } while (after.isPresent());
    return all;
  }

  private List<Session> expected(SessionQuery query) {
    return model.values().stream()
        .filter(s -> query.provider().map(s.provider()::equals).orElse(true))
        .filter(s -> query.state().map(state -> state == s.state()).orElse(true))
        .filter(s -> query.prefix().map(prefix -> begins(s, prefix)).orElse(true))
        .sorted(OLDEST_FIRST)
        .toList();
  }

  private static boolean begins(Session session, String prefix) {
    String lower = prefix.toLowerCase(Locale.ROOT);
    return session.parties().stream()
        .map(Party::connection)
        .anyMatch(
            c ->
                c.address().value().toLowerCase(Locale.ROOT).startsWith(lower)
                    || c.name().toLowerCase(Locale.ROOT).startsWith(lower));
  }

  @Test
  void whatIsNoCursorIsRefused() {
    for (String text : List.of("", ".", "abc", "1.", ".1", "ä.ö", "1.2.3", "x".repeat(50))) {
      SessionQuery query =
          new SessionQuery(
              Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(text), 10);
      assertThatThrownBy(() -> index.list(query)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
