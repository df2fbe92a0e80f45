package org.jackfield.api.session;

/**
 * A typed no. A refused request has changed nothing.
 *
 * @param reason one word
 * @param detail a sentence for a person that names what is wrong and what to do
 */
public record Refusal(Reason reason, String detail) {}
