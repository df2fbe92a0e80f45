package org.jackfield.api.provider;

/** What a PBX says of a command that it may have been given; asked after a restart. */
public sealed interface CommandFate {
  /** The PBX, or its driver, cannot tell. */
  CommandFate UNKNOWN = new Unknown();

  /** The PBX has never been given it. */
  CommandFate NEVER_GIVEN = new NeverGiven();

  /** It was given, and had this answer. */
  record Given(ProviderReply reply) implements CommandFate {}

  /** It has not come to the PBX, and what was on its way has come. */
  record NeverGiven() implements CommandFate {}

  /** Nobody can tell. */
  record Unknown() implements CommandFate {}
}
