package org.jackfield.provider.simulated;

/** A line to the PBX: JSON texts go out and come in, in order. */
public interface PbxLine {

  /** Sends one text; never blocks. After {@link #close} it goes nowhere. */
  void send(String text);

  /** Closes the line; its ears hear nothing more. Idempotent; never blocks. */
  void close();

  /** Who listens; called on the line's own thread. */
  interface Ears {
    void heard(String text);

    /** The line was lost, or could not be opened; called once, at the end. */
    void lost(String why);
  }

  /** Opens lines. */
  @FunctionalInterface
  interface Connector {
    /** Begins to connect, and returns at once. */
    PbxLine connect(Ears ears);
  }
}
