/**
 * A simulated PBX: a process of its own, or an object under virtual time.
 *
 * <p>It is a PBX and no part of the server: it has phones, calls, tones of busy and of ringing, a
 * recall, and a link over which a driver gives commands and hears facts. An answer to a command
 * means "accepted" and never more; what came of it is told by events.
 *
 * <ul>
 *   <li>{@link org.jackfield.pbx.simulated.Pbx} is the exchange as clients see it: commands in,
 *       answers and events out.
 *   <li>{@link org.jackfield.pbx.simulated.Exchange} and {@link
 *       org.jackfield.pbx.simulated.TransferServices} process calls.
 *   <li>{@link org.jackfield.pbx.simulated.Main} puts it on loopback TCP, one JSON object a line.
 * </ul>
 *
 * <p>Everything but the TCP link runs on one thread, that of its {@link
 * org.jackfield.pbx.simulated.Timers}.
 */
@NullMarked
package org.jackfield.pbx.simulated;

import org.jspecify.annotations.NullMarked;
