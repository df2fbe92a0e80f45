/** Who did what: every act and every refusal leaves exactly one entry. */
@Export
@Version("1.1.0")
@NullMarked
package org.jackfield.api.audit;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
