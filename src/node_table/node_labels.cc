#include "node_table/node_labels.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <unordered_set>
#include <utility>

#include "base/selector_word.h"
#include "base/text.h"
#include "node_table/node_table.h"

namespace delstep {
namespace {

/// The addresses that a run gives to its nodes: those of the scenario, then the lowest free ones.
std::vector<Address> AddressesOf(const NodesOptions& nodes) {
  std::vector<Address> addresses = nodes.addresses;
  std::unordered_set<std::uint32_t> taken;
  for (const Address address : addresses) taken.insert(address.value);
  for (std::size_t next = 0; addresses.size() < nodes.count; ++next)
    if (!taken.contains(DefaultAddress(next).value)) addresses.push_back(DefaultAddress(next));
  return addresses;
}

Error NoSuchNode(std::string_view file, std::string_view label, std::uint32_t line) {
  return BadFile(fmt::format("no node is called {}", QuotedField(label)),
                 "nodes go by their addresses and names, or all by ids of the file's own")
      .At(fmt::format("{}:{}", file, line));
}

}  // namespace

Result<std::size_t> NodeLabels::Add(std::string_view label, std::uint32_t line,
                                    std::string_view file) {
  constexpr std::size_t kLongest = 255;
  if (label.empty() || label.size() > kLongest)
    return BadFile(label.empty() ? "the node is missing" : "the name of a node is too long",
                   "write an address, a name, or an id of at most 255 bytes")
        .At(fmt::format("{}:{}", file, line));
  if (auto many = MeansManyNodes(label))
    return BadFile(*std::move(many)).At(fmt::format("{}:{}", file, line));
  const auto [entry, is_new] = places_.try_emplace(std::string(label), labels_.size());
  if (is_new) labels_.push_back({entry->first, line});
  return entry->second;
}

Result<std::vector<NodeId>> NodeLabels::Find(std::string_view file, const NodesOptions& nodes,
                                             std::vector<std::string>& notes) const {
  const std::vector<Address> addresses = AddressesOf(nodes);
  std::unordered_map<std::string, NodeId> known;
  for (std::size_t i = 0; i < nodes.count; ++i) {
    const auto node = static_cast<NodeId>(i);
    known.try_emplace(ToString(addresses[i]), node);
    if (i < nodes.names.size()) known.try_emplace(nodes.names[i], node);
  }
  std::vector<NodeId> found;
  const Label* stranger = nullptr;
  for (const Label& label : labels_) {
    const auto entry = known.find(label.text);
    if (entry == known.end()) {
      // A text that looks like an address is meant to be one.
      if (ParseAddress(label.text)) return NoSuchNode(file, label.text, label.line);
      if (!stranger) stranger = &label;
      continue;
    }
    found.push_back(entry->second);
  }
  if (!stranger) return found;
  if (!found.empty()) return NoSuchNode(file, stranger->text, stranger->line);
  return InAscendingOrder(file, nodes, notes);
}

Result<std::vector<NodeId>> NodeLabels::InAscendingOrder(std::string_view file,
                                                         const NodesOptions& nodes,
                                                         std::vector<std::string>& notes) const {
  if (labels_.size() > nodes.count)
    return BadFile(fmt::format("the file has {}, but nodes.count = {}",
                               Count(labels_.size(), "node"), nodes.count),
                   fmt::format("set nodes.count = {}, or take lines out", labels_.size()))
        .At(std::string(file));
  std::vector<std::optional<std::uint64_t>> numbers;
  for (const Label& label : labels_) numbers.push_back(ParseUnsigned(label.text));
  const bool numeric = std::ranges::all_of(numbers, [](const auto& n) { return n.has_value(); });
  std::vector<std::size_t> order(labels_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  // The text decides between "7" and "07", so that the order is one.
  std::ranges::sort(order, {}, [&](std::size_t i) {
    return std::pair(numeric ? *numbers[i] : 0, std::string_view(labels_[i].text));
  });
  std::vector<NodeId> meaning(labels_.size());
  for (std::size_t i = 0; i < order.size(); ++i) meaning[order[i]] = static_cast<NodeId>(i);
  const std::vector<Address> addresses = AddressesOf(nodes);
  notes.push_back(fmt::format(
      "{}: its nodes are taken in ascending order: {} is {}{}", file,
      QuotedField(labels_[order.front()].text), ToString(addresses[0]),
      order.size() < 2 ? ""
                       : fmt::format(", {} is {}", QuotedField(labels_[order.back()].text),
                                     ToString(addresses[order.size() - 1]))));
  return meaning;
}

}  // namespace delstep
