package org.jackfield.pbx.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Anybody does anything at any time, and after each step the calls make sense. The seed is printed
 * with a failure and set by {@code -Dseed=}.
 */
class RandomWalkTest {

  private static final int WALKS = Integer.getInteger("walks", 10);
  private static final int STEPS = 400;
  private static final String[] PHONES = {"1500", "1501", "1502", "1503", "1504", "6001"};
  private static final String[] TARGETS = {
    "1500", "1501", "1502", "1503", "1504", "6001", "6002", "6003", "6004", "6005", "bob"
  };
  private static final String[] ACTS = {
    "answer",
    "decline",
    "hangUp",
    "call",
    "hold",
    "retrieve",
    "transfer",
    "consult",
    "alternate",
    "complete",
    "conference"
  };

  static List<String> profiles() {
    return Profile.NAMES;
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void nothingIsLostOrLeftBehind(String profile) {
    long seed = Long.getLong("seed", Boolean.getBoolean("jackfield.long") ? System.nanoTime() : 1);
    int walks = System.getProperty("seed") == null ? WALKS : 1;
    for (int walk = 0; walk < walks; walk++) {
      try {
        walk(profile, seed + walk);
      } catch (AssertionError | RuntimeException broken) {
        throw new AssertionError("profile " + profile + ", -Dseed=" + (seed + walk), broken);
      }
    }
  }

  private static void walk(String profile, long seed) {
    Random random = new Random(seed);
    Bench bench = new Bench(profile, seed);
    Map<String, Map<String, Message.ConnectionView>> seen = new LinkedHashMap<>();
    List<String> calls = new ArrayList<>(List.of("A"));
    List<String> done = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      String words = words(random, calls, step);
      String answer = bench.ask(words);
      done.add(words + ": " + answer);
      check(bench, seen, done);
      bench.pass(random.nextInt(4) == 0 ? random.nextInt(8000) : random.nextInt(150));
      check(bench, seen, done);
      calls = new ArrayList<>(bench.pbx.exchange().calls().stream().map(call -> call.id).toList());
      calls.add("none");
    }
    for (String call : calls) {
      bench.ask("clearCall " + call);
    }
    bench.pass(2000);
    assertThat(bench.picture()).isEmpty();
    assertThat(bench.time.waiting()).as("timers left").isZero();
    for (Phone phone : bench.pbx.exchange().directory.all()) {
      assertThat(phone.connections).isEmpty();
    }
  }

  private static String words(Random random, List<String> calls, int step) {
    String call = one(random, calls.toArray(String[]::new));
    String other = one(random, calls.toArray(String[]::new));
    String phone = one(random, PHONES);
    String target = one(random, TARGETS);
    return switch (random.nextInt(20)) {
      case 0, 1, 2 -> "makeCall n" + step + " " + phone + " " + target;
      case 3 -> "hold " + call + " " + phone;
      case 4 -> "retrieve " + call + " " + phone;
      case 5 -> "alternate " + call + " " + other + " " + phone;
      case 6 -> "blind " + call + " " + phone + " " + target + " onAnswer";
      case 7 -> "blind " + call + " " + phone + " " + target + " onAccept";
      case 8, 9 -> "consult " + call + " " + phone + " n" + step + " " + target;
      case 10 -> "consult " + call + " " + phone + " n" + step;
      case 11 -> "dial " + call + " " + phone + " " + target;
      case 12, 13 -> "complete " + call + " " + other + " " + phone + " transfer";
      case 14 -> "complete " + call + " " + other + " " + phone + " conference";
      case 15 -> "redirect " + call + " " + phone + " " + target;
      case 16 -> "recall " + call + " " + phone + " " + target;
      case 17 -> "clear " + call + " " + phone;
      default -> "phone " + phone + " " + one(random, ACTS) + " " + target;
    };
  }

  private static String one(Random random, String[] all) {
    return all[random.nextInt(all.length)];
  }

  private static void check(
      Bench bench, Map<String, Map<String, Message.ConnectionView>> seen, List<String> done) {
    try {
      replay(bench.raw, seen);
      bench.raw.clear();
      assertThat(seen).as("what the events told is what is there").isEqualTo(actual(bench));
      consistent(bench.pbx.exchange());
    } catch (AssertionError | RuntimeException broken) {
      throw new AssertionError(
          "after " + done.subList(Math.max(0, done.size() - 12), done.size()), broken);
    }
  }

  private static void replay(
      List<Message> events, Map<String, Map<String, Message.ConnectionView>> seen) {
    for (Message message : events) {
      switch (message) {
        case Message.ConnectionChanged e -> {
          Message.ConnectionView c = e.connection();
          Map<String, Message.ConnectionView> call =
              seen.computeIfAbsent(c.call(), id -> new HashMap<>());
          if (c.state() == ConnectionState.IDLE) {
            call.remove(c.connection());
          } else {
            call.put(c.connection(), c);
          }
        }
        case Message.Merged e -> {
          Map<String, Message.ConnectionView> moved = seen.remove(e.from());
          seen.get(e.into()).putAll(moved == null ? Map.of() : moved);
        }
        default -> {}
      }
    }
    seen.values().removeIf(Map::isEmpty);
  }

  private static Map<String, Map<String, Message.ConnectionView>> actual(Bench bench) {
    Map<String, Map<String, Message.ConnectionView>> calls = new LinkedHashMap<>();
    for (Message.CallView call : bench.pbx.snapshot("x").calls()) {
      Map<String, Message.ConnectionView> connections = new HashMap<>();
      call.connections().forEach(c -> connections.put(c.connection(), c));
      calls.put(call.call(), connections);
    }
    return calls;
  }

  private static void consistent(Exchange exchange) {
    Set<Connection> inCalls = new HashSet<>();
    for (Call call : exchange.calls()) {
      assertThat(call.connections).as("call " + call.id).isNotEmpty();
      inCalls.addAll(call.connections.values());
      Connection held = call.consultsFor;
      if (held != null) {
        assertThat(held.consultation).isSameAs(call);
        assertThat(exchange.calls()).contains(held.call);
      }
      if (call.attempt != null && call.attempt.leg != null) {
        assertThat(call.connections).containsValue(call.attempt.leg);
      }
      boolean lone = call.connections.size() == 1;
      for (Connection c : call.connections.values()) {
        assertThat(c.call).isSameAs(call);
        assertThat(c.heldByThem && !c.state.speaks()).as("held and not speaking").isFalse();
        if (lone && c.state.speaks()) {
          assertThat(call.keeping != null || call.attempt != null)
              .as("a lone party is kept: " + c.view())
              .isTrue();
        }
        if (c.state == ConnectionState.OFFERING) {
          assertThat(call.attempt == null ? null : call.attempt.leg).isSameAs(c);
        }
      }
    }
    Set<Connection> atPhones = new HashSet<>();
    for (Phone phone : exchange.directory.all()) {
      atPhones.addAll(phone.connections);
      if (phone.lines == 1 && !phone.connections.isEmpty()) {
        long active = phone.connections.stream().filter(c -> !c.state.holds()).count();
        long failed = phone.connections.stream().filter(c -> c.state.hasFailed()).count();
        assertThat(active - failed).as("active legs of " + phone.address).isLessThanOrEqualTo(1);
        Set<String> ids = new TreeSet<>();
        phone.connections.forEach(c -> ids.add(c.id));
        assertThat(ids).as("one id at " + phone.address).hasSizeLessThanOrEqualTo(1);
      }
    }
    assertThat(atPhones).isEqualTo(inCalls);
  }
}
