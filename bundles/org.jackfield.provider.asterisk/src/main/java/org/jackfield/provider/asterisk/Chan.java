package org.jackfield.provider.asterisk;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jackfield.api.session.Cause;
import org.jspecify.annotations.Nullable;

/** What is known of one channel. Confined to the provider's executor. */
final class Chan {
  /** Channels that carry a call from one place of the PBX to another, and are nobody's phone. */
  private static final Set<String> PLUMBING =
      Set.of(
          "Local",
          "Surrogate",
          "AsyncGoto",
          "Snoop",
          "UnicastRTP",
          "CBAnn",
          "CBRec",
          "Recorder",
          "Announcer",
          "Bridge",
          "Message",
          "Parked",
          "MulticastRTP",
          "AudioSocket");

  private static final Pattern SERIAL = Pattern.compile("-[0-9a-f]{6,}(;[12])?$");

  final String id;
  String name = "";
  String state = "Down";
  String number = "";
  String caller = "";
  String exten = "";
  String application = "";
  String applicationData = "";
  String linkedId;
  boolean stasis;

  /** How long a channel may be between two places before that counts. */
  static final Duration SETTLE = Duration.ofMillis(400);

  /** Whether it is to end, by its own hand or another's. */
  boolean hangingUp;

  /** How long the end of a channel may take that is to end; Asterisk may forget it, too. */
  private static final Duration ENDING = Duration.ofSeconds(5);

  /** When it last left our application, if it has. */
  @Nullable Long leftAt;

  /** How often it entered our application; a count tells a second entry from the first. */
  int entries;

  boolean phoneHold;
  @Nullable String bridge;

  /**
   * Whether it is known why it is there: it called in, or it is dialled. The PBX tells the two,
   * that a phone rings and who dials it, in either order.
   */
  boolean introduced;

  /** Whether it is there because somebody dialled it. */
  boolean dialled;

  /** Why it does not answer, as it has said itself. */
  @Nullable Cause word;

  /** Whom it dials, and who dials it, until both ends are in a bridge. */
  final Set<String> dials = new LinkedHashSet<>();

  @Nullable String dialledBy;

  /** Who dialled it, until it has answered; not forgotten when the dialling is given up. */
  @Nullable String firstDialledBy;

  /** Why what it dialled is gone, where that says more than an ordinary end. */
  @Nullable Cause dialFailure;

  /** Since when it is up in no bridge and dials nobody: an application of the dialplan has it. */
  long idleSince = System.nanoTime();

  Chan(String id) {
    this.id = id;
    this.linkedId = id;
  }

  void update(JsonNode channel) {
    var before = state;
    name = channel.path("name").asText(name);
    state = channel.path("state").asText(state);
    number = channel.path("caller").path("number").asText("");
    caller = channel.path("caller").path("name").asText("");
    exten = channel.path("dialplan").path("exten").asText("");
    application = channel.path("dialplan").path("app_name").asText("");
    applicationData = channel.path("dialplan").path("app_data").asText("");
    introduced |= state.equals("Ring");
    if (!before.equals(state)) {
      idleSince = System.nanoTime();
    }
  }

  /**
   * Whether it was ours and is with somebody else: it dials, is in another bridge, or stays away.
   */
  boolean isTaken() {
    return !stasis && entries > 0 && (isElsewhere() ? !hangingUp : leftAt != null && !isBetween());
  }

  private boolean isElsewhere() {
    return !dials.isEmpty() || bridge != null;
  }

  /** Whether it has left our application just now; it may be moved, or hang up. */
  boolean isBetween() {
    var left = leftAt;
    var limit = hangingUp ? ENDING : SETTLE;
    return !stasis && left != null && !isElsewhere() && System.nanoTime() - left < limit.toNanos();
  }

  /** The name of the Stasis application that has it; empty where none has. */
  String stasisApplication() {
    return application.equals("Stasis") ? applicationData.split(",", 2)[0] : "";
  }

  boolean isUp() {
    return state.equals("Up");
  }

  boolean isPlumbing() {
    int slash = name.indexOf('/');
    return slash > 0 && PLUMBING.contains(name.substring(0, slash));
  }

  boolean isLocal() {
    return name.startsWith("Local/");
  }

  boolean isFirstHalf() {
    return name.endsWith(";1");
  }

  /** The name of a Local channel's other half. */
  String otherHalf() {
    return name.substring(0, name.length() - 1) + (isFirstHalf() ? "2" : "1");
  }

  /** What a Local channel was made to dial; where it stands now may be elsewhere. */
  String localTarget() {
    int at = name.indexOf('@');
    return at < 0 ? exten : name.substring("Local/".length(), at);
  }

  /** Technology and endpoint: {@code PJSIP/alice}. */
  String endpoint() {
    return SERIAL.matcher(name).replaceFirst("");
  }
}
