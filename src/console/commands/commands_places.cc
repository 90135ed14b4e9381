#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "console/commands/command_rows.h"
#include "scenario/units.h"

namespace delstep {
namespace {

/// Those that were asked for, else all.
std::vector<NodeId> AskedFor(const CommandContext& context) {
  return context.arguments.Has("NODE") ? context.targets.nodes : context.simulation.Nodes();
}

Result<Reply> ShowPositions(CommandContext& context) {
  const std::vector<NodeId> nodes = AskedFor(context);
  const std::vector<Position> positions = context.simulation.Positions(nodes);
  Table table{.key = "positions",
              .columns = {{"node", "node"},
                          {"x", "x/m", 2},
                          {"y", "y/m", 2},
                          {.key = "up", .title = "state", .optional = true}}};
  // A trace may have taken a node away, which then is down: its place is where it was last.
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const bool up = context.simulation.IsUp(nodes[i]);
    table.rows.push_back({context.Label(nodes[i]), positions[i].x, positions[i].y,
                          up ? JsonValue{"true", ""} : JsonValue{"false", "down"}});
  }
  Reply reply;
  reply.tables.push_back(std::move(table));
  return reply;
}

Result<Reply> MoveNode(CommandContext& context) {
  const NodeId node = context.targets.a;
  const double x = *context.arguments.Get<double>("X");
  const double y = *context.arguments.Get<double>("Y");
  const auto moved = context.simulation.Move(node, x, y);
  if (!moved) return At(context.arguments.WordOf("A"), moved.error());
  Reply reply;
  reply.text.push_back(fmt::format("{} is at {} m, {} m", context.Label(node).shown(),
                                   ShortestReal(x), ShortestReal(y)));
  reply.fields = {{"node", context.Label(node)}, {"x", x}, {"y", y}};
  return reply;
}

Result<Reply> ShowEncounters(CommandContext& context) {
  Table table{.key = "encounters",
              .columns = {{"a", "node"},
                          {"b", "met"},
                          {"count", "times"},
                          {"seconds", "seconds", 1},
                          {"now", "now"}}};
  const bool all = !context.arguments.Has("NODE");
  const auto asked = [&](NodeId node) {
    return all || std::ranges::find(context.targets.nodes, node) != context.targets.nodes.end();
  };
  for (const ContactView& pair : context.simulation.Contacts())
    if (asked(pair.a) || asked(pair.b))
      table.rows.push_back({context.Label(pair.a), context.Label(pair.b), pair.count, pair.seconds,
                            JsonValue{pair.now ? "true" : "false", pair.now ? "yes" : "–"}});
  Reply reply;
  if (table.rows.empty())
    reply.output.push_back("nobody has met; nodes meet with topology.name = radio or contacts");
  reply.tables.push_back(std::move(table));
  return reply;
}

constexpr Command kPlaces[] = {
    {.scope = CommandScope::kNetwork,
     .usage = "positions [NODE...]",
     .sentence = "show where nodes are, in metres",
     .example = "positions",
     .more =
         "A node that is down, by hand or since its trace has nothing of it now, is shown where "
         "it was last, or will be first; the column `state` says so.",
     .who = Who::kAny,
     .shows = true,
     .run = ShowPositions},
    {.scope = CommandScope::kNetwork,
     .usage = "move NODE X Y",
     .form = "move A X Y",
     .sentence = "put a node elsewhere, in metres; for nodes that stand still",
     .example = "move 10.0.0.1 250 400",
     .more =
         "With topology.name = radio its contacts change at once. Nodes that move by themselves "
         "(mobility.name) cannot be put.",
     .who = Who::kAny,
     .autonet = true,
     .changes_world = true,
     .run = MoveNode},
    {.scope = CommandScope::kNetwork,
     .usage = "encounters [NODE...]",
     .sentence = "list the pairs that have met: how often, how long, and whether now",
     .example = "encounters 10.0.0.1",
     .more = "A row is a pair. NODE: the pairs that one of these belongs to. Pairs meet and part "
             "by radio range or a file of contacts; `guestbook` tells whose models came.",
     .who = Who::kAny,
     .shows = true,
     .run = ShowEncounters},
};

}  // namespace

std::span<const Command> PlaceCommands() { return kPlaces; }

}  // namespace delstep
