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
/// "NOUN: 10.0.0.2, 10.0.0.5" and a field, if there are any.
void AddNodes(Reply& reply, const CommandContext& context, std::string_view key,
              std::string_view what, std::span<const NodeId> nodes);
std::vector<std::string> Addresses(const CommandContext& context, std::span<const NodeId> nodes);

Reply ReportOf(const CommandContext& context, const StepReport& report);
Reply ReportOf(const CommandContext& context, const QueueReport& report);
Reply ReportOf(const NetworkReport& report);

}  // namespace delstep
