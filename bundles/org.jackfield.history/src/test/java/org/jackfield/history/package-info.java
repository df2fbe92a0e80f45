/** Tests of history and audit, on both databases. */
package org.jackfield.history;
