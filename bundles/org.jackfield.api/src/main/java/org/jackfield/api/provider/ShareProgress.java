package org.jackfield.api.provider;

import java.time.Duration;

/**
 * How far the calls of one PBX have gone over to another version of its driver.
 *
 * @param percent which part of its new calls the newer version serves
 * @param newer how many live sessions the newer version serves
 * @param older how many the older one does
 * @param commands how many commands the newer one was given and has answered, or has not in time
 * @param failed how many of these were refused, have failed, or were not answered
 * @param longest the longest that the newer one took for an answer, those still awaited included
 */
public record ShareProgress(
    int percent, int newer, int older, int commands, int failed, Duration longest) {}
