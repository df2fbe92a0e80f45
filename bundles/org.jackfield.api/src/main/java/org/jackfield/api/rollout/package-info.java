/** How a driver's JAR comes into a running server: what is checked, and why one is refused. */
@Export
@Version("1.3.0")
@NullMarked
package org.jackfield.api.rollout;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
