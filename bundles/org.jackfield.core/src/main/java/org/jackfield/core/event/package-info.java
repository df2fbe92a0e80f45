/** The event log: one teller numbers what the lanes tell. */
@NullMarked
package org.jackfield.core.event;

import org.jspecify.annotations.NullMarked;
