package org.jackfield.api.transfer;

/** What happened to a transfer; each carries the whole snapshot. */
public sealed interface TransferEvent {
  Transfer transfer();

  record Changed(Transfer transfer) implements TransferEvent {}

  /** It has its outcome; the last event of a transfer, told exactly once. */
  record Ended(Transfer transfer) implements TransferEvent {}
}
