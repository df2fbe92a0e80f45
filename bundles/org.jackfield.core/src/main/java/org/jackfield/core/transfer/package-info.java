/**
 * The transfer machine: pure functions from a state and an input to the next state and the effects
 * that are wanted. No clock, no I/O and no thread; whoever runs it feeds facts, deadlines and
 * requests, and carries the effects out.
 */
@NullMarked
package org.jackfield.core.transfer;

import org.jspecify.annotations.NullMarked;
