#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "console/commands/command_rows.h"
#include "console/commands/reply_parts.h"

namespace delstep {
namespace {

/// Four decimals, or what it takes: that of a large ring is small, and not 0.
std::string GapText(double gap) {
  return gap == 0 || gap >= 0.001 ? fmt::format("{:.4f}", gap) : fmt::format("{:.3g}", gap);
}

void AddGraph(Reply& reply, const MixingView& mixing) {
  const std::size_t nodes = mixing.nodes.size();
  reply.fields = {{"delivered", mixing.delivered},
                  {"pairs", mixing.pairs},
                  {"components", mixing.parts},
                  {"spectral_gap", mixing.spectral_gap},
                  {"gap_exact", mixing.gap_exact}};
  reply.output.push_back(fmt::format(
      "graph      {} delivered between {} of {}: {}", Count(mixing.delivered, "message"),
      Count(mixing.pairs, "pair"), Count(nodes, "node"),
      mixing.parts <= 1 ? "connected"
                        : fmt::format("{} parts without a link between them", mixing.parts)));
  reply.output.push_back(fmt::format("gap        spectral gap {}{}",
                                     mixing.gap_exact ? "" : "at most ",
                                     GapText(mixing.spectral_gap)));
  reply.fields.emplace_back("left_out", mixing.left_out);
  if (mixing.left_out > 0)
    reply.output.push_back(
        fmt::format("the last {} messages of the cycle are not looked at", mixing.left_out));
}

void AddConsensus(Reply& reply, const MixingView& mixing) {
  const bool known = mixing.consensus_before.has_value();
  reply.fields.emplace_back("consensus_before", known ? Cell(*mixing.consensus_before) : Cell());
  reply.fields.emplace_back("consensus_distance", mixing.consensus_after);
  reply.output.push_back(
      known
          ? fmt::format("consensus  distance {:.4f} when the cycle began, {:.4f} now",
                        *mixing.consensus_before, mixing.consensus_after)
          : fmt::format("consensus  distance {:.4f} now; that of the beginning is not kept, as all "
                        "models together take more than 256 MiB",
                        mixing.consensus_after));
}

/// All others but those that have reached the node.
std::vector<NodeId> MissingAt(const NodeMixing& node, const MixingView& mixing) {
  std::vector<NodeId> missing;
  for (const NodeMixing& other : mixing.nodes)
    if (other.node != node.node && !std::ranges::binary_search(node.reached_from, other.node))
      missing.push_back(other.node);
  return missing;
}

/// Programs get who has reached a node, people how many and, being fewer in the end, who has not.
Table NodesOf(const CommandContext& context, const MixingView& mixing) {
  Table table{.key = "nodes",
              .columns = {{"node", "node"},
                          {"received", "received"},
                          {.key = "reached_from"},
                          {.title = "reached from"},
                          {"reaches", "reaches"},
                          {.title = "not reached from", .optional = true}}};
  for (const NodeMixing& each : mixing.nodes)
    if (!mixing.reach_known)
      table.rows.push_back(
          {context.Label(each.node), each.received, Cell(), Cell(), Cell(), Cell()});
    else
      table.rows.push_back({context.Label(each.node), each.received,
                            Labels(context, each.reached_from),
                            std::uint64_t{each.reached_from.size()}, std::uint64_t{each.reaches},
                            Labels(context, MissingAt(each, mixing))});
  return table;
}

Result<Reply> StatsMixing(CommandContext& context) {
  const MixingView mixing = context.simulation.Mixing();
  Reply reply;
  AddGraph(reply, mixing);
  AddConsensus(reply, mixing);
  if (!mixing.reach_known)
    reply.text.push_back(fmt::format("who was reached from whom is found out for up to {} nodes",
                                     MixingView::kMostReached));
  reply.tables.push_back(NodesOf(context, mixing));
  return reply;
}

constexpr Command kMixing[] = {
    {.scope = CommandScope::kLogging,
     .usage = "stats mixing",
     .sentence = "how far the present cycle has brought the nodes together: what was delivered, "
                 "spectral gap, consensus distance, who was reached from whom",
     .example = "stats mixing",
     .more =
         "The graph has an edge between two present nodes if a message of one reached the other in "
         "this cycle. Its spectral gap is 1 - max(|lambda_2|, |lambda_n|) of the matrix of "
         "Metropolis-Hastings weights: 0 where the graph is not connected, 1 where each node is "
         "linked to each. One averaging with these weights takes the consensus distance to (1 - "
         "gap)^2 of it, or below.\n"
         "A node is reached from another if a chain of messages leads from it, each queued after "
         "the "
         "one before it was delivered. What counts is the inbox, not what `ag` makes of it.\n"
         "Of a cycle the first 1,048,576 messages are looked at. Who was reached from whom is "
         "found "
         "out for up to 4,096 nodes.",
     .shows = true,
     .run = StatsMixing},
};

}  // namespace

std::span<const Command> MixingCommands() { return kMixing; }

}  // namespace delstep
