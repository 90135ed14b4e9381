#include "core/acts/links.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "core/acts/message_outcomes.h"
#include "core/acts/network_attempt.h"
#include "core/acts/pass_time.h"

namespace delstep {
namespace {

/// One direction, as it will be.
struct PlannedLink {
  NodeId from{}, to{};
  LinkProperties link;
};

PlannedLink Plan(const World& world, NodeId from, NodeId to, const LinkChange& change) {
  LinkProperties link = world.Link(from, to);
  if (change.loss) link.loss = *change.loss;
  if (change.latency) link.latency = *change.latency;
  if (change.bandwidth) link.bandwidth = *change.bandwidth;
  if (change.up) link.up = *change.up;
  return {.from = from, .to = to, .link = link};
}

/// The network first: if it fails, the tables of the world say what they said before. Requires that
/// the rest of this instant has happened: a plan that was made before it may be of a link that has
/// ended since.
Result<LinkReport> Carry(Run& run, std::span<const PlannedLink> plan) {
  World& world = run.world;
  DELSTEP_ASSIGN(const Passage ended, AttemptAndCollect(world, [&](Network& network) {
                   Result<void> result;
                   for (const auto& [from, to, link] : plan)
                     if (result) result = network.SetLink(from, to, link);
                   return result;
                 }));
  LinkReport report;
  for (const auto& [from, to, link] : plan) {
    world.single_links.Write()[{from, to}] = link;
    const bool made = !world.at(from).HasNeighbour(to);
    if (made) world.Change(from).AddNeighbour(to);
    report.made |= made;
    report.links.push_back({.from = from, .to = to, .link = link, .single = true});
    run.Note(LinkChanged{.from = from, .to = to, .link = link, .made = made});
  }
  // A link that went down has ended the messages on it, now.
  NoteEnds(run, ended);
  return report;
}

/// Each of these ways is a link, or may become one.
Result<void> CheckLinks(const Run& run, std::span<const std::pair<NodeId, NodeId>> ways,
                        const LinkChange& change) {
  for (const auto& [from, to] : ways) {
    const Node& node = run.world.at(from);
    if (node.HasNeighbour(to)) continue;
    const std::string from_text = node.Called(), to_text = run.world.at(to).Called();
    // Where links come and go, who is in contact is for the plan to say.
    if (run.engine.contacts)
      return Refused(fmt::format("{} and {} are not in contact now", from_text, to_text),
                     "`encounters` shows who is; `run` and `nstep` let time pass");
    if (change.up.value_or(false)) continue;
    return Refused(fmt::format("there is no link from {} to {}", from_text, to_text),
                   fmt::format("`link {} {} up` makes one", from_text, to_text));
  }
  return {};
}

/// Those of these links that are there still once the rest of this instant has happened: contacts may end in
/// it. Requires that all are there.
Result<std::vector<LinkView>> LinksAfterInstant(Run& run, std::span<const LinkView> links) {
  const auto is_there = [&](const LinkView& link) {
    return run.world.at(link.from).HasNeighbour(link.to);
  };
  assert(std::ranges::all_of(links, is_there));
  DELSTEP_TRY(FinishArrivals(run));
  std::vector<LinkView> left;
  std::ranges::copy_if(links, std::back_inserter(left), is_there);
  return left;
}

}  // namespace

Result<void> ChangeDefaultLink(Run& run, const LinkProperties& link) {
  World& world = run.world;
  DELSTEP_TRY(FinishArrivals(run));
  DELSTEP_TRY(world.network.Write()->SetDefaultLink(link));
  world.default_link = link;
  return {};
}

Result<void> SetDefaultLoss(Run& run, double loss) {
  World& world = run.world;
  DELSTEP_TRY(FinishArrivals(run));
  LinkProperties link = world.default_link;
  link.loss = loss;
  auto singles = *world.single_links;
  for (auto& [pair, single] : singles) single.loss = loss;
  // A link that differs from the default in nothing follows it from now on.
  const auto follows = [&](const auto& entry) { return entry.second == link; };
  DELSTEP_TRY(AttemptOnNetwork(world, [&](Network& network) {
    Result<void> result = network.SetDefaultLink(link);
    for (const auto& entry : singles) {
      if (!result) break;
      const auto [from, to] = entry.first;
      result =
          follows(entry) ? network.ClearLink(from, to) : network.SetLink(from, to, entry.second);
    }
    return result;
  }));
  world.default_link = link;
  std::erase_if(singles, follows);
  world.single_links = std::move(singles);
  run.Note(DefaultLinkChanged{link});
  return {};
}

Result<LinkReport> ChangeLink(Run& run, NodeId a, NodeId b, const LinkChange& change) {
  std::vector<std::pair<NodeId, NodeId>> ways = {{a, b}};
  if (!change.one_way) ways.push_back({b, a});
  // Before anything has changed, and again when contacts may have ended with this instant.
  DELSTEP_TRY(CheckLinks(run, ways, change));
  DELSTEP_TRY(FinishArrivals(run));
  DELSTEP_TRY(CheckLinks(run, ways, change));
  std::vector<PlannedLink> plan;
  for (const auto& [from, to] : ways) plan.push_back(Plan(run.world, from, to, change));
  return Carry(run, plan);
}

Result<LinkReport> ChangeLinks(Run& run, std::span<const LinkView> links,
                               const LinkChange& change) {
  DELSTEP_ASSIGN(const std::vector<LinkView> left, LinksAfterInstant(run, links));
  std::vector<PlannedLink> plan;
  for (const LinkView& link : left) plan.push_back(Plan(run.world, link.from, link.to, change));
  return Carry(run, plan);
}

Result<LinkReport> ResetLinks(Run& run, std::span<const LinkView> links) {
  World& world = run.world;
  DELSTEP_ASSIGN(const std::vector<LinkView> left, LinksAfterInstant(run, links));
  LinkReport report;
  for (const LinkView& view : left)
    if (world.single_links->contains({view.from, view.to}))
      report.links.push_back(
          {.from = view.from, .to = view.to, .link = world.default_link, .single = false});
  DELSTEP_ASSIGN(const Passage ended, AttemptAndCollect(world, [&](Network& network) {
                   Result<void> result;
                   for (const LinkView& view : report.links)
                     if (result) result = network.ClearLink(view.from, view.to);
                   return result;
                 }));
  for (const auto& [from, to, link, single] : report.links) {
    world.single_links.Write().erase({from, to});
    run.Note(LinkChanged{.from = from, .to = to, .link = link, .made = false});
  }
  NoteEnds(run, ended);
  return report;
}

}  // namespace delstep
