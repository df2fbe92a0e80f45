package org.jackfield.core.session;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.journal.JournalRecord;
import org.jackfield.api.provider.AddressInfo;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.ConversationId;
import org.jackfield.api.session.Kinship;
import org.jackfield.api.session.Refusal;
import org.jackfield.api.session.SessionEvent;
import org.jackfield.api.session.SessionId;
import org.jackfield.core.run.Recent;
import org.jspecify.annotations.Nullable;

/**
 * The live calls of one PBX: applies facts, in whatever order they come, and publishes what has
 * changed. Touched by its lane only.
 */
public final class CallTable {
  /** How the calls that we start are named at the seam. */
  static final String OUR_PREFIX = "jf-";

  /** Of so many calls that are over a late fact is known to be late. */
  private static final int REMEMBERED = 4_096;

  private final String provider;
  private final Published out;
  private final HashRefs<LiveSession> calls = new HashRefs<>();
  private final HashRefs<LiveSession> byParty = new HashRefs<>();
  private final Map<CallId, Optional<Origin>> expected = new HashMap<>();
  private final Recent<CallId, Origin> branched = new Recent<>(REMEMBERED);
  private final Recent<CallId, Over> over = new Recent<>(REMEMBERED);
  private final Deque<LiveSession> touched = new ArrayDeque<>();
  private final List<CallWatcher> watchers = new ArrayList<>();
  private final Map<CallId, JournalRecord.CallBound> remembered = new HashMap<>();
  private volatile Capabilities may = Capabilities.NONE;
  private volatile Optional<Refusal> noTransfer = Optional.empty();

  /** What may be done for those addresses for which it is less. */
  private final Map<Address, Capabilities> narrowed = new ConcurrentHashMap<>();

  /** Where a call comes from that is not there yet. */
  private record Origin(Genealogy.Member from, Kinship.How how) {}

  /** How a call is known to be over. */
  private enum Over {
    /** Its last party left, or it was merged: ids are never used again, so what comes is late. */
    TOLD,
    /** Nobody could tell how it is, or a picture did not have it: it may still live. */
    PRESUMED
  }

  CallTable(String provider, Published out) {
    this.provider = provider;
    this.out = out;
  }

  void watch(CallWatcher watcher) {
    watchers.add(watcher);
  }

  /** Which calls were which sessions in an earlier life of the server. */
  void remember(Map<CallId, JournalRecord.CallBound> calls) {
    remembered.putAll(calls);
  }

  /** The whole picture has been seen: a call that is not in it is over. */
  void forgetWhatIsOver() {
    remembered.keySet().forEach(call -> out.journal(new JournalRecord.CallEnded(provider, call)));
    remembered.clear();
  }

  List<CallWatcher> watchers() {
    return watchers;
  }

  public String provider() {
    return provider;
  }

  /** What the PBX may ever do. Any thread. */
  public Capabilities may() {
    return may;
  }

  /** What the PBX may ever do for an address. Any thread. */
  public Capabilities may(Address address) {
    Capabilities less = narrowed.get(address);
    return less == null ? may : may.narrowedBy(less);
  }

  /** An address is told of; it may be served less well than others. */
  void address(AddressInfo info) {
    Capabilities less = info.may().orElse(null);
    Capabilities before =
        less == null ? narrowed.remove(info.address()) : narrowed.put(info.address(), less);
    if (!Objects.equals(before, less)) {
      all().forEach(this::touch);
    }
  }

  /** Why no transfer may begin, if none may. Any thread. */
  Optional<Refusal> noTransfer() {
    return noTransfer;
  }

  void noTransfer(Optional<Refusal> why) {
    if (why.isPresent() != noTransfer.isPresent()) {
      all().forEach(this::touch);
    }
    noTransfer = why;
  }

  void may(Capabilities now) {
    if (!now.equals(may)) {
      may = now;
      all().forEach(this::touch);
    }
  }

  private void touch(LiveSession session) {
    if (!session.touched) {
      session.touched = true;
      touched.add(session);
    }
  }

  public Optional<LiveSession> find(SessionId id) {
    return out.index().live(id).filter(s -> !s.isOver() && s.provider().equals(provider));
  }

  public Optional<LiveSession> find(CallId call) {
    return Optional.ofNullable(get(call));
  }

  /** Whether it is not known, nor known to be over. */
  boolean isNew(CallId call) {
    return get(call) == null && !isKnownToBeOver(call);
  }

  boolean isKnownToBeOver(CallId call) {
    return get(call) == null && over.get(call).filter(Over.TOLD::equals).isPresent();
  }

  private @Nullable LiveSession get(CallId call) {
    return calls.find(call.value().hashCode(), session -> session.isOf(call));
  }

  private static int hash(ConnectionId party) {
    return party.value().hashCode();
  }

  /** The live calls a party is in. */
  public List<LiveSession> of(ConnectionId party) {
    return byParty.all(hash(party), session -> session.has(party));
  }

  /** All live calls, in the order in which they came. */
  List<LiveSession> all() {
    List<LiveSession> all = new ArrayList<>(calls.size());
    calls.forEach(all::add);
    all.sort(Comparator.comparingLong(LiveSession::order));
    return all;
  }

  boolean hasNone() {
    return calls.isEmpty();
  }

  /** The name of a call that we start for a session. */
  public static CallId nameOf(SessionId session) {
    return new CallId(OUR_PREFIX + session);
  }

  /** A call of ours will come into being. */
  public void expect(SessionId session) {
    expected.put(nameOf(session), Optional.empty());
  }

  /** A call of ours will come into being, in which a party of another one consults. */
  public void expectConsultation(SessionId session, CallId of) {
    expected.put(
        nameOf(session),
        find(of).map(from -> new Origin(Genealogy.Member.of(from), Kinship.How.CONSULTATION)));
  }

  /** A call of ours will not come into being, or need not be waited for any more. */
  public void expectNoMore(SessionId session) {
    expected.remove(nameOf(session));
  }

  /** What may be asked for a party of a session now. */
  public Permissions.Situation situation(LiveSession session, Connection connection) {
    return session.situation(connection, may(connection.address()), noTransfer, this::elsewhere);
  }

  /** Says what a transfer makes of a session's parties; with null, that there is none any more. */
  public void mark(LiveSession session, LiveSession.@Nullable Marks marks) {
    session.mark(marks);
    touch(session);
  }

  void connectionChanged(CallId call, Connection connection) {
    LiveSession session = get(call);
    if (session == null) {
      if (isKnownToBeOver(call) || connection.state().isOver() && !expected.containsKey(call)) {
        return;
      }
      session = start(call);
    }
    apply(session, connection);
  }

  private void apply(LiveSession session, Connection connection) {
    if (session.connection(connection.id()).filter(connection::equals).isPresent()) {
      return;
    }
    if (connection.state().isOver()) {
      leave(session, connection);
    } else {
      put(session, connection);
    }
    touchAllOf(connection.id());
    touch(session);
    watchers.forEach(w -> w.connectionChanged(session, connection));
    if (session.hasNobody()) {
      end(session, connection.cause().orElse(Cause.of(Cause.Code.UNKNOWN)));
    }
  }

  private LiveSession start(CallId call) {
    over.remove(call);
    JournalRecord.CallBound known = remembered.remove(call);
    SessionId id = known == null ? idOf(call) : known.session();
    JournalRecord.CallBound.Started started = started(known);
    LiveSession session =
        new LiveSession(
            id,
            provider,
            call,
            out.genealogy()
                .surviving(known == null ? new ConversationId(id.value()) : known.conversation()),
            started.at(),
            started.place());
    calls.add(call.value().hashCode(), session);
    out.index().enter(session);
    out.genealogy().livesAgain(id);
    origin(call).ifPresent(o -> relate(o.from, session, o.how));
    if (known == null) {
      bind(session);
    }
    return session;
  }

  private JournalRecord.CallBound.Started started(JournalRecord.@Nullable CallBound known) {
    return known != null && known.started().isPresent()
        ? known.started().get()
        : new JournalRecord.CallBound.Started(out.environment().now(), out.index().nextPlace());
  }

  private Optional<Origin> origin(CallId call) {
    Optional<Origin> told = branched.get(call);
    branched.remove(call);
    Optional<Origin> ours = expected.remove(call);
    return ours == null || ours.isEmpty() ? told : ours;
  }

  private void bind(LiveSession session) {
    out.journal(
        new JournalRecord.CallBound(
            provider,
            session.call(),
            session.id(),
            session.conversation(),
            Optional.of(
                new JournalRecord.CallBound.Started(session.startedAt(), session.order()))));
  }

  /** Both are of one conversation; of two the older one's id survives, for all their sessions. */
  private void relate(Genealogy.Member from, LiveSession into, Kinship.How how) {
    Genealogy.Member other = Genealogy.Member.of(into);
    Instant now = out.environment().now();
    Genealogy.Related related = out.genealogy().relate(from, other, how, now);
    out.journal(new JournalRecord.SessionsRelated(from.written(), other.written(), how, now));
    ConversationId survivor = related.conversation();
    for (SessionId id : related.joined()) {
      find(id)
          .filter(member -> !member.conversation().equals(survivor))
          .ifPresent(
              member -> {
                member.join(survivor);
                touch(member);
                if (member.isPublished()) {
                  bind(member);
                }
              });
    }
  }

  /** The PBX tells that a call has come out of another. */
  void callBranched(CallId fromCall, CallId intoCall, boolean consultation) {
    LiveSession from = get(fromCall);
    Kinship.How how = consultation ? Kinship.How.CONSULTATION : Kinship.How.SPLIT;
    // A call may branch again, or be merged, before a party of it was told.
    Optional<Origin> origin =
        from == null
            ? branched.get(fromCall)
            : Optional.of(new Origin(Genealogy.Member.of(from), how));
    if (origin.isEmpty() || fromCall.equals(intoCall)) {
      return;
    }
    LiveSession into = get(intoCall);
    if (into == null) {
      branched.put(intoCall, origin.get());
    } else {
      relate(origin.get().from, into, origin.get().how);
    }
  }

  /** A call that we started carries its session's id in its name, so that no restart loses it. */
  private SessionId idOf(CallId call) {
    if (call.value().startsWith(OUR_PREFIX)) {
      Optional<SessionId> ours = SessionId.parse(call.value().substring(OUR_PREFIX.length()));
      if (ours.isPresent() && out.index().live(ours.get()).isEmpty()) {
        return ours.get();
      }
    }
    return new SessionId(out.environment().ids().next());
  }

  /** If the call is over, nobody told so: should the PBX tell of it again, it lives. */
  void presume(CallId call) {
    over.get(call).ifPresent(told -> over.put(call, Over.PRESUMED));
  }

  private void put(LiveSession session, Connection connection) {
    boolean isNew = !session.has(connection.id());
    session.put(connection);
    if (isNew) {
      byParty.add(hash(connection.id()), session);
    }
  }

  private void leave(LiveSession session, Connection connection) {
    touchAllOf(connection.id());
    if (session.has(connection.id())) {
      session.remove(connection.id());
      byParty.remove(hash(connection.id()), session);
    }
  }

  private void touchAllOf(ConnectionId party) {
    byParty.forEach(
        hash(party),
        session -> {
          if (session.has(party)) {
            touch(session);
          }
        });
  }

  /** Ends a session for a cause that no connection told. */
  void end(LiveSession session, Cause cause) {
    forget(session);
    watchers.forEach(w -> w.ended(session, cause));
    publish();
    out.index().remove(session);
    session
        .snapshot()
        .ifPresent(last -> out.teller().tell(() -> new SessionEvent.Ended(last.session(), cause)));
  }

  private void forget(LiveSession session) {
    session.end();
    CallId call = session.call();
    calls.remove(call.value().hashCode(), session);
    for (Connection connection : session.connections()) {
      byParty.remove(hash(connection.id()), session);
      touchAllOf(connection.id());
    }
    over.put(call, Over.TOLD);
    out.journal(new JournalRecord.CallEnded(provider, call));
  }

  void callsMerged(CallId fromCall, CallId intoCall) {
    LiveSession from = get(fromCall);
    if (from == null || fromCall.equals(intoCall)) {
      return;
    }
    LiveSession known = get(intoCall);
    LiveSession into = known == null ? start(intoCall) : known;
    relate(Genealogy.Member.of(from), into, Kinship.How.MERGED);
    List<Connection> moving = from.connections();
    forget(from);
    for (Connection connection : moving) {
      // Who is in both has told in the second how it is there.
      if (into.connection(connection.id()).isEmpty()) {
        put(into, connection);
      }
    }
    touch(into);
    finishMerge(from, into);
  }

  private void finishMerge(LiveSession from, LiveSession into) {
    watchers.forEach(w -> w.merged(from, into));
    publish();
    out.index().remove(from);
    ConversationId conversation = into.conversation();
    from.snapshot()
        .ifPresent(
            last ->
                out.teller()
                    .tell(() -> new SessionEvent.Merged(last.session(), into.id(), conversation)));
  }

  /** Publishes what has changed since the last time. */
  public void publish() {
    for (LiveSession session = touched.poll(); session != null; session = touched.poll()) {
      session.touched = false;
      if (!session.isOver() && !session.hasNobody()) {
        boolean first = !session.isPublished();
        LiveSession changed = session;
        session
            .changed(may, noTransfer.isEmpty(), this::may, this::elsewhere)
            .ifPresent(now -> tell(changed, now, first));
        session.rest();
      }
    }
  }

  private void tell(LiveSession session, SessionSnapshot now, boolean first) {
    out.index().publish(session, now);
    out.teller()
        .tell(
            first
                ? () -> new SessionEvent.Started(now.session())
                : () -> new SessionEvent.Changed(now.session()));
  }

  private List<ConnectionState> elsewhere(LiveSession but, ConnectionId party) {
    if (byParty.find(hash(party), session -> session != but && session.has(party)) == null) {
      return List.of();
    }
    List<ConnectionState> found = new ArrayList<>();
    for (LiveSession session : of(party)) {
      if (session != but) {
        session.connection(party).ifPresent(there -> found.add(there.state()));
      }
    }
    // In an order of their own, as the table has none.
    found.sort(null);
    return found;
  }

  /** Whether nothing at all is left, for tests of residue. */
  boolean isEmpty() {
    return calls.isEmpty() && byParty.isEmpty() && expected.isEmpty() && touched.isEmpty();
  }
}
