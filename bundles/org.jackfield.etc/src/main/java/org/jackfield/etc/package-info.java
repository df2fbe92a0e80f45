/** Turns {@code etc/PID~NAME.cfg} into the factory configuration NAME of PID. */
@NullMarked
package org.jackfield.etc;

import org.jspecify.annotations.NullMarked;
