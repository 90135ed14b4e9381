#include <fmt/format.h>

#include "base/text.h"
#include "console/commands/command_rows.h"
#include "console/commands/dry_run.h"
#include "console/commands/reply_parts.h"

namespace delstep {
namespace {

std::string GroupOf(const CommandContext& context) { return context.arguments.WordOf("G").text; }

Result<Reply> ListGroups(CommandContext& context) {
  Reply reply;
  Table table{.key = "groups",
              .columns = {{"group", "group"}, {"size", "size"}, {"members", "members"}}};
  for (const GroupView& group : context.simulation.Groups())
    table.rows.push_back({group.name, group.members.size(), Labels(context, group.members)});
  if (table.rows.empty()) reply.output.push_back("no groups");
  reply.tables.push_back(std::move(table));
  return reply;
}

Result<Reply> CreateGroup(CommandContext& context) {
  const std::string name = context.arguments.WordOf("GROUP").text;
  const bool emptied = context.simulation.CreateGroup(name);
  const GroupReport report = context.simulation.AddToGroup(name, context.targets.nodes);
  Reply reply;
  if (report.done.empty())
    reply.text.push_back(fmt::format("group '{}' {}", name,
                                     emptied ? "existed and is now empty" : "is there, empty"));
  else
    reply.text.push_back(fmt::format("group '{}' {} {}", name,
                                     emptied ? "existed, was emptied, and has" : "is there, with",
                                     Count(report.done.size(), "node")));
  reply.fields = {{"group", name}, {"emptied", emptied}, {"done", Labels(context, report.done)}};
  return reply;
}

Result<Reply> DeleteGroup(CommandContext& context) {
  const std::string name = GroupOf(context);
  const std::size_t members = context.simulation.DeleteGroup(name);
  Reply reply;
  reply.text.push_back(
      fmt::format("group '{}' is gone; it had {}", name, Count(members, "member")));
  reply.fields = {{"group", name}, {"member_count", members}};
  return reply;
}

Result<Reply> Roster(CommandContext& context) {
  const auto group = context.simulation.Group(GroupOf(context));
  Reply reply;
  Table table{
      .key = "nodes",
      .columns = {
          {"node", "node"}, {.key = "name", .title = "name", .optional = true}, {"up", "up"}}};
  for (const NodeId member : group->members) {
    const NodeView view = context.simulation.View(member);
    table.rows.push_back({view.address, view.name, view.up});
  }
  if (table.rows.empty()) reply.output.push_back(fmt::format("group '{}' is empty", group->name));
  reply.fields = {{"group", group->name}};
  reply.tables.push_back(std::move(table));
  return reply;
}

Result<Reply> Membership(CommandContext& context) {
  Reply reply;
  Table table{.key = "nodes", .columns = {{"node", "node"}, {"groups", "groups"}}};
  for (const NodeId node : context.targets.nodes) {
    const NodeView view = context.simulation.View(node);
    table.rows.push_back({context.Label(node), view.groups});
  }
  reply.tables.push_back(std::move(table));
  return reply;
}

/// Known nodes have been handled; unknown ones make the command fail.
Result<Reply> Report(const CommandContext& context, const GroupReport& report,
                     std::string_view done, std::string_view unneeded) {
  // After the work, so that one wrong name among many does not lose the others.
  if (!context.targets.unknown.empty()) {
    const Word& first = *context.targets.unknown.front();
    std::vector<std::string> words;
    for (const Word* word : context.targets.unknown) words.push_back("'" + word->text + "'");
    return At(first, Refused(fmt::format("no node named {} ({} {})", Join(words, ", "),
                                         Count(report.done.size(), "other"), done),
                             std::string(kListNodesHint)));
  }
  Reply reply;
  reply.text.push_back(
      fmt::format("{} {} group '{}'", Count(report.done.size(), "node"), done, GroupOf(context)));
  reply.fields = {{"group", GroupOf(context)}, {"done", Labels(context, report.done)}};
  AddNodes(reply, context, "unneeded", unneeded, report.unneeded);
  return reply;
}

Result<Reply> JoinGroup(CommandContext& context) {
  return Report(context, context.simulation.AddToGroup(GroupOf(context), context.targets.nodes),
                "joined", "members already");
}

Result<Reply> LeaveGroup(CommandContext& context) {
  return Report(context,
                context.simulation.RemoveFromGroup(GroupOf(context), context.targets.nodes), "left",
                "no members anyway");
}

Result<Reply> ShareInGroup(CommandContext& context) {
  DELSTEP_ASSIGN(const QueueReport report, context.simulation.Share(GroupOf(context)));
  Reply reply = ReportOf(context, report);
  if (report.skipped_pairs > 0)
    reply.text.push_back(
        fmt::format("skipped {}: no neighbours", Count(report.skipped_pairs, "pair")));
  reply.fields.emplace_back("skipped_pairs", report.skipped_pairs);
  return reply;
}

Result<void> FollowCreate(DryRun& dry_run) {
  const std::string& name = dry_run.arguments.WordOf("GROUP").text;
  dry_run.directory.CreateGroup(name);
  dry_run.directory.AddToGroup(name, dry_run.targets.nodes);
  return {};
}

Result<void> FollowDelete(DryRun& dry_run) {
  dry_run.directory.DeleteGroup(dry_run.arguments.WordOf("G").text);
  return {};
}

Result<void> FollowJoin(DryRun& dry_run) {
  dry_run.directory.AddToGroup(dry_run.arguments.WordOf("G").text, dry_run.targets.nodes);
  return {};
}

Result<void> FollowLeave(DryRun& dry_run) {
  dry_run.directory.RemoveFromGroup(dry_run.arguments.WordOf("G").text, dry_run.targets.nodes);
  return {};
}

constexpr Command kGroup[] = {
    {.scope = CommandScope::kGroup,
     .usage = "group list",
     .sentence = "list the groups",
     .example = "group list",
     .shows = true,
     .run = ListGroups},
    {.scope = CommandScope::kGroup,
     .usage = "group create GROUP [NODE...]",
     .sentence = "make a group of these nodes, at first of none; one of this name is emptied",
     .example = "group create g1 10.0.0.1 10.0.0.2",
     .who = Who::kAny,
     .autonet = true,
     .changes_directory = true,
     .changes_world = true,
     .run = CreateGroup,
     .follow = FollowCreate},
    {.scope = CommandScope::kGroup,
     .usage = "group delete G",
     .sentence = "forget a group; its members stay as they are",
     .example = "group delete g1",
     .autonet = true,
     .changes_directory = true,
     .changes_world = true,
     .run = DeleteGroup,
     .follow = FollowDelete},
    {.scope = CommandScope::kGroup,
     .usage = "group roster G",
     .sentence = "list the members of a group",
     .example = "group roster g1",
     .shows = true,
     .run = Roster},
    {.scope = CommandScope::kGroup,
     .usage = "group membership NODE...",
     .sentence = "list the groups of nodes",
     .example = "group membership 10.0.0.2",
     .who = Who::kAny,
     .shows = true,
     .run = Membership},
    {.scope = CommandScope::kGroup,
     .usage = "group G add NODE...",
     .sentence = "add nodes to a group",
     .example = "group g1 add 10.0.0.1 10.0.0.2",
     .who = Who::kKnown,
     .autonet = true,
     .changes_directory = true,
     .changes_world = true,
     .run = JoinGroup,
     .follow = FollowJoin},
    {.scope = CommandScope::kGroup,
     .usage = "group G remove NODE...",
     .sentence = "remove nodes from a group",
     .example = "group g1 remove 10.0.0.1",
     .who = Who::kKnown,
     .autonet = true,
     .changes_directory = true,
     .changes_world = true,
     .run = LeaveGroup,
     .follow = FollowLeave},
    {.scope = CommandScope::kGroup,
     .usage = "group G share",
     .sentence = "every pair of members that are neighbours exchanges models",
     .example = "group g1 share",
     .autonet = true,
     .changes_world = true,
     .run = ShareInGroup},
    {.scope = CommandScope::kGroup,
     .usage = "group G train",
     .sentence = "train the members",
     .example = "group g1 train",
     .who = Who::kMembers,
     .autonet = true,
     .redo = "train",
     .changes_world = true,
     .run = TrainNodes},
    {.scope = CommandScope::kGroup,
     .usage = "group G ag",
     .sentence = "aggregate at each member",
     .example = "group g1 ag",
     .who = Who::kMembers,
     .autonet = true,
     .redo = "ag",
     .changes_world = true,
     .run = AggregateNodes},
    {.scope = CommandScope::kGroup,
     .usage = "group G test [local|global|group G|sample K] [by class]",
     .sentence = "evaluate the members",
     .example = "group g1 test local",
     .who = Who::kMembers,
     .shows = true,
     .autonet = true,
     .run = TestNodes},
    {.scope = CommandScope::kGroup,
     .usage = "group G step",
     .sentence = "step each member: aggregate, else train",
     .example = "group g1 step",
     .who = Who::kMembers,
     .autonet = true,
     .redo = "step",
     .changes_world = true,
     .run = StepNodes},
};

}  // namespace

std::span<const Command> GroupCommands() { return kGroup; }

}  // namespace delstep
