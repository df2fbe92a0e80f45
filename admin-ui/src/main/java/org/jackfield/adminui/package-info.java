/** The console: its files, and the servlet that serves them. It knows the API over HTTP only. */
@NullMarked
package org.jackfield.adminui;

import org.jspecify.annotations.NullMarked;
