#include "core/acts/links.h"

#include <fmt/format.h>

#include <cassert>
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
  DELSTEP_TRY(world.network.Write()->SetLink(from, to, link));
  world.single_links.Write()[{from, to}] = link;
  const bool made = !world.at(from).HasNeighbour(to);
  if (made) world.Change(from).AddNeighbour(to);
  report.made |= made;
  report.links.push_back({.from = from, .to = to, .link = link, .single = true});
  run.Note(LinkChanged{.from = from, .to = to, .link = link, .made = made});
  return {};
}

}  // namespace

Result<void> ChangeDefaultLink(Run& run, const LinkProperties& link) {
  World& world = run.world;
  DELSTEP_TRY(world.network.Write()->SetDefaultLink(link));
  world.default_link = link;
  return {};
}

Result<void> SetDefaultLoss(Run& run, double loss) {
  World& world = run.world;
  LinkProperties link = world.default_link;
  link.loss = loss;
  DELSTEP_TRY(ChangeDefaultLink(run, link));
  auto& singles = world.single_links.Write();
  for (auto entry = singles.begin(); entry != singles.end();) {
    auto& [pair, single] = *entry;
    single.loss = loss;
    if (single != link) {
      DELSTEP_TRY(world.network.Write()->SetLink(pair.first, pair.second, single));
      ++entry;
      continue;
    }
    // A link that differs from the default in nothing follows it from now on.
    DELSTEP_TRY(world.network.Write()->ClearLink(pair.first, pair.second));
    entry = singles.erase(entry);
  }
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
    const std::string from_text = world.at(from).Called();
    const std::string to_text = world.at(to).Called();
    return Refused(fmt::format("there is no link from {} to {}", from_text, to_text),
                   fmt::format("`link {} {} up` makes one", from_text, to_text));
  }
  LinkReport report;
  for (const auto& [from, to] : ways) DELSTEP_TRY(ChangeOneWay(run, from, to, change, report));
  // A link that went down has ended the messages on it, now.
  DELSTEP_TRY(CollectOutcomes(run));
  return report;
}

Result<LinkReport> ChangeLinks(Run& run, std::span<const LinkView> links,
                               const LinkChange& change) {
  LinkReport report;
  for (const LinkView& link : links) {
    assert(run.world.at(link.from).HasNeighbour(link.to));
    DELSTEP_TRY(ChangeOneWay(run, link.from, link.to, change, report));
  }
  DELSTEP_TRY(CollectOutcomes(run));
  return report;
}

Result<LinkReport> ResetLinks(Run& run, std::span<const LinkView> links) {
  World& world = run.world;
  const LinkProperties link = world.default_link;
  LinkReport report;
  for (const LinkView& view : links) {
    const NodeId from = view.from, to = view.to;
    if (!world.single_links->contains({from, to})) continue;
    DELSTEP_TRY(world.network.Write()->ClearLink(from, to));
    world.single_links.Write().erase({from, to});
    report.links.push_back({.from = from, .to = to, .link = link, .single = false});
    run.Note(LinkChanged{.from = from, .to = to, .link = link, .made = false});
  }
  DELSTEP_TRY(CollectOutcomes(run));
  return report;
}

}  // namespace delstep
