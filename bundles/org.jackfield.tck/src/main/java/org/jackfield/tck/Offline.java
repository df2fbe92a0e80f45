package org.jackfield.tck;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.ConfigKey;
import org.jackfield.api.provider.Handover;
import org.jackfield.api.provider.ProbeReport;
import org.jackfield.api.provider.ProviderConfig;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.provider.TelephonyDriver;
import org.jackfield.api.rollout.OfflineRules;
import org.osgi.service.component.annotations.Component;

/**
 * The rules that can be looked at without a PBX: each key of the driver's schema is given a value
 * that fits it and leads to nothing. What a driver leaves in the process is not looked at, since
 * others work in it.
 */
@Component
public final class Offline implements OfflineRules {
  /** How long a driver may take for anything: its classes are loaded, and others are at work. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** How long what is told without a link is waited for. */
  private static final Duration A_MOMENT = Duration.ofMillis(200);

  /** Nobody listens on it. */
  private static final String DEAD_PORT = "1";

  private static final String NOWHERE = "127.0.0.1:" + DEAD_PORT;

  @Override
  public List<String> broken(TelephonyDriver driver) {
    List<String> broken = new ArrayList<>();
    Optional<ProviderConfig> config = look(broken, () -> config(schema(driver)));
    config.ifPresent(
        nowhere -> {
          look(broken, () -> probe(driver, nowhere));
          look(broken, () -> open(driver, nowhere))
              .flatMap(o -> o)
              .ifPresent(pbx -> use(broken, pbx));
        });
    return broken;
  }

  private interface Look<T> {
    T look();
  }

  /** What was seen; nothing where a rule is broken, which is noted then. */
  private static <T> Optional<T> look(List<String> broken, Look<T> look) {
    try {
      return Optional.of(look.look());
    } catch (RuleBroken rule) {
      broken.add(rule.getMessage() + ".");
      return Optional.empty();
    }
  }

  private static List<ConfigKey> schema(TelephonyDriver driver) {
    List<ConfigKey> schema =
        LifeChecks.within(Rule.R1, "schema", PATIENCE, () -> List.copyOf(driver.schema()));
    Set<String> names = new HashSet<>();
    for (ConfigKey key : schema) {
      Rule.R1.holds(
          !key.name().isBlank() && !key.text().isBlank() && names.add(key.name()),
          "a key of the schema has no name, no words, or the name of another one: " + key);
      Rule.R1.holds(
          key.defaultValue().filter(value -> !fits(key.type(), value)).isEmpty(),
          "a default of the schema does not fit its type: " + key);
    }
    return schema;
  }

  private static boolean fits(ConfigKey.Type type, String value) {
    return switch (type) {
      case TEXT, SECRET -> true;
      case INTEGER -> value.matches("-?\\d{1,9}");
      case PORT -> value.matches("\\d{1,5}") && Integer.parseInt(value) <= 65_535;
      case BOOLEAN -> value.equals("true") || value.equals("false");
      case URL -> value.isEmpty() || value.matches("[a-z][a-z0-9+.-]*:.*");
    };
  }

  private static ProviderConfig config(List<ConfigKey> schema) {
    Map<String, String> values = new HashMap<>();
    for (ConfigKey key : schema) {
      values.put(
          key.name(),
          switch (key.type()) {
            case TEXT -> key.defaultValue().filter(v -> !leadsSomewhere(v)).orElse(NOWHERE);
            case SECRET -> "nobody's";
            case INTEGER -> key.defaultValue().orElse("1");
            case PORT -> DEAD_PORT;
            case BOOLEAN -> key.defaultValue().orElse("false");
            case URL -> "http://" + NOWHERE + "/";
          });
    }
    return new ProviderConfig("offline", values);
  }

  /** What reads like a host, an address or a path. */
  private static boolean leadsSomewhere(String value) {
    return value.equals("localhost") || value.matches(".*[.:/].*");
  }

  /** The report; nothing where the driver says that such values cannot be used, which it may. */
  private static Optional<ProbeReport> probe(TelephonyDriver driver, ProviderConfig nowhere) {
    try {
      ProbeReport report = LifeChecks.probe(() -> driver.probe(nowhere));
      LifeChecks.isTruthful(report);
      return Optional.of(report);
    } catch (RuleBroken broken) {
      return orNothing(broken);
    }
  }

  /** What is open; nothing where the driver says that such values cannot be used. */
  private static Optional<Opened> open(TelephonyDriver driver, ProviderConfig nowhere) {
    try {
      return Optional.of(new Opened(driver, nowhere, PATIENCE, PATIENCE));
    } catch (RuleBroken broken) {
      return orNothing(broken);
    }
  }

  private static <T> Optional<T> orNothing(RuleBroken broken) {
    if (broken.getCause() instanceof IllegalArgumentException no
        && no.getMessage() != null
        && !no.getMessage().isBlank()) {
      return Optional.empty();
    }
    throw broken;
  }

  /** Until something is broken: what comes after that may follow from it. */
  private static void use(List<String> broken, Opened pbx) {
    try {
      for (Consumer<Opened> one :
          List.<Consumer<Opened>>of(
              Offline::refusesWithoutALink,
              Offline::tellsNothingWithoutALink,
              Offline::refusesAnUnknownForm,
              Offline::leaves)) {
        boolean kept =
            look(
                    broken,
                    () -> {
                      one.accept(pbx);
                      return true;
                    })
                .isPresent();
        if (!kept) {
          break;
        }
      }
    } finally {
      look(
          new ArrayList<>(), // what is wrong with its leave has been told
          () -> {
            pbx.close();
            return true;
          });
    }
  }

  private static void refusesWithoutALink(Opened pbx) {
    CallId call = Opened.newCall();
    ProviderReply reply = pbx.ask(new Command.ClearAll(Opened.newCommand(), call));
    Rule.R4.holds(
        reply instanceof ProviderReply.Refused,
        "accepts a command for a call that nobody knows, without a link: " + reply);
  }

  private static void tellsNothingWithoutALink(Opened pbx) {
    pbx.askForSnapshot();
    LeftoverChecks.pass(A_MOMENT);
    boolean up = false;
    for (ProviderEvent fact : pbx.facts()) {
      up = up || fact instanceof ProviderEvent.LinkUp;
      boolean ofCalls =
          fact instanceof ProviderEvent.Snapshot || fact instanceof ProviderEvent.ConnectionChanged;
      Rule.R9.holds(up || !ofCalls, "tells of calls without a link: " + fact);
    }
  }

  private static void refusesAnUnknownForm(Opened pbx) {
    Rule.R11.holds(
        pbx.refuses(new Handover("no-driver-has-this/1", new byte[] {1})),
        "takes over a form that it cannot know");
  }

  private static void leaves(Opened pbx) {
    pbx.closeProvider();
    Rule.R10.same("timers that are left", 0, pbx.tasksLeft());
    pbx.closeProvider(); // idempotent
    LeftoverChecks.pass(A_MOMENT);
    Rule.R10.same("facts after the close", 0, pbx.toldAfterClose());
  }
}
