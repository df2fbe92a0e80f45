/**
 * Live calls as the server sees them: immutable snapshots with a revision, and what can be asked of
 * them.
 *
 * <p>A <em>session</em> is one call, a <em>party</em> one end of it. Everything here may be used
 * from any thread; nothing blocks. Snapshots are published by the one writer of the call's PBX.
 */
@Export
@Version("1.1.0")
@NullMarked
package org.jackfield.api.session;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
