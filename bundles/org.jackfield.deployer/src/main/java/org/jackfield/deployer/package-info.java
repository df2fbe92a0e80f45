/**
 * Lets drivers into the running server: checks a JAR, keeps what was not checked from resolving.
 */
@NullMarked
package org.jackfield.deployer;

import org.jspecify.annotations.NullMarked;
