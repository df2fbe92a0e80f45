/** The policy: its file, its rules, and what they say of a request. */
@NullMarked
package org.jackfield.core.policy;

import org.jspecify.annotations.NullMarked;
