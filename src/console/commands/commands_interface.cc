#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "console/commands/class_report.h"
#include "console/commands/command_rows.h"
#include "console/commands/label_report.h"
#include "console/commands/reference.h"
#include "console/commands/reply_parts.h"
#include "scenario/units.h"

namespace delstep {
namespace {

std::string_view UpText(bool up) { return up ? "up" : "down"; }

Result<Reply> Neighborhood(CommandContext& context) {
  Table table{.key = "nodes",
              .columns = {{"node", "node"},
                          {"name", "name"},
                          {"state", "state"},
                          {"samples", "examples"},
                          {"degree", "degree"},
                          {"groups", "groups"},
                          {"neighbours", "neighbours"}}};
  for (const NodeId node : context.simulation.Nodes()) {
    const NodeView view = context.simulation.View(node);
    table.rows.push_back({view.address, view.name, std::string(UpText(view.up)),
                          view.train_samples + view.held_out_samples, view.neighbours.size(),
                          view.groups, Addresses(context, view.neighbours)});
  }
  Reply reply;
  reply.tables.push_back(std::move(table));
  return reply;
}

void AddEncounters(CommandContext& context, NodeId node, Table& table) {
  const std::string address = context.Address(node);
  const std::vector<EncounterView> met = context.simulation.Encounters(node);
  for (const EncounterView& e : met)
    table.rows.push_back({address, e.address, std::uint64_t{e.expiry}, e.samples,
                          Seconds(context.simulation.now() - e.received), e.distance});
  for (const NodeId peer : context.simulation.View(node).neighbours) {
    const bool known = std::ranges::any_of(met, [&](const auto& e) { return e.peer == peer; });
    if (!known) table.rows.push_back({address, context.Address(peer), {}, {}, {}, {}});
  }
}

Result<Reply> Guestbook(CommandContext& context) {
  Table table{.key = "encounters",
              .columns = {{"node", "node"},
                          {"peer", "peer"},
                          {"expiry", "expiry"},
                          {"samples", "examples"},
                          {"age", "age/s"},
                          {"distance", "distance"}}};
  for (const NodeId node : context.targets.nodes) AddEncounters(context, node, table);
  Reply reply;
  if (table.rows.empty()) reply.output.push_back("nobody met, and no neighbours");
  reply.tables.push_back(std::move(table));
  return reply;
}

std::vector<Cell> StatusRow(const NodeView& view) {
  const auto tested = view.last_evaluated;
  const auto trained = view.last_trained;
  return {view.address,
          std::string(UpText(view.up)),
          view.trained,
          trained ? Cell(trained->loss) : Cell(),
          tested ? Cell(Name(tested->scope)) : Cell(),
          tested ? Cell(tested->loss) : Cell(),
          tested ? Cell(tested->accuracy) : Cell(),
          view.inbox,
          view.outbox,
          view.encounters,
          view.in_flight_to,
          view.waiting,
          view.rate};
}

/// Training keys that nodes have a value of their own for.
Table OwnOptions(const Simulation& simulation, std::span<const NodeId> nodes) {
  Table table{.key = "own_options",
              .columns = {{"node", "node"}, {"key", "own key"}, {"value", "value"}}};
  for (const NodeId node : nodes) {
    const NodeView view = simulation.View(node);
    for (const auto& [key, value] : view.own_options)
      table.rows.push_back({view.address, key, ShortestReal(value)});
  }
  return table;
}

Result<Reply> Status(CommandContext& context) {
  const Simulation& simulation = context.simulation;
  Reply reply;
  Table table{.key = "nodes",
              .columns = {{"node", "node"},
                          {"state", "state"},
                          {"trained", "trained"},
                          {"train_loss", "train"},
                          {"test_scope", "test"},
                          {"test_loss", "loss"},
                          {"test_acc", "acc"},
                          {"inbox", "in"},
                          {"outbox", "out"},
                          {"encounters", "met"},
                          {"in_flight", "fly"},
                          {"waiting", "wait"},
                          {"rate", "rate", 2}}};
  const std::vector<NodeId> all = simulation.Nodes();
  std::size_t up = 0;
  for (const NodeId node : all) up += simulation.IsUp(node);
  const std::vector<NodeId>& asked = context.arguments.Has("NODE") ? context.targets.nodes : all;
  for (const NodeId node : asked) table.rows.push_back(StatusRow(simulation.View(node)));
  reply.text.push_back(fmt::format("cycle {} · clock {} · autonet {}", simulation.cycle(),
                                   FormatDuration(simulation.now().time_since_epoch()),
                                   simulation.autonet() ? "on" : "off"));
  reply.text.push_back(
      fmt::format("{} ({} up) · {} · {} queued · {} in flight · {} parameters a model",
                  Count(all.size(), "node"), up, Count(simulation.Groups().size(), "group"),
                  simulation.queued(), simulation.in_flight(), simulation.parameters()));
  reply.fields = {{"cycle", simulation.cycle()},
                  {"sim_time", Seconds(simulation.now())},
                  {"autonet", simulation.autonet()},
                  {"node_count", all.size()},
                  {"up", up},
                  {"groups", simulation.Groups().size()},
                  {"queued", simulation.queued()},
                  {"in_flight", simulation.in_flight()},
                  {"parameters", simulation.parameters()}};
  reply.tables.push_back(std::move(table));
  if (Table own = OwnOptions(simulation, asked); context.json || !own.rows.empty())
    reply.tables.push_back(std::move(own));
  return reply;
}

Result<Reply> DataShow(CommandContext& context) { return LabelReport(context.simulation); }

Result<Reply> Help(CommandContext& context) {
  const std::string topic = context.arguments.TextOf("COMMAND");
  Reply reply;
  DELSTEP_ASSIGN(const std::string text, HelpText(topic));
  reply.output.push_back(text);
  reply.fields = {{"text", text}};
  return reply;
}

constexpr Command kInterface[] = {
    {.scope = CommandScope::kInterface,
     .usage = "neighborhood",
     .sentence = "list all nodes with their data, neighbours and groups",
     .example = "neighborhood",
     .who = Who::kAny,
     .run = Neighborhood},
    {.scope = CommandScope::kInterface,
     .usage = "guestbook NODE...",
     .sentence = "list whom a node has met, and neighbours not met yet (–)",
     .example = "guestbook 10.0.0.1",
     .who = Who::kAny,
     .run = Guestbook},
    {.scope = CommandScope::kInterface,
     .usage = "status [NODE...]",
     .sentence = "counts, clock, mailboxes and last results",
     .example = "status 10.0.0.[1-3]",
     .who = Who::kAny,
     .run = Status},
    {.scope = CommandScope::kInterface,
     .usage = "data show",
     .sentence = "labels of each node's examples, with their entropy",
     .example = "data show",
     .who = Who::kAny,
     .run = DataShow},
    {.scope = CommandScope::kInterface,
     .usage = "confusion NODE... [local|global|group G]",
     .sentence = "show what a node takes the examples of each class for; logs no result",
     .example = "confusion 10.0.0.2 global",
     .shows = true,
     .run = ShowConfusion},
    {.scope = CommandScope::kInterface,
     .usage = "help [COMMAND...]",
     .sentence = "list the commands, or explain one",
     .example = "help link",
     .who = Who::kAny,
     .run = Help},
};

}  // namespace

std::span<const Command> InterfaceCommands() { return kInterface; }

}  // namespace delstep
