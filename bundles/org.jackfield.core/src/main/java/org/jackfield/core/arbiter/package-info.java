/**
 * Decides how a call is moved, and says why: pure functions from a request and what is known to a
 * plan or a refusal.
 */
@NullMarked
package org.jackfield.core.arbiter;

import org.jspecify.annotations.NullMarked;
