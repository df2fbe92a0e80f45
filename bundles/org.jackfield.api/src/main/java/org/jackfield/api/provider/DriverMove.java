package org.jackfield.api.provider;

import java.time.Duration;

/**
 * What became of one PBX when another version of its driver had come.
 *
 * @param provider the PBX
 * @param moved whether it is served by that version now; else the version before goes on
 * @param why a sentence for a person where it has not moved; else empty
 * @param took how long it took
 */
public record DriverMove(String provider, boolean moved, String why, Duration took) {}
