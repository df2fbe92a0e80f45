package org.jackfield.api.provider;

import org.jackfield.api.session.Ids;

/**
 * The identity of one command, unique over restarts of the server, so that after a crash it can be
 * asked whether the command was done, and so that nothing is done twice.
 *
 * @param value any 64 bits; the text is base 36
 */
public record CommandId(long value) {
  @Override
  public String toString() {
    return Ids.text(value);
  }
}
