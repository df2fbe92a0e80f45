package org.jackfield.tck;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.provider.TelephonyDriver;

/** What a driver that was closed has left in the process. */
final class LeftoverChecks {

  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

  private LeftoverChecks() {}

  /**
   * What is more than before and does not go away. A thread that ends may be seen late, and one of
   * somebody else's may come and go.
   */
  static String stays(Leftovers before, Duration patience) {
    String[] left = {""};
    await(
        patience,
        () -> {
          left[0] = Leftovers.now().since(before);
          return left[0].isEmpty();
        });
    return left[0];
  }

  /** Lets time pass. */
  static void pass(Duration time) {
    await(time, () -> false);
  }

  private static boolean await(Duration within, BooleanSupplier fact) {
    long end = System.nanoTime() + within.toNanos();
    boolean there = fact.getAsBoolean();
    while (!there && System.nanoTime() < end) {
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
      there = fact.getAsBoolean();
    }
    return there;
  }

  /** The first time also starts what the runtime and the testbed have for good. */
  static void nothingRuns(Supplier<Testbed> testbeds) {
    try (Testbed bed = testbeds.get()) {
      openAndClose(bed);
      Leftovers before = Leftovers.now();

      openAndClose(bed);

      String left = stays(before, bed.patience());
      Rule.R10.holds(left.isEmpty(), "after the close there is still" + left);
    }
  }

  private static void openAndClose(Testbed bed) {
    openAndClose(bed, bed.driver());
  }

  private static void openAndClose(Testbed bed, TelephonyDriver driver) {
    try (Opened pbx = new Opened(driver, bed.config(), bed.patience())) {
      pbx.awaitFact(Rule.R1, "LinkUp, by itself", ProviderEvent.LinkUp.class, 1);
      pbx.snapshot();
      pbx.closeProvider();
      Rule.R10.same("timers that are left", 0, pbx.tasksLeft());
    }
  }

  /** Where a driver can be made without its testbed, as a server makes it. */
  static void classesAreLetGo(Supplier<Testbed> testbeds) {
    try (Testbed bed = testbeds.get()) {
      Optional<WeakReference<ClassLoader>> classes = useACopy(bed);
      boolean gone =
          classes.isEmpty()
              || await(
                  bed.patience(),
                  () -> {
                    System.gc();
                    return classes.get().refersTo(null);
                  });
      Rule.R10.holds(gone, "something in the process holds the driver's classes for ever");
    }
  }

  private static Optional<WeakReference<ClassLoader>> useACopy(Testbed bed) {
    return DriverCopy.of(bed.driver().getClass()).map(copy -> use(bed, copy));
  }

  private static WeakReference<ClassLoader> use(Testbed bed, TelephonyDriver copy) {
    ClassLoader classes = copy.getClass().getClassLoader();
    copy.probe(bed.config());
    openAndClose(bed, copy);
    DriverCopy.release(classes);
    return new WeakReference<>(classes);
  }
}
