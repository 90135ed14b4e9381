#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/json.h"
#include "base/text.h"
#include "console/commands/command_rows.h"
#include "console/commands/dry_run.h"

namespace delstep {
namespace {

/// Shown where nobody says how many.
constexpr std::uint64_t kUsualMoments = 20;
/// Commands that a line names before it says "and 100 more".
constexpr std::size_t kNamed = 8;

/// "here" and the like: a yes that stands out, and a no that does not.
Cell YesCell(bool yes, std::string_view shown) {
  return JsonValue{yes ? "true" : "false", yes ? std::string(shown) : ""};
}

Table MomentTable() {
  return {.key = "moments",
          .columns = {{"moment", "moment"},
                      {.key = "present", .title = "here", .optional = true},
                      {"cycle", "cycle"},
                      {"t", "clock"},
                      {"cmd", "command"},
                      {.key = "marks", .title = "marks", .optional = true},
                      {"branch", "branch"},
                      {.key = "ends", .title = "end of", .optional = true},
                      {.key = "kept", .title = "kept", .optional = true}}};
}

std::vector<Cell> MomentRow(const History& history, const Moment& moment) {
  const Moments& moments = history.moments();
  const Branch* made_by = moments.FindBranch(moment.branch);
  std::vector<std::string> ends;
  for (const Branch& branch : moments.branches())
    if (branch.last == moment.number) ends.push_back(branch.name);
  const bool kept = history.SnapshotOf(moment.number) != nullptr;
  return {moment.number, YesCell(moment.number == moments.present().number, "*"), moment.cycle,
          moment.at.time_since_epoch(),
          // People see that this is no command.
          moment.command.empty() ? JsonValue{R"("")", "(start)"}
                                 : JsonValue{JsonString(moment.command), moment.command},
          moments.MarksAt(moment.number), made_by ? Cell(made_by->name) : Cell(), std::move(ends),
          JsonValue{kept ? "true" : "false", kept ? "" : "no"}};
}

/// What one should know of going back.
void AddReach(const History& history, Reply& reply) {
  const MomentNumber present = history.moments().present().number;
  if (const auto& refusal = history.refusal())
    reply.text.push_back(fmt::format("one cannot go back: {}", refusal->message));
  else
    reply.text.push_back(fmt::format("at moment {} of branch {}; one can go back to moment {}",
                                     present, history.moments().branch().name, history.oldest()));
}

/// The last ones of the present branch, wherever on it one is; the present one; and what has a
/// name.
std::set<MomentNumber> Listed(const Moments& moments, std::uint64_t wanted) {
  std::set<MomentNumber> listed;
  if (wanted >= moments.all().size()) {
    for (const auto& entry : moments.all()) listed.insert(entry.first);
    return listed;
  }
  const Moment* at = moments.Find(moments.branch().last);
  for (std::uint64_t count = 0; at && count < wanted; ++count) {
    listed.insert(at->number);
    at = at->parent ? moments.Find(*at->parent) : nullptr;
  }
  listed.insert(moments.present().number);
  for (const auto& mark : moments.marks()) listed.insert(mark.second);
  for (const Branch& branch : moments.branches()) listed.insert(branch.last);
  return listed;
}

Result<Reply> ShowHistory(CommandContext& context) {
  const History& history = context.history;
  const auto& all = history.moments().all();
  const auto wanted = context.arguments.Get<std::uint64_t>("STEPS");
  Reply reply;
  const auto list = [&](std::uint64_t count) {
    Table table = MomentTable();
    table.shown = all.size();
    for (const MomentNumber number : Listed(history.moments(), count))
      table.rows.push_back(MomentRow(history, all.at(number)));
    return table;
  };
  const auto left_out = [&](std::uint64_t count, const Table& table) -> std::string {
    return fmt::format(
        "{} of {}: the last {} of branch {}, and those with a name; history {} shows all",
        table.rows.size(), Count(all.size(), "moment"), count, history.moments().branch().name,
        all.size());
  };
  AddReach(history, reply);
  reply.fields = {{"kept_from", history.oldest()}};
  Table table = list(wanted.value_or(all.size()));
  if (wanted) {
    if (table.rows.size() < all.size()) reply.text.emplace_back(left_out(*wanted, table));
  } else {
    // All of them, but for a terminal.
    table.at_terminal = false;
    Table few = list(kUsualMoments);
    few.key.clear();
    few.in_full = false;
    if (few.rows.size() < all.size())
      reply.text.push_back({std::nullopt, left_out(kUsualMoments, few)});
    reply.tables.push_back(std::move(few));
  }
  reply.tables.push_back(std::move(table));
  return reply;
}

/// "moment 3 of branch main: train".
std::string Where(const Moments& moments) {
  const Moment& present = moments.present();
  return fmt::format("moment {} of branch {}: {}", present.number, moments.branch().name,
                     present.command.empty() ? "the start" : present.command);
}

void AddPresent(const Moments& moments, Reply& reply) {
  reply.fields.emplace_back("moment", moments.present().number);
  reply.fields.emplace_back("branch", moments.branch().name);
}

/// Before one goes: a way back may lead over moments that are then not ahead any more.
struct Passed {
  std::vector<std::string> commands, numbers;
};
Passed Read(const Moments& moments, const Destination& to) {
  Passed passed;
  for (const MomentNumber number : to.passed) {
    const Moment* moment = moments.Find(number);
    passed.commands.push_back(moment ? moment->command : "");
    passed.numbers.push_back(std::to_string(number));
  }
  return passed;
}

/// "took back: ag, nstep (moments 5, 4)".
Reply Tell(std::string_view what, const Moments& moments, const Destination& to) {
  const Passed passed = Read(moments, to);
  const auto some = [](const std::vector<std::string>& all) {
    const std::size_t shown = std::min(all.size(), kNamed);
    std::string text = Join(std::span(all).first(shown), ", ");
    return all.size() > shown ? text + fmt::format(" and {} more", all.size() - shown) : text;
  };
  const std::size_t count = passed.numbers.size();
  const std::string numbers =
      count > kNamed ? fmt::format("{} to {}", passed.numbers.front(), passed.numbers.back())
                     : Join(passed.numbers, ", ");
  Reply reply;
  reply.text.push_back(fmt::format("{}: {} (moment{} {})", what, some(passed.commands),
                                   count == 1 ? "" : "s", numbers));
  AddPresent(moments, reply);
  Table table{.key = "moments", .columns = {{"moment"}, {"cmd"}}, .shown = 0};
  for (std::size_t i = 0; i < count; ++i)
    table.rows.push_back({std::uint64_t{to.passed[i]}, passed.commands[i]});
  reply.tables.push_back(std::move(table));
  return reply;
}

std::uint64_t StepsOf(const CommandContext& context) {
  return context.arguments.Get<std::uint64_t>("STEPS").value_or(1);
}

Result<Reply> Undo(CommandContext& context) {
  DELSTEP_ASSIGN(const Destination to, context.history.Undo(StepsOf(context)));
  return Tell("took back", context.history.moments(), to);
}

Result<Reply> Redo(CommandContext& context) {
  DELSTEP_ASSIGN(const Destination to, context.history.Redo(StepsOf(context)));
  return Tell("did again", context.history.moments(), to);
}

Reply Arrived(const CommandContext& context) {
  Reply reply;
  reply.text.push_back(Where(context.history.moments()));
  AddPresent(context.history.moments(), reply);
  return reply;
}

Result<Reply> GoTo(CommandContext& context) {
  const Word& word = context.arguments.WordOf("MOMENT");
  if (auto went = context.history.GoTo(word.text); !went) return At(word, std::move(went).error());
  return Arrived(context);
}

Result<Reply> Reset(CommandContext& context) {
  DELSTEP_TRY(context.history.GoTo("0"));
  return Arrived(context);
}

Result<Reply> Switch(CommandContext& context) {
  const Word& word = context.arguments.WordOf("BRANCH");
  if (auto went = context.history.Switch(word.text); !went)
    return At(word, std::move(went).error());
  return Arrived(context);
}

Result<Reply> Mark(CommandContext& context) {
  const Word& name = context.arguments.WordOf("MARK");
  auto before = context.history.Mark(name.text);
  if (!before) return At(name, std::move(before).error());
  const MomentNumber now = context.history.moments().present().number;
  Reply reply;
  std::string text = fmt::format("{} is moment {}", name.text, now);
  if (*before && **before != now) text += fmt::format("; it was moment {}", **before);
  reply.text.push_back(std::move(text));
  reply.fields = {
      {"mark", name.text}, {"moment", now}, {"moved_from", *before ? Cell(**before) : Cell()}};
  return reply;
}

Result<Reply> MakeBranch(CommandContext& context) {
  const Word& name = context.arguments.WordOf("MARK");
  if (auto made = context.history.MakeBranch(name.text); !made)
    return At(name, std::move(made).error());
  Reply reply;
  reply.text.push_back(fmt::format("branch {} begins at moment {}", name.text,
                                   context.history.moments().present().number));
  AddPresent(context.history.moments(), reply);
  return reply;
}

Result<Reply> ListBranches(CommandContext& context) {
  const Moments& moments = context.history.moments();
  Table table{.key = "branches",
              .columns = {{"branch", "branch"},
                          {.key = "present", .title = "here", .optional = true},
                          {"moment", "last moment"},
                          {"cycle", "cycle"},
                          {"t", "clock"}}};
  for (const Branch& branch : moments.branches()) {
    const Moment& last = *moments.Find(branch.last);
    table.rows.push_back({branch.name, YesCell(branch.id == moments.branch().id, "*"),
                          std::uint64_t{branch.last}, last.cycle, last.at.time_since_epoch()});
  }
  Reply reply;
  reply.tables.push_back(std::move(table));
  return reply;
}

Result<Reply> DeleteBranch(CommandContext& context) {
  const Word& name = context.arguments.WordOf("BRANCH");
  const Branch* branch = context.history.moments().FindBranch(name.text);
  const auto made = !branch ? 0
                            : std::ranges::count_if(context.history.moments().all(),
                                                    [id = branch->id](const auto& entry) {
                                                      return entry.second.branch == id;
                                                    });
  auto forgotten = context.history.DeleteBranch(name.text);
  if (!forgotten) return At(name, std::move(forgotten).error());
  Reply reply;
  reply.text.push_back(
      fmt::format("branch {} is forgotten, with {}", name.text, Count(*forgotten, "moment")));
  if (const std::uint64_t stay = static_cast<std::uint64_t>(made) - *forgotten; stay > 0)
    reply.text.push_back(fmt::format("{} that it made {}, as other branches or marks lead there",
                                     Count(stay, "moment"), stay == 1 ? "stays" : "stay"));
  reply.fields = {{"branch", name.text}, {"forgotten", *forgotten}};
  return reply;
}

/// Which moment it will be is not known before the run.
Result<void> FollowGoing(DryRun& dry_run) {
  dry_run.went = true;
  return {};
}

constexpr Command kTime[] = {
    {.scope = CommandScope::kTime,
     .usage = "history [N]",
     .form = "history [STEPS]",
     .sentence = "list the last moments: the state after each command that changed something",
     .example = "history 10",
     .more = "Listed are the last N moments of the present branch (20 unless said), the present "
             "one, and all with a mark or at the end of a branch. "
             "A star stands at the present moment. branch: the one that made the moment. end of: "
             "branches whose last moment it is. Moments are kept as long as history.memory allows; "
             "the oldest go first, those with a mark and ends of branches last.",
     .shows = true,
     .run = ShowHistory},
    {.scope = CommandScope::kTime,
     .usage = "undo [N]",
     .form = "undo [STEPS]",
     .sentence = "go back by N moments, 1 unless said: everything is as it was then",
     .example = "undo 2",
     .more =
         "Models, optimizers, guestbooks, messages wherever they are, the clock, links, groups, "
         "what `set` has set, and the last tests. The log and files that were written stay, and "
         "so does the place in a script. Another command after it begins a branch; what was "
         "taken back stays reachable.",
     .run = Undo,
     .follow = FollowGoing},
    {.scope = CommandScope::kTime,
     .usage = "redo [N]",
     .form = "redo [STEPS]",
     .sentence = "go forth again by N moments of this branch, 1 unless said",
     .example = "redo",
     .run = Redo,
     .follow = FollowGoing},
    {.scope = CommandScope::kTime,
     .usage = "mark NAME",
     .form = "mark MARK",
     .sentence = "name the present moment; a name that is used moves",
     .example = "mark trained",
     .run = Mark},
    {.scope = CommandScope::kTime,
     .usage = "goto NAME|N",
     .form = "goto MOMENT",
     .sentence = "go to a moment by its number or mark, and to the branch that made it",
     .example = "goto trained",
     .more = "The name of a branch leads to its last moment, as `switch` does.",
     .run = GoTo,
     .follow = FollowGoing},
    {.scope = CommandScope::kTime,
     .usage = "reset",
     .sentence = "go back to the start: the same as goto 0",
     .example = "reset",
     .run = Reset,
     .follow = FollowGoing},
    {.scope = CommandScope::kTime,
     .usage = "branch NAME",
     .form = "branch MARK",
     .sentence = "begin a branch at the present moment, and go on there",
     .example = "branch lossy",
     .more = "Two branches draw the same random numbers for the same purpose, so they differ only "
             "by what was done differently.",
     .run = MakeBranch},
    {.scope = CommandScope::kTime,
     .usage = "branch",
     .sentence = "list the branches; the first one is main",
     .example = "branch",
     .shows = true,
     .run = ListBranches},
    {.scope = CommandScope::kTime,
     .usage = "branch delete NAME",
     .form = "branch delete BRANCH",
     .sentence = "forget a branch, with the moments that no other branch or mark leads to",
     .example = "branch delete main-2",
     .run = DeleteBranch},
    {.scope = CommandScope::kTime,
     .usage = "switch NAME",
     .form = "switch BRANCH",
     .sentence = "go to the last moment of a branch",
     .example = "switch main",
     .run = Switch,
     .follow = FollowGoing},
};

}  // namespace

std::span<const Command> TimeCommands() { return kTime; }

}  // namespace delstep
