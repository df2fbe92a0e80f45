package org.jackfield.api.audit;

/**
 * One entry in its place.
 *
 * @param row its number, from 1, without gaps
 * @param entry what was recorded
 * @param hash SHA-256 over the hash of the row before and this row's content, 64 hexadecimal digits
 */
public record AuditRow(long row, AuditEntry entry, String hash) {}
