#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "console/commands/class_report.h"
#include "console/commands/command_rows.h"
#include "console/commands/help.h"
#include "console/commands/label_report.h"
#include "console/commands/reply_parts.h"
#include "scenario/units.h"

namespace delstep {
namespace {

/// Who is `offline` comes back by itself.
JsonValue UpCell(const NodeView& view) {
  if (view.up) return {"true", "up"};
  return {"false", view.away ? "offline" : "down"};
}

/// What the node does now, in one word.
JsonValue StateCell(const NodeView& view) {
  if (!view.up) return UpCell(view);
  if (view.busy_until)
    return {"true", "busy until " + DurationText(view.busy_until->time_since_epoch())};
  return {"true", view.behaviour == "none" ? "up" : "waiting"};
}

/// A node with all its neighbours in lines of text, for a terminal, where a table has no room for
/// them.
void Describe(const CommandContext& context, const NodeView& view, Reply& reply) {
  std::vector<NodeId> neighbours = view.neighbours;
  const auto list = [&](std::string_view what, const std::vector<std::string>& items) {
    if (!items.empty())
      reply.text.push_back({std::nullopt, fmt::format("  {}: {}", what, Join(items, ", "))});
  };
  std::vector<std::string> names;
  for (const NodeId node : neighbours) names.push_back(context.Label(node).shown());
  reply.text.push_back(
      {std::nullopt,
       fmt::format("{}{}: {} · {} · {}", view.address, view.name.empty() ? "" : " " + view.name,
                   UpCell(view).text, Count(view.train_samples + view.held_out_samples, "example"),
                   Count(neighbours.size(), "neighbour"))});
  list("groups", view.groups);
  list("neighbours", names);
}

Result<Reply> Neighborhood(CommandContext& context) {
  Table table{.key = "nodes",
              .columns = {{"node", "node"},
                          {.key = "name", .title = "name", .optional = true},
                          {"up", "state"},
                          {"examples", "examples"},
                          {"degree", "degree"},
                          {.key = "groups", .title = "groups", .optional = true},
                          {"neighbours", "neighbours"}}};
  Reply reply;
  // Who asks for nodes wants all of their neighbours; at a terminal they would not fit a column.
  const bool asked = context.arguments.Has("NODE");
  table.at_terminal = !asked;
  for (const NodeId node : asked ? context.targets.nodes : context.simulation.Nodes()) {
    const NodeView view = context.simulation.View(node);
    if (asked) Describe(context, view, reply);
    table.rows.push_back({view.address, view.name, UpCell(view),
                          view.train_samples + view.held_out_samples, view.neighbours.size(),
                          view.groups, Labels(context, view.neighbours)});
  }
  reply.tables.push_back(std::move(table));
  return reply;
}

void AddEncounters(CommandContext& context, NodeId node, Table& table) {
  const NodeLabel label = context.Label(node);
  const std::vector<EncounterView> met = context.simulation.Encounters(node);
  for (const EncounterView& e : met)
    table.rows.push_back({label, context.Label(e.peer), std::uint64_t{e.expiry}, e.samples,
                          context.simulation.now() - e.received, e.distance});
  for (const NodeId peer : context.simulation.View(node).neighbours) {
    const bool known = std::ranges::any_of(met, [&](const auto& e) { return e.peer == peer; });
    if (!known) table.rows.push_back({label, context.Label(peer), {}, {}, {}, {}});
  }
}

Result<Reply> Guestbook(CommandContext& context) {
  Table table{.key = "encounters",
              .columns = {{"node", "node"},
                          {"peer", "peer"},
                          {"expiry", "expiry"},
                          {"examples", "examples"},
                          {"age", "age"},
                          {"distance", "distance"}}};
  for (const NodeId node : context.targets.nodes) AddEncounters(context, node, table);
  Reply reply;
  if (table.rows.empty()) reply.output.push_back("nobody met, and no neighbours");
  reply.tables.push_back(std::move(table));
  return reply;
}

std::vector<Cell> StatusRow(const CommandContext& context, const NodeView& view) {
  const auto tested = view.last_evaluated;
  const auto trained = view.last_trained;
  return {context.Label(view.node), StateCell(view),
          // People read it in the state.
          JsonValue{view.busy_until ? std::to_string(view.busy_until->time_since_epoch().count())
                                    : "null",
                    ""},
          JsonValue{JsonString(view.behaviour), view.behaviour == "none" ? "" : view.behaviour},
          view.trained, trained ? Cell(trained->loss) : Cell(),
          tested ? Cell(Name(tested->scope)) : Cell(), tested ? Cell(tested->loss) : Cell(),
          tested ? Cell(tested->accuracy) : Cell(), view.outbox, view.in_flight_from,
          view.in_flight_to, view.waiting, view.inbox, view.encounters};
}

/// The column of communal learning rates: for people only where some node's is not the usual 1.
void AddRates(const CommandContext& context, std::span<const NodeId> nodes, Table& table) {
  std::vector<double> rates;
  for (const NodeId node : nodes) rates.push_back(context.simulation.View(node).rate);
  const bool usual = std::ranges::count(rates, 1.0) == std::ssize(rates);
  table.columns.push_back({"rate", usual ? "" : "rate", 2});
  for (std::size_t i = 0; i < rates.size(); ++i) table.rows[i].emplace_back(rates[i]);
}

/// The column of attacks: for people only where some node attacks.
void AddAttacks(const CommandContext& context, std::span<const NodeId> nodes, Table& table) {
  std::vector<std::string> attacks;
  for (const NodeId node : nodes) attacks.push_back(context.simulation.View(node).attack);
  const bool usual = std::ranges::count(attacks, "off") == std::ssize(attacks);
  table.columns.push_back({"attack", usual ? "" : "attack"});
  for (std::size_t i = 0; i < attacks.size(); ++i)
    table.rows[i].emplace_back(std::move(attacks[i]));
}

/// Training keys that nodes have a value of their own for.
Table OwnOptions(const CommandContext& context, std::span<const NodeId> nodes) {
  Table table{.key = "own_options",
              .columns = {{"node", "node"}, {"key", "own key"}, {"value", "value"}}};
  for (const NodeId node : nodes) {
    const NodeView view = context.simulation.View(node);
    for (const auto& [key, value] : view.own_options)
      table.rows.push_back(
          {context.Label(node), key, JsonValue{JsonNumber(value), ShortestReal(value)}});
  }
  return table;
}

Result<Reply> Status(CommandContext& context) {
  const Simulation& simulation = context.simulation;
  Reply reply;
  // In the order of a message's way: queued, leaving, coming, arrived, in the inbox, in the
  // guestbook. `help status` explains the titles.
  Table table{
      .key = "nodes",
      .columns = {{"node", "node"},
                  {"up", "state"},
                  {.key = "busy_until", .title = "busy until", .optional = true},
                  {.key = "behaviour", .title = "behaviour", .optional = true, .minor = true},
                  {"trainings", "trained"},
                  {.key = "train_loss", .title = "train loss", .optional = true, .minor = true},
                  {.key = "test_scope", .title = "test", .optional = true, .minor = true},
                  {.key = "test_loss", .title = "loss", .optional = true, .minor = true},
                  {.key = "test_acc", .title = "acc", .optional = true},
                  {"outbox", "outbox"},
                  {.key = "in_flight_from", .title = "leaving", .optional = true},
                  {.key = "in_flight", .title = "coming", .optional = true},
                  {.key = "waiting", .title = "arrived", .optional = true},
                  {"inbox", "inbox"},
                  {"encounter_count", "met"}}};
  const std::vector<NodeId> all = simulation.Nodes();
  std::size_t up = 0;
  for (const NodeId node : all) up += simulation.IsUp(node);
  const std::vector<NodeId>& asked = context.arguments.Has("NODE") ? context.targets.nodes : all;
  for (const NodeId node : asked) table.rows.push_back(StatusRow(context, simulation.View(node)));
  AddRates(context, asked, table);
  AddAttacks(context, asked, table);
  reply.text.push_back(fmt::format("cycle {} · clock {} · autonet {}", simulation.cycle(),
                                   FormatDuration(simulation.now().time_since_epoch()),
                                   simulation.autonet() ? "on" : "off"));
  reply.text.push_back(
      fmt::format("{} ({} up) · {} · {} queued · {} in flight · {} parameters a model",
                  Count(all.size(), "node"), up, Count(simulation.Groups().size(), "group"),
                  simulation.queued(), simulation.in_flight(), simulation.parameters()));
  reply.fields = {{"cycle", simulation.cycle()},
                  {"sim_time", simulation.now().time_since_epoch()},
                  {"autonet", simulation.autonet()},
                  {"node_count", all.size()},
                  {"up_count", up},
                  {"group_count", simulation.Groups().size()},
                  {"queued", simulation.queued()},
                  {"in_flight", simulation.in_flight()},
                  {"parameters", simulation.parameters()}};
  reply.tables.push_back(std::move(table));
  reply.tables.push_back(OwnOptions(context, asked));
  return reply;
}

Result<Reply> DataShow(CommandContext& context) { return LabelReport(context.simulation); }

/// The same rows for programs.
Table CommandTableOf(std::string_view topic) {
  Table table{.key = "commands",
              .columns = {{"usage"}, {"scope"}, {"sentence"}, {"example"}, {"autonet"}, {"shows"}},
              .shown = 0};
  for (const Command* command : CommandsAbout(topic))
    table.rows.push_back({std::string(command->usage), std::string(Name(command->scope)),
                          std::string(command->sentence), std::string(command->example),
                          command->autonet, command->shows});
  return table;
}

Result<Reply> Help(CommandContext& context) {
  const std::string topic = context.arguments.TextOf("TOPIC");
  DELSTEP_ASSIGN(const std::vector<std::string> lines,
                 HelpLines(topic, {.registry = context.registry,
                                   .scenario = context.config.scenario(),
                                   .width = context.width}));
  Reply reply;
  reply.output.assign(lines.begin(), lines.end());
  reply.fields = {{"text", Join(lines, "\n")}};
  reply.tables.push_back(CommandTableOf(topic));
  return reply;
}

constexpr Command kInterface[] = {
    {.scope = CommandScope::kInterface,
     .usage = "neighborhood [NODE...]",
     .sentence = "list nodes with their data, neighbours and groups",
     .example = "neighborhood",
     .more = "`neighborhood` lists all nodes, a row each. At a terminal it cuts long lists of "
             "neighbours; `neighborhood NODE` shows them whole.",
     .who = Who::kAny,
     .shows = true,
     .run = Neighborhood},
    {.scope = CommandScope::kInterface,
     .usage = "guestbook NODE...",
     .sentence = "list whom a node has met, and neighbours not met yet (–)",
     .example = "guestbook 10.0.0.1",
     .more = "expiry: how many more aggregations the record serves.\n"
             "age: simulated seconds since the model arrived.\n"
             "distance: Euclidean, between the record's model and the node's own.\n"
             "– stands for a neighbour that the node has not met yet.",
     .who = Who::kAny,
     .shows = true,
     .run = Guestbook},
    {.scope = CommandScope::kInterface,
     .usage = "status [NODE...]",
     .sentence = "counts, clock, mailboxes and last results",
     .example = "status 10.0.0.[1-3]",
     .more = "state: up; busy (it trains, until that time); waiting (it has a behaviour, for its "
             "next turn or for others); offline (by churn.* or a trace); down (by hand).\n"
             "trained: how often. train loss: of the last training.\n"
             "test, loss, acc: scope and result of the last test.\n"
             "outbox: messages that the node has queued; nstep sends them.\n"
             "leaving: on their way from it. coming: on their way to it.\n"
             "arrived: at the node, waiting for its own or a full nstep.\n"
             "inbox: delivered; `ag` takes them out.\n"
             "met: records of the guestbook.\n"
             "rate: communal learning rate, where some node's is not 1.\n"
             "Columns that are empty for all nodes are left out.",
     .who = Who::kAny,
     .shows = true,
     .run = Status},
    {.scope = CommandScope::kInterface,
     .usage = "data show",
     .sentence = "labels of each node's examples, with their entropy",
     .example = "data show",
     .who = Who::kAny,
     .shows = true,
     .run = DataShow},
    {.scope = CommandScope::kInterface,
     .usage = "confusion NODE... [local|global|group G|sample K]",
     .sentence = "show what a node takes the examples of each class for; logs no result",
     .example = "confusion 10.0.0.2 global",
     .shows = true,
     .run = ShowConfusion},
    {.scope = CommandScope::kInterface,
     .usage = "help [TOPIC...]",
     .sentence = "list the commands, or explain a command, group, key or word",
     .example = "help link",
     .more = "TOPIC is a command (train), a group of commands (learning), a key (training.lr) or a "
             "section of keys (topology), a placeholder (NODE), metrics, or a word (encounter).",
     .who = Who::kAny,
     .shows = true,
     .pages = true,
     .run = Help},
};

}  // namespace

std::span<const Command> InterfaceCommands() { return kInterface; }

}  // namespace delstep
