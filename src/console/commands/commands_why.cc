#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "console/commands/command_rows.h"
#include "console/commands/reply_parts.h"
#include "scenario/units.h"

namespace delstep {
namespace {

/// People read shares of a model, programs the weights.
Cell WeightCell(const CommandContext& context, double weight) {
  return context.json ? weight : 100 * weight;
}

Table SourceTable(const CommandContext& context, std::span<const SourceShare> sources) {
  Table table{.key = "sources",
              .columns = {{"node", "source"},
                          {"initial", "initial/%", 2},
                          {"trained", "trained/%", 2},
                          {"trainings", "trainings"}}};
  for (const SourceShare& source : sources)
    table.rows.push_back({context.Label(source.node), WeightCell(context, source.initial),
                          WeightCell(context, source.trained), source.trainings});
  return table;
}

std::string ExactnessText(bool exact) {
  return exact ? "exact: every aggregation on the way was a weighted sum or a selection"
               : "an estimate: a rule or a compressor on the way does not say what it took";
}

/// "ann → bob: message 12, sent at 3.2s, arrived at 3.4s, aggregated at 3.4s in cycle 2 with 50 %".
std::string HopText(const CommandContext& context, const Hop& hop) {
  const auto time = [](SimTime t) { return FormatDuration(t.time_since_epoch()); };
  return fmt::format(
      "{} → {}: message {}, sent at {}, arrived at {}, aggregated at {} in cycle {} with {:.2f} %",
      context.Label(hop.from).shown(), context.Label(hop.to).shown(),
      static_cast<std::uint64_t>(hop.message), time(hop.sent), time(hop.arrived),
      time(hop.aggregated), hop.cycle, 100 * hop.weight);
}

Table HopTable(const CommandContext& context, std::span<const Hop> hops) {
  Table table{.key = "way",
              .columns = {{"from"},
                          {"to"},
                          {"message"},
                          {"sent_at"},
                          {"arrived_at"},
                          {"aggregated_at"},
                          {"cycle"},
                          {"weight"}},
              .shown = 0};
  for (const Hop& hop : hops)
    table.rows.push_back({context.Label(hop.from), context.Label(hop.to),
                          static_cast<std::uint64_t>(hop.message), hop.sent.time_since_epoch(),
                          hop.arrived.time_since_epoch(), hop.aggregated.time_since_epoch(),
                          hop.cycle, hop.weight});
  return table;
}

/// What the lines of the way mean, or why there are none.
std::string WayText(const CommandContext& context, const KnowledgeWay& way) {
  const std::string source = context.Label(context.targets.b).shown();
  if (way.weight == 0)
    return way.forgotten ? fmt::format("the meetings by which it came are no longer kept")
                         : fmt::format("no meeting has brought anything of {} here", source);
  std::string text =
      fmt::format("the strongest way: what {} learnt before counts here with {:.2f} % by it",
                  source, 100 * way.weight);
  if (way.forgotten) text += "; older meetings are no longer kept";
  return text;
}

void AddWay(const CommandContext& context, const KnowledgeWay& way, Reply& reply) {
  for (const Hop& hop : way.hops) reply.output.push_back(HopText(context, hop));
  reply.output.push_back(WayText(context, way));
  reply.fields.emplace_back("way_weight", way.weight);
  reply.fields.emplace_back("forgotten", way.forgotten);
  reply.tables.push_back(HopTable(context, way.hops));
}

Result<Reply> ShowWhy(CommandContext& context) {
  const NodeId node = context.targets.a;
  DELSTEP_ASSIGN(ModelSources found, context.simulation.Why(node));
  const bool one = context.arguments.Has("B");
  if (one)
    std::erase_if(found.sources,
                  [&](const SourceShare& source) { return source.node != context.targets.b; });
  Reply reply;
  reply.fields = {{"node", context.Label(node)}, {"exact", found.exact}};
  reply.tables.push_back(SourceTable(context, found.sources));
  reply.text.push_back(ExactnessText(found.exact));
  if (!one) return reply;
  DELSTEP_ASSIGN(const KnowledgeWay way, context.simulation.Way(node, context.targets.b));
  AddWay(context, way, reply);
  return reply;
}

constexpr Command kWhy[] = {
    {.scope = CommandScope::kInterface,
     .usage = "why NODE [SOURCE]",
     .form = "why A [B]",
     .sentence = "where a node's model comes from: whose initial parameters and trainings are in it; "
                 "with SOURCE also the messages by which its knowledge came",
     .example = "why 10.0.0.1 10.0.0.3",
     .more = "initial: the share of the source's initial parameters; they sum to 100 %.\n"
             "trained: the sum of the shares of the source's trainings. A training counts 100 % in "
             "the node that trained, and averages scale it.\n"
             "trainings: how many of them are in it.\n"
             "With SOURCE the way of messages on which most of its knowledge was left. The key "
             "history.why turns all this on or off.",
     .who = Who::kAny,
     .shows = true,
     .run = ShowWhy},
};

}  // namespace

std::span<const Command> WhyCommands() { return kWhy; }

}  // namespace delstep
