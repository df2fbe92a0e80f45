/** Jackfield shell commands. */
@NullMarked
package org.jackfield.shell;

import org.jspecify.annotations.NullMarked;
