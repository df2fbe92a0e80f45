package org.jackfield.provider.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.provider.ConfigKey;
import org.jackfield.api.provider.Handover;
import org.jackfield.api.provider.ProbeReport;
import org.jackfield.api.provider.ProviderConfig;
import org.jackfield.api.provider.ProviderContext;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.provider.TelephonyDriver;
import org.jackfield.api.provider.TelephonyProvider;
import org.jackfield.tck.Offline;
import org.junit.jupiter.api.Test;

/** Without a PBX the kit finds less, and each by its rule. */
class OfflineTest {
  private static void breaks(TelephonyDriver driver, String... rules) {
    List<String> broken = new Offline().broken(driver);
    assertThat(broken).hasSize(rules.length);
    for (int i = 0; i < rules.length; i++) {
      assertThat(broken.get(i)).startsWith(rules[i]);
    }
  }

  @Test
  void theRightOneBreaksNothing() {
    breaks(new SimulatedDriver());
    breaks(new Broken());
  }

  @Test
  void aSchemaThatNobodyCanUse() {
    breaks(
        new Broken() {
          @Override
          public List<ConfigKey> schema() {
            return List.of(
                ConfigKey.required("host", ConfigKey.Type.TEXT, "Where it is."),
                ConfigKey.required("host", ConfigKey.Type.PORT, "Where it is."));
          }
        },
        "R1, quiet start: a key of the schema");
    breaks(
        new Broken() {
          @Override
          public List<ConfigKey> schema() {
            return List.of(
                ConfigKey.optional("port", ConfigKey.Type.PORT, "70000", "Where it is."));
          }
        },
        "R1, quiet start: a default of the schema");
  }

  @Test
  void aProbeWithAGoodWordForAll() {
    breaks(
        new Broken() {
          @Override
          public ProbeReport probe(ProviderConfig config) {
            return new ProbeReport(List.of());
          }
        },
        "R2, harmless probe: a PBX that is not there is usable");
  }

  @Test
  void onesThatBreakWhenTheyAreAsked() {
    breaks(
        new Broken() {
          @Override
          public ProbeReport probe(ProviderConfig config) {
            throw new IllegalStateException("a bug");
          }

          @Override
          public TelephonyProvider open(
              ProviderConfig config, ProviderContext context, Optional<Handover> handover) {
            throw new IllegalStateException("another bug");
          }
        },
        "R2, harmless probe: probe threw",
        "R1, quiet start: open threw");
  }

  @Test
  void oneThatSaysWhatIsWrongWithItsConfigurationNeedNotOpen() {
    breaks(
        new Broken() {
          @Override
          public ProbeReport probe(ProviderConfig config) {
            throw new IllegalArgumentException("there is no such host");
          }

          @Override
          public TelephonyProvider open(
              ProviderConfig config, ProviderContext context, Optional<Handover> handover) {
            throw new IllegalArgumentException("there is no such host");
          }
        });
  }

  @Test
  void oneThatDreamsOfCalls() {
    breaks(
        Broken.provider(
            (right, context) ->
                new Broken.Provider(right) {
                  @Override
                  public void requestSnapshot() {
                    context.report(new ProviderEvent.Snapshot(List.of()));
                  }
                }),
        "R9, the link, and the truth of a snapshot: tells of calls without a link");
  }

  @Test
  void oneThatTakesWhateverItIsGiven() {
    breaks(
        Broken.provider(
            (right, context) ->
                new Broken.Provider(right) {
                  @Override
                  public void takeOver(Handover handover) {
                    // It does not look.
                  }
                }),
        "R11, hand-over: takes over a form");
  }

  @Test
  void oneThatDoesNotLeave() {
    breaks(
        Broken.provider(
            (right, context) ->
                new Broken.Provider(right) {
                  @Override
                  public void close() {
                    context.execute(
                        () ->
                            context.report(new ProviderEvent.LinkUp(Capabilities.NONE, Map.of())));
                  }
                }),
        "R10, a clean leave");
  }
}
