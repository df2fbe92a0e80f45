package org.jackfield.web;

import org.jspecify.annotations.Nullable;

/**
 * Who asks.
 *
 * @param page the page's session, where it asks by cookie; null for a program with a token
 */
record User(String name, PageSessions.@Nullable Page page) {
  static final String ADMINISTRATOR = "admin";
}
