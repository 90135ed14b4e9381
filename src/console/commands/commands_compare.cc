#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/json.h"
#include "base/text.h"
#include "console/commands/command_rows.h"
#include "delstep/difference.h"
#include "scenario/units.h"

namespace delstep {
namespace {

/// What a pair of values looks like: for programs an array, for people "1 → 2", and the value alone
/// where both are equal.
JsonValue PairCell(const std::array<std::string, 2>& json, const std::array<std::string, 2>& text) {
  return {fmt::format("[{},{}]", json[0], json[1]),
          text[0] == text[1] ? text[0] : fmt::format("{} → {}", text[0], text[1])};
}

JsonValue PairCell(const std::array<std::uint64_t, 2>& counts) {
  const std::array<std::string, 2> texts = {std::to_string(counts[0]), std::to_string(counts[1])};
  return PairCell(texts, texts);
}

JsonValue PairCell(const std::array<SimTime, 2>& at) {
  std::array<std::string, 2> json, text;
  for (const std::size_t side : {0u, 1u}) {
    json[side] = std::to_string(at[side].time_since_epoch().count());
    text[side] = FormatDuration(at[side].time_since_epoch());
  }
  return PairCell(json, text);
}

JsonValue PairCell(const std::array<bool, 2>& yes) {
  const auto json = [&](std::size_t side) { return yes[side] ? "true" : "false"; };
  return PairCell({json(0), json(1)}, {yes[0] ? "yes" : "no", yes[1] ? "yes" : "no"});
}

struct ValueText {
  std::string json, text;
};
ValueText TextOf(const ValueDifference::Value& value) {
  if (const bool* yes = std::get_if<bool>(&value))
    return {*yes ? "true" : "false", *yes ? "yes" : "no"};
  if (const double* number = std::get_if<double>(&value))
    return {JsonNumber(*number), ShortestReal(*number)};
  if (const auto* count = std::get_if<std::uint64_t>(&value))
    return {std::to_string(*count), std::to_string(*count)};
  if (const auto* text = std::get_if<std::string>(&value))
    return {JsonString(*text), text->empty() ? "–" : *text};
  return {"null", "–"};
}

JsonValue PairCell(const std::array<ValueDifference::Value, 2>& values) {
  const ValueText a = TextOf(values[0]), b = TextOf(values[1]);
  return PairCell({a.json, b.json}, {a.text, b.text});
}

NodeLabel LabelOf(const NodeName& node) { return {.address = node.address, .name = node.name}; }

/// Four decimals, as everywhere for people. "0.5300*" is of a model that the node does not have
/// any more.
JsonValue AccuracyCell(const NodeDifference& node) {
  std::array<std::string, 2> json, text;
  for (const std::size_t side : {0u, 1u}) {
    const auto& value = node.accuracy[side];
    json[side] = value ? JsonNumber(*value) : "null";
    text[side] = value ? fmt::format("{:.4f}{}", *value, node.older[side] ? "*" : "") : "–";
  }
  return PairCell(json, text);
}

/// Four decimals, and more where these would say 0 of what is none.
Cell DistanceCell(const std::optional<double>& distance) {
  if (!distance) return Cell();
  if (*distance == 0 || *distance >= 0.00005) return *distance;
  return JsonValue{JsonNumber(*distance), fmt::format("{:.1e}", *distance)};
}

/// A moment with its configuration, and how the command calls it.
struct Side {
  Snapshot snapshot;
  Config config;
};

Result<Side> FindSide(CommandContext& context, const Word& word) {
  auto kept = context.history.Look(word.text);
  if (!kept) return At(word, std::move(kept).error());
  return Side{(*kept)->snapshot, (*kept)->config};
}

/// As it is now, with tests that were made since the last moment.
Result<Side> PresentSide(CommandContext& context) {
  DELSTEP_ASSIGN(Snapshot snapshot, context.simulation.TakeSnapshot());
  return Side{std::move(snapshot), context.config};
}

/// What differs of a link: "link default loss", "link ann bob latency".
void AddLinkRows(const LinkDifference& link, Table& table) {
  const auto called = [](const NodeName& node) {
    return node.name.empty() ? node.address : node.name;
  };
  const std::string whose = link.from.address.empty()
                                ? "link default"
                                : fmt::format("link {} {}", called(link.from), called(link.to));
  const auto add = [&](const char* property, ValueText a, ValueText b) {
    if (a.json != b.json)
      table.rows.push_back({fmt::format("{} {}", whose, property), Cell(),
                            PairCell({a.json, b.json}, {a.text, b.text})});
  };
  const auto& [a, b] = link.links;
  const auto quoted = [](const std::string& text) { return ValueText{JsonString(text), text}; };
  add("loss", TextOf(a.loss), TextOf(b.loss));
  add("latency", quoted(LatencyText(a.latency)), quoted(LatencyText(b.latency)));
  add("bandwidth", quoted(BandwidthText(a.bandwidth)), quoted(BandwidthText(b.bandwidth)));
  add("up", TextOf(a.up), TextOf(b.up));
}

/// Programs see whether a value is the node's own, people which one holds: `of_all` where it has
/// none.
JsonValue OwnValueCell(const OwnOptionDifference& own, const std::array<std::string, 2>& of_all) {
  std::array<std::string, 2> json, text;
  for (const std::size_t side : {0u, 1u}) {
    const auto& value = own.values[side];
    json[side] = value ? JsonNumber(*value) : "null";
    text[side] = value ? ShortestReal(*value) : of_all[side];
  }
  return PairCell(json, text);
}

/// Keys that `set` may change, and what other commands set; the others cannot differ.
Table SettingsTable(const Side& a, const Side& b, const Difference& difference) {
  Table table{
      .key = "settings",
      .columns = {
          {"key", "key"}, {.key = "node", .title = "node", .optional = true}, {"values", "value"}}};
  const std::vector<Config::Row> before = a.config.Show(), after = b.config.Show();
  std::map<std::string, const Config::Row*> by_key, by_key_after;
  for (const Config::Row& row : before) by_key[row.key] = &row;
  for (const Config::Row& row : after) by_key_after[row.key] = &row;
  for (const Config::Row& row : after) {
    const Config::Row& then = *by_key.at(row.key);
    if (then.value != row.value)
      table.rows.push_back(
          {row.key, Cell(), PairCell({then.json, row.json}, {then.value, row.value})});
  }
  for (const OwnOptionDifference& own : difference.own_options)
    table.rows.push_back(
        {own.key, LabelOf(own.node),
         OwnValueCell(own, {by_key.at(own.key)->value, by_key_after.at(own.key)->value})});
  for (const LinkDifference& link : difference.links) AddLinkRows(link, table);
  for (const ValueDifference& value : difference.values)
    table.rows.push_back({value.key,
                          value.node.address.empty() ? Cell() : Cell(LabelOf(value.node)),
                          PairCell(value.values)});
  return table;
}

Table NodesTable(const Difference& difference) {
  Table table{.key = "nodes",
              .columns = {{"node", "node"},
                          {"distance", "distance"},
                          {.key = "accuracy", .title = "acc"},
                          {.key = "older", .title = "older", .optional = true},
                          {.key = "there", .title = "there", .optional = true}}};
  const bool tested = std::ranges::any_of(difference.nodes, [](const NodeDifference& node) {
    return node.accuracy[0] || node.accuracy[1];
  });
  table.columns[2].optional = !tested;
  for (const NodeDifference& node : difference.nodes) {
    const bool in_both = node.present[0] && node.present[1];
    JsonValue there = PairCell(node.present);
    if (in_both) there.text.clear();
    JsonValue accuracy = AccuracyCell(node);
    if (!tested) accuracy.text.clear();
    JsonValue older = PairCell(node.older);
    older.text.clear();  // people see the stars
    table.rows.push_back({LabelOf(node.node), DistanceCell(node.distance), std::move(accuracy),
                          std::move(older), std::move(there)});
  }
  return table;
}

Table TrafficTable(const Difference& difference) {
  Table table{.key = "messages",
              .columns = {{"from", "from"}, {"to", "to"}, {"sent", "sent"}, {"lost", "lost"}}};
  for (const TrafficDifference& link : difference.traffic)
    table.rows.push_back(
        {LabelOf(link.from), LabelOf(link.to), PairCell(link.sent), PairCell(link.lost)});
  return table;
}

Table MetTable(const Difference& difference) {
  Table table{.key = "met", .columns = {{"node", "node"}, {"peer", "peer"}, {"met", "has met"}}};
  for (const MeetingDifference& pair : difference.met)
    table.rows.push_back({LabelOf(pair.node), LabelOf(pair.peer), PairCell(pair.met)});
  return table;
}

/// Where no table has a row, something else may differ nevertheless.
std::string WhatElse(const Snapshot& a, const Snapshot& b) {
  std::string text = "models, settings and traffic do not differ";
  std::vector<std::string> fields = a.DifferentFields(b);
  // The first line says these, and the network has a clock of its own.
  if (a.now() != b.now()) std::erase(fields, "network");
  std::erase_if(fields, [](const std::string& name) { return name == "now" || name == "cycle"; });
  if (fields.empty()) return text;
  constexpr std::size_t kNamed = 8;
  const std::size_t shown = std::min(fields.size(), kNamed);
  text += ", but something else does: " + Join(std::span(fields).first(shown), ", ");
  return fields.size() > shown ? text + fmt::format(" and {} more", fields.size() - shown) : text;
}

Result<Reply> Diff(CommandContext& context) {
  DELSTEP_ASSIGN(const Side a, FindSide(context, context.arguments.WordOf("MOMENT")));
  const Argument* other = context.arguments.Find("OTHER");
  auto found = other ? FindSide(context, *other->word) : PresentSide(context);
  DELSTEP_ASSIGN(const Side b, std::move(found));
  const Difference difference = context.simulation.Compare(a.snapshot, b.snapshot);
  Reply reply;
  const JsonValue at = PairCell(difference.at), cycle = PairCell(difference.cycle);
  reply.text.push_back(fmt::format("clock {} · cycle {}", at.text, cycle.text));
  reply.fields = {{"t", at},
                  {"cycles", cycle},
                  {"scope", difference.scope ? Cell(Name(*difference.scope)) : Cell()}};
  for (Table table : {SettingsTable(a, b, difference), NodesTable(difference),
                      TrafficTable(difference), MetTable(difference)})
    reply.tables.push_back(std::move(table));
  const bool older = std::ranges::any_of(
      difference.nodes, [](const NodeDifference& node) { return node.older[0] || node.older[1]; });
  if (older) reply.text.push_back("* a test of a model that has changed since");
  const bool nothing_shown =
      std::ranges::all_of(reply.tables, [](const Table& table) { return table.rows.empty(); });
  if (nothing_shown) reply.text.push_back(WhatElse(a.snapshot, b.snapshot));
  return reply;
}

std::string Hex(std::uint64_t hash) { return fmt::format("{:016x}", hash); }

Result<Reply> HashWorld(CommandContext& context) {
  const std::string world = Hex(context.simulation.WorldHash());
  Reply reply;
  reply.output.push_back(world);
  reply.fields = {{"world", world}};
  return reply;
}

Result<Reply> HashNodes(CommandContext& context) {
  Table table{.key = "nodes", .columns = {{"node", "node"}, {"model", "model"}}};
  for (const NodeId node : context.targets.nodes)
    table.rows.push_back({context.Label(node), Hex(context.simulation.ModelHash(node))});
  Reply reply;
  reply.tables.push_back(std::move(table));
  return reply;
}

constexpr Command kCompare[] = {
    {.scope = CommandScope::kTime,
     .usage = "diff NAME|N [NAME|N]",
     .form = "diff MOMENT [OTHER]",
     .sentence = "in what two moments, marks or branches differ; one alone: from the present",
     .example = "diff 0",
     .more = "Shown are the clock, settings (links, groups, labels, and what waits at nodes "
             "included), nodes whose models or last accuracies differ, links over which more was "
             "sent or lost in one than in the other, and who has met whom in one only. distance: "
             "Euclidean, of all parameters. A pair is written a → b.",
     .shows = true,
     .run = Diff},
    {.scope = CommandScope::kTime,
     .usage = "hash",
     .sentence = "the hash of the whole world: equal hashes, equal futures",
     .example = "hash",
     .more = "It covers all that decides the future: models, optimizers, guestbooks, messages, "
             "links, settings, counters, the clock. It covers nothing that only records: the log, "
             "last tests, moments, marks, branches.",
     .shows = true,
     .run = HashWorld},
    {.scope = CommandScope::kTime,
     .usage = "hash NODE...",
     .sentence = "hashes of nodes' models; hash all: of every node's",
     .example = "hash all",
     .who = Who::kAny,
     .shows = true,
     .run = HashNodes},
};

}  // namespace

std::span<const Command> CompareCommands() { return kCompare; }

}  // namespace delstep
