package org.jackfield.api.capability;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;

/**
 * An immutable set of operations and traits with its limits; two masks, so that a test costs
 * nanoseconds. Used for what a provider may ever do (static) and for what a party may do now
 * (dynamic).
 *
 * @param operations one bit for each {@link Operation}, by its ordinal
 * @param traits one bit for each {@link Trait}, by its ordinal
 * @param limits the numeric limits
 */
public record Capabilities(long operations, long traits, Limits limits) {
  /** Nothing at all. */
  public static final Capabilities NONE = new Capabilities(0, 0, Limits.NONE);

  /** The set of the given operations and traits, without limits. */
  public static Capabilities of(Collection<Operation> operations, Collection<Trait> traits) {
    long o = 0;
    for (Operation operation : operations) {
      o |= 1L << operation.ordinal();
    }
    long t = 0;
    for (Trait trait : traits) {
      t |= 1L << trait.ordinal();
    }
    return new Capabilities(o, t, Limits.NONE);
  }

  /** Whether the operation is in the set. */
  public boolean permits(Operation operation) {
    return (operations & 1L << operation.ordinal()) != 0;
  }

  /** Whether the trait is in the set. */
  public boolean has(Trait trait) {
    return (traits & 1L << trait.ordinal()) != 0;
  }

  /**
   * TAPI's tri-state: completion is offered, but the provider has not said whether as a transfer or
   * as a conference. Then a transfer is tried first.
   */
  public boolean completionUndeclared() {
    return permits(Operation.COMPLETE) && !has(Trait.TRANSFER_NORM) && !has(Trait.TRANSFER_CONF);
  }

  /** This set with other limits. */
  public Capabilities withLimits(Limits limits) {
    return new Capabilities(operations, traits, limits);
  }

  /**
   * What both sets have, with the lower of each limit: what a PBX may ever do for an address that
   * it serves less well than others.
   */
  public Capabilities narrowedBy(Capabilities address) {
    return new Capabilities(
        operations & address.operations,
        traits & address.traits,
        new Limits(
            Math.min(limits.onHold(), address.limits.onHold()),
            Math.min(limits.onHoldPending(), address.limits.onHoldPending()),
            Math.min(limits.conference(), address.limits.conference())));
  }

  /** The operations as a set, for display. */
  public Set<Operation> operationSet() {
    Set<Operation> set = EnumSet.noneOf(Operation.class);
    for (Operation operation : Operation.values()) {
      if (permits(operation)) {
        set.add(operation);
      }
    }
    return set;
  }

  /** The traits as a set, for display. */
  public Set<Trait> traitSet() {
    Set<Trait> set = EnumSet.noneOf(Trait.class);
    for (Trait trait : Trait.values()) {
      if (has(trait)) {
        set.add(trait);
      }
    }
    return set;
  }
}
