/** What happened, in order: one gap-free log of events with a cursor for each reader. */
@Export
@Version("1.1.0")
@NullMarked
package org.jackfield.api.event;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
