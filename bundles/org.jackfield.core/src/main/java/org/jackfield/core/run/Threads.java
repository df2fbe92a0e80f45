package org.jackfield.core.run;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The threads of a running server; idle ones go, and after the end tasks are dropped. */
public final class Threads implements AutoCloseable {
  private final ThreadPoolExecutor pool;
  private final ThreadPoolExecutor blocking;

  public Threads() {
    int width = Math.max(2, Runtime.getRuntime().availableProcessors());
    // Neither lanes nor the teller block, so more threads than processors are of no use.
    pool =
        new ThreadPoolExecutor(
            width,
            width,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            factory("jackfield-core-"),
            new ThreadPoolExecutor.DiscardPolicy());
    pool.allowCoreThreadTimeOut(true);
    blocking =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            10,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            factory("jackfield-work-"),
            new ThreadPoolExecutor.DiscardPolicy());
  }

  private static ThreadFactory factory(String name) {
    return Thread.ofPlatform().name(name, 1).daemon().factory();
  }

  /** For what never blocks. */
  public Executor pool() {
    return pool;
  }

  /** For what may: as many threads as there are tasks that do. */
  public Executor blocking() {
    return blocking;
  }

  @Override
  public void close() {
    pool.shutdown();
    blocking.shutdown();
  }
}
