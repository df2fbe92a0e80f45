package org.jackfield.core.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Makes a failing script as short and as plain as it can be and still fail in the same way. */
final class Shrinker {
  private static final int MOST_TRIES = 2_000;

  private final Supplier<Bug> bug;
  private int tries;

  Shrinker(Supplier<Bug> bug) {
    this.bug = bug;
  }

  /** The shortest script found that breaks the same invariant. */
  Script shrink(Script script) {
    String invariant = fails(script);
    Script best = script;
    boolean better = true;
    while (better && tries < MOST_TRIES) {
      better = false;
      for (Script shorter : plainer(best)) {
        if (invariant.equals(fails(shorter))) {
          best = shorter;
          better = true;
          break;
        }
      }
    }
    return best;
  }

  private String fails(Script script) {
    tries++;
    return new Run(script, bug.get(), false, Probe.cells()).play().invariant();
  }

  /** All that is one little simpler, shortest first. */
  private static List<Script> plainer(Script script) {
    List<Script> all = new ArrayList<>();
    List<Script.Step> steps = script.steps();
    for (int size = Math.max(1, steps.size() / 2); size >= 1; size /= 2) {
      for (int at = 0; at + size <= steps.size(); at++) {
        List<Script.Step> rest = new ArrayList<>(steps);
        rest.subList(at, at + size).clear();
        all.add(script.with(rest));
      }
    }
    if (script.scene() != 0) {
      all.add(new Script(script.profile(), 0, script.habits(), steps));
    }
    if (script.profile() != 0) {
      all.add(new Script(0, script.scene(), script.habits(), steps));
    }
    for (int i = 0; i < steps.size(); i++) {
      for (Script.Step simple : simpler(steps.get(i))) {
        List<Script.Step> others = new ArrayList<>(steps);
        others.set(i, simple);
        all.add(script.with(others));
      }
    }
    return all;
  }

  private static List<Script.Step> simpler(Script.Step s) {
    List<Script.Step> all = new ArrayList<>();
    for (int pause : new int[] {7, 28}) {
      if (s.pause() != pause && s.pause() != 7) {
        all.add(new Script.Step(s.actor(), s.a(), s.b(), s.c(), s.d(), pause, s.salt()));
      }
    }
    if (s.salt() != 0) {
      all.add(new Script.Step(s.actor(), s.a(), s.b(), s.c(), s.d(), s.pause(), 0));
    }
    if (s.a() != 0) {
      all.add(new Script.Step(s.actor(), 0, s.b(), s.c(), s.d(), s.pause(), s.salt()));
    }
    if (s.b() > 7) {
      all.add(new Script.Step(s.actor(), s.a(), s.b() & 7, s.c(), s.d(), s.pause(), s.salt()));
    }
    if (s.d() > 15) {
      all.add(new Script.Step(s.actor(), s.a(), s.b(), s.c(), s.d() & 15, s.pause(), s.salt()));
    }
    return all;
  }
}
