package org.jackfield.deployer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jackfield.api.rollout.BundleCheck;
import org.jackfield.api.rollout.BundleProblem;
import org.jackfield.api.rollout.DeployedBundle;
import org.jackfield.api.rollout.Draining;
import org.jackfield.api.rollout.RolloutPlan.OnDeadline;
import org.osgi.framework.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What became of each JAR, durable: {@code data/deploy/ID.json}, and the JARs that were let in as
 * {@code data/deploy/SHA256.jar}. A file is written aside, made durable and renamed, so that a
 * server that is killed finds the state before or the one after. Any thread.
 */
final class Records {
  private static final Logger LOG = LoggerFactory.getLogger(Records.class);
  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final int MOST = 500;

  private final Path folder;
  private final Map<String, DeployedBundle> all = new LinkedHashMap<>();

  Records(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder);
    List<DeployedBundle> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).toList()) {
        read(file).ifPresent(found::add);
      }
    }
    found.sort(Comparator.comparing(DeployedBundle::receivedAt));
    found.forEach(one -> all.put(one.id(), one));
  }

  /** The newest first. */
  synchronized List<DeployedBundle> newest() {
    return List.copyOf(all.values()).reversed();
  }

  synchronized Optional<DeployedBundle> find(String id) {
    return Optional.ofNullable(all.get(id));
  }

  /** The newest record of these bytes. */
  Optional<DeployedBundle> bySha256(String sha256) {
    return newest().stream().filter(one -> one.sha256().equals(sha256)).findFirst();
  }

  /** The highest version of each bundle that has ever run. */
  Map<String, Version> highest() {
    Map<String, Version> highest = new HashMap<>();
    for (DeployedBundle one : newest()) {
      boolean ran =
          switch (one.state()) {
            case ACTIVE, DRAINING, REMOVED -> true;
            default -> false;
          };
      if (ran) {
        highest.merge(
            one.symbolicName(),
            Version.parseVersion(one.version()),
            (a, b) -> a.compareTo(b) < 0 ? b : a);
      }
    }
    return highest;
  }

  /** Makes a record durable. */
  synchronized void write(DeployedBundle one) throws IOException {
    write(folder.resolve(one.id() + ".json"), JSON.writeValueAsBytes(json(one)));
    all.put(one.id(), one);
    forgetOldRefusals();
  }

  /** Shows numbers that the next start finds out anew. */
  synchronized void show(DeployedBundle one) {
    all.put(one.id(), one);
  }

  /** Refusals are kept in a bound; what ran is what later versions are compared with. */
  private void forgetOldRefusals() throws IOException {
    List<DeployedBundle> refused =
        all.values().stream()
            .filter(
                one ->
                    one.state() == DeployedBundle.State.REFUSED
                        || one.state() == DeployedBundle.State.FAILED)
            .toList();
    for (int i = 0; i < refused.size() - MOST; i++) {
      Files.deleteIfExists(folder.resolve(refused.get(i).id() + ".json"));
      all.remove(refused.get(i).id());
    }
  }

  void keepJar(String sha256, byte[] jar) throws IOException {
    write(jar(sha256), jar);
  }

  byte[] readJar(String sha256) throws IOException {
    return Files.readAllBytes(jar(sha256));
  }

  void dropJar(String sha256) throws IOException {
    Files.deleteIfExists(jar(sha256));
  }

  private Path jar(String sha256) {
    return folder.resolve(sha256 + ".jar");
  }

  static void write(Path file, byte[] bytes) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try (FileChannel out =
        FileChannel.open(
            part,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        out.write(buffer);
      }
      out.force(true);
    }
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent())) {
      directory.force(true);
    }
  }

  private static ObjectNode json(DeployedBundle one) {
    ObjectNode json = JSON.createObjectNode();
    json.put("id", one.id());
    json.put("symbolicName", one.symbolicName());
    json.put("version", one.version());
    json.put("sha256", one.sha256());
    json.put("signer", one.signer());
    json.put("by", one.by());
    json.put("via", one.via());
    json.put("file", one.file());
    json.put("receivedAt", one.receivedAt().toString());
    json.put("state", one.state().name());
    json.put("why", one.why());
    for (BundleCheck check : one.checks()) {
      ObjectNode row = json.withArray("checks").addObject();
      row.put("name", check.name().name());
      row.put("state", check.state().name());
      check.problem().ifPresent(problem -> row.put("problem", problem.name()));
      row.put("text", check.text());
      row.put("tookNs", check.took().toNanos());
    }
    for (DeployedBundle.Step step : one.steps()) {
      ObjectNode row = json.withArray("steps").addObject();
      row.put("name", step.name().name());
      row.put("done", step.done());
      row.put("text", step.text());
      row.put("tookNs", step.took().toNanos());
    }
    one.draining()
        .ifPresent(
            draining -> {
              ObjectNode row = json.putObject("draining");
              row.put("since", draining.since().toString());
              draining.deadline().ifPresent(at -> row.put("deadline", at.toString()));
              row.put("onDeadline", draining.onDeadline().name());
            });
    return json;
  }

  private static Optional<DeployedBundle> read(Path file) {
    try {
      return Optional.of(read(JSON.readTree(Files.readAllBytes(file))));
    } catch (IOException | RuntimeException e) {
      LOG.error("{} cannot be read and is left out", file, e);
      return Optional.empty();
    }
  }

  private static DeployedBundle read(JsonNode json) {
    List<BundleCheck> checks = new ArrayList<>();
    for (JsonNode row : json.path("checks")) {
      checks.add(
          new BundleCheck(
              BundleCheck.Name.valueOf(row.path("name").asText()),
              BundleCheck.State.valueOf(row.path("state").asText()),
              row.has("problem")
                  ? Optional.of(BundleProblem.valueOf(row.path("problem").asText()))
                  : Optional.empty(),
              row.path("text").asText(),
              Duration.ofNanos(row.path("tookNs").asLong())));
    }
    List<DeployedBundle.Step> steps = new ArrayList<>();
    for (JsonNode row : json.path("steps")) {
      steps.add(
          new DeployedBundle.Step(
              DeployedBundle.State.valueOf(row.path("name").asText()),
              row.path("done").asBoolean(),
              row.path("text").asText(),
              Duration.ofNanos(row.path("tookNs").asLong())));
    }
    return new DeployedBundle(
        json.path("id").asText(),
        json.path("symbolicName").asText(),
        json.path("version").asText(),
        json.path("sha256").asText(),
        json.path("signer").asText(),
        json.path("by").asText(),
        json.path("via").asText(),
        json.path("file").asText(),
        Instant.parse(json.path("receivedAt").asText()),
        DeployedBundle.State.valueOf(json.path("state").asText()),
        json.path("why").asText(),
        checks,
        steps,
        draining(json.path("draining")));
  }

  private static Optional<Draining> draining(JsonNode json) {
    return json.isMissingNode()
        ? Optional.empty()
        : Optional.of(
            new Draining(
                Instant.parse(json.path("since").asText()),
                json.has("deadline")
                    ? Optional.of(Instant.parse(json.path("deadline").asText()))
                    : Optional.empty(),
                OnDeadline.valueOf(json.path("onDeadline").asText()),
                Map.of()));
  }
}
