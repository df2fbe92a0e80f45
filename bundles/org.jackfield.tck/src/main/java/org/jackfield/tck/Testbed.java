package org.jackfield.tck;

import java.time.Duration;
import org.jackfield.api.provider.ProviderConfig;
import org.jackfield.api.provider.TelephonyDriver;
import org.jackfield.api.session.Address;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A PBX that is there for the tests, and somebody at its phones. A test asks for one and closes it;
 * the PBX behind it may be the same each time, if nothing is left on it.
 */
@ConsumerType
public interface Testbed extends AutoCloseable {

  /** The driver under test, as its bundle would register it. */
  TelephonyDriver driver();

  /** How to open the PBX. */
  ProviderConfig config();

  /** A configuration that fits the schema and leads to nothing. */
  ProviderConfig unreachable();

  /** A person's phone that is free and answers by itself; 0, 1 and 2 are different ones. */
  Address person(int which);

  /** A phone that rings until {@link #answer}, {@link #decline} or {@link #hangUp}. */
  Address ringing();

  /** A phone that is busy. */
  Address busy();

  /** A phone that rings and then declines by itself. */
  Address declining();

  /** An address that may be dialled and that nobody has. */
  Address nobody();

  /** The phone takes the call that rings at it. */
  void answer(Address phone);

  /** The phone declines the call that rings at it. */
  void decline(Address phone);

  /** The phone ends the call that it is in. */
  void hangUp(Address phone);

  /** A call that the phone's owner makes, without the server. */
  void call(Address from, Address to);

  /**
   * Cuts the link between driver and PBX; the calls live on. It may come back by itself after a
   * while that is no longer than {@link #patience}.
   */
  void cutLink();

  /** How long to wait for a fact before it is missing; for a PBX of slow phones more. */
  default Duration patience() {
    return Duration.ofSeconds(10);
  }

  @Override
  void close();
}
