package org.jackfield.core.transfer;

import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.transfer.TransferPlan;
import org.jackfield.api.transfer.TransferTarget;

/**
 * What a state may look at when it takes an input.
 *
 * @param plan what was decided
 * @param target where the request wants the call to go
 * @param capabilities what the PBX may do
 * @param now where the parties are, this input included
 */
public record TransferView(
    TransferPlan plan, TransferTarget target, Capabilities capabilities, Topology now) {}
