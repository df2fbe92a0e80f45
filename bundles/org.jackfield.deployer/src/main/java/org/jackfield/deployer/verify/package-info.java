/**
 * What is checked of a JAR before any class of it is loaded. Pure: bytes, rules and a picture of
 * the framework in, a verdict out; no thread, no file, no clock of its own.
 */
@NullMarked
package org.jackfield.deployer.verify;

import org.jspecify.annotations.NullMarked;
