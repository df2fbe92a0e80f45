package org.jackfield.core.arbiter;

import static org.jackfield.core.arbiter.Fact.CONFERENCE_FORBIDDEN;
import static org.jackfield.core.arbiter.Fact.CONFERENCE_FULL;
import static org.jackfield.core.arbiter.Fact.CONFERENCE_WANTED;
import static org.jackfield.core.arbiter.Fact.HELD_BY_OTHERS;
import static org.jackfield.core.arbiter.Fact.HELD_HAS_NOBODY;
import static org.jackfield.core.arbiter.Fact.HELD_IN_TRANSFER;
import static org.jackfield.core.arbiter.Fact.HELD_IS_THIS;
import static org.jackfield.core.arbiter.Fact.HELD_NOT_ON_HOLD;
import static org.jackfield.core.arbiter.Fact.HELD_ON_OTHER_PBX;
import static org.jackfield.core.arbiter.Fact.HELD_UNKNOWN;
import static org.jackfield.core.arbiter.Fact.NOBODY_ELSE;
import static org.jackfield.core.arbiter.Fact.NOT_CONNECTED;
import static org.jackfield.core.arbiter.Fact.NO_ADDRESS;
import static org.jackfield.core.arbiter.Fact.NO_ALTERNATE;
import static org.jackfield.core.arbiter.Fact.NO_BLIND;
import static org.jackfield.core.arbiter.Fact.NO_CLEAR;
import static org.jackfield.core.arbiter.Fact.NO_COMPLETION;
import static org.jackfield.core.arbiter.Fact.NO_CONSULT;
import static org.jackfield.core.arbiter.Fact.NO_DIAL;
import static org.jackfield.core.arbiter.Fact.NO_EARLY_COMPLETION;
import static org.jackfield.core.arbiter.Fact.NO_HELD_CALL;
import static org.jackfield.core.arbiter.Fact.NO_HOLD;
import static org.jackfield.core.arbiter.Fact.NO_MAKE_CALL;
import static org.jackfield.core.arbiter.Fact.NO_ONE_STEP;
import static org.jackfield.core.arbiter.Fact.NO_TRANSFER_CONF;
import static org.jackfield.core.arbiter.Fact.NO_TRANSFER_HELD;
import static org.jackfield.core.arbiter.Fact.NO_TRANSFER_MAKE;
import static org.jackfield.core.arbiter.Fact.NO_TRANSFER_NORM;
import static org.jackfield.core.arbiter.Fact.NO_WAY_BACK;
import static org.jackfield.core.arbiter.Fact.NO_WAY_BACK_EARLY;
import static org.jackfield.core.arbiter.Fact.ON_HOLD_FULL;
import static org.jackfield.core.arbiter.Fact.PENDING_FULL;
import static org.jackfield.core.arbiter.Fact.REFUSED_BY_PBX;
import static org.jackfield.core.arbiter.Fact.SPEAK_FIRST;
import static org.jackfield.core.arbiter.Fact.SPEAK_TOO_LATE;

import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.TransferPlan.Kind;

/**
 * The seven plans as tables of the facts that rule them out.
 *
 * <p>A set of facts is one long, a bit for each {@link Fact}; the first fact against a plan is the
 * lowest bit that the set has in common with the plan's table. Early completion and
 * conference-and-drop are made over a consultation: they also need one of the three ways to open
 * one. A verdict is one long too: a byte for each plan with the number of its first fact.
 */
final class Plans {
  private Plans() {}

  /** The number of the first fact of a plan that none rules out. */
  static final int LEGAL = Long.SIZE;

  private static final Kind[] KINDS = Kind.values();

  private static final long CALL = set(NOT_CONNECTED, NOBODY_ELSE);
  private static final long ADDRESS = CALL | set(NO_ADDRESS);

  // What rules out each way to a second call.
  private static final long BY_SETUP = ADDRESS | set(NO_CONSULT, NO_DIAL, PENDING_FULL);
  private static final long BY_ONE_STEP = ADDRESS | set(NO_ONE_STEP, PENDING_FULL);
  private static final long BY_NEW_CALL =
      ADDRESS | set(NO_TRANSFER_MAKE, NO_MAKE_CALL, NO_HOLD, ON_HOLD_FULL);
  private static final long BY_HELD_CALL =
      CALL
          | set(NO_TRANSFER_HELD, NO_ALTERNATE, NO_HELD_CALL)
          | set(HELD_UNKNOWN, HELD_IS_THIS, HELD_ON_OTHER_PBX, HELD_BY_OTHERS)
          | set(HELD_IN_TRANSFER, HELD_NOT_ON_HOLD, HELD_HAS_NOBODY);

  /** By what completion is to make, and by plan. */
  private static final long[][] TABLES = {
    tables(CompleteAs.TRANSFER), tables(CompleteAs.CONFERENCE)
  };

  private static long[] tables(CompleteAs as) {
    long[] tables = new long[KINDS.length];
    for (Kind kind : KINDS) {
      tables[kind.ordinal()] = table(kind, as);
    }
    return tables;
  }

  private static long table(Kind kind, CompleteAs as) {
    long completion =
        set(NO_COMPLETION, SPEAK_TOO_LATE)
            | (as == CompleteAs.TRANSFER
                ? set(NO_TRANSFER_NORM)
                : set(NO_TRANSFER_CONF, CONFERENCE_FULL));
    return switch (kind) {
      case BLIND -> ADDRESS | set(NO_BLIND, SPEAK_FIRST, NO_WAY_BACK, CONFERENCE_WANTED);
      case CONSULTATION -> BY_SETUP | completion;
      case ONE_STEP -> BY_ONE_STEP | completion;
      case HELD_CALL -> BY_HELD_CALL | completion;
      case NEW_CALL -> BY_NEW_CALL | completion;
      case EARLY_COMPLETION ->
          set(NO_EARLY_COMPLETION, NO_COMPLETION, NO_TRANSFER_NORM)
              | set(SPEAK_FIRST, NO_WAY_BACK_EARLY, CONFERENCE_WANTED);
      case CONFERENCE_AND_DROP ->
          set(NO_COMPLETION, NO_TRANSFER_CONF, NO_CLEAR, CONFERENCE_FULL)
              | set(CONFERENCE_FORBIDDEN, CONFERENCE_WANTED, SPEAK_TOO_LATE);
    };
  }

  private static long set(Fact... facts) {
    long set = 0;
    for (Fact fact : facts) {
      set |= fact.bit();
    }
    return set;
  }

  /**
   * The first fact against each plan.
   *
   * @param facts those that hold
   * @param as what completion is to make
   * @param refused the plans that the PBX has refused, a bit for each
   */
  static long judge(long facts, CompleteAs as, int refused) {
    long[] tables = TABLES[as.ordinal()];
    int way = way(facts, refused);
    long verdict = 0;
    for (int kind = 0; kind < KINDS.length; kind++) {
      int first = first(facts & tables[kind], KINDS[kind], refused);
      boolean over =
          KINDS[kind] == Kind.EARLY_COMPLETION || KINDS[kind] == Kind.CONFERENCE_AND_DROP;
      verdict |= (long) (over ? Math.min(first, way) : first) << Byte.SIZE * kind;
    }
    return verdict;
  }

  /** Whether nothing is against a conference that the transferor drops out of, once it can be. */
  static boolean mayConference(long facts) {
    return (facts & TABLES[CompleteAs.TRANSFER.ordinal()][Kind.CONFERENCE_AND_DROP.ordinal()]) == 0;
  }

  private static int first(long facts, Kind kind, int refused) {
    int first = Long.numberOfTrailingZeros(facts);
    return (refused & 1 << kind.ordinal()) == 0 ? first : Math.min(first, REFUSED_BY_PBX.ordinal());
  }

  /** How far the best way to a consultation comes. */
  private static int way(long facts, int refused) {
    int setup = first(facts & BY_SETUP, Kind.CONSULTATION, refused);
    int oneStep = first(facts & BY_ONE_STEP, Kind.ONE_STEP, refused);
    int newCall = first(facts & BY_NEW_CALL, Kind.NEW_CALL, refused);
    return Math.max(setup, Math.max(oneStep, newCall));
  }

  /** Over which consultation a plan is made that needs one; the plan itself where it is one. */
  static Kind over(Kind kind, long facts, int refused) {
    if (kind != Kind.EARLY_COMPLETION && kind != Kind.CONFERENCE_AND_DROP) {
      return kind;
    }
    if (first(facts & BY_SETUP, Kind.CONSULTATION, refused) == LEGAL) {
      return Kind.CONSULTATION;
    }
    return first(facts & BY_ONE_STEP, Kind.ONE_STEP, refused) == LEGAL
        ? Kind.ONE_STEP
        : Kind.NEW_CALL;
  }

  /** The number of a plan's first fact, or {@link #LEGAL}. */
  static int first(long verdict, Kind kind) {
    return (int) (verdict >>> Byte.SIZE * kind.ordinal()) & 0xFF;
  }
}
