/**
 * What can be asked of a call, and what may be asked of it now.
 *
 * <p>TAPI models this at two levels: {@code LINEADDRESSCAPS} says what may ever be available,
 * {@code LINECALLSTATUS} what is available now, for this call and this application. Both are a
 * {@link org.jackfield.api.capability.Capabilities} here.
 */
@Export
@Version("1.1.0")
@NullMarked
package org.jackfield.api.capability;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
