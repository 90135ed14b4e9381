#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "console/commands/command_rows.h"
#include "console/commands/reply_parts.h"

namespace delstep {
namespace {

Result<Reply> Report(const CommandContext& context, const Result<QueueReport>& report) {
  if (!report) return report.error();
  return ReportOf(context, *report);
}

Result<Reply> Exchange(CommandContext& context) {
  return Report(context, context.simulation.Exchange(context.targets.a, context.targets.b));
}

Result<Reply> Send(CommandContext& context) {
  return Report(context, context.simulation.Send(context.targets.a, context.targets.b));
}

/// Whoever names a node wants it to send; all, or a group, may have nobody to send to.
WhenAlone IfAlone(const CommandContext& context) {
  const std::vector<Choice> choices = context.arguments.Choices();
  const bool named = std::ranges::any_of(choices, [](const Choice& choice) {
    return choice.selector.kind == Selector::Kind::kNode ||
           choice.selector.kind == Selector::Kind::kRange;
  });
  return named ? WhenAlone::kRefuse : WhenAlone::kAccept;
}

Result<Reply> Flood(CommandContext& context) {
  return Report(context, context.simulation.Flood(context.targets.nodes, IfAlone(context)));
}

Result<Reply> Gossip(CommandContext& context) {
  const auto peers = static_cast<std::size_t>(*context.arguments.Get<std::uint64_t>("K"));
  return Report(context, context.simulation.Gossip(peers, context.targets.nodes, IfAlone(context)));
}

constexpr Command kCommunication[] = {
    {.scope = CommandScope::kCommunication,
     .usage = "exchange A B",
     .sentence = "two neighbours queue their models for each other",
     .example = "exchange 10.0.0.1 10.0.0.2",
     .autonet = true,
     .changes_world = true,
     .run = Exchange},
    {.scope = CommandScope::kCommunication,
     .usage = "send A B",
     .sentence = "A queues its model for B",
     .example = "send 10.0.0.1 10.0.0.2",
     .autonet = true,
     .changes_world = true,
     .run = Send},
    {.scope = CommandScope::kCommunication,
     .usage = "flood [NODE...]",
     .sentence = "queue the model for all neighbours",
     .example = "flood 10.0.0.1",
     .who = Who::kAll,
     .autonet = true,
     .changes_world = true,
     .run = Flood},
    {.scope = CommandScope::kCommunication,
     .usage = "gossip K [NODE...]",
     .sentence = "queue the model for K random neighbours",
     .example = "gossip 2",
     .who = Who::kAll,
     .autonet = true,
     .changes_world = true,
     .run = Gossip},
};

}  // namespace

std::span<const Command> CommunicationCommands() { return kCommunication; }

}  // namespace delstep
