/**
 * Write ahead, then act: the intent of each command is durable before the command leaves, the
 * outcome before it is told.
 */
@Export
@Version("1.2.0")
@NullMarked
package org.jackfield.api.journal;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
