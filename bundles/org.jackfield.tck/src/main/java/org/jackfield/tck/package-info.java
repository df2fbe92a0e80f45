/** Jackfield conformance kit for drivers. */
@NullMarked
package org.jackfield.tck;

import org.jspecify.annotations.NullMarked;
