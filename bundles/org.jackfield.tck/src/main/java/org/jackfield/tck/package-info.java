/**
 * The conformance kit for drivers: rules R1 to R11 of {@code org.jackfield.api.provider}, and the
 * meaning of each command, as numbered checks.
 *
 * <p>A driver's test extends {@link org.jackfield.tck.TelephonyDriverContract} and gives it a
 * {@link org.jackfield.tck.Testbed}: a driver, the configuration of a PBX that is there for these
 * tests, and hands on its phones. What the driver declares must then work, and what it does not
 * declare must be refused. Nothing here knows any PBX.
 *
 * <p>A failure names the rule that the driver breaks; a fault of the kit, of the testbed or of the
 * PBX behind it is told as that and says nothing of the driver.
 */
@Export
@Version("2.0.0")
@NullMarked
package org.jackfield.tck;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
