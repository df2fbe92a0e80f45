/**
 * What has been: ended sessions and transfers, searched page by page. Written by whoever keeps the
 * history, read by everybody else; a server without one answers that it has none.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.jackfield.api.history;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
