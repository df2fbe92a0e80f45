package org.jackfield.core.session;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jackfield.api.journal.JournalRecord;
import org.jackfield.api.session.ConversationId;
import org.jackfield.api.session.Kinship;
import org.jackfield.api.session.SessionId;
import org.jackfield.core.run.Environment;

/**
 * Which session came of which, and the one id that they all share: a conversation. Only calls that
 * were consulted from, split or merged are here, so an ordinary call costs nothing. A conversation
 * is forgotten 24 hours after its last line, or when {@value #CONVERSATIONS} newer ones are known;
 * of one with more than {@value #LINES} lines the oldest lines go. Any thread.
 */
public final class Genealogy {
  static final Duration KEPT = Duration.ofHours(24);
  static final int CONVERSATIONS = 20_000;
  static final int LINES = 64;

  private final Environment environment;
  private final Map<ConversationId, Family> byName = new HashMap<>();
  private final Map<SessionId, Family> bySession = new HashMap<>();

  /** The one that was written to last is the last. */
  private final Map<ConversationId, Family> families = new LinkedHashMap<>();

  /** A session as a line needs it: with its conversation, and since when that is known. */
  record Member(SessionId session, ConversationId conversation, Instant since) {
    static Member of(LiveSession session) {
      return new Member(session.id(), session.conversation(), session.startedAt());
    }

    JournalRecord.SessionsRelated.Member written() {
      return new JournalRecord.SessionsRelated.Member(session, conversation, since);
    }
  }

  /** The sessions of one conversation. */
  private static final class Family {
    final ConversationId name;
    final Instant since;
    final Set<ConversationId> names = new LinkedHashSet<>();
    final Set<SessionId> sessions = new LinkedHashSet<>();
    final List<Kinship> lines = new ArrayList<>(2);
    Instant touched;

    Family(ConversationId name, Instant since) {
      this.name = name;
      this.since = since;
      this.touched = since;
      names.add(name);
    }

    boolean has(SessionId from, SessionId into, Kinship.How how) {
      for (Kinship line : lines) {
        if (line.how() == how && line.from().equals(from) && line.into().equals(into)) {
          return true;
        }
      }
      return false;
    }
  }

  public Genealogy(Environment environment) {
    this.environment = environment;
  }

  /**
   * Two sessions that are of one conversation.
   *
   * @param conversation the id that it has now
   * @param joined the sessions that may have had another one until now
   */
  record Related(ConversationId conversation, Set<SessionId> joined) {}

  /** Writes a line. Of two conversations the older one's id survives. */
  synchronized Related relate(Member from, Member into, Kinship.How how) {
    return relate(from, into, how, environment.now());
  }

  /** Writes a line of an earlier life of the server again. */
  public void restore(JournalRecord.SessionsRelated line) {
    Related unused = relate(member(line.from()), member(line.into()), line.how(), line.at());
  }

  private static Member member(JournalRecord.SessionsRelated.Member m) {
    return new Member(m.session(), m.conversation(), m.since());
  }

  /** Writes a line of that time. */
  synchronized Related relate(Member from, Member into, Kinship.How how, Instant now) {
    forgetOld(now);
    boolean bothKnown = bySession.containsKey(from.session) && bySession.containsKey(into.session);
    Set<SessionId> joined = new LinkedHashSet<>(4);
    joined.add(from.session);
    joined.add(into.session);
    Family family = united(family(from), family(into), how, joined);
    if (!bothKnown || !family.has(from.session, into.session, how)) {
      family.lines.add(new Kinship(from.session, into.session, how, now));
      shorten(family);
    }
    family.touched = now;
    families.remove(family.name);
    families.put(family.name, family);
    while (families.size() > CONVERSATIONS) {
      forget(families.values().iterator().next());
    }
    return new Related(family.name, joined);
  }

  private Family family(Member member) {
    Family family = bySession.get(member.session);
    if (family == null) {
      family = byName.get(member.conversation);
    }
    if (family == null) {
      family = new Family(member.conversation, member.since);
      byName.put(member.conversation, family);
    }
    family.sessions.add(member.session);
    bySession.put(member.session, family);
    return family;
  }

  private Family united(Family from, Family into, Kinship.How how, Set<SessionId> joined) {
    if (from == into) {
      return from;
    }
    Family older = isOlder(from, into, how) ? from : into;
    Family younger = older == from ? into : from;
    if (!younger.lines.isEmpty()) {
      older.lines.addAll(younger.lines);
      older.lines.sort(Comparator.comparing(Kinship::at));
    }
    older.names.addAll(younger.names);
    older.sessions.addAll(younger.sessions);
    joined.addAll(younger.sessions);
    younger.names.forEach(name -> joined.add(new SessionId(name.value())));
    younger.names.forEach(name -> byName.put(name, older));
    younger.sessions.forEach(session -> bySession.put(session, older));
    families.remove(younger.name);
    return older;
  }

  /** Of two that began at once: what the other came out of; of two that merge, the lower id. */
  private static boolean isOlder(Family from, Family into, Kinship.How how) {
    int byTime = from.since.compareTo(into.since);
    return byTime != 0
        ? byTime < 0
        : how != Kinship.How.MERGED || from.name.compareTo(into.name) < 0;
  }

  /** A session that no line names any more is forgotten with its last line. */
  private void shorten(Family family) {
    while (family.lines.size() > LINES) {
      Kinship oldest = family.lines.removeFirst();
      for (SessionId session : List.of(oldest.from(), oldest.into())) {
        boolean named =
            family.lines.stream()
                .anyMatch(line -> line.from().equals(session) || line.into().equals(session));
        if (!named) {
          family.sessions.remove(session);
          bySession.remove(session, family);
        }
      }
    }
  }

  private void forgetOld(Instant now) {
    while (!families.isEmpty()) {
      Family oldest = families.values().iterator().next();
      if (!oldest.touched.plus(KEPT).isBefore(now)) {
        return;
      }
      forget(oldest);
    }
  }

  private void forget(Family family) {
    families.remove(family.name);
    family.names.forEach(name -> byName.remove(name, family));
    family.sessions.forEach(session -> bySession.remove(session, family));
  }

  /** A session lives again: it is in no other one, or the way to that one would be a circle. */
  synchronized void livesAgain(SessionId session) {
    Family family = bySession.get(session);
    if (family != null) {
      family.lines.removeIf(
          line -> line.how() == Kinship.How.MERGED && line.from().equals(session));
    }
  }

  /** All lines of a session's conversation, oldest first. */
  synchronized List<Kinship> of(SessionId session) {
    forgetOld(environment.now());
    Family family = bySession.get(session);
    return family == null ? List.of() : List.copyOf(family.lines);
  }

  /** Where a session is now that was merged, through all merges. */
  synchronized Optional<SessionId> mergedInto(SessionId session) {
    Optional<SessionId> into = Optional.empty();
    SessionId at = session;
    // The later a line, the later the merge: one look through them finds the whole way.
    for (Kinship line : of(session)) {
      if (line.how() == Kinship.How.MERGED && line.from().equals(at)) {
        at = line.into();
        into = Optional.of(at);
      }
    }
    return into;
  }

  /** The id that a conversation has now. */
  public synchronized ConversationId surviving(ConversationId conversation) {
    Family family = byName.get(conversation);
    return family == null ? conversation : family.name;
  }

  /** All ids that a conversation has had, the present one among them. */
  public synchronized Set<ConversationId> names(ConversationId conversation) {
    Family family = byName.get(conversation);
    return family == null ? Set.of(conversation) : Set.copyOf(family.names);
  }

  /** The sessions that are, or were, of a conversation; it is named after its first one. */
  synchronized Set<SessionId> members(ConversationId conversation) {
    Family family = byName.get(conversation);
    Set<SessionId> members = new LinkedHashSet<>();
    names(conversation).forEach(name -> members.add(new SessionId(name.value())));
    if (family != null) {
      members.addAll(family.sessions);
    }
    return members;
  }

  /** How many conversations are known, for tests of residue. */
  synchronized int size() {
    return families.size();
  }
}
