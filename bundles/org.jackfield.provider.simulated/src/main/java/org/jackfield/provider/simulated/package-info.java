/** Jackfield driver for the simulated PBX. */
@NullMarked
package org.jackfield.provider.simulated;

import org.jspecify.annotations.NullMarked;
