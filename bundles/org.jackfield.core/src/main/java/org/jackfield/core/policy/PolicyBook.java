package org.jackfield.core.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jackfield.api.audit.AuditEntry;
import org.jackfield.api.audit.AuditLog;
import org.jackfield.api.policy.Policy;
import org.jackfield.api.policy.PolicyProblem;
import org.jackfield.api.policy.PolicyReply;
import org.jackfield.api.policy.PolicyService;
import org.jackfield.api.policy.PolicySnapshot;
import org.jackfield.api.policy.PolicySnapshot.Source;
import org.jackfield.api.security.Requester;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Session;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.core.arbiter.PreferenceRules;
import org.jackfield.core.arbiter.Preferences;
import org.jackfield.core.run.Environment;
import org.jackfield.core.run.Timers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policy in force and its file. Who asks for preferences reads one immutable reference; who
 * changes the policy, by request or by editing the file, takes turns.
 *
 * <p>The file is looked at each second, and read when it has stopped changing. What cannot be used
 * is refused: the policy before goes on, also over a restart, as the last good text is kept in
 * {@code data/}.
 */
public final class PolicyBook implements PolicyService, PreferenceRules, AutoCloseable {
  /** The file's name in {@code etc/}. */
  public static final String FILE = "org.jackfield.policy.jsonc";

  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final int MOST_TOLD = 5;
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Logger LOG = LoggerFactory.getLogger(PolicyBook.class);

  private final Environment environment;
  private final AuditLog audit;
  private final PolicyFile file;
  private final PolicyFile state;
  private final Requester editor;
  private volatile InForce inForce;
  private String text = "";
  private String mark = "";
  private String changing = "";
  private Timers.Timer timer = Timers.Timer.NONE;
  private boolean closed;

  /** What requests see, in one reference. */
  private record InForce(PolicySnapshot snapshot, CompiledPolicy compiled) {}

  /**
   * Reads the file, or what was in force last.
   *
   * @param etc where the file is
   * @param data where the last good text is kept
   */
  public PolicyBook(Environment environment, AuditLog audit, Path etc, Path data) {
    this.environment = environment;
    this.audit = audit;
    this.file = new PolicyFile(etc.resolve(FILE));
    this.state = new PolicyFile(data.resolve("policy.json"));
    this.editor = new Requester("jackfield", "core", "etc/" + FILE);
    this.inForce = shipped(0);
    restore();
    look(file.mark());
  }

  /** Begins to look whether the file is edited. */
  public synchronized void watch() {
    if (!closed) {
      timer = environment.timers().after(LOOK, () -> environment.blocking().execute(this::again));
    }
  }

  private void again() {
    try {
      lookWhenSettled();
    } catch (RuntimeException bug) {
      LOG.error("the policy's file cannot be looked at", bug);
    }
    watch();
  }

  @Override
  public synchronized void close() {
    closed = true;
    timer.cancel();
  }

  @Override
  public Preferences of(TransferRequest request, Session session, Address transferor) {
    return inForce.compiled.of(request, session, transferor);
  }

  @Override
  public PolicySnapshot current() {
    return inForce.snapshot;
  }

  @Override
  public CompletionStage<PolicyReply> replace(
      Requester requester, String json, OptionalLong ifVersion) {
    CompletableFuture<PolicyReply> reply = new CompletableFuture<>();
    environment
        .blocking()
        .execute(
            () -> {
              try {
                reply.complete(take(requester, json, ifVersion));
              } catch (RuntimeException | Error bug) {
                LOG.error("a policy could not be taken", bug);
                reply.complete(new PolicyReply.NotWritten("the server's log has the cause"));
              }
            });
    return reply;
  }

  // What follows takes turns.

  private synchronized PolicyReply take(Requester requester, String json, OptionalLong ifVersion) {
    look(file.mark());
    PolicySnapshot now = inForce.snapshot;
    if (ifVersion.isPresent() && ifVersion.getAsLong() != now.version()) {
      record(requester, "stale-revision", "version " + now.version() + " is in force");
      return new PolicyReply.Stale(now);
    }
    PolicyReader.Read read = PolicyReader.read(json);
    if (read.policy().isEmpty()) {
      record(requester, "invalid-policy", told(read.problems()));
      return new PolicyReply.Invalid(read.problems());
    }
    String written = PolicyWriter.write(read.policy().get(), text);
    try {
      file.keepPrevious();
      file.replace(written);
    } catch (IOException e) {
      LOG.error("{} cannot be written", file.path(), e);
      record(requester, "journal-unavailable", "the file cannot be written: " + e);
      return new PolicyReply.NotWritten("etc/" + FILE + " cannot be written: " + e.getMessage());
    }
    text = written;
    mark = file.mark();
    accept(requester, Source.REQUEST, read.policy().get());
    return new PolicyReply.Accepted(inForce.snapshot);
  }

  private void accept(Requester requester, Source source, Policy policy) {
    long version = inForce.snapshot.version() + 1;
    inForce = inForce(version, environment.now(), source, requester.principal(), policy);
    keep();
    record(requester, "accepted", "version " + version + ", rules: " + policy.rules().size());
    for (PolicyProblem warning : inForce.snapshot.warnings()) {
      LOG.warn("policy version {}: {}", version, told(List.of(warning)));
    }
  }

  private InForce shipped(long version) {
    return inForce(version, environment.now(), Source.SHIPPED, "jackfield", new Policy(List.of()));
  }

  private static InForce inForce(
      long version, Instant since, Source source, String by, Policy policy) {
    CompiledPolicy compiled = new CompiledPolicy(policy);
    PolicySnapshot snapshot =
        new PolicySnapshot(
            version, since, source, by, FILE, policy, Reachability.warnings(compiled), List.of());
    return new InForce(snapshot, compiled);
  }

  /** An editor may write a file in pieces: it is read when a second has not changed it. */
  private synchronized void lookWhenSettled() {
    String now = file.mark();
    if (now.equals(mark) || now.equals(changing)) {
      changing = "";
      look(now);
    } else {
      changing = now;
    }
  }

  private synchronized void look(String now) {
    if (now.equals(mark)) {
      return;
    }
    boolean gone = now.isEmpty();
    mark = now;
    try {
      String read = gone ? "" : file.read();
      if (gone) {
        refuse(unreadable("the file is gone; the policy that was read last goes on"));
      } else if (read.equals(text)) {
        inForce = new InForce(refusing(List.of()), inForce.compiled);
      } else {
        edited(read);
      }
    } catch (IOException e) {
      // Who may read it can change without a mark on the file: it is tried each time.
      mark = "unread";
      refuse(unreadable("the file cannot be read: " + e.getMessage()));
    }
  }

  private void edited(String read) {
    PolicyReader.Read policy = PolicyReader.read(read);
    if (policy.policy().isPresent()) {
      text = read;
      accept(editor, Source.FILE, policy.policy().get());
    } else {
      refuse(policy.problems());
    }
  }

  private static List<PolicyProblem> unreadable(String why) {
    return List.of(new PolicyProblem(PolicyProblem.Type.UNREADABLE, 0, "", "", why));
  }

  private void refuse(List<PolicyProblem> problems) {
    if (problems.equals(inForce.snapshot.refused())) {
      return;
    }
    inForce = new InForce(refusing(problems), inForce.compiled);
    LOG.error(
        "etc/{} is not in force, version {} goes on: {}",
        FILE,
        inForce.snapshot.version(),
        told(problems));
    record(editor, "invalid-policy", told(problems));
  }

  private PolicySnapshot refusing(List<PolicyProblem> problems) {
    PolicySnapshot now = inForce.snapshot;
    return new PolicySnapshot(
        now.version(),
        now.since(),
        now.source(),
        now.by(),
        now.file(),
        now.policy(),
        now.warnings(),
        problems);
  }

  private static String told(List<PolicyProblem> problems) {
    StringBuilder told = new StringBuilder();
    for (PolicyProblem problem : problems.subList(0, Math.min(MOST_TOLD, problems.size()))) {
      told.append(told.isEmpty() ? "" : "; ");
      if (problem.rule() > 0) {
        told.append("rule ")
            .append(problem.rule())
            .append(" “")
            .append(problem.name())
            .append("” ");
      }
      told.append(problem.field().isEmpty() ? "" : problem.field() + " ").append(problem.text());
    }
    return problems.size() > MOST_TOLD
        ? told.append("; and ").append(problems.size() - MOST_TOLD).append(" more").toString()
        : told.toString();
  }

  private void record(Requester requester, String result, String detail) {
    audit.record(new AuditEntry(environment.now(), requester, "policy", "policy", result, detail));
  }

  // What is kept over a restart: the version and the last good text.

  private void keep() {
    PolicySnapshot now = inForce.snapshot;
    try {
      state.replace(
          MAPPER
              .createObjectNode()
              .put("version", now.version())
              .put("since", now.since().toString())
              .put("source", now.source().text())
              .put("by", now.by())
              .put("text", text)
              .toString());
    } catch (IOException e) {
      LOG.error(
          "{} cannot be written; after a restart the policy has a new version", state.path(), e);
    }
  }

  private void restore() {
    if (!state.exists()) {
      return;
    }
    try {
      JsonNode kept = MAPPER.readTree(state.read());
      PolicyReader.Read read = PolicyReader.read(kept.path("text").asText());
      long version = Math.max(1, kept.path("version").asLong());
      if (read.policy().isEmpty()) {
        LOG.error("{} holds no policy that this version knows", state.path());
        inForce = shipped(version);
        return;
      }
      text = kept.path("text").asText();
      Source source =
          kept.path("source").asText().equals(Source.REQUEST.text()) ? Source.REQUEST : Source.FILE;
      Instant since = Instant.parse(kept.path("since").asText());
      String by = kept.path("by").asText("jackfield");
      inForce = inForce(version, since, source, by, read.policy().get());
      refuseMissing();
    } catch (JsonProcessingException | DateTimeException damaged) {
      LOG.error("{} is damaged; the policy's file alone counts", state.path(), damaged);
    } catch (IOException e) {
      LOG.error("{} cannot be read; the policy's file alone counts", state.path(), e);
    }
  }

  private void refuseMissing() {
    if (!file.exists()) {
      refuse(unreadable("the file is gone; the policy that was read last goes on"));
    }
  }
}
