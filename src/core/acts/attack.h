#pragma once
/// Attacks: nodes that send something else than what they have learnt, as studies of Byzantine
/// robustness use them (Blanchard et al. 2017; Yin et al. 2018). An attacker trains, aggregates and
/// is tested as before; only its messages are wrong. A node with wrong *data* is `labels` instead.
///
/// With x being what the node would have sent (its model, or a change of it with aggregation.share,
/// as compression leaves it), what is sent is
///
///   sign-flip   -x
///   noise S     x + e, e ~ N(0, S^2) for each parameter, new for each command that sends
///   zero        0
///   scale K     K x
///   same        r ~ N(0, 1) for each parameter, the same r for all nodes, commands and times: so
///               attackers agree with each other, which a rule that looks for a majority believes
///   off         x
///
/// Buffers (running means and variances) stay as they are: a negative variance would break a
/// receiver's arithmetic rather than mislead it. The message's size, its number of examples and
/// its sender are those of an honest one. With compression the wrong numbers are what a receiver
/// decodes; what the sender keeps for the next time (core/acts/outgoing.h) is as if it were honest.
///
/// `why` counts such a message as its sender's model, and says that the shares are not exact.
///
/// Draws: noise from the stream (seed, attack, node, draws), draws from 1; `same` from the stream
/// (seed, attack, 0, 0).
/// Threads: one caller at a time; the workers of the engine fill the rows, in a run of many processes
/// those of the attacker's home (core/engine/sent_rows.h).
#include <span>
#include <string>
#include <string_view>

#include "core/acts/outgoing.h"
#include "core/engine/run.h"
#include "delstep/result.h"

namespace delstep {

/// Errors: kUsage for a text that is no attack, a number that is not finite, or a deviation below
/// 0.
Result<Attack> ParseAttack(std::string_view text);
/// "sign-flip", "noise 0.5", "off".
std::string Name(const Attack& attack);

/// Sets what the nodes send from now on; messages that are queued already stay. An AttackChanged
/// for each node, in the order given, also where nothing changes. Errors: those of ParseAttack();
/// then nothing has changed.
Result<void> SetAttack(Run& run, std::string_view text, std::span<const NodeId> nodes);

/// Replaces the rows of senders that attack. Senders that send the same get one row. Requires equal
/// lengths; `outgoing[i]` is what senders[i] would send. Errors: those of AttackRows(); then nothing has
/// changed.
Result<void> ApplyAttacks(Run& run, std::span<const NodeId> senders, std::span<Outgoing> outgoing);

}  // namespace delstep
