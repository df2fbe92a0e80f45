package org.jackfield.shell;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.jackfield.api.provider.ShareProgress;
import org.jackfield.api.rollout.BundleService;
import org.jackfield.api.rollout.Rollout;
import org.jackfield.api.rollout.RolloutPlan;
import org.jackfield.api.rollout.RolloutPlan.Mode;
import org.jackfield.api.rollout.RolloutPlan.OnDeadline;
import org.jackfield.api.rollout.RolloutReply;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The shell's commands for versions of drivers that take over step by step. */
@Component(
    service = RolloutCommands.class,
    property = {
      "osgi.command.scope=jackfield",
      "osgi.command.function=rollout",
      "osgi.command.function=drain",
      "osgi.command.function=rollback"
    })
public final class RolloutCommands {
  private final BundleService bundles;

  @Activate
  public RolloutCommands(@Reference BundleService bundles) {
    this.bundles = bundles;
  }

  @Descriptor("the rollouts that were begun, the newest first, with how calls are shared now")
  public String rollout() {
    Text table =
        new Text("ID", "VERSION", "STATE", "PBX", "PERCENT", "NEW", "OLD", "FAILED", "WHY");
    for (Rollout one : bundles.rollouts()) {
      if (one.shares().isEmpty()) {
        row(table, one, "", Optional.empty());
      }
      one.shares().forEach(share -> row(table, one, share.provider(), share.progress()));
    }
    return table.toString();
  }

  private static void row(
      Text table, Rollout one, String provider, Optional<ShareProgress> progress) {
    table.row(
        one.bundle().id(),
        one.bundle().version(),
        one.bundle().state().text(),
        provider,
        progress.map(p -> Integer.toString(p.percent())).orElse(""),
        progress.map(p -> Integer.toString(p.newer())).orElse(""),
        progress.map(p -> Integer.toString(p.older())).orElse(""),
        progress.map(p -> p.failed() + " of " + p.commands()).orElse(""),
        one.bundle().why());
  }

  @Descriptor("rolls a staged version out; live calls are handed over at the end")
  public String rollout(
      @Descriptor("shares of the new calls in percent, ascending: 5,50,100")
          @Parameter(
              names = {"-s", "--steps"},
              absentValue = "")
          String steps,
      @Descriptor("how long each is watched, in ms")
          @Parameter(
              names = {"-t", "--step-ms"},
              absentValue = "60000")
          int stepMs,
      @Descriptor("goes back if more percent of its commands fail; -1 for no limit")
          @Parameter(
              names = {"-f", "--failures"},
              absentValue = "-1")
          int failures,
      @Descriptor("goes back if an answer takes more ms; -1 for no limit")
          @Parameter(
              names = {"-a", "--answer-ms"},
              absentValue = "-1")
          int answerMs,
      @Descriptor("the staged bundle's id, as bundles shows it") String id)
      throws Refused, InterruptedException {
    return begin(
        plan(
            id,
            Mode.HAND_OVER,
            numbers(steps),
            millis(stepMs).orElse(RolloutPlan.STEP),
            Optional.empty(),
            OnDeadline.WAIT,
            Optional.of(failures).filter(percent -> percent >= 0),
            millis(answerMs)));
  }

  @Descriptor("rolls a staged version out; live calls stay with the one before until they end")
  public String drain(
      @Descriptor("how long they may, in ms; -1 for as long as they live")
          @Parameter(
              names = {"-t", "--deadline-ms"},
              absentValue = "-1")
          int deadlineMs,
      @Descriptor(
              "then they are waited for, released to the PBX, or handed over: wait|release|force")
          @Parameter(
              names = {"-o", "--on-deadline"},
              absentValue = "wait")
          String onDeadline,
      @Descriptor("the staged bundle's id, as bundles shows it") String id)
      throws Refused, InterruptedException {
    return begin(
        plan(
            id,
            Mode.DRAIN,
            List.of(),
            Duration.ofMillis(1),
            millis(deadlineMs),
            onDeadline(onDeadline),
            Optional.empty(),
            Optional.empty()));
  }

  @Descriptor("goes back to the version before, also when the rollout is over")
  public String rollback(@Descriptor("its id") String id) throws Refused, InterruptedException {
    return text(Answers.await(bundles.rollBack(Answers.requester(), id)), "goes back");
  }

  private String begin(RolloutPlan plan) throws Refused, InterruptedException {
    return text(Answers.await(bundles.rollOut(Answers.requester(), plan)), "is rolled out");
  }

  private static String text(RolloutReply reply, String what) throws Refused {
    return switch (reply) {
      case RolloutReply.Accepted yes ->
          yes.rollout().bundle().symbolicName()
              + " "
              + yes.rollout().bundle().version()
              + " "
              + what
              + "; jackfield:rollout shows how far it is";
      case RolloutReply.Refused no -> throw new Refused(Text.plain(no.why()));
    };
  }

  private static RolloutPlan plan(
      String id,
      Mode mode,
      List<Integer> steps,
      Duration step,
      Optional<Duration> deadline,
      OnDeadline onDeadline,
      Optional<Integer> failures,
      Optional<Duration> answer)
      throws Refused {
    try {
      return new RolloutPlan(
          id, Set.of(), mode, steps, step, deadline, onDeadline, failures, answer);
    } catch (IllegalArgumentException wrong) {
      throw new Refused(String.valueOf(wrong.getMessage()));
    }
  }

  private static List<Integer> numbers(String steps) throws Refused {
    try {
      return Stream.of(steps.split(",")).filter(s -> !s.isBlank()).map(Integer::valueOf).toList();
    } catch (NumberFormatException wrong) {
      throw new Refused("steps are percentages such as 5,50,100");
    }
  }

  static Optional<Duration> millis(int millis) {
    return millis < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(millis));
  }

  static OnDeadline onDeadline(String word) throws Refused {
    try {
      return OnDeadline.valueOf(word.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException wrong) {
      throw new Refused("what happens at the deadline is wait, release or force");
    }
  }
}
