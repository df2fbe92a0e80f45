/** Jackfield REST API, events and login. */
@NullMarked
package org.jackfield.web;

import org.jspecify.annotations.NullMarked;
