/** Journal and audit where no service keeps them: in memory, bounded. */
@NullMarked
package org.jackfield.core.record;

import org.jspecify.annotations.NullMarked;
