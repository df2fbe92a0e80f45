/** Live sessions: one lane for each PBX, what it knows, and the indexes it publishes to. */
@NullMarked
package org.jackfield.core.session;

import org.jspecify.annotations.NullMarked;
