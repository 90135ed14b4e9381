// Whether the values of a configuration fit together.
#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <set>

#include "base/text.h"
#include "scenario/config.h"
#include "scenario/names.h"

namespace delstep {
namespace {

/// The error at the key that was set last, the first one of equals.
Error AtLast(const Config& config, std::initializer_list<std::string_view> keys, Error error) {
  const auto layer = [&](std::string_view key) { return config.OriginOf(key).layer; };
  return At(config.OriginOf(*std::ranges::max_element(keys, {}, layer)), std::move(error));
}

/// Whether the number of nodes is known only once the topology's file or the trace has been read.
bool FollowsFile(const Scenario& scenario) {
  return !scenario.nodes.count_given && !KeyOfNodes(scenario).empty();
}

template <class Items, class Print>
Result<void> CheckListOfNodes(const Config& config, std::string_view key, const Items& items,
                              Print print) {
  const std::size_t count = config.scenario().nodes.count;
  if (items.size() > count && !FollowsFile(config.scenario()))
    return AtLast(
        config, {key, "nodes.count"},
        UsageError(fmt::format("{} has {} entries for nodes.count = {}", key, items.size(), count),
                   fmt::format("give {} at most", count)));
  std::set<typename Items::value_type> seen;
  for (const auto& item : items)
    if (!seen.insert(item).second)
      return AtLast(config, {key}, UsageError(fmt::format("{} has '{}' twice", key, print(item))));
  return {};
}

/// Addresses and names are lists for the first nodes; each must be usable as a word of the console.
Result<void> CheckNodes(const Config& config) {
  const NodesOptions& nodes = config.scenario().nodes;
  DELSTEP_TRY(CheckListOfNodes(config, "nodes.addresses", nodes.addresses,
                               [](Address address) { return ToString(address); }));
  DELSTEP_TRY(CheckListOfNodes(config, "nodes.names", nodes.names,
                               [](const std::string& name) { return name; }));
  for (const std::string& name : nodes.names)
    if (const auto valid = CheckNodeName(name); !valid)
      return AtLast(config, {"nodes.names"}, valid.error());
  return {};
}

/// What a generator would have to assert. Said here, since the configuration knows where the values
/// were written.
Result<void> CheckTopology(const Config& config) {
  const std::uint64_t count = config.scenario().nodes.count;
  const TopologyOptions& topology = config.scenario().topology;
  const auto wrong = [&](std::string_view key, std::uint64_t value, std::string_view why) {
    return AtLast(config, {key, "nodes.count", "topology.name"},
                  UsageError(fmt::format("{} = {} {} (topology.name = \"{}\", nodes.count = {})",
                                         key, value, why, topology.name, count)));
  };
  // Where a trace brings the nodes, the generator says it when they are known.
  const bool known = !FollowsFile(config.scenario());
  if (known && topology.name == "regular") {
    if (topology.degree >= count)
      return wrong("topology.degree", topology.degree, "must be less than the number of nodes");
    // The sum of all degrees is twice the number of edges, so it is even.
    if (topology.degree % 2 == 1 && count % 2 == 1)
      return wrong("topology.degree", topology.degree, "must be even for an odd number of nodes");
  }
  if (known && topology.name == "small-world") {
    if (topology.k >= count)
      return wrong("topology.k", topology.k, "must be less than the number of nodes");
    if (topology.k % 2 == 1) return wrong("topology.k", topology.k, "must be even");
  }
  if (known && topology.name == "scale-free" && topology.m >= count)
    return wrong("topology.m", topology.m, "must be less than the number of nodes");
  if (topology.name == "file" && topology.file.empty())
    // Blamed on whichever was set later: the earlier one was right when it was written.
    return AtLast(config, {"topology.file", "topology.name"},
                  UsageError("topology.name = \"file\" needs topology.file", "name an edge list"));
  if (topology.name == "contacts" && topology.file.empty())
    return AtLast(config, {"topology.file", "topology.name"},
                  UsageError("topology.name = \"contacts\" needs topology.file",
                             "name a list of contacts: start,end,a,b"));
  return {};
}

Result<void> CheckChurn(const Config& config) {
  const ChurnOptions& churn = config.scenario().churn;
  if (churn.name == "trace" && churn.file.empty())
    return AtLast(config, {"churn.file", "churn.name"},
                  UsageError("churn.name = \"trace\" needs churn.file",
                             "name a CSV with the columns node,from,to"));
  if (churn.name == "diurnal" && churn.min > churn.max)
    return AtLast(config, {"churn.min", "churn.max"},
                  UsageError(fmt::format("churn.min = {} is above churn.max = {}",
                                         ShortestReal(churn.min), ShortestReal(churn.max))));
  return {};
}

Result<void> CheckMobility(const Config& config) {
  const MobilityOptions& mobility = config.scenario().mobility;
  if (mobility.name != "trace" || !mobility.file.empty()) return {};
  return AtLast(config, {"mobility.file", "mobility.name"},
                UsageError("mobility.name = \"trace\" needs mobility.file",
                           "name a trace, such as walk.movements"));
}

/// A list of sizes must have one for each node. How many examples there are is not known yet: the
/// partitioner looks at that.
Result<void> CheckPartition(const Config& config) {
  const PartitionOptions& partition = config.scenario().partition;
  const std::size_t sizes = partition.partition_sizes.size();
  const std::size_t count = config.scenario().nodes.count;
  // `label-sorted` goes without sizes too: then all are equal.
  const bool needed = partition.name == "size";
  const bool used = needed || partition.name == "label-sorted";
  if (!used || FollowsFile(config.scenario()) || sizes == count || (sizes == 0 && !needed))
    return {};
  return AtLast(
      config, {"partition.partition_sizes", "nodes.count", "partition.name"},
      UsageError(
          fmt::format("partition.partition_sizes has {} for nodes.count = {}",
                      sizes == 1 ? "1 entry" : fmt::format("{} entries", sizes), count),
          fmt::format("partition.name = \"{}\" takes one size for each node", partition.name)));
}

Result<void> CheckGroups(const Config& config) {
  for (const auto& group : config.scenario().groups)
    if (const auto valid = CheckGroupName(group.first); !valid)
      return AtLast(config, {"groups." + group.first}, valid.error());
  return {};
}

}  // namespace

Result<void> Check(const Config& config) {
  DELSTEP_TRY(CheckNodes(config));
  DELSTEP_TRY(CheckTopology(config));
  DELSTEP_TRY(CheckMobility(config));
  DELSTEP_TRY(CheckPartition(config));
  DELSTEP_TRY(CheckChurn(config));
  return CheckGroups(config);
}

}  // namespace delstep
