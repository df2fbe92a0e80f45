package org.jackfield.core.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.provider.CallId;
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
import org.jackfield.core.Effort;
import org.junit.jupiter.api.Test;

/** The index against a plain map that is filtered and sorted: every list must be the same. */
class SessionIndexTest {
  private static final List<String> NAMES =
      List.of("", "Ada Berg", "adam", "Zoë Şahin", "Ärger", "ADA", "Bo", "Adalbert von Bo");

  private final SessionIndex index = new SessionIndex();

  /** By when they started. */
  private final Map<SessionId, Known> model = new LinkedHashMap<>();

  /** What must be seen of a session. */
  private record Known(
      SessionId id, String provider, long revision, Instant startedAt, List<Connection> ends) {
    static Known of(Session seen) {
      return new Known(
          seen.id(),
          seen.provider(),
          seen.revision(),
          seen.startedAt(),
          seen.parties().stream().map(Party::connection).toList());
    }

    ConnectionState state() {
      List<Party> parties =
          ends.stream().map(c -> new Party(c, Party.Role.CALLED, Capabilities.NONE)).toList();
      return new Session(id, provider, new ConversationId(1), 1, startedAt, parties).state();
    }
  }

  @Test
  void listsAreThoseOfTheModelAfterAnySequenceOfChanges() {
    long seed = Effort.seed();
    System.out.printf("seed %d (replay: -Djackfield.seed=%d)%n", seed, seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 3_000; i++) {
      change(random, i);
      if (i % 10 == 0) {
        SessionQuery query = query(random);
        assertThat(pages(query)).as("seed %d, %s", seed, query).isEqualTo(expected(query));
      }
    }
    for (SessionId id : List.copyOf(model.keySet())) {
      assertThat(index.find(id).map(Known::of)).contains(model.get(id));
      end(id);
    }
    assertThat(index.isEmpty()).as("seed %d", seed).isTrue();
  }

  private void change(SplittableRandom random, int step) {
    if (!model.isEmpty() && random.nextInt(5) == 0) {
      end(any(random));
      return;
    }
    boolean fresh = model.isEmpty() || random.nextBoolean();
    if (fresh) {
      Instant at = Instant.ofEpochSecond(1_000 + step / 3);
      start("pbx" + random.nextInt(3), at, ends(random), new SessionId(random.nextLong()));
    } else {
      change(any(random), ends(random));
    }
  }

  private void start(String provider, Instant at, List<Connection> ends, SessionId id) {
    LiveSession session =
        new LiveSession(
            id, provider, new CallId("call-" + id), new ConversationId(1), at, index.nextPlace());
    index.enter(session);
    ends.forEach(session::put);
    publish(session);
    model.put(id, new Known(id, provider, 1, at, ends));
  }

  private void publish(LiveSession session) {
    session
        .changed(Capabilities.NONE, true, address -> Capabilities.NONE, (but, party) -> List.of())
        .ifPresent(now -> index.publish(session, now));
    session.rest();
  }

  private void change(SessionId id, List<Connection> ends) {
    LiveSession session = index.live(id).orElseThrow();
    session.connections().forEach(c -> session.remove(c.id()));
    ends.forEach(session::put);
    publish(session);
    Known before = model.get(id);
    long revision = index.find(id).orElseThrow().revision();
    assertThat(revision).isBetween(before.revision(), before.revision() + 1);
    model.put(id, new Known(id, before.provider(), revision, before.startedAt(), ends));
  }

  private void end(SessionId id) {
    index.remove(index.live(id).orElseThrow());
    model.remove(id);
    assertThat(index.find(id)).isEmpty();
  }

  private SessionId any(SplittableRandom random) {
    return List.copyOf(model.keySet()).get(random.nextInt(model.size()));
  }

  private static List<Connection> ends(SplittableRandom random) {
    List<Connection> ends = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(3); i++) {
      Connection connection =
          Connection.of(
              new ConnectionId("p" + i + random.nextInt(4)),
              new Address(String.valueOf(100 + random.nextInt(30))),
              NAMES.get(random.nextInt(NAMES.size())),
              ConnectionState.values()[random.nextInt(ConnectionState.values().length)]);
      if (ends.stream().noneMatch(c -> c.id().equals(connection.id()))) {
        ends.add(connection.heldByThem(random.nextBoolean()));
      }
    }
    return ends;
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
  private List<Known> pages(SessionQuery query) {
    List<Known> all = new ArrayList<>();
    Optional<String> after = Optional.empty();
    do {
      Page<Session> page =
          index.list(
              new SessionQuery(
                  query.provider(), query.state(), query.prefix(), after, query.limit()));
      assertThat(page.items()).hasSizeLessThanOrEqualTo(query.limit());
      page.items().forEach(session -> all.add(Known.of(session)));
      after = page.next();
    } while (after.isPresent());
    return all;
  }

  private List<Known> expected(SessionQuery query) {
    return model.values().stream()
        .filter(s -> query.provider().map(s.provider()::equals).orElse(true))
        .filter(s -> query.state().map(state -> state == s.state()).orElse(true))
        .filter(s -> query.prefix().map(prefix -> begins(s, prefix)).orElse(true))
        .toList();
  }

  private static boolean begins(Known session, String prefix) {
    String lower = prefix.toLowerCase(Locale.ROOT);
    return session.ends().stream()
        .anyMatch(
            c ->
                c.address().value().toLowerCase(Locale.ROOT).startsWith(lower)
                    || c.name().toLowerCase(Locale.ROOT).startsWith(lower));
  }

  @Test
  void aPageByPrefixIsWholeHoweverManySessionsThereAre() {
    // given 12,000 calls: numbers that all begin alike, and now and then a rare name among them
    for (int i = 0; i < 12_000; i++) {
      Connection called =
          Connection.of(
              new ConnectionId("b" + i),
              new Address("+4930" + (10_000 + i)),
              i % 4_000 == 3_999 ? "Zoë Rare" : "",
              ConnectionState.CONNECTED);
      Connection caller =
          Connection.of(
              new ConnectionId("a" + i), new Address("6001"), "", ConnectionState.CONNECTED);
      start("pbx", Instant.ofEpochSecond(i), List.of(caller, called), new SessionId(i + 1));
    }

    // then each page but the last is full, and all pages together are the list
    for (String prefix : List.of("+", "+4930", "+49301", "+4930123", "+493012345", "zo", "6001")) {
      SessionQuery query =
          new SessionQuery(
              Optional.empty(), Optional.empty(), Optional.of(prefix), Optional.empty(), 500);
      assertThat(pages(query)).as(prefix).isEqualTo(expected(query));
      Page<Session> first = index.list(query);
      assertThat(first.items()).hasSize(Math.min(500, expected(query).size()));
    }

    // and when most have ended, what is left is found
    for (int i = 0; i < 12_000; i++) {
      if (i % 100 != 0) {
        end(new SessionId(i + 1));
      }
    }
    for (String prefix : List.of("+4930", "+4930101", "6001", "zo", "7")) {
      SessionQuery query =
          new SessionQuery(
              Optional.empty(), Optional.empty(), Optional.of(prefix), Optional.empty(), 7);
      assertThat(pages(query)).as(prefix).isEqualTo(expected(query));
    }
  }

  @Test
  void aCursorGoesOnWhereItWasWhateverEndedMeanwhile() {
    // given
    for (int i = 0; i < 1_000; i++) {
      Connection one =
          Connection.of(new ConnectionId("a"), new Address("6001"), "", ConnectionState.CONNECTED);
      start("pbx", Instant.ofEpochSecond(1), List.of(one), new SessionId(i + 1));
    }
    Page<Session> first = index.list(SessionQuery.all(100));

    // when the page's last one and those before it end, and others come
    for (int i = 50; i < 150; i++) {
      end(new SessionId(i + 1));
    }
    Page<Session> second =
        index.list(
            new SessionQuery(
                Optional.empty(), Optional.empty(), Optional.of("6"), first.next(), 100));

    // then
    assertThat(second.items()).hasSize(100);
    assertThat(second.items().getFirst().id()).isEqualTo(new SessionId(151));
    assertThat(second.items().getLast().id()).isEqualTo(new SessionId(250));
  }

  @Test
  void whatIsNoCursorIsRefused() {
    for (String text :
        List.of("", ".", "abc", "1.", ".1", "ä.ö", "1.2.3", "s", "s-1", "s+1", "x".repeat(50))) {
      SessionQuery query =
          new SessionQuery(
              Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(text), 10);
      assertThatThrownBy(() -> index.list(query)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
