#include "traces/node_ids.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>
#include <unordered_map>

#include "base/selector_word.h"
#include "base/shortened.h"
#include "base/text.h"
#include "base/utf8.h"
#include "topology/graph_builder.h"

namespace delstep {
namespace {

constexpr std::size_t kLongestId = 255;

/// The address of each of the first `count` nodes: what the scenario gives, then the lowest that
/// are free.
std::vector<std::string> AddressesOf(const NodesOptions& nodes, std::size_t count) {
  std::vector<std::string> addresses;
  std::set<std::uint32_t> used;
  for (const Address address : nodes.addresses) {
    if (addresses.size() == count) break;
    used.insert(address.value);
    addresses.push_back(ToString(address));
  }
  for (std::size_t next = 0; addresses.size() < count; ++next)
    if (const Address address = DefaultAddress(next); !used.contains(address.value))
      addresses.push_back(ToString(address));
  return addresses;
}

/// Places in `ids` of those that `known` does not have, in ascending order.
std::vector<std::size_t> Ascending(std::span<const std::string> ids,
                                   const std::unordered_map<std::string, NodeId>& known) {
  struct Entry {
    std::size_t place;
    double number;
  };
  std::vector<Entry> entries;
  bool numbers = true;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (known.contains(ids[i])) continue;
    const auto number = ParseReal(ids[i]);
    numbers = numbers && number.has_value();
    entries.push_back({i, number.value_or(0)});
  }
  std::ranges::sort(entries, [&](const Entry& a, const Entry& b) {
    // Equal numbers may be written in two ways, and beyond 2^53 a double cannot tell them apart.
    if (numbers && a.number != b.number) return a.number < b.number;
    return ids[a.place] < ids[b.place];
  });
  std::vector<std::size_t> places;
  for (const Entry& entry : entries) places.push_back(entry.place);
  return places;
}

/// Whether these are 0, 1, 2, ... or 1, 2, 3, ...: which is which needs no word then.
bool CountsUp(std::span<const std::string> ids, const std::vector<std::size_t>& order) {
  const std::uint64_t first = ids[order.front()] == "0" ? 0 : 1;
  for (std::size_t i = 0; i < order.size(); ++i)
    if (ParseIndex(ids[order[i]]) != i + first) return false;
  return true;
}

}  // namespace

std::optional<std::string> WrongId(std::string_view id) {
  if (id.empty()) return "an id is empty";
  if (id.size() > kLongestId)
    return fmt::format("the id {} has {} bytes; at most {} are allowed", Excerpt(id), id.size(),
                       kLongestId);
  const bool control = std::ranges::any_of(
      id, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (control || CleanLength(id) < id.size())
    return fmt::format("the id {} holds control characters or bytes that are no UTF-8",
                       Excerpt(id));
  return MeansManyNodes(id);
}

Result<NodesOfIds> FindNodesOfIds(std::span<const std::string> ids, const NodesOptions& nodes,
                                  const std::string& file) {
  NodesOfIds found;
  found.count = nodes.count_given
                    ? nodes.count
                    : std::max({ids.size(), nodes.names.size(), nodes.addresses.size()});
  constexpr std::size_t kMostNodes = 1'000'000;  // as nodes.count
  if (ids.size() > std::min(found.count, kMostNodes)) {
    return BadFile(fmt::format("it has {}, but {}", Count(ids.size(), "id"),
                               ids.size() > kMostNodes
                                   ? fmt::format("at most {} nodes are allowed", kMostNodes)
                                   : fmt::format("nodes.count = {}", found.count)),
                   ids.size() > kMostNodes
                       ? ""
                       : fmt::format("set nodes.count = {}, or leave it out", ids.size()))
        .At(file);
  }
  const std::vector<std::string> addresses = AddressesOf(nodes, found.count);
  std::unordered_map<std::string, NodeId> by_word;
  for (std::size_t node = 0; node < found.count; ++node) {
    by_word.try_emplace(addresses[node], static_cast<NodeId>(node));
    if (node < nodes.names.size())
      by_word.try_emplace(nodes.names[node], static_cast<NodeId>(node));
  }
  std::vector<bool> taken(found.count);
  found.nodes.resize(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto word = by_word.find(ids[i]);
    if (word == by_word.end()) continue;
    found.nodes[i] = word->second;
    // By its address in one place and by its name in another: two tracks for one node.
    if (taken[Index(word->second)])
      return BadFile(fmt::format("the id {} is another word for a node that it has already",
                                 Excerpt(ids[i])),
                     "call a node by its address or by its name, not by both")
          .At(file);
    taken[Index(word->second)] = true;
  }
  const std::vector<std::size_t> order = Ascending(ids, by_word);
  std::size_t node = 0;
  for (const std::size_t place : order) {
    while (taken[node]) ++node;
    found.nodes[place] = static_cast<NodeId>(node);
    taken[node] = true;
  }
  if (!order.empty() && !CountsUp(ids, order)) {
    const auto is = [&](std::size_t place) {
      return fmt::format("{} is {}", Excerpt(ids[place]), addresses[Index(found.nodes[place])]);
    };
    found.notes.push_back(
        fmt::format("its ids are taken in ascending order: {}{}", is(order.front()),
                    order.size() < 2 ? "" : fmt::format(", {}", is(order.back()))));
  }
  return found;
}

}  // namespace delstep
