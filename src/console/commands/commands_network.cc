#include <fmt/format.h>

#include <vector>

#include "base/text.h"
#include "console/commands/command_rows.h"
#include "console/commands/dry_run.h"
#include "console/commands/reply_parts.h"

namespace delstep {
namespace {

Result<Reply> ListLinks(CommandContext& context) {
  return ReportOf(context, context.simulation.Links());
}

Result<Reply> SetDelivery(CommandContext& context) {
  const double probability = *context.arguments.Get<double>("P");
  DELSTEP_TRY(context.simulation.SetDefaultLoss(1 - probability));
  Reply reply;
  reply.text.push_back(
      fmt::format("delivery probability {} on all links", ShortestReal(probability)));
  reply.fields = {{"delivery", probability}, {"loss", 1 - probability}};
  return reply;
}

Result<Reply> ChangeLink(CommandContext& context) {
  const CommandArguments& arguments = context.arguments;
  LinkChange change;
  change.loss = arguments.Get<double>("P");
  change.latency = arguments.Get<Latency>("T");
  change.bandwidth = arguments.Get<double>("R");
  if (arguments.Has("up") || arguments.Has("down")) change.up = arguments.Has("up");
  change.one_way = arguments.Has("oneway");
  DELSTEP_ASSIGN(const LinkReport report,
                 context.simulation.ChangeLink(context.targets.a, context.targets.b, change));
  Reply reply = ReportOf(context, report.links);
  if (report.made) reply.text.push_back("a new link");
  reply.fields.emplace_back("made", report.made);
  return reply;
}

Result<Reply> AddNode(CommandContext& context) {
  NewNode node;
  node.address = context.arguments.Get<Address>("ADDRESS");
  if (context.arguments.Has("NAME")) node.name = context.arguments.WordOf("NAME").text;
  if (context.arguments.Has("A")) node.like = context.targets.a;
  DELSTEP_ASSIGN(const NodeId added, context.simulation.AddNode(node));
  const NodeView view = context.simulation.View(added);
  const std::uint64_t samples = view.train_samples + view.held_out_samples;
  Reply reply;
  reply.text.push_back(
      fmt::format("node {} is there{}, with {} and {}", context.Label(added).shown(),
                  view.name.empty() ? "" : " at " + view.address, Count(samples, "example"),
                  Count(view.neighbours.size(), "neighbour")));
  reply.fields = {{"node", view.address},
                  {"name", view.name},
                  {"samples", samples},
                  {"neighbours", view.neighbours.size()}};
  return reply;
}

Result<Reply> RemoveNodes(CommandContext& context) {
  Reply reply;
  std::size_t lost = 0;
  for (const NodeId node : context.targets.nodes) {
    const std::string name = context.Label(node).shown();
    DELSTEP_ASSIGN(const RemoveReport report, context.simulation.RemoveNode(node));
    lost += report.lost;
    std::string text = fmt::format("node {} left; {} lost", name, Count(report.lost, "message"));
    if (!report.groups.empty()) text += "; dropped by " + Join(report.groups, ", ");
    reply.text.push_back(std::move(text));
  }
  reply.fields = {{"removed", Labels(context, context.targets.nodes)}, {"lost", lost}};
  return reply;
}

/// "node ann is down", "3 nodes are down: ann, ben, 10.0.0.3"; empty for nobody.
std::string StateText(const CommandContext& context, std::span<const NodeId> nodes,
                      std::string_view state, bool was) {
  if (nodes.empty()) return {};
  if (nodes.size() == 1)
    return fmt::format("node {} {} {}", context.Label(nodes[0]).shown(), was ? "was already" : "is",
                       state);
  constexpr std::size_t kFew = 10;
  return fmt::format("{} {} {}: {}", Count(nodes.size(), "node"), was ? "were already" : "are",
                     state,
                     NodeList(nodes, SimulationDirectory(context.simulation),
                              context.whole ? nodes.size() : kFew));
}

Result<Reply> SetUp(CommandContext& context, bool up) {
  Reply reply;
  std::size_t lost = 0;
  std::vector<NodeId> changed, unchanged;
  for (const NodeId node : context.targets.nodes) {
    (context.simulation.IsUp(node) == up ? unchanged : changed).push_back(node);
    DELSTEP_ASSIGN(const std::size_t ended, context.simulation.SetUp(node, up));
    lost += ended;
  }
  const std::string_view state = up ? "up" : "down";
  std::string text = StateText(context, changed, state, false);
  if (lost > 0) text += fmt::format("; {} lost", Count(lost, "message"));
  if (!text.empty()) reply.text.push_back(std::move(text));
  if (!unchanged.empty()) reply.text.push_back(StateText(context, unchanged, state, true));
  reply.fields = {{"nodes", Labels(context, context.targets.nodes)}, {"up", up}, {"lost", lost}};
  return reply;
}

Result<Reply> NodeDown(CommandContext& context) { return SetUp(context, false); }
Result<Reply> NodeUp(CommandContext& context) { return SetUp(context, true); }

Result<void> FollowAdd(DryRun& dry_run) {
  const CommandArguments& arguments = dry_run.arguments;
  return dry_run.directory.Add(arguments.Get<Address>("ADDRESS"), arguments.TextOf("NAME"),
                               !arguments.Has("A"));
}

Result<void> FollowRemove(DryRun& dry_run) {
  for (const NodeId node : dry_run.targets.nodes) dry_run.directory.Remove(node);
  return {};
}

template <bool kUp>
Result<void> FollowUp(DryRun& dry_run) {
  for (const NodeId node : dry_run.targets.nodes) dry_run.directory.SetUp(node, kUp);
  return {};
}

constexpr Command kNetwork[] = {
    {.scope = CommandScope::kNetwork,
     .usage = "link",
     .sentence = "list all links",
     .example = "link",
     .shows = true,
     .run = ListLinks},
    {.scope = CommandScope::kNetwork,
     .usage = "link P",
     .sentence = "set the delivery probability of all links, present and later",
     .example = "link 0.9",
     .autonet = true,
     .run = SetDelivery},
    {.scope = CommandScope::kNetwork,
     .usage = "link A B [loss P] [latency T] [bandwidth R] [up|down] [oneway]",
     .sentence = "change one link, both ways unless oneway; up makes a missing one",
     .example = "link 10.0.0.1 10.0.0.2 latency 20ms bandwidth 10Mbps",
     .who = Who::kAny,
     .autonet = true,
     .run = ChangeLink},
    {.scope = CommandScope::kNetwork,
     .usage = "node add [ADDRESS] [name NAME] [like A]",
     .sentence =
         "add a node with data from the undealt rest, or with the data and neighbours of node A",
     .example = "node add name alice like 10.0.0.1",
     .who = Who::kAny,
     .autonet = true,
     .changes_directory = true,
     .run = AddNode,
     .follow = FollowAdd},
    {.scope = CommandScope::kNetwork,
     .usage = "node remove NODE...",
     .sentence = "remove nodes; their messages in flight are lost",
     .example = "node remove 10.0.0.3",
     .who = Who::kAny,
     .autonet = true,
     .changes_directory = true,
     .run = RemoveNodes,
     .follow = FollowRemove},
    {.scope = CommandScope::kNetwork,
     .usage = "node down NODE...",
     .sentence = "nodes fail; their messages in flight are lost",
     .example = "node down 10.0.0.3",
     .who = Who::kAny,
     .autonet = true,
     .changes_directory = true,
     .run = NodeDown,
     .follow = FollowUp<false>},
    {.scope = CommandScope::kNetwork,
     .usage = "node up NODE...",
     .sentence = "nodes come back with what they had",
     .example = "node up 10.0.0.3",
     .who = Who::kAny,
     .autonet = true,
     .changes_directory = true,
     .run = NodeUp,
     .follow = FollowUp<true>},
};

}  // namespace

std::span<const Command> NetworkCommands() { return kNetwork; }

}  // namespace delstep
