package org.jackfield.core.transfer;

/**
 * One step of the machine. It is handed to whoever runs transfers, so that a simulation can watch
 * each step, and can prove that it would notice a wrong one.
 */
@FunctionalInterface
public interface Machine {
  /** The machine as it is. */
  Machine PLAIN = TransferState::on;

  /** What the input leads to. Pure. */
  Step on(TransferState state, TransferInput input, TransferView view);
}
