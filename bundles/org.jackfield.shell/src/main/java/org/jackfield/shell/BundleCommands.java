package org.jackfield.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.StringJoiner;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.jackfield.api.rollout.BundleCheck;
import org.jackfield.api.rollout.BundleService;
import org.jackfield.api.rollout.DeployedBundle;
import org.jackfield.api.rollout.Drain;
import org.jackfield.api.rollout.Draining;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The shell's commands for drivers that come in. */
@Component(
    service = BundleCommands.class,
    property = {
      "osgi.command.scope=jackfield",
      "osgi.command.function=deploy",
      "osgi.command.function=undeploy",
      "osgi.command.function=bundles"
    })
public final class BundleCommands {
  private final BundleService bundles;

  @Activate
  public BundleCommands(@Reference BundleService bundles) {
    this.bundles = bundles;
  }

  @Descriptor("verifies a driver's JAR and starts it beside what runs")
  public String deploy(
      @Descriptor("also if a newer version is or was there")
          @Parameter(
              names = {"-d", "--downgrade"},
              presentValue = "true",
              absentValue = "false")
          boolean downgrade,
      @Descriptor("only verify it and keep it for a rollout")
          @Parameter(
              names = {"-s", "--stage"},
              presentValue = "true",
              absentValue = "false")
          boolean stage,
      @Descriptor("the JAR; a name is looked for from the server's home on") String file)
      throws Refused, IOException, InterruptedException {
    Path jar = Path.of(file);
    if (!Files.isRegularFile(jar)) {
      throw new Refused("there is no file " + Text.plain(jar.toAbsolutePath().toString()));
    }
    byte[] bytes = Files.readAllBytes(jar);
    DeployedBundle one =
        Answers.await(
            stage
                ? bundles.stage(Answers.requester(), bytes, downgrade)
                : bundles.deploy(Answers.requester(), bytes, downgrade));
    String checks = checks(one);
    String name = one.symbolicName() + " " + one.version();
    return switch (one.state()) {
      case ACTIVE -> name + " runs\n" + checks;
      case STAGED -> name + " is staged as " + one.id() + "\n" + checks;
      default ->
          throw new Refused(one.state().text() + ": " + Text.plain(one.why()) + "\n" + checks);
    };
  }

  private static String checks(DeployedBundle one) {
    Text table = new Text("CHECK", "STATE", "MS", "FOUND");
    for (BundleCheck check : one.checks()) {
      table.row(
          check.name().text(),
          check.state().text(),
          Long.toString(check.took().toMillis()),
          check.problem().map(problem -> problem.text() + ": ").orElse("") + check.text());
    }
    return table.toString();
  }

  @Descriptor("takes a driver out that was deployed; one in deploy/ comes back when it is changed")
  public String undeploy(
      @Descriptor("how long calls that no other version takes over may live, in ms")
          @Parameter(
              names = {"-t", "--deadline-ms"},
              absentValue = "-1")
          int deadlineMs,
      @Descriptor("then they are waited for, or left to the PBX: wait|release|force")
          @Parameter(
              names = {"-o", "--on-deadline"},
              absentValue = "")
          String onDeadline,
      @Descriptor("its id, as bundles shows it") String id)
      throws Refused, InterruptedException {
    boolean asUsual = deadlineMs < 0 && onDeadline.isEmpty();
    return Answers.await(
            asUsual
                ? bundles.withdraw(Answers.requester(), id)
                : bundles.withdraw(
                    Answers.requester(),
                    id,
                    new Drain(
                        RolloutCommands.millis(deadlineMs),
                        RolloutCommands.onDeadline(onDeadline.isEmpty() ? "wait" : onDeadline))))
        .map(BundleCommands::gone)
        .orElseThrow(() -> new Refused("no deployed driver that runs is " + Text.plain(id)));
  }

  private static String gone(DeployedBundle one) {
    String name = one.symbolicName() + " " + one.version();
    return one.draining()
        .map(draining -> name + " drains, " + left(draining) + ". " + Text.plain(one.why()))
        .orElse(name + " is taken out");
  }

  private static String left(Draining draining) {
    int sessions = draining.left().values().stream().mapToInt(Integer::intValue).sum();
    return sessions + " calls live";
  }

  @Descriptor("the drivers that were deployed or refused, the newest first")
  public String bundles() {
    Text table = new Text("ID", "RECEIVED", "BUNDLE", "VERSION", "STATE", "BY", "WHY");
    for (DeployedBundle one : bundles.bundles()) {
      table.row(
          one.id(),
          one.receivedAt().toString(),
          one.symbolicName().isEmpty() ? one.sha256().substring(0, 16) : one.symbolicName(),
          one.version(),
          one.state().text(),
          by(one),
          one.draining().map(d -> left(d) + "; ").orElse("") + one.why());
    }
    return table.toString();
  }

  private static String by(DeployedBundle one) {
    StringJoiner text = new StringJoiner(" ");
    text.add(one.by()).add(one.via());
    return one.file().isEmpty() ? text.toString() : text.add(one.file()).toString();
  }
}
