#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/text.h"
#include "console/commands/command_rows.h"
#include "console/commands/dry_run.h"
#include "console/commands/reply_parts.h"
#include "scenario/units.h"

namespace delstep {
namespace {

/// "10 %", "0.5 %".
std::string PercentText(double share) { return fmt::format("{:.4g} %", 100 * share); }

Reply ReplyOf(const CommandContext& context, std::span<const LinkView> links) {
  Reply reply;
  // `own`: it has been changed by itself, and does not follow network.* any more.
  Table table{.key = "links",
              .columns = {{"from", "from"},
                          {"to", "to"},
                          {"loss", "loss"},
                          {"latency", "latency"},
                          {"bandwidth", "bandwidth"},
                          {"up", "up"},
                          {"single", "own"}}};
  for (const LinkView& view : links)
    table.rows.push_back(
        {context.Label(view.from), context.Label(view.to), view.link.loss,
         JsonValue{LatencyJson(view.link.latency), LatencyText(view.link.latency)},
         JsonValue{JsonNumber(view.link.bandwidth), BandwidthText(view.link.bandwidth)},
         view.link.up, view.single});
  reply.tables.push_back(std::move(table));
  return reply;
}

/// The links that a command names: of a pair, of one node, or among several.
struct NamedLinks {
  std::vector<LinkView> links;
  std::string what;  ///< "among 3 nodes"
};

NamedLinks FindLinks(const CommandContext& context) {
  const Simulation& simulation = context.simulation;
  const std::vector<Choice> choices = context.arguments.Choices();
  const auto single = [](const Choice& choice) {
    return choice.selector.kind == Selector::Kind::kNode;
  };
  const std::vector<NodeId>& nodes = context.targets.nodes;
  const auto shown = [&](NodeId node) { return context.Label(node).shown(); };
  // No node means all, as everywhere.
  if (choices.empty()) return {simulation.Links(), "at all"};
  if (choices.size() == 1 && single(choices.front()))
    return {simulation.LinksOf(nodes.front()), "at " + shown(nodes.front())};
  std::vector<LinkView> links = simulation.LinksAmong(nodes);
  if (nodes.size() == 2)
    return {std::move(links), fmt::format("between {} and {}", shown(nodes[0]), shown(nodes[1]))};
  return {std::move(links), fmt::format("among {}", Count(nodes.size(), "node"))};
}

Error NoLinks(const CommandContext& context, const NamedLinks& named) {
  const auto& nodes = context.targets.nodes;
  const std::string a = nodes.size() == 2 ? context.Address(nodes[0]) : "A";
  const std::string b = nodes.size() == 2 ? context.Address(nodes[1]) : "B";
  return Refused(fmt::format("there is no link {}", named.what),
                 fmt::format("`link {} {} up` makes one", a, b));
}

Result<Reply> ShowLinks(CommandContext& context) {
  const NamedLinks named = FindLinks(context);
  const auto everything = [](const Choice& choice) {
    return choice.selector.kind == Selector::Kind::kAll;
  };
  const auto choices = context.arguments.Choices();
  // A network without links can be looked at; a link that was asked for must be there.
  if (named.links.empty() && !std::ranges::all_of(choices, everything))
    return NoLinks(context, named);
  Reply reply = ReplyOf(context, named.links);
  if (named.links.empty()) reply.output.push_back("no links");
  return reply;
}

Result<Reply> SetDelivery(CommandContext& context) {
  const double probability = *context.arguments.Get<double>("P");
  DELSTEP_TRY(context.simulation.SetDefaultLoss(1 - probability));
  Reply reply;
  // Both ways of saying it: everywhere else a link has a loss.
  reply.text.push_back(
      fmt::format("delivery probability {} on all links: {} of {} are lost",
                  ShortestReal(probability), PercentText(1 - probability),
                  context.simulation.network_traits().has_packets ? "packets" : "messages"));
  reply.fields = {{"delivery", probability}, {"loss", 1 - probability}};
  return reply;
}

LinkChange ChangeOf(const CommandArguments& arguments) {
  LinkChange change;
  change.loss = arguments.Get<double>("P");
  change.latency = arguments.Get<Latency>("T");
  change.bandwidth = arguments.Get<double>("R");
  // Left open where neither is said: the link stays as it is.
  if (arguments.Has("up") || arguments.Has("down")) change.up = arguments.Has("up");
  change.one_way = arguments.Has("oneway");
  return change;
}

/// `made`: how many of the links were not there before.
Reply ReplyOf(const CommandContext& context, const LinkReport& report, std::size_t made = 0) {
  Reply reply = ReplyOf(context, report.links);
  const std::size_t changed = report.links.size() - made;
  std::string text = made > 0 ? "made " + Count(made, "link") : "";
  if (changed > 0)
    text += fmt::format("{}changed {}", made > 0 ? ", " : "", Count(changed, "link"));
  if (text.empty()) text = "the contact has ended in this instant: nothing changed";
  reply.text.push_back(std::move(text));
  reply.fields.emplace_back("changed_links", changed);
  reply.fields.emplace_back("made", report.made);
  return reply;
}

/// `link A B up` and `down` say nothing else, so a link that is so already stays as it is, also in
/// whether it follows network.*.
bool ChangesNothing(const LinkChange& change, const LinkView& link) {
  return !change.loss && !change.latency && !change.bandwidth && change.up &&
         link.link.up == *change.up;
}

Reply AlreadySo(const LinkChange& change, std::size_t links) {
  Reply reply;
  reply.text.push_back(fmt::format("{} already {}: nothing changed",
                                   links == 1 ? "the link is" : fmt::format("{} links are", links),
                                   *change.up ? "up" : "down"));
  reply.fields = {{"changed_links", std::size_t{0}}, {"made", false}};
  return reply;
}

Result<Reply> ChangeLink(CommandContext& context) {
  const NodeId a = context.targets.a, b = context.targets.b;
  const LinkChange change = ChangeOf(context.arguments);
  std::vector<LinkView> links = context.simulation.LinksAmong(std::array{a, b});
  std::erase_if(links, [&](const LinkView& link) { return change.one_way && link.from != a; });
  if (links.size() == (change.one_way ? 1 : 2) &&
      std::ranges::all_of(links, [&](const auto& link) { return ChangesNothing(change, link); }))
    return AlreadySo(change, links.size());
  std::size_t made = context.simulation.AreNeighbours(a, b) ? 0 : 1;
  if (!change.one_way && !context.simulation.AreNeighbours(b, a)) ++made;
  DELSTEP_ASSIGN(const LinkReport report, context.simulation.ChangeLink(a, b, change));
  return ReplyOf(context, report, made);
}

/// Of one node or among several: links that are there; none is made.
Result<Reply> ChangeManyLinks(CommandContext& context) {
  const LinkChange change = ChangeOf(context.arguments);
  NamedLinks named = FindLinks(context);
  if (change.one_way) {
    const auto choices = context.arguments.Choices();
    if (choices.size() != 1 || choices.front().selector.kind != Selector::Kind::kNode)
      return At(
          context.arguments.WordOf("oneway"),
          UsageError("oneway needs a direction",
                     "link A B ... oneway, or link NODE ... oneway for those that begin at it"));
    const NodeId node = context.targets.nodes.front();
    std::erase_if(named.links, [&](const LinkView& link) { return link.from != node; });
  }
  if (named.links.empty()) return NoLinks(context, named);
  const std::size_t all = named.links.size();
  std::erase_if(named.links, [&](const auto& link) { return ChangesNothing(change, link); });
  if (named.links.empty()) return AlreadySo(change, all);
  DELSTEP_ASSIGN(const LinkReport report, context.simulation.ChangeLinks(named.links, change));
  return ReplyOf(context, report);
}

Result<Reply> ResetLinks(CommandContext& context) {
  const NamedLinks named = FindLinks(context);
  if (named.links.empty()) return NoLinks(context, named);
  DELSTEP_ASSIGN(const LinkReport report, context.simulation.ResetLinks(named.links));
  Reply reply = ReplyOf(context, report.links);
  reply.text.push_back(report.links.empty() ? std::string("no link there had settings of its own")
                                            : fmt::format("{} back to network.*",
                                                          Count(report.links.size(), "link")));
  reply.fields.emplace_back("changed_links", report.links.size());
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
                  {"examples", samples},
                  {"degree", view.neighbours.size()}};
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

/// "node ann is down", "3 nodes are down: ann, ben, 10.0.0.3". There are some.
Line StateText(const CommandContext& context, std::span<const NodeId> nodes, std::string_view state,
               bool was, std::string_view behind = {}) {
  if (nodes.size() == 1)
    return fmt::format("node {} {} {}{}", context.Label(nodes[0]).shown(),
                       was ? "was already" : "is", state, behind);
  constexpr std::size_t kFew = 10;
  const auto text = [&](std::size_t named) {
    return fmt::format("{} {} {}: {}{}", Count(nodes.size(), "node"), was ? "were already" : "are",
                       state, NodeList(nodes, SimulationDirectory(context.simulation), named),
                       behind);
  };
  return {text(nodes.size()), text(kFew)};
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
  const std::string losses = lost > 0 ? fmt::format("; {} lost", Count(lost, "message")) : "";
  if (!changed.empty()) reply.text.push_back(StateText(context, changed, state, false, losses));
  if (!unchanged.empty()) reply.text.push_back(StateText(context, unchanged, state, true));
  reply.fields = {
      {"addresses", Labels(context, context.targets.nodes)}, {"up", up}, {"lost", lost}};
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
     .usage = "link P",
     .sentence = "set the delivery probability of all links, present and later: the loss is 1 - P",
     .example = "link 0.9",
     .autonet = true,
     .changes_world = true,
     .run = SetDelivery},
    {.scope = CommandScope::kNetwork,
     .usage = "link default NODE...",
     .sentence = "end settings of their own: of two nodes' link, one node's, those among several; "
                 "they follow network.* again, and are up",
     .example = "link default 10.0.0.1 10.0.0.2",
     .who = Who::kAny,
     .autonet = true,
     .changes_world = true,
     .run = ResetLinks},
    {.scope = CommandScope::kNetwork,
     .usage = "link A B [loss P] [latency T] [bandwidth R] [up|down] [oneway]",
     .form = "link A B [loss P] [latency T] [bandwidth R] [up|down] [oneway] !",
     .sentence = "change one link, both ways unless oneway; up makes a missing one",
     .example = "link 10.0.0.1 10.0.0.2 latency 20ms bandwidth 10Mbps",
     .who = Who::kAny,
     .autonet = true,
     .changes_world = true,
     .run = ChangeLink},
    {.scope = CommandScope::kNetwork,
     .usage = "link [NODE...] [loss P] [latency T] [bandwidth R] [up|down] [oneway]",
     .form = "link [NODE...] [loss P] [latency T] [bandwidth R] [up|down] [oneway] !",
     .sentence = "change all links that are there: of one node, or among several (@g, all)",
     .example = "link all loss 0.1 latency 20ms",
     .who = Who::kAny,
     .autonet = true,
     .changes_world = true,
     .run = ChangeManyLinks},
    {.scope = CommandScope::kNetwork,
     .usage = "link [NODE...]",
     .sentence =
         "show links: all, the one between two nodes, those of a node, those among several; "
         "own: it has settings of its own and does not follow network.*",
     .example = "link 10.0.0.1",
     .who = Who::kAny,
     .shows = true,
     .run = ShowLinks},
    {.scope = CommandScope::kNetwork,
     .usage = "node add [ADDRESS] [name NAME] [like A]",
     .sentence =
         "add a node with data from the undealt rest, or with the data and neighbours of node A",
     .example = "node add name alice like 10.0.0.1",
     .who = Who::kAny,
     .autonet = true,
     .changes_directory = true,
     .changes_world = true,
     .run = AddNode,
     .follow = FollowAdd},
    {.scope = CommandScope::kNetwork,
     .usage = "node remove NODE...",
     .sentence = "remove nodes; their messages in flight are lost",
     .example = "node remove 10.0.0.3",
     .who = Who::kAny,
     .autonet = true,
     .changes_directory = true,
     .changes_world = true,
     .run = RemoveNodes,
     .follow = FollowRemove},
    {.scope = CommandScope::kNetwork,
     .usage = "node down NODE...",
     .sentence = "nodes fail; their messages in flight are lost",
     .example = "node down 10.0.0.3",
     .who = Who::kAny,
     .autonet = true,
     .changes_directory = true,
     .changes_world = true,
     .run = NodeDown,
     .follow = FollowUp<false>},
    {.scope = CommandScope::kNetwork,
     .usage = "node up NODE...",
     .sentence = "nodes come back with what they had",
     .example = "node up 10.0.0.3",
     .who = Who::kAny,
     .autonet = true,
     .changes_directory = true,
     .changes_world = true,
     .run = NodeUp,
     .follow = FollowUp<true>},
};

}  // namespace

std::span<const Command> NetworkCommands() { return kNetwork; }

}  // namespace delstep
