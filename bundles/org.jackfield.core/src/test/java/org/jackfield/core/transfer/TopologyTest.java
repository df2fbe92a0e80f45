package org.jackfield.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jackfield.api.session.Connection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What holds of the parties, wherever they are: by the states of TAPI's calls. */
class TopologyTest {
  private static final Map<String, Predicate<Topology>> ALL = new LinkedHashMap<>();

  static {
    ALL.put("transferorGone", Topology::transferorGone);
    ALL.put("transfereeGone", Topology::transfereeGone);
    ALL.put("alone", Topology::transfereeAlone);
    ALL.put("transferorHeld", Topology::transferorHeld);
    ALL.put("talksHome", Topology::transferorTalksHome);
    ALL.put("talksAway", Topology::transferorTalksAway);
    ALL.put("answered", Topology::targetAnswered);
    ALL.put("alerting", Topology::targetAlerting);
    ALL.put("busy", Topology::targetBusy);
    ALL.put("joined", Topology::joined);
    ALL.put("delivered", Topology::delivered);
    ALL.put("recalled", Topology::recalled);
    ALL.put("conferenced", Topology::conferenced);
    ALL.put("restored", Topology::restored);
    ALL.put("besideHeld", Topology::restoredBesideHeld);
    ALL.put("stands", Topology::consultationStands);
  }

  @ParameterizedTest(name = "{0} and {1}: {2}")
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      textBlock =
"""
# nobody, then the call as it was
''                                           | ''                                | transferorGone transfereeGone
alice=connected bob=connected                | ''                                | talksHome restored besideHeld
alice=conferenced bob=conferenced            | ''                                | talksHome restored besideHeld
alice=onHold bob=connected                   | ''                                | talksHome restored besideHeld
alice=connected/held bob=connected           | ''                                | talksHome
alice=offering bob=connected                 | ''                                | talksHome
bob=connected                                | ''                                | transfereeGone talksHome
alice=connected                              | ''                                | transferorGone
# consultation: hold, dial, ring, answer, alternate
alice=connected/held bob=onHoldPendingTransfer | ''                              | transferorHeld
alice=connected/held bob=onHold              | bob-2=dialtone                    | transferorHeld
alice=connected/held bob=onHold              | bob=ringback                      | transferorHeld alerting
alice=connected/held bob=onHold              | bob=ringback carol=offering       | transferorHeld alerting
alice=connected/held bob=onHold              | bob=proceeding carol=offering     | transferorHeld alerting
alice=connected/held bob=onHold              | bob=ringback carol=connected      | transferorHeld answered stands
alice=connected/held bob=onHold              | bob=busy                          | transferorHeld busy
alice=connected/held bob=onHold              | bob=connected carol=connected     | transferorHeld talksAway answered stands
alice=connected/held bob=onHold              | bob=connected carol=onHold        | transferorHeld talksAway answered stands
alice=connected bob=connected                | bob=onHold carol=connected/held   | talksHome answered besideHeld stands
alice=connected bob=connected                | bob=connected carol=connected     | talksHome talksAway answered stands
alice=connected bob=connected                | bob-2=onHold                      | talksHome besideHeld
alice=connected bob=connected                | carol=connected                   | talksHome answered
alice=connected/held bob=connected           | bob=onHold carol=connected        | talksHome answered stands
bob=onHold                                   | bob=connected carol=connected     | transfereeGone transferorHeld talksAway answered stands
alice=connected/held                         | bob=connected carol=connected     | alone talksAway answered stands
alice=connected anna=connected               | bob=connected carol=connected     | talksAway answered stands
alice=connected dave=connected               | bob=connected carol=connected     | talksAway answered stands
alice=connected/held                         | carol=connected                   | transferorGone answered
# blind
alice=connected/held bob=onHold carol=offering  | ''                             | transferorHeld alerting
alice=connected/held bob=onHold carol=connected | ''                             | transferorHeld answered
alice=connected/held carol=offering          | ''                                | transferorGone alerting joined
alice=connected/held carol=connected         | ''                                | transferorGone answered joined
alice=connected carol=offering               | ''                                | transferorGone alerting joined
# joined
alice=connected carol=connected              | ''                                | transferorGone answered joined delivered recalled
alice=connected carol=onHold                 | ''                                | transferorGone answered joined delivered recalled
alice=onHold carol=connected/held            | ''                                | transferorGone answered joined delivered recalled
carol=connected                              | ''                                | transferorGone transfereeGone answered
''                                           | bob=connected carol=connected     | transfereeGone talksAway answered stands
alice=connected/held carol=connected         | bob=dialtone                      | answered
alice=connected/held carol=offering          | bob=dialtone                      | alerting
carol=connected                              | bob=dialtone                      | transfereeGone answered
alice=connected                              | bob=dialtone carol=connected      | alone answered stands
alice=connected anna=connected/held carol=connected | ''                         | transferorGone answered joined delivered recalled
alice=connected carol=connected              | bob=dialtone                      | answered recalled
alice=connected carol=connected              | bob=ringback                      | answered recalled
alice=connected bob=connected carol=connected | ''                               | talksHome answered
# a conference by the PBX's own word
alice=conferenced bob=conferenced carol=conferenced | ''                         | talksHome answered conferenced
alice=conferenced bob=conferenced carol=offering    | ''                         | talksHome alerting
alice=conferenced bob=connected carol=conferenced   | ''                         | talksHome answered
bob=conferenced carol=conferenced            | ''                                | transfereeGone talksHome answered
alice=conferenced bob=conferenced            | carol=conferenced                 | talksHome answered
# somebody else has brought dave
alice=connected dave=connected               | ''                                | transferorGone
alice=connected bob=connected dave=connected | ''                                | talksHome
# the transferor's phone under its other name
alice=connected bob-2=connected              | ''                                | talksHome restored besideHeld
alice=connected bob=onHold bob-2=connected   | ''                                | transferorHeld
alice=connected bob-2=connected bob=onHold   | ''                                | transferorHeld
""")
  void isReadOffTheCalls(String home, String away, String expected) {
    Topology topology = Parties.at(home, away);

    List<String> holds =
        ALL.entrySet().stream()
            .filter(e -> e.getValue().test(topology))
            .map(Map.Entry::getKey)
            .toList();

    assertThat(holds).containsExactlyInAnyOrderElementsOf(Arrays.asList(expected.split(" ")));
  }

  @Test
  void ofSeveralThatRingTheOneThatAnsweredIsTheTarget() {
    assertThat(target("alice=connected carol=offering eve=offering", "")).isEqualTo("carol");
    assertThat(target("alice=connected carol=offering eve=connected", "")).isEqualTo("eve");
    assertThat(target("alice=connected carol=connected eve=connected", "")).isEqualTo("carol");
    assertThat(target("alice=connected carol=connected eve=offering", "")).isEqualTo("carol");
    assertThat(target("alice=connected carol=offering", "bob=connected eve=connected"))
        .as("who is in the home call comes first")
        .isEqualTo("carol");
    assertThat(target("alice=connected", "bob=connected carol=offering eve=offering"))
        .isEqualTo("carol");
    assertThat(target("alice=connected", "bob-2=connected carol=offering")).isEqualTo("carol");
  }

  private static String target(String home, String away) {
    return Parties.at(home, away).target().orElseThrow().id().value();
  }

  @Test
  void knowsWhoIsWho() {
    Topology now = Parties.at("alice=connected bob=onHold dave=connected", "bob-2=dialtone");

    assertThat(now.transferorHome()).map(c -> c.id().value()).contains("bob");
    assertThat(now.transferorAway()).map(c -> c.id().value()).contains("bob-2");
    assertThat(now.transferees()).extracting(c -> c.id().value()).containsExactly("alice");
    assertThat(now.strangers()).extracting(c -> c.id().value()).containsExactly("dave");
    assertThat(now.target()).isEmpty();
    assertThat(now.awayLive()).isTrue();
    assertThat(now.targetHome()).isFalse();
    assertThat(Parties.at("alice=connected carol=offering", "").targetHome()).isTrue();
    assertThat(Parties.at("alice=connected carol=offering", "").awayLive()).isFalse();
  }

  @Test
  void withoutOtherNamesItIsReadTheSameWay() {
    List<Connection> home = Parties.in("alice=connected bob=onHold");
    List<Connection> away = Parties.in("bob=connected carol=connected");

    assertThat(Topology.of(Scene.BOB, Set.of(Scene.ALICE, Scene.BOB), home, away))
        .isEqualTo(Parties.at("alice=connected bob=onHold", "bob=connected carol=connected"));
  }

  @Test
  void namesEachPartysLastKnownPlace() {
    assertThat(
            Parties.at(
                    "alice=connected bob=onHold dave=connected", "bob-2=connected carol=connected")
                .places())
        .containsExactly(
            "transferor bob: onHold",
            "transferor, consulting, bob-2: connected",
            "transferee alice: connected",
            "target carol: connected",
            "brought by somebody else dave: connected");
    assertThat(Parties.at("", "").places()).isEmpty();
  }
}
