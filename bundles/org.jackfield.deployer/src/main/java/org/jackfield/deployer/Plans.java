package org.jackfield.deployer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jackfield.api.rollout.RolloutPlan;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The plans of rollouts, durable: {@code data/deploy/ID.plan} beside the bundle's record. */
final class Plans {
  private static final Logger LOG = LoggerFactory.getLogger(Plans.class);
  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final String END = ".plan";

  private final Path folder;
  private final Map<String, RolloutPlan> all = new ConcurrentHashMap<>();

  Plans(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder);
    try (Stream<Path> files = Files.list(folder)) {
      files.filter(file -> file.toString().endsWith(END)).forEach(this::read);
    }
  }

  Optional<RolloutPlan> find(String bundle) {
    return Optional.ofNullable(all.get(bundle));
  }

  void keep(RolloutPlan plan) throws IOException {
    ObjectNode json = JSON.createObjectNode();
    json.put("bundle", plan.bundle());
    json.put("mode", plan.mode().name());
    json.put("stepMs", plan.step().toMillis());
    plan.deadline().ifPresent(deadline -> json.put("deadlineMs", deadline.toMillis()));
    json.put("onDeadline", plan.onDeadline().name());
    plan.failurePercent().ifPresent(percent -> json.put("failurePercent", percent));
    plan.stall().ifPresent(stall -> json.put("stallMs", stall.toMillis()));
    plan.providers().forEach(json.withArray("providers")::add);
    plan.steps().forEach(json.withArray("steps")::add);
    Records.write(folder.resolve(plan.bundle() + END), JSON.writeValueAsBytes(json));
    all.put(plan.bundle(), plan);
  }

  private void read(Path file) {
    try {
      RolloutPlan plan = read(JSON.readTree(Files.readAllBytes(file)));
      all.put(plan.bundle(), plan);
    } catch (IOException | RuntimeException e) {
      LOG.error("{} cannot be read and is left out", file, e);
    }
  }

  private static RolloutPlan read(JsonNode json) {
    Set<String> providers = new HashSet<>();
    json.path("providers").forEach(name -> providers.add(name.asText()));
    List<Integer> steps = new ArrayList<>();
    json.path("steps").forEach(percent -> steps.add(percent.asInt()));
    return new RolloutPlan(
        json.path("bundle").asText(),
        providers,
        RolloutPlan.Mode.valueOf(json.path("mode").asText()),
        steps,
        Duration.ofMillis(json.path("stepMs").asLong()),
        time(json.path("deadlineMs")),
        RolloutPlan.OnDeadline.valueOf(json.path("onDeadline").asText()),
        json.has("failurePercent")
            ? Optional.of(json.path("failurePercent").asInt())
            : Optional.empty(),
        time(json.path("stallMs")));
  }

  private static Optional<Duration> time(JsonNode millis) {
    return millis.isMissingNode()
        ? Optional.empty()
        : Optional.of(Duration.ofMillis(millis.asLong()));
  }

  /** What is planned, in one sentence. */
  static String text(RolloutPlan plan) {
    String by =
        plan.steps().isEmpty()
            ? "At once"
            : plan.steps().stream()
                .map(percent -> percent + " %")
                .collect(
                    Collectors.joining(
                        ", ", "By ", " of the new calls, " + ms(plan.step()) + " each"));
    String then =
        plan.mode() == RolloutPlan.Mode.HAND_OVER
            ? "; then live calls are handed over"
            : plan.deadline()
                .map(d -> "; live calls drain for " + ms(d) + ", then " + plan.onDeadline().text())
                .orElse("; live calls drain");
    String limits =
        plan.failurePercent().map(p -> "; back if more than " + p + " % fail").orElse("")
            + plan.stall().map(s -> "; back if an answer takes more than " + ms(s)).orElse("");
    return by + then + limits + ".";
  }

  private static String ms(Duration time) {
    return time.toMillis() + " ms";
  }
}
