/**
 * The seam between the server and a driver: how a PBX is opened, what is asked of it, and what it
 * tells.
 *
 * <p>A driver registers a {@link org.jackfield.api.provider.TelephonyDriver} as a service. The
 * server opens a PBX with it and gets a {@link org.jackfield.api.provider.TelephonyProvider}:
 * <em>down go commands, up come facts</em>. A command's reply only acknowledges it; what became of
 * it is told by facts.
 *
 * <h2>The rules</h2>
 *
 * <ol>
 *   <li><b>R1, quiet start.</b> Starting the bundle, creating the driver and {@code schema()}
 *       connect to nothing. {@code open} returns at once and connects by itself; {@code LinkUp}
 *       says when.
 *   <li><b>R2, harmless probe.</b> {@code probe} changes nothing at the PBX and names every missing
 *       permission, module or setting.
 *   <li><b>R3, one thread.</b> The server calls a provider only on that provider's serial executor,
 *       one call at a time; nothing it calls may block. The driver's own I/O threads come back by
 *       {@code ProviderContext.execute}; timers by {@code schedule} run there too. {@code report}
 *       may be called from any thread, and the order of a thread's reports is kept.
 *   <li><b>R4, an acknowledgement is no outcome.</b> The reply to a command comes within 2 s and
 *       means accepted or refused. A refused command has changed nothing at the PBX. An accepted
 *       one that fails later is told by the facts of its connections, or by {@code CommandFailed}.
 *   <li><b>R5, facts are whole and in order.</b> Each {@code ConnectionChanged} carries the full
 *       state of one connection, in the order of the PBX. Repeating one is harmless. A connection
 *       that left is told once as disconnected, with its cause. A call is over when its last
 *       connection is. Nothing is reported that the PBX has not told, or that does not follow from
 *       it.
 *   <li><b>R6, ids.</b> The server names the calls that it starts, and the driver uses that name in
 *       every fact. The driver names the calls that others start; such a name must outlive a
 *       reconnect, a new open and a restart of the server. A party that is in two calls has the
 *       same connection id in both. Ids are never used again.
 *   <li><b>R7, at most once.</b> A command id that comes again is not done again; it gets the reply
 *       that it got.
 *   <li><b>R8, the declaration holds.</b> What the capabilities permit works; what they do not is
 *       refused as NOT_SUPPORTED.
 *   <li><b>R9, the link.</b> A lost link is told at once by {@code LinkDown}; the driver reconnects
 *       by itself, with back-off, and tells {@code LinkUp}. A {@code Snapshot}, whenever it is
 *       asked for, is the PBX's own picture, whole, in its place among the facts. What connections
 *       are told between {@code LinkUp} and the first snapshot after it is not looked at: that
 *       snapshot has it.
 *   <li><b>R10, a clean leave.</b> {@code close} leaves every call where the PBX keeps it by
 *       itself, and no thread, timer, socket or listener of the driver. After it nothing is
 *       reported; the context ignores what is.
 *   <li><b>R11, hand-over.</b> What {@code handOver} gives is all that another instance needs to go
 *       on with every call as it is, by {@code takeOver}; who has handed over leaves the calls
 *       alone, and may be given them back.
 * </ol>
 *
 * <h2>What each command means</h2>
 *
 * <p>The meaning of each {@link org.jackfield.api.provider.Command} stands at its record: what the
 * PBX does, and by which facts its success and its failures are told.
 */
@Export
@Version("1.4.0")
@NullMarked
package org.jackfield.api.provider;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
