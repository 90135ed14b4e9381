#include "core/acts/links.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "core/acts/message_outcomes.h"

namespace delstep {
namespace {

/// The network first: if it fails, the tables of the world say what it said before.
Result<void> ChangeOneWay(Run& run, NodeId from, NodeId to, const LinkChange& change,
                          LinkReport& report) {
  World& world = run.world;
  LinkProperties link = world.Link(from, to);
  if (change.loss) link.loss = *change.loss;
  if (change.latency) link.latency = *change.latency;
  if (change.bandwidth) link.bandwidth = *change.bandwidth;
  if (change.up) link.up = *change.up;
  DELSTEP_TRY(world.network->SetLink(from, to, link));
  world.single_links[{from, to}] = link;
  world.plain_links.erase({from, to});
  const bool made = world.at(from).AddNeighbour(to);
  report.made |= made;
  report.links.push_back({.from = from, .to = to, .link = link, .single = true});
  run.Note(LinkChanged{.from = from, .to = to, .link = link, .made = made});
  return {};
}

}  // namespace

Result<void> ChangeDefaultLink(Run& run, const LinkProperties& link) {
  World& world = run.world;
  DELSTEP_TRY(world.network->SetDefaultLink(link));
  world.default_link = link;
  // The network cannot forget what it was told of a single link, so it is told the new default.
  for (const auto& [from, to] : world.plain_links)
    DELSTEP_TRY(world.network->SetLink(from, to, link));
  return {};
}

Result<void> SetDefaultLoss(Run& run, double loss) {
  World& world = run.world;
  LinkProperties link = world.default_link;
  link.loss = loss;
  DELSTEP_TRY(ChangeDefaultLink(run, link));
  for (auto& [pair, single] : world.single_links) {
    single.loss = loss;
    DELSTEP_TRY(world.network->SetLink(pair.first, pair.second, single));
    if (single == link) world.plain_links.insert(pair);
  }
  // A link that differs from the default in nothing follows it from now on.
  std::erase_if(world.single_links, [&](const auto& entry) { return entry.second == link; });
  run.Note(DefaultLinkChanged{link});
  return {};
}

Result<LinkReport> ChangeLink(Run& run, NodeId a, NodeId b, const LinkChange& change) {
  const World& world = run.world;
  const bool makes = change.up.value_or(false);
  std::vector<std::pair<NodeId, NodeId>> ways = {{a, b}};
  if (!change.one_way) ways.push_back({b, a});
  // Both ways are checked before the first is changed.
  for (const auto& [from, to] : ways) {
    if (makes || world.at(from).HasNeighbour(to)) continue;
    const std::string from_text = ToString(world.at(from).address);
    const std::string to_text = ToString(world.at(to).address);
    return Refused(fmt::format("there is no link from {} to {}", from_text, to_text),
                   fmt::format("`link {} {} up` makes one", from_text, to_text));
  }
  LinkReport report;
  for (const auto& [from, to] : ways) DELSTEP_TRY(ChangeOneWay(run, from, to, change, report));
  // A link that went down has ended the messages on it, now.
  DELSTEP_TRY(CollectOutcomes(run));
  return report;
}

}  // namespace delstep
