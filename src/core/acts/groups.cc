#include "core/acts/groups.h"

#include <algorithm>
#include <cassert>
#include <string>

namespace delstep {

NodeGroup& GroupNamed(World& world, std::string_view name) {
  std::vector<NodeGroup>& groups = world.groups.Write();
  const auto found = std::ranges::find(groups, name, &NodeGroup::name);
  assert(found != groups.end());
  return *found;
}

bool CreateGroup(Run& run, std::string_view name) {
  // A group of the same name keeps its place in the order of groups.
  const bool existed = run.world.FindGroup(name) != nullptr;
  if (existed)
    GroupNamed(run.world, name).members.clear();
  else
    run.world.groups.Write().push_back({.name = std::string(name), .members = {}});
  run.Note(GroupCreated{.group = std::string(name), .emptied = existed});
  return existed;
}

std::size_t DeleteGroup(Run& run, std::string_view name) {
  std::vector<NodeGroup>& groups = run.world.groups.Write();
  const auto group = std::ranges::find(groups, name, &NodeGroup::name);
  assert(group != groups.end());
  const std::size_t members = group->members.size();
  run.Note(GroupDeleted{group->name});
  groups.erase(group);
  return members;
}

GroupReport AddToGroup(Run& run, std::string_view name, std::span<const NodeId> nodes) {
  NodeGroup& group = GroupNamed(run.world, name);
  GroupReport report;
  for (const NodeId node : nodes) {
    // Searched one by one: members are few, and their order is that of joining.
    if (std::ranges::find(group.members, node) != group.members.end()) {
      report.unneeded.push_back(node);
      continue;
    }
    group.members.push_back(node);
    report.done.push_back(node);
    run.Note(GroupJoined{.group = group.name, .node = node});
  }
  return report;
}

GroupReport RemoveFromGroup(Run& run, std::string_view name, std::span<const NodeId> nodes) {
  NodeGroup& group = GroupNamed(run.world, name);
  GroupReport report;
  for (const NodeId node : nodes) {
    // To remove a stranger is no error: the group is as was asked for.
    if (std::erase(group.members, node) == 0) {
      report.unneeded.push_back(node);
      continue;
    }
    report.done.push_back(node);
    run.Note(GroupLeft{.group = group.name, .node = node});
  }
  return report;
}

}  // namespace delstep
