package org.jackfield.api.history;

/** What a question to the history is answered with. */
public sealed interface HistoryReply<T> {
  /** The answer. */
  record Found<T>(T value) implements HistoryReply<T> {}

  /**
   * The database cannot answer now; nothing is lost by it, what happens meanwhile is kept.
   *
   * @param why in the database's words, for a person
   */
  record Away<T>(String why) implements HistoryReply<T> {}
}
