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
    GroupNamed(run.world, name).members.Clear();
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
    if (!group.members.Add(node)) {
      report.unneeded.push_back(node);
      continue;
    }
    report.done.push_back(node);
    run.Note(GroupJoined{.group = group.name, .node = node});
  }
  return report;
}

GroupReport RemoveFromGroup(Run& run, std::string_view name, std::span<const NodeId> nodes) {
  NodeGroup& group = GroupNamed(run.world, name);
  GroupReport report;
  // To remove a stranger is no error: the group is as was asked for.
  for (const NodeId node : nodes)
    (group.members.Has(node) ? report.done : report.unneeded).push_back(node);
  group.members.Remove(report.done);
  for (const NodeId node : report.done) run.Note(GroupLeft{.group = group.name, .node = node});
  return report;
}

}  // namespace delstep
