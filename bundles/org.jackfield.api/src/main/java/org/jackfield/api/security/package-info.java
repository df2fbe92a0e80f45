/** Who asks. Every request carries its requester; refusing the wrong one comes with the roles. */
@Export
@Version("1.0.0")
@NullMarked
package org.jackfield.api.security;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
