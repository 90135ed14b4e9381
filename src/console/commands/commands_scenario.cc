#include <fmt/format.h>

#include "base/files.h"
#include "base/text.h"
#include "console/commands/command_rows.h"
#include "console/commands/scenario_view.h"
#include "scenario/catalogue.h"

namespace delstep {
namespace {

/// A heading, and the lines of a file.
Result<void> AddFile(const std::filesystem::path& file, std::vector<std::string>& lines) {
  DELSTEP_ASSIGN(const std::string text, ReadText(file));
  lines.insert(lines.end(), {"", fmt::format("==> {} <==", file.string())});
  std::string_view rest = text;
  if (rest.ends_with('\n')) rest.remove_suffix(1);
  for (const std::string_view line : Split(rest, '\n')) lines.emplace_back(line);
  return {};
}

Result<Reply> ListScenariosHere(CommandContext&) { return ScenarioList(); }

Result<Reply> ShowScenarioHere(CommandContext& context) {
  const Word& name = context.arguments.WordOf("SCENARIO");
  auto reply = ScenarioText(name.text);
  if (reply) return reply;
  Error error = At(name, std::move(reply).error());
  // Which scenarios there are is for the machine to say, as with nodes and groups.
  if (error.code == ErrorCode::kUsage) error.code = ErrorCode::kRefused;
  return error;
}

constexpr Command kScenarios[] = {
    {.scope = CommandScope::kInterface,
     .usage = "scenario list",
     .sentence = "list the scenarios that there are, and what each is about",
     .example = "scenario list",
     .more = "`delstep NAME` begins one. Also a word of the shell: delstep scenario list.",
     .shows = true,
     .run = ListScenariosHere},
    {.scope = CommandScope::kInterface,
     .usage = "scenario show NAME",
     .form = "scenario show SCENARIO",
     .sentence = "show a scenario: its file, and the script that plays it",
     .example = "scenario show mnist-12",
     .more = "NAME.del is found from anywhere: delstep NAME -f NAME.del plays it, and so does "
             "`load NAME.del` in a session of NAME. The comments of the script tell what to look "
             "for, and its `expect`s check what is claimed.",
     .shows = true,
     .pages = true,
     .run = ShowScenarioHere},
};

}  // namespace

std::span<const Command> ScenarioCommands() { return kScenarios; }

Reply ScenarioList() {
  Table table{.key = "scenarios", .columns = {{"name", "scenario"}, {"about", "about"}}};
  for (const ScenarioEntry& entry : ListScenarios())
    table.rows.push_back({entry.name, entry.about});
  Reply reply;
  if (table.rows.empty())
    reply.output.push_back(
        "no scenarios: there is no folder `scenarios` here; DELSTEP_SCENARIOS may "
        "name others");
  reply.tables.push_back(std::move(table));
  return reply;
}

Result<Reply> ScenarioText(std::string_view name_or_file) {
  DELSTEP_ASSIGN(const ScenarioEntry entry, ShowScenario(name_or_file));
  Reply reply;
  std::vector<std::string> lines;
  lines.push_back(fmt::format("{}: {}", entry.name, entry.about));
  lines.push_back(entry.script
                      ? fmt::format("play it: delstep {0} -f {0}.del", entry.name)
                      : fmt::format("it has no script; begin a session: delstep {}", entry.name));
  DELSTEP_TRY(AddFile(entry.file, lines));
  if (entry.script) DELSTEP_TRY(AddFile(*entry.script, lines));
  reply.fields = {{"name", entry.name},
                  {"about", entry.about},
                  {"file", entry.file.string()},
                  {"script", entry.script ? Cell(entry.script->string()) : Cell()},
                  {"text", Join(lines, "\n")}};
  reply.output.assign(lines.begin(), lines.end());
  return reply;
}

}  // namespace delstep
