/** What can be asked of a call, and what may be asked of it now. */
@Export
@Version("0.1.0")
@NullMarked
package org.jackfield.api.capability;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
