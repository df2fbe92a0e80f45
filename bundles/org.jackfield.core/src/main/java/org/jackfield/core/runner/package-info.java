/** What drives a transfer: facts, requests and deadlines in, commands out, one outcome. */
@NullMarked
package org.jackfield.core.runner;

import org.jspecify.annotations.NullMarked;
