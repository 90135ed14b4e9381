#include "apps/delstep/setup.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <utility>

#include "base/beside_program.h"
#include "base/files.h"
#include "base/text.h"
#include "base/utf8.h"
#include "console/commands/command_table.h"
#include "learning/plugin/learner_plugin.h"
#include "scenario/keys.h"
#include "user_models/own_aggregator.h"
#include "user_models/own_behaviour.h"
#include "user_models/user_models.h"

namespace delstep {
namespace {

namespace fs = std::filesystem;
constexpr const char* kDefaultScenario = "mnist-12";

Variables Environment() {
  Variables variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    if (const auto equals = text.find('='); equals != std::string_view::npos)
      variables.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

/// Of the environment; empty if it is not set.
std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// Of this program; `usual` is a path in the home folder. Empty where there is no home.
fs::path FolderOfUser(const char* variable, const char* usual) {
  if (const fs::path folder = Variable(variable); folder.is_absolute()) return folder / "delstep";
  const fs::path home = Variable("HOME");
  return home.empty() ? fs::path() : home / usual / "delstep";
}

bool IsModule(const std::string& scenario) { return Lower(scenario).ends_with(".cpp"); }

Result<std::optional<fs::path>> ScenarioFile(const std::string& wanted) {
  auto found = FindScenario(wanted.empty() ? kDefaultScenario : wanted, ScenarioFolders());
  if (found) return std::optional(*found);
  // The defaults are the default scenario, so it works without its file too.
  if (wanted.empty()) return std::optional<fs::path>();
  Error error = std::move(found).error();
  if (std::ranges::find(Verbs(), wanted) != Verbs().end())
    error.hint = fmt::format("commands of the console come with -c: delstep -c '{}'", wanted);
  return error;
}

}  // namespace

std::vector<fs::path> ScenarioFolders() {
  std::vector<fs::path> folders;
  const std::string set = Variable("DELSTEP_SCENARIOS");
  for (const std::string_view folder : Split(set, ':'))
    if (!folder.empty()) folders.emplace_back(ExpandHome(folder));
  folders.emplace_back("scenarios");
  if (const fs::path prefix = InstalledUnder(); !prefix.empty()) {
    folders.push_back(prefix / "share/delstep/scenarios");
    return folders;
  }
  std::error_code failed;
  if (const fs::path program = fs::read_symlink("/proc/self/exe", failed); !failed)
    folders.push_back((program.parent_path() / "../../scenarios").lexically_normal());
  folders.push_back(BesideProgram(DELSTEP_SOURCE_SCENARIOS));
  return folders;
}

DataFolders UsualDataFolders() {
  const fs::path own = ExpandHome(Variable("DELSTEP_DATA"));
  const fs::path prefix = InstalledUnder();
  if (prefix.empty()) return {.fetched = DELSTEP_DATA_DIR, .own = own};
  return {.fetched = FolderOfUser("XDG_DATA_HOME", ".local/share"),
          .own = own,
          .shared = {prefix / "share/delstep/data", "/usr/share/datasets"}};
}

fs::path HistoryFile() {
  const fs::path state = FolderOfUser("XDG_STATE_HOME", ".local/state");
  return state.empty() ? state : state / "history";
}

std::string ScenarioName(const std::string& given) {
  return given.empty() ? kDefaultScenario : given;
}

std::vector<std::string> WordsOfSession(const Arguments& arguments, const Config& config) {
  std::vector<std::string> words;
  if (!arguments.resume.empty()) words = {"--resume", arguments.resume};
  // The default scenario is not the same if it is named: what it sets then counts as chosen.
  if (!arguments.scenario.empty()) words.push_back(arguments.scenario);
  for (const Config::Row& row : config.Show())
    if (config.OriginOf(row.key).layer == Origin::Layer::kEnvironment)
      words.push_back(row.key + "=" + row.value);
  words.insert(words.end(), arguments.overrides.begin(), arguments.overrides.end());
  for (const CommandSource& source : arguments.sources)
    if (source.kind != CommandSource::Kind::kInput)
      words.insert(words.end(),
                   {source.kind == CommandSource::Kind::kFile ? "-f" : "-c", source.text});
  return words;
}

Variables KeysOfEnvironment() {
  Variables keys = Environment();
  std::erase_if(keys,
                [](const auto& variable) { return FindKeyOfVariable(variable.first) == nullptr; });
  return keys;
}

void DropKeysOfEnvironment() {
  for (const auto& [name, value] : KeysOfEnvironment()) unsetenv(name.c_str());
}

Result<std::optional<fs::path>> ScenarioFileOf(const Arguments& arguments) {
  return ScenarioFile(IsModule(arguments.scenario) ? "" : arguments.scenario);
}

Result<Config> LoadConfig(const Arguments& arguments, const Registry& registry) {
  return LoadConfig(arguments, registry, Environment());
}

Result<Config> LoadConfig(const Arguments& arguments, const Registry& registry,
                          const Variables& variables) {
  DELSTEP_ASSIGN(const auto file, ScenarioFileOf(arguments));
  if (!IsModule(arguments.scenario)) {
    return Config::Load(
        registry, file, variables, arguments.overrides,
        arguments.scenario.empty() ? Config::FileIs::kDefault : Config::FileIs::kChosen);
  }
  std::vector<std::string> overrides = {"model.name=module",
                                        "model.file=" + ExpandHome(arguments.scenario)};
  overrides.insert(overrides.end(), arguments.overrides.begin(), arguments.overrides.end());
  return Config::Load(registry, file, variables, overrides, Config::FileIs::kDefault);
}

Result<void> PrepareUserCode(const Arguments& arguments, Config& config, const Registry& registry,
                             const Say& say) {
  const Scenario& scenario = config.scenario();
  if (registry.aggregators.IsFile(scenario.aggregation.name))
    DELSTEP_TRY(LoadOwnAggregator(scenario.aggregation, say));
  if (registry.behaviours.IsFile(scenario.behaviour.name))
    DELSTEP_TRY(LoadOwnBehaviour(scenario.behaviour, say));
  if (scenario.model.name != "module" && scenario.data.name != "module") return {};
  // The plug-in first: LibTorch, which a module would bring with it, chooses its kernels as it is loaded,
  // and the plug-in tells it which.
  DELSTEP_TRY(TorchPlugin().Load(scenario.portable));
  DELSTEP_ASSIGN(const LearningModuleEntry* module, LoadLearningModule(scenario.model.file, say));
  if (!IsModule(arguments.scenario) || !module->has_data ||
      config.OriginOf("data.name").layer > Origin::Layer::kFile)
    return {};
  return config.Set("data.name", "module", {Origin::Layer::kCommandLine, arguments.scenario});
}

std::string EnvironmentWarnings() {
  std::string text;
  for (const auto& [name, value] : Environment())
    if (const auto hint = UnknownVariable(name); hint && !value.empty())
      text += fmt::format("delstep: warning: the variable {} is no key and changes nothing\n{}",
                          name, hint->empty() ? "" : "  hint: " + *hint + "\n");
  return text;
}

std::string ErrorText(const Error& error) {
  const std::string text =
      fmt::format("delstep: error: {}{}{}\n{}", error.where, error.where.empty() ? "" : ": ",
                  error.message, error.hint.empty() ? "" : "  hint: " + error.hint + "\n");
  // Names of files may hold any byte; a compiler's message has many lines.
  std::vector<std::string> lines;
  for (const std::string_view line : Split(text, '\n')) lines.push_back(Printable(line));
  return Join(lines, "\n");
}

}  // namespace delstep
