/** Time, threads and chance, as the core gets them: all handed in, so that a test owns them. */
@NullMarked
package org.jackfield.core.run;

import org.jspecify.annotations.NullMarked;
