/** What an earlier life of the server has left, and what is made of it. */
@NullMarked
package org.jackfield.core.recovery;

import org.jspecify.annotations.NullMarked;
