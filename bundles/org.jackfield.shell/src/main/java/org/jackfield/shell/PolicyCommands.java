package org.jackfield.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import org.apache.felix.service.command.Descriptor;
import org.jackfield.api.policy.AutoChoice;
import org.jackfield.api.policy.PolicyProblem;
import org.jackfield.api.policy.PolicyRule;
import org.jackfield.api.policy.PolicyService;
import org.jackfield.api.policy.PolicySnapshot;
import org.jackfield.api.transfer.RecallRung;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The shell's command for the policy. */
@Component(
    service = PolicyCommands.class,
    property = {"osgi.command.scope=jackfield", "osgi.command.function=policy"})
public final class PolicyCommands {
  private final PolicyService policies;

  @Activate
  public PolicyCommands(@Reference PolicyService policies) {
    this.policies = policies;
  }

  @Descriptor("the policy in force, and what is wrong or odd with its file")
  public String policy() {
    PolicySnapshot now = policies.current();
    List<String> lines = new ArrayList<>();
    lines.add(
        "version %d since %s, %s by %s, etc/%s"
            .formatted(
                now.version(), now.since(), now.source().text(), Text.plain(now.by()), now.file()));
    now.refused().forEach(problem -> lines.add("the file is not in force: " + told(problem)));
    now.warnings().forEach(problem -> lines.add("warning: " + told(problem)));
    if (now.policy().rules().isEmpty()) {
      lines.add("no rules: everything is as shipped");
      return String.join("\n", lines);
    }
    Text table = new Text("RULE", "MATCHES", "SETS");
    for (PolicyRule rule : now.policy().rules()) {
      table.row(rule.name(), matches(rule.match()), sets(rule.set()));
    }
    lines.add(table.toString());
    return String.join("\n", lines);
  }

  private static String told(PolicyProblem problem) {
    String rule =
        problem.rule() == 0 ? "" : "rule " + problem.rule() + " “" + problem.name() + "” ";
    String field = problem.field().isEmpty() ? "" : problem.field() + " ";
    return Text.plain(rule + field + problem.text());
  }

  private static String matches(PolicyRule.Match match) {
    StringJoiner text = new StringJoiner(", ").setEmptyValue("all");
    match.provider().ifPresent(p -> text.add("provider " + p));
    match.address().ifPresent(p -> text.add("address " + p));
    match.destination().ifPresent(p -> text.add("destination " + p));
    match.requester().ifPresent(p -> text.add("requester " + p));
    return text.toString();
  }

  private static String sets(PolicyRule.Settings set) {
    StringJoiner text = new StringJoiner("; ");
    set.auto()
        .ifPresent(
            auto ->
                text.add(
                    "auto " + String.join(", ", auto.stream().map(AutoChoice::text).toList())));
    set.conferenceMayStandIn().ifPresent(may -> text.add("conference may stand in: " + may));
    time(text, "answer", set.answer());
    time(text, "complete", set.complete());
    time(text, "recall after", set.recallAfter());
    set.recall()
        .ifPresent(
            recall ->
                text.add(
                    "recall to "
                        + String.join(
                            ", then ", recall.stream().map(PolicyCommands::rung).toList())));
    return text.toString();
  }

  private static void time(StringJoiner text, String name, Optional<java.time.Duration> time) {
    time.ifPresent(t -> text.add(name + " " + t.toMillis() + " ms"));
  }

  private static String rung(RecallRung rung) {
    return switch (rung) {
      case RecallRung.ToTransferor transferor -> "the transferor";
      case RecallRung.ToAddress to -> to.address().value();
      case RecallRung.ToPark park -> "park " + park.place();
    };
  }
}
