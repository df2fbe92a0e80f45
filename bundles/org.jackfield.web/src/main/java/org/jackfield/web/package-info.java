/**
 * The HTTP side of the server: a router over a whiteboard servlet, who may ask, and the stream of
 * events. It keeps no state of calls: every answer is a snapshot that a service gave.
 */
@NullMarked
package org.jackfield.web;

import org.jspecify.annotations.NullMarked;
