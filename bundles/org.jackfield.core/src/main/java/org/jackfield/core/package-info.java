/** Jackfield core. */
@NullMarked
package org.jackfield.core;

import org.jspecify.annotations.NullMarked;
