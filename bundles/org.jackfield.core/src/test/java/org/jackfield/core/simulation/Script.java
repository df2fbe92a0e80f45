package org.jackfield.core.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * What happens in a run, and nothing but that: a run is a function of its script. Each step stands
 * for itself, so that any of them may be left out.
 *
 * @param profile which PBX, by its place among the profiles
 * @param scene which calls there are at the beginning
 * @param habits what the free phones do when they ring
 * @param steps what happens, in order
 */
record Script(int profile, int scene, int habits, List<Step> steps) {

  /** Who does something. */
  enum Actor {
    /** A client asks for a transfer. */
    TRANSFER,
    /** A client takes a step in a transfer. */
    VERB,
    /** A client asks for a single operation. */
    OPERATE,
    /** Somebody acts at a phone. */
    PHONE,
    /** Something breaks, in a way that a driver which keeps the rules can break. */
    FAULT,
    /** The driver breaks the rules: it loses, reorders or makes up facts. */
    LIE,
    /** Nobody. */
    NOBODY
  }

  /**
   * One step.
   *
   * @param actor who acts
   * @param a the first argument, taken modulo whatever there is to choose from
   * @param b the second
   * @param c the third
   * @param d the fourth
   * @param pause how long it takes until the next step, see {@link Run}
   * @param salt of the order in which threads run meanwhile
   */
  record Step(Actor actor, int a, int b, int c, int d, int pause, int salt) {
    String text() {
      return actor.name().toLowerCase(java.util.Locale.ROOT)
          + ","
          + a
          + ","
          + b
          + ","
          + c
          + ","
          + d
          + ","
          + pause
          + ","
          + salt;
    }

    static Step parse(String text) {
      String[] parts = text.split(",");
      int[] n = new int[7];
      for (int i = 1; i < 7; i++) {
        n[i] = Integer.parseInt(parts[i].strip());
      }
      return new Step(
          Actor.valueOf(parts[0].strip().toUpperCase(java.util.Locale.ROOT)),
          n[1],
          n[2],
          n[3],
          n[4],
          n[5],
          n[6]);
    }
  }

  /** The script of a seed. */
  static Script of(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int profile = random.nextInt(64);
    int scene = random.nextInt(64);
    int habits = random.nextInt(4096);
    // A third of the runs is calm, a third has faults, a sixth a driver that breaks the rules too.
    int weather = random.nextInt(6);
    int length = 10 + random.nextInt(14);
    List<Step> steps = new ArrayList<>();
    steps.add(step(Actor.TRANSFER, random));
    for (int i = 1; i < length; i++) {
      steps.add(step(actor(random, weather), random));
    }
    return new Script(profile, scene, habits, steps);
  }

  private static Actor actor(SplittableRandom random, int weather) {
    int n = random.nextInt(weather < 2 ? 16 : weather < 5 ? 21 : 24);
    if (n < 4) {
      return Actor.TRANSFER;
    }
    if (n < 9) {
      return Actor.VERB;
    }
    if (n < 11) {
      return Actor.OPERATE;
    }
    if (n < 15) {
      return Actor.PHONE;
    }
    return n == 15 ? Actor.NOBODY : n < 21 ? Actor.FAULT : Actor.LIE;
  }

  private static Step step(Actor actor, SplittableRandom random) {
    return new Step(
        actor,
        random.nextInt(64),
        random.nextInt(64),
        random.nextInt(65_536),
        random.nextInt(64),
        random.nextInt(32),
        random.nextInt());
  }

  /** A script's text, for the file of seeds. */
  String text() {
    return profile
        + " "
        + scene
        + " "
        + habits
        + " "
        + steps.stream().map(Step::text).collect(Collectors.joining(" "));
  }

  static Script parse(String text) {
    String[] words = text.strip().split("\\s+");
    List<Step> steps = new ArrayList<>();
    for (int i = 3; i < words.length; i++) {
      steps.add(Step.parse(words[i]));
    }
    return new Script(
        Integer.parseInt(words[0]), Integer.parseInt(words[1]), Integer.parseInt(words[2]), steps);
  }

  Script with(List<Step> others) {
    return new Script(profile, scene, habits, List.copyOf(others));
  }
}
