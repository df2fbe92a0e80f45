/**
 * The driver for the simulated PBX, and the example that authors of drivers read.
 *
 * <ul>
 *   <li>{@link org.jackfield.provider.simulated.SimulatedDriver} is the composition root: what a
 *       bundle registers.
 *   <li>{@link org.jackfield.provider.simulated.SimulatedProvider} is one opened PBX: the link's
 *       life, commands and their acknowledgements, facts in order.
 *   <li>{@link org.jackfield.provider.simulated.Words} translates between the API and the PBX's
 *       JSON; {@link org.jackfield.provider.simulated.PbxLine} carries its lines.
 * </ul>
 *
 * <p>Everything but the line runs on the provider's serial executor, so nothing here is locked.
 */
@NullMarked
package org.jackfield.provider.simulated;

import org.jspecify.annotations.NullMarked;
