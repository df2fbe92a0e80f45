package org.jackfield.provider.simulated;

/** A driver that the process holds for ever, long after everybody has let it go. */
public final class LeakyDriver extends Broken {

  /** As a bundle's component is made. */
  public LeakyDriver() {
    Runtime.getRuntime().addShutdownHook(new Thread(LeakyDriver::bye));
  }

  private static void bye() {}
}
