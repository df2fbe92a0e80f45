/**
 * History and audit in a database: what happens is taken from the event log and from the audit's
 * callers, owed in a file until the database has it, and read by those who ask. Never on the way of
 * a call.
 */
@NullMarked
package org.jackfield.history;

import org.jspecify.annotations.NullMarked;
