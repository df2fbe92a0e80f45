package org.jackfield.core.provider;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jackfield.core.run.Timers;

/** An answer that is given once: by whoever is first, or by a deadline. Any thread. */
final class Once<T> implements Consumer<T> {
  private final Consumer<T> done;
  private final AtomicBoolean given = new AtomicBoolean();
  private volatile Timers.Timer deadline = Timers.Timer.NONE;

  private Once(Consumer<T> done) {
    this.done = done;
  }

  /**
   * @param late the answer when nobody has given one in that time
   */
  static <T> Once<T> within(Timers timers, Duration patience, T late, Consumer<T> done) {
    Once<T> once = new Once<>(done);
    once.deadline = timers.after(patience, () -> once.accept(late));
    return once;
  }

  @Override
  public void accept(T answer) {
    if (given.compareAndSet(false, true)) {
      deadline.cancel();
      done.accept(answer);
    }
  }
}
