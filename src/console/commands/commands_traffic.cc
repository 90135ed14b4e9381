#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "console/commands/command_rows.h"
#include "console/commands/reply_parts.h"

namespace delstep {
namespace {

/// Columns of counts, each key with `prefix` ("out_").
void AddCountColumns(std::string_view prefix, Table& table) {
  const auto add = [&](std::string_view name, std::string_view title) {
    table.columns.push_back({fmt::format("{}{}", prefix, name), std::string(title)});
  };
  // What a node sends is counted at its sending, what it is sent at its delivery: the rest is for
  // programs, or people could not have it in one line.
  add("sent", prefix.empty() ? "sent" : prefix == "out_" ? "out" : "");
  add("delivered", prefix.empty() ? "delivered" : prefix == "in_" ? "in" : "");
  add("lost", prefix == "in_" ? "lost in" : "lost");
  for (std::size_t reason = 0; reason < kLossReasons; ++reason)
    add(fmt::format("lost_{}", Name(static_cast<LossReason>(reason))), "");
  add("bytes", prefix == "in_" ? "bytes in" : "bytes");
}

void AddCountCells(const LinkCounts& counts, std::vector<Cell>& row) {
  row.insert(row.end(), {counts.sent, counts.delivered, counts.lost});
  for (const auto& [reason, count] : counts.lost_by) row.emplace_back(count);
  row.emplace_back(counts.bytes);
}

/// For people in milliseconds; for programs as times, and the mean too.
void AddLatencyColumns(Table& table) {
  table.columns.push_back({.key = "latency_mean"});
  for (const std::string_view name : {"p50", "p90", "max"}) {
    table.columns.push_back({.key = fmt::format("latency_{}", name)});
    table.columns.push_back({"", fmt::format("{}/ms", name), 3});
  }
}

void AddLatencyCells(const LinkCounts& counts, std::vector<Cell>& row) {
  // Without a delivery there is no latency; 0 would be one.
  const bool none = counts.delivered == 0;
  const auto time = [&](double seconds) {
    return none ? Cell() : Cell(Duration(std::llround(seconds * 1e9)));
  };
  row.push_back(time(counts.latency_mean));
  for (const double seconds : {counts.latency_p50, counts.latency_p90, counts.latency_max}) {
    row.push_back(time(seconds));
    row.push_back(none ? Cell() : Cell(seconds * 1e3));
  }
}

/// One node: the links that begin or end there; several: those among them; none: all.
bool IsWanted(const CommandContext& context, const LinkTrafficView& link) {
  const std::vector<NodeId>& nodes = context.targets.nodes;
  if (context.arguments.Choices().empty()) return true;
  const bool from = std::ranges::find(nodes, link.from) != nodes.end();
  const bool to = std::ranges::find(nodes, link.to) != nodes.end();
  return nodes.size() == 1 ? from || to : from && to;
}

/// Somebody has named nodes without a link, and nothing was ever sent between them.
Error NoSuchLink(const CommandContext& context) {
  const std::vector<NodeId>& nodes = context.targets.nodes;
  const auto shown = [&](std::size_t i) { return context.Label(nodes[i]).shown(); };
  if (nodes.size() == 1)
    return Refused(fmt::format("there is no link at {}", shown(0)), "`link A B up` makes one");
  if (nodes.size() == 2)
    return Refused(fmt::format("there is no link between {} and {}", shown(0), shown(1)),
                   fmt::format("`link {} {} up` makes one", context.Address(nodes[0]),
                               context.Address(nodes[1])));
  return Refused(fmt::format("there is no link among {}", Count(nodes.size(), "node")),
                 "`link A B up` makes one");
}

bool HasLinks(const CommandContext& context) {
  const std::vector<NodeId>& nodes = context.targets.nodes;
  if (nodes.size() == 1) return !context.simulation.LinksOf(nodes.front()).empty();
  return !context.simulation.LinksAmong(nodes).empty();
}

Result<Reply> ShowLinkTraffic(CommandContext& context) {
  Table table{.key = "links", .columns = {{"from", "from"}, {"to", "to"}}};
  AddCountColumns("", table);
  table.columns.push_back({"queued", "queued"});
  table.columns.push_back({"in_flight", "in flight"});
  AddLatencyColumns(table);
  for (const LinkTrafficView& link : context.simulation.LinkTraffic()) {
    if (!IsWanted(context, link)) continue;
    std::vector<Cell> row = {context.Label(link.from), context.Label(link.to)};
    AddCountCells(link.counts, row);
    row.insert(row.end(), {link.queued, link.in_flight});
    AddLatencyCells(link.counts, row);
    table.rows.push_back(std::move(row));
  }
  Reply reply;
  const auto choices = context.arguments.Choices();
  const bool all = std::ranges::all_of(
      choices, [](const Choice& choice) { return choice.selector.kind == Selector::Kind::kAll; });
  if (table.rows.empty() && !all && !HasLinks(context)) return NoSuchLink(context);
  if (table.rows.empty()) reply.output.push_back("nothing was sent over these links yet");
  reply.tables.push_back(std::move(table));
  return reply;
}

Result<Reply> ShowNodeTraffic(CommandContext& context) {
  Table table{.key = "nodes", .columns = {{"node", "node"}}};
  AddCountColumns("out_", table);
  AddCountColumns("in_", table);
  // `leaving`: in its outbox; `coming`: on its way to it. What waits at a node is so for people
  // too.
  table.columns.insert(table.columns.end(), {{"queued", "leaving"},
                                             {.key = "in_flight"},
                                             {"", "coming"},
                                             {.key = "waiting"},
                                             {"inbox", "inbox"}});
  AddLatencyColumns(table);
  const std::vector<NodeId> nodes =
      context.targets.nodes.empty() ? context.simulation.Nodes() : context.targets.nodes;
  for (const NodeTrafficView& node : context.simulation.NodeTraffic(nodes)) {
    std::vector<Cell> row = {context.Label(node.node)};
    AddCountCells(node.out, row);
    AddCountCells(node.in, row);
    row.insert(row.end(), {node.queued, node.in_flight_to, node.in_flight_to + node.waiting,
                           node.waiting, node.inbox});
    AddLatencyCells(node.in, row);
    table.rows.push_back(std::move(row));
  }
  Reply reply;
  reply.tables.push_back(std::move(table));
  return reply;
}

constexpr std::string_view kMeasured =
    "Latencies stay, once measured: also that of a message that `drop` took out of its inbox.";

constexpr Command kTraffic[] = {
    {.scope = CommandScope::kLogging,
     .usage = "stats links [NODE...]",
     .sentence =
         "what each link carried: messages, bytes, latency, and what waits; of one node, or "
         "among several",
     .example = "stats links 10.0.0.1",
     .more = kMeasured,
     .who = Who::kAny,
     .shows = true,
     .run = ShowLinkTraffic},
    {.scope = CommandScope::kLogging,
     .usage = "stats nodes [NODE...]",
     .sentence = "what each node sent (out) and received (in), what of each was lost, what is "
                 "leaving and coming, and the latency of what reached it",
     .example = "stats nodes",
     .more = kMeasured,
     .who = Who::kAny,
     .shows = true,
     .run = ShowNodeTraffic},
};

}  // namespace

std::span<const Command> TrafficCommands() { return kTraffic; }

}  // namespace delstep
