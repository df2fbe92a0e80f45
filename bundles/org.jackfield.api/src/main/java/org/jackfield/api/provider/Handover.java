package org.jackfield.api.provider;

/**
 * What one version of a driver hands to the next, opaque to the server.
 *
 * @param format names the form and its version, so that a reader can refuse what it does not know
 * @param state the state in that form; at most 64 MiB
 */
public record Handover(String format, byte[] state) {}
