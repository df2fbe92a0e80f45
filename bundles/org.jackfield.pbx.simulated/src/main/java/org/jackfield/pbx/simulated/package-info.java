/** Jackfield simulated PBX. */
@NullMarked
package org.jackfield.pbx.simulated;

import org.jspecify.annotations.NullMarked;
