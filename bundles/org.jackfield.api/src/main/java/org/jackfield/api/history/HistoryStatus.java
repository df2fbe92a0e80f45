package org.jackfield.api.history;

/**
 * How it stands with the history.
 *
 * @param state how the database is
 * @param text why, for a person; empty while all is well
 * @param database which one, without secrets
 * @param stored how many events and audit entries were stored since the start
 * @param owed how many wait for the database
 * @param lost how many were lost since the start, because more was owed than may be; each gap has
 *     an audit entry
 * @param refused how many the database would not take; they are kept in a file
 */
public record HistoryStatus(
    State state, String text, String database, long stored, long owed, long lost, long refused) {
  /** How the database is. */
  public enum State {
    /** Not asked yet. */
    STARTING,
    /** What happens is stored soon after. */
    UP,
    /** It answers, and is behind. */
    CATCHING_UP,
    /** It does not answer; what happens is kept. */
    AWAY;

    /** The name used in JSON. */
    public String text() {
      return this == CATCHING_UP ? "catchingUp" : name().toLowerCase(java.util.Locale.ROOT);
    }
  }
}
