#pragma once
/// Parts that many replies are made of.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "console/commands/command_table.h"
#include "console/commands/reply.h"

namespace delstep {

/// Says which nodes were skipped because they are down.
void AddSkipped(Reply& reply, const CommandContext& context);
/// "WHAT: ann, 10.0.0.5" and a field, if there are any.
void AddNodes(Reply& reply, const CommandContext& context, std::string_view key,
              std::string_view what, std::span<const NodeId> nodes);
std::vector<NodeLabel> Labels(const CommandContext& context, std::span<const NodeId> nodes);
/// "132 messages wait in outboxes: nstep carries them", if a node just looked for news in vain.
/// Nothing with autonet on, where the next command carries them.
void AddWaiting(Reply& reply, const CommandContext& context);

/// A person waits for trainings to end; a planned command only begins them.
Waiting WaitingOf(const CommandContext& context);

Reply ReportOf(const CommandContext& context, const StepReport& report);
Reply ReportOf(const CommandContext& context, const QueueReport& report);
Reply ReportOf(const NetworkReport& report);

}  // namespace delstep
