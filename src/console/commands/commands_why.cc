#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "console/commands/command_rows.h"

namespace delstep {
namespace {

Table SourceTable(const CommandContext& context, std::span<const SourceShare> sources) {
  Table table{.key = "sources",
              .columns = {{"node", "source"},
                          {.key = "initial"},
                          {"", "initial/%", 2},
                          {.key = "trained"},
                          {"", "trained/%", 2},
                          {"trainings", "trainings"}}};
  // People read shares of a model, programs the weights.
  for (const SourceShare& source : sources)
    table.rows.push_back({context.Label(source.node), source.initial, 100 * source.initial,
                          source.trained, 100 * source.trained, source.trainings});
  if (sources.empty()) table.shown = 0;
  return table;
}

std::string ExactnessText(bool exact) {
  return exact ? "exact: every aggregation on the way was a weighted sum or a selection"
               : "an estimate: a rule or a compressor on the way does not say what it took";
}

Table HopTable(const CommandContext& context, std::span<const Hop> hops) {
  Table table{.key = "way",
              .columns = {{"from", "from"},
                          {"to", "to"},
                          {"message", "message"},
                          {"sent_at", "sent"},
                          {"arrived_at", "arrived"},
                          {"aggregated_at", "aggregated"},
                          {.key = "cycle", .title = "cycle", .minor = true},
                          {.key = "weight"},
                          {"", "weight/%", 2}}};
  for (const Hop& hop : hops)
    table.rows.push_back({context.Label(hop.from), context.Label(hop.to),
                          static_cast<std::uint64_t>(hop.message), hop.sent.time_since_epoch(),
                          hop.arrived.time_since_epoch(), hop.aggregated.time_since_epoch(),
                          hop.cycle, hop.weight, 100 * hop.weight});
  if (hops.empty()) table.shown = 0;
  return table;
}

/// What the lines of the way mean, or why there are none.
std::string WayText(const CommandContext& context, const KnowledgeWay& way) {
  const std::string source = context.Label(context.targets.b).shown();
  if (way.weight == 0)
    return way.forgotten
               ? fmt::format(
                     "the meetings that may have brought knowledge of {} are no longer kept",
                     source)
               : fmt::format("no meeting has brought knowledge of {} here", source);
  // A change holds nothing but trainings.
  const bool whole = context.simulation.scenario().aggregation.share == "parameters";
  return fmt::format("the strongest way{} leaves {:.2f} % of the {} of {} in message {}",
                     way.forgotten ? " that is still known" : "", 100 * way.weight,
                     whole ? "model" : "trainings", source,
                     static_cast<std::uint64_t>(way.hops.front().message));
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
  reply.text.push_back(WayText(context, way));
  reply.fields.insert(reply.fields.end(),
                      {{"way_weight", way.weight}, {"forgotten", way.forgotten}});
  reply.tables.push_back(HopTable(context, way.hops));
  return reply;
}

constexpr Command kWhy[] = {
    {.scope = CommandScope::kInterface,
     .usage = "why A [B]",
     .sentence = "where A's model comes from: whose initial parameters and trainings are in it; "
                 "with B also the messages by which the knowledge of B came",
     .example = "why 10.0.0.1 10.0.0.3",
     .more =
         "initial: the share of the source's initial parameters; they sum to 100 %.\n"
         "trained: the sum of the shares of the source's trainings. A training counts 100 % in "
         "the node that trained, and averages scale it.\n"
         "trainings: how many of them are in it.\n"
         "With B the way of messages that left most of its knowledge; B may have left.\n"
         "After a rule that merges (median, trimmed-mean) or a compressor the shares are an "
         "estimate, and a line says so.\n"
         "The messages that are on their way: messages, drop. How far a cycle has mixed what nodes "
         "know: stats mixing. The key history.why turns all this on or off.",
     .who = Who::kAny,
     .left_b = true,
     .shows = true,
     .run = ShowWhy},
};

}  // namespace

std::span<const Command> WhyCommands() { return kWhy; }

}  // namespace delstep
