/** What the parts and the whole cost. A benchmark is not a test: nothing timed decides a build. */
@NullMarked
package org.jackfield.benchmarks;

import org.jspecify.annotations.NullMarked;
