/** PBXs opened from the configuration through the drivers that are there. */
@NullMarked
package org.jackfield.core.provider;

import org.jspecify.annotations.NullMarked;
