/**
 * The durable journal: one append-only log in segments on the local disk. The format and the rules
 * stand in docs/journal.md.
 */
@NullMarked
package org.jackfield.journal;

import org.jspecify.annotations.NullMarked;
