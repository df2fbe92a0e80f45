package org.jackfield.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Limits;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.capability.Trait;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.Reason;
import org.jackfield.api.session.Refusal;
import org.jackfield.core.Effort;
import org.junit.jupiter.api.Test;

/** What is published as bits is what is explained in sentences, in whatever situation. */
class PermissionsTest {
  private static Connection connection(int i, ConnectionState state) {
    return Connection.of(new ConnectionId("p" + i), new Address("100" + i), "", state);
  }

  private static <E extends Enum<E>> Set<E> some(SplittableRandom random, Class<E> type) {
    Set<E> some = EnumSet.noneOf(type);
    for (E one : type.getEnumConstants()) {
      if (random.nextInt(4) > 0) {
        some.add(one);
      }
    }
    return some;
  }

  private static ConnectionState state(SplittableRandom random) {
    ConnectionState[] all = ConnectionState.values();
    return all[random.nextInt(all.length)];
  }

  private static Permissions.Situation situation(SplittableRandom random, ConnectionState state) {
    Capabilities may =
        Capabilities.of(some(random, Operation.class), some(random, Trait.class))
            .withLimits(new Limits(random.nextInt(3), random.nextInt(3), 2 + random.nextInt(3)));
    List<Connection> others = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      others.add(connection(i, state(random)));
    }
    List<ConnectionState> elsewhere = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      elsewhere.add(state(random));
    }
    Optional<Set<Operation>> underTransfer =
        random.nextInt(4) == 0 ? Optional.of(some(random, Operation.class)) : Optional.empty();
    Optional<Refusal> noTransfer =
        random.nextInt(4) == 0
            ? Optional.of(new Refusal(Reason.DRAINING, "it is taken out"))
            : Optional.empty();
    return new Permissions.Situation(
        may, connection(0, state), others, elsewhere, underTransfer, noTransfer);
  }

  @Test
  void aFullConferenceIsTheFactThatForbidsIt() {
    Permissions.Situation full =
        new Permissions.Situation(
            Capabilities.of(Set.of(Operation.values()), Set.of()).withLimits(new Limits(1, 1, 2)),
            connection(0, ConnectionState.ON_HOLD_PENDING_TRANSFER),
            List.of(connection(1, ConnectionState.CONNECTED)),
            List.of(ConnectionState.CONNECTED),
            Optional.empty(),
            Optional.empty());

    Refusal no = Permissions.refusal(Operation.CONFERENCE, full).orElseThrow();

    assertThat(no.reason()).isEqualTo(Reason.LIMIT_REACHED);
    assertThat(no.detail()).isEqualTo("a conference has at most 2 parties");
  }

  @Test
  void bitsAndSentencesAgree() {
    long seed = Effort.seed();
    System.out.printf("seed %d (replay: -Djackfield.seed=%d)%n", seed, seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 20_000; i++) {
      ConnectionState state = ConnectionState.values()[i % ConnectionState.values().length];
      Permissions.Situation s = situation(random, state);
      int others = 0;
      for (Connection other : s.others()) {
        others |= Permissions.bit(other.state());
      }
      long bits =
          s.underTransfer().isPresent()
              ? Permissions.bitsUnderTransfer(
                  s.may(), state, Capabilities.of(s.underTransfer().get(), List.of()).operations())
              : Permissions.bits(
                  s.may(),
                  s.noTransfer().isEmpty(),
                  state,
                  others,
                  s.others().size() + 1,
                  s.elsewhere());
      Set<Operation> allowed = EnumSet.allOf(Operation.class);
      allowed.removeAll(Permissions.refused(s).keySet());
      assertThat(new Capabilities(bits, 0, Limits.NONE).operationSet())
          .as("seed %d, %s", seed, s)
          .isEqualTo(allowed);
    }
  }
}
