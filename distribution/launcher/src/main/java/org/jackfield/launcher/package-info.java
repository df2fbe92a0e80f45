/** Starts the framework with the bundles of the distribution, and talks to a running server. */
@NullMarked
package org.jackfield.launcher;

import org.jspecify.annotations.NullMarked;
