/** What is allowed and preferred. */
@Export
@Version("1.0.0")
@NullMarked
package org.jackfield.api.policy;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
