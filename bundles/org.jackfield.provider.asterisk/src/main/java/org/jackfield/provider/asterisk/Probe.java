package org.jackfield.provider.asterisk;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jackfield.api.provider.ProbeReport;
import org.jackfield.api.provider.ProbeReport.Finding;
import org.jackfield.api.provider.ProbeReport.Level;

/**
 * Looks whether an Asterisk has what the driver needs. It asks only, with requests that change
 * nothing.
 */
final class Probe {
  private static final Duration LIMIT = Duration.ofSeconds(4);
  private static final List<String> MODULES =
      List.of(
          "res_stasis.so",
          "res_stasis_answer.so",
          "res_ari_channels.so",
          "res_ari_bridges.so",
          "res_ari_events.so",
          "res_ari_applications.so",
          "app_stasis.so",
          "bridge_simple.so",
          "bridge_softmix.so",
          "bridge_holding.so",
          "res_musiconhold.so");

  private final Settings settings;
  private final List<Finding> findings = new ArrayList<>();

  private Probe(Settings settings) {
    this.settings = settings;
  }

  static ProbeReport of(Settings settings) {
    var probe = new Probe(settings);
    probe.ari();
    probe.ami();
    return new ProbeReport(probe.findings);
  }

  private void found(Level level, String subject, String text) {
    findings.add(new Finding(level, subject, text));
  }

  private void ari() {
    try (var client = HttpClient.newBuilder().connectTimeout(LIMIT).build()) {
      int status = status(client, "asterisk/info");
      if (status == 401 || status == 403) {
        found(Level.FAIL, "ARI user", "refused: check ari.user and ari.secret against ari.conf");
        return;
      }
      if (status != 200) {
        found(
            Level.FAIL,
            "ARI",
            "status " + status + ": are res_ari.so and res_ari_asterisk.so loaded?");
        return;
      }
      found(Level.OK, "ARI", "reachable, the user is accepted");
      for (var module : MODULES) {
        if (status(client, "asterisk/modules/" + module) != 200) {
          found(Level.FAIL, "module " + module, "not loaded: add it to modules.conf");
        }
      }
    } catch (IOException e) {
      found(Level.FAIL, "ARI", "not reachable: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      found(Level.FAIL, "ARI", "interrupted");
    }
  }

  private int status(HttpClient client, String path) throws IOException, InterruptedException {
    var account = settings.ariUser() + ":" + settings.ariSecret();
    var request =
        HttpRequest.newBuilder(
                URI.create(settings.ari().toString().replaceFirst("/$", "") + "/" + path))
            .timeout(LIMIT)
            .header(
                "Authorization",
                "Basic "
                    + Base64.getEncoder().encodeToString(account.getBytes(StandardCharsets.UTF_8)))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  private void ami() {
    try (var ami =
        AmiLink.open(
            settings.amiHost(),
            settings.amiPort(),
            settings.amiUser(),
            settings.amiSecret(),
            () -> {})) {
      found(Level.OK, "AMI", "reachable, the account is accepted");
      version(ami);
      right(
          ami,
          "call",
          AmiLink.Action.REDIRECT,
          Map.of("Channel", "none/probe", "Exten", "probe", "Context", "probe", "Priority", "1"));
      right(ami, "originate", AmiLink.Action.ORIGINATE, Map.of("Channel", ""));
      right(ami, "reporting", AmiLink.Action.CORE_SHOW_CHANNELS, Map.of());
      dialplan(ami);
    } catch (IOException | TimeoutException e) {
      found(Level.FAIL, "AMI", String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      found(Level.FAIL, "AMI", "interrupted");
    }
  }

  private static AmiLink.Reply ask(AmiLink ami, AmiLink.Action action, Map<String, String> fields)
      throws IOException, InterruptedException, TimeoutException {
    try {
      return ami.act(action, fields).get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IOException("no answer: " + e.getCause(), e);
    }
  }

  private void version(AmiLink ami) throws IOException, InterruptedException, TimeoutException {
    var reply = ask(ami, AmiLink.Action.CORE_SETTINGS, Map.of());
    var version = reply.fields().getOrDefault("AsteriskVersion", "");
    var major = version.replaceFirst("^([0-9]+).*", "$1");
    if (!major.matches("[0-9]{1,4}")) {
      found(Level.WARN, "version", "not told: the right reporting is missing");
    } else if (Integer.parseInt(major) < 22) {
      found(Level.FAIL, "version", version + ": 22 or newer is needed");
    } else {
      found(Level.OK, "version", version);
    }
  }

  /**
   * An action that can do nothing, since what it names is not there, still tells whether it is
   * allowed.
   */
  private void right(AmiLink ami, String right, AmiLink.Action action, Map<String, String> fields)
      throws IOException, InterruptedException, TimeoutException {
    var reply = ask(ami, action, fields);
    if (reply.message().contains("Permission denied")) {
      found(Level.FAIL, "AMI right " + right, "missing: add it to write= of the account");
    } else {
      found(Level.OK, "AMI right " + right, "given");
    }
  }

  private void dialplan(AmiLink ami) throws IOException, InterruptedException, TimeoutException {
    if (ask(ami, AmiLink.Action.SHOW_DIAL_PLAN, Map.of("Context", settings.context())).success()) {
      found(Level.OK, "context " + settings.context(), "there");
    } else {
      found(Level.FAIL, "context " + settings.context(), "not in the dialplan");
    }
    var reply =
        ask(
            ami,
            AmiLink.Action.SHOW_DIAL_PLAN,
            Map.of("Context", settings.pullIn(), "Extension", settings.application() + "_probe"));
    var applications =
        reply.entries().stream().map(e -> e.getOrDefault("Application", "")).toList();
    if (applications.contains("Stasis") && applications.contains("Hangup")) {
      found(Level.OK, "context " + settings.pullIn(), "leads into the application");
    } else {
      found(
          Level.FAIL,
          "context " + settings.pullIn(),
          "needs an extension _"
              + settings.application()
              + "_. with Stasis(${EXTEN}) and then Hangup()");
    }
  }
}
