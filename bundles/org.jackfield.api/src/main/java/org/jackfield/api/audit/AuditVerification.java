package org.jackfield.api.audit;

import java.util.OptionalLong;

/**
 * What a reading of the whole chain has shown.
 *
 * @param intact whether every row is as it was written, and none is missing or too many
 * @param rows how many rows were read
 * @param badRow the first row that is not as it was written, or is missing; of an intact chain
 *     empty
 * @param text what was found, for a person
 */
public record AuditVerification(boolean intact, long rows, OptionalLong badRow, String text) {}
