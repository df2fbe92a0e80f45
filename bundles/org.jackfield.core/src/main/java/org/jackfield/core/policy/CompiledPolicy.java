package org.jackfield.core.policy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jackfield.api.policy.AutoChoice;
import org.jackfield.api.policy.Policy;
import org.jackfield.api.policy.PolicyRule;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Session;
import org.jackfield.api.transfer.RecallRung;
import org.jackfield.api.transfer.Timeouts;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.api.transfer.TransferTarget;
import org.jackfield.core.arbiter.PreferenceRules;
import org.jackfield.core.arbiter.Preferences;
import org.jspecify.annotations.Nullable;

/** A policy made ready for requests: immutable, without locks, and bounded in what it costs. */
final class CompiledPolicy implements PreferenceRules {
  private final List<Rule> rules;

  CompiledPolicy(Policy policy) {
    List<Rule> compiled = new ArrayList<>();
    policy.rules().forEach(rule -> compiled.add(new Rule(rule)));
    rules = List.copyOf(compiled);
  }

  /** A rule with its patterns. */
  static final class Rule {
    final PolicyRule rule;
    final @Nullable Glob provider;
    final @Nullable Glob address;
    final @Nullable Glob destination;
    final @Nullable Glob requester;

    Rule(PolicyRule rule) {
      this.rule = rule;
      PolicyRule.Match match = rule.match();
      provider = glob(match.provider());
      address = glob(match.address());
      destination = glob(match.destination());
      requester = glob(match.requester());
    }

    /** A pattern that matches everything is none. */
    private static @Nullable Glob glob(Optional<String> pattern) {
      return pattern.map(Glob::of).filter(glob -> !glob.isAll()).orElse(null);
    }

    boolean matches(
        String itsProvider, String itsAddress, @Nullable String itsDestination, String principal) {
      return matches(provider, itsProvider)
          && matches(requester, principal)
          && matches(address, itsAddress)
          && matches(destination, itsDestination);
    }

    private static boolean matches(@Nullable Glob pattern, @Nullable String text) {
      return pattern == null || text != null && pattern.matches(text);
    }
  }

  List<Rule> rules() {
    return rules;
  }

  @Override
  public Preferences of(TransferRequest request, Session session, Address transferor) {
    String destination =
        request.target() instanceof TransferTarget.To to ? to.address().value() : null;
    Found found = new Found();
    for (Rule rule : rules) {
      if (rule.matches(
              session.provider(), transferor.value(), destination, request.requester().principal())
          && found.take(rule.rule)) {
        break;
      }
    }
    return found.preferences();
  }

  /** What has been set so far, and by which rules. */
  private static final class Found {
    private @Nullable List<AutoChoice> auto;
    private @Nullable Boolean conference;
    private @Nullable Duration answer;
    private @Nullable Duration complete;
    private @Nullable Duration recallAfter;
    private @Nullable List<RecallRung> recall;
    private String autoRule = Preferences.Rules.SHIPPED.auto();
    private String conferenceRule = Preferences.Rules.SHIPPED.conference();
    private String recallRule = Preferences.Rules.SHIPPED.recall();
    private final Set<String> timeoutRules = new LinkedHashSet<>();

    /** Takes what is not set yet; says whether nothing is left to be set. */
    boolean take(PolicyRule rule) {
      PolicyRule.Settings set = rule.set();
      if (auto == null && set.auto().isPresent()) {
        auto = set.auto().get();
        autoRule = rule.name();
      }
      if (conference == null && set.conferenceMayStandIn().isPresent()) {
        conference = set.conferenceMayStandIn().get();
        conferenceRule = rule.name();
      }
      if (recall == null && set.recall().isPresent()) {
        recall = set.recall().get();
        recallRule = rule.name();
      }
      answer = time(answer, set.answer(), rule);
      complete = time(complete, set.complete(), rule);
      recallAfter = time(recallAfter, set.recallAfter(), rule);
      return auto != null
          && conference != null
          && recall != null
          && answer != null
          && complete != null
          && recallAfter != null;
    }

    private @Nullable Duration time(
        @Nullable Duration before, Optional<Duration> set, PolicyRule rule) {
      if (before != null || set.isEmpty()) {
        return before;
      }
      timeoutRules.add(rule.name());
      return set.get();
    }

    Preferences preferences() {
      Preferences shipped = Preferences.SHIPPED;
      Timeouts usual = shipped.timeouts();
      return new Preferences(
          auto == null ? shipped.auto() : auto,
          conference == null ? shipped.conferenceMayStandIn() : conference,
          new Timeouts(
              answer == null ? usual.answer() : answer,
              complete == null ? usual.complete() : complete,
              recallAfter == null ? usual.recall() : recallAfter),
          recall == null ? shipped.recall() : recall,
          new Preferences.Rules(
              autoRule,
              conferenceRule,
              timeoutRules.isEmpty() ? shipped.rules().timeouts() : String.join(", ", timeoutRules),
              recallRule));
    }
  }
}
