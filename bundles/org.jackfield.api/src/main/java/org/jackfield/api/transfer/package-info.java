/**
 * Transfer: what can be asked, what was planned and why, how far it is, how it ended.
 *
 * <p>TAPI's Transfer operation, blind or by consultation, as one durable state machine with exactly
 * one outcome. Everything here may be used from any thread; nothing blocks.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.jackfield.api.transfer;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
