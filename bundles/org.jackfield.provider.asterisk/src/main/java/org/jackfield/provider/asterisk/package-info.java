/** Jackfield driver for Asterisk. */
@NullMarked
package org.jackfield.provider.asterisk;

import org.jspecify.annotations.NullMarked;
