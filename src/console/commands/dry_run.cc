#include "console/commands/dry_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <ranges>

namespace delstep {

DryRunDirectory::DryRunDirectory(const Simulation& simulation) {
  const Scenario& scenario = simulation.scenario();
  const LoadedData& data = simulation.data();
  each_ = scenario.partition.samples_per_node.value_or(0);
  undealt_ = scenario.data.pool == "train" ? data.train_examples : data.dataset.size();
  // Nodes that have left too: their addresses count as used, and `why` knows them.
  for (std::uint32_t i = 0; i < simulation.nodes_ever(); ++i)
    nodes_.push_back({.address = simulation.AddressOf(NodeId{i}),
                      .name = simulation.NameOf(NodeId{i}),
                      .present = false,
                      .up = false});
  for (const NodeId id : simulation.Nodes()) {
    const NodeView view = simulation.View(id);
    undealt_ -= std::min(undealt_, view.train_samples + view.held_out_samples);
    nodes_[Index(id)].present = true;
    nodes_[Index(id)].up = view.up;
  }
  for (GroupView& group : simulation.Groups())
    groups_.emplace_back(std::move(group.name), std::move(group.members));
}

std::vector<NodeId> DryRunDirectory::Nodes() const {
  std::vector<NodeId> ids;
  for (std::size_t i = 0; i < nodes_.size(); ++i)
    if (nodes_[i].present) ids.push_back(NodeId{static_cast<std::uint32_t>(i)});
  return ids;
}

std::optional<NodeId> DryRunDirectory::Find(std::string_view word) const {
  const auto found = std::ranges::find_if(nodes_, [&](const Node& node) {
    return node.present && !word.empty() && (node.address == word || node.name == word);
  });
  if (found == nodes_.end()) return std::nullopt;
  return NodeId{static_cast<std::uint32_t>(found - nodes_.begin())};
}

std::optional<NodeId> DryRunDirectory::FindLeft(std::string_view word) const {
  const auto left = nodes_ | std::views::reverse;
  const auto found = std::ranges::find_if(left, [&](const Node& node) {
    return !node.present && !word.empty() && (node.address == word || node.name == word);
  });
  if (found == left.end()) return std::nullopt;
  return NodeId{static_cast<std::uint32_t>(left.end() - found - 1)};
}

bool DryRunDirectory::IsUp(NodeId node) const { return nodes_[Index(node)].up; }
std::string DryRunDirectory::AddressOf(NodeId node) const { return nodes_[Index(node)].address; }
std::string DryRunDirectory::NameOf(NodeId node) const { return nodes_[Index(node)].name; }

std::optional<std::vector<NodeId>> DryRunDirectory::Group(std::string_view name) const {
  for (const auto& [group, members] : groups_)
    if (group == name) return members;
  return std::nullopt;
}

std::vector<std::string> DryRunDirectory::GroupNames() const {
  std::vector<std::string> names;
  for (const auto& group : groups_) names.push_back(group.first);
  return names;
}

bool DryRunDirectory::WasUsed(std::string_view address) const {
  return std::ranges::any_of(nodes_, [&](const Node& node) { return node.address == address; });
}

Result<void> DryRunDirectory::Add(std::optional<Address> address, std::string name, bool fresh) {
  std::size_t next = nodes_.size();
  while (!address && WasUsed(ToString(DefaultAddress(next)))) ++next;
  std::string text = ToString(address.value_or(DefaultAddress(next)));
  if (WasUsed(text)) return Refused(fmt::format("the address {} has been used", text));
  if (Find(name)) return Refused(fmt::format("there is a node named '{}' already", name));
  // As many examples as a new node takes must be left, as in the run itself.
  if (fresh && (each_ == 0 || undealt_ < each_)) return Refused("nothing is left to deal");
  if (fresh) undealt_ -= each_;
  nodes_.push_back({std::move(text), std::move(name)});
  return {};
}

void DryRunDirectory::Remove(NodeId node) {
  nodes_[Index(node)].present = false;
  for (auto& group : groups_) std::erase(group.second, node);
}

void DryRunDirectory::SetUp(NodeId node, bool up) { nodes_[Index(node)].up = up; }

std::vector<NodeId>* DryRunDirectory::Members(std::string_view name) {
  const auto found = std::ranges::find_if(groups_, [&](const auto& g) { return g.first == name; });
  return found == groups_.end() ? nullptr : &found->second;
}

void DryRunDirectory::CreateGroup(const std::string& name) {
  if (std::vector<NodeId>* members = Members(name)) {
    members->clear();
  } else {
    groups_.emplace_back(name, std::vector<NodeId>());
  }
}

void DryRunDirectory::DeleteGroup(std::string_view name) {
  std::erase_if(groups_, [&](const auto& group) { return group.first == name; });
}

void DryRunDirectory::AddToGroup(std::string_view name, std::span<const NodeId> nodes) {
  std::vector<NodeId>* members = Members(name);
  if (!members) return;
  for (const NodeId node : nodes)
    if (std::ranges::find(*members, node) == members->end()) members->push_back(node);
}

void DryRunDirectory::RemoveFromGroup(std::string_view name, std::span<const NodeId> nodes) {
  std::vector<NodeId>* members = Members(name);
  if (!members) return;
  for (const NodeId node : nodes) std::erase(*members, node);
}

Result<void> CheckFolderOf(const Word& file) {
  const std::filesystem::path folder = std::filesystem::path(file.text).parent_path();
  std::error_code failed;
  if (folder.empty() || std::filesystem::is_directory(folder, failed)) return {};
  return At(file, BadFile(fmt::format("cannot write '{}': there is no folder '{}'", file.text,
                                      folder.string()),
                          fmt::format("make it before the run: mkdir -p {}", folder.string())));
}

}  // namespace delstep
