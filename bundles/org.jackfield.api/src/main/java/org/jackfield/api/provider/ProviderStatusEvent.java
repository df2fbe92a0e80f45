package org.jackfield.api.provider;

/** What happened to a configured PBX. */
public sealed interface ProviderStatusEvent {
  ProviderStatus provider();

  record Changed(ProviderStatus provider) implements ProviderStatusEvent {}

  /** It is no longer configured. */
  record Removed(ProviderStatus provider) implements ProviderStatusEvent {}
}
