#include "apps/delstep/completion_words.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <string_view>

#include "apps/delstep/arguments.h"
#include "apps/delstep/option_values.h"
#include "apps/delstep/setup.h"
#include "base/text.h"
#include "scenario/keys.h"

namespace delstep {
namespace {

using Option = CompletionWords::Option;

/// Options with a value that a shell can say something about.
struct Known {
  std::string_view name;
  Option::Value value;
  std::string_view words{};
};
constexpr std::array kKnown = {
    Known{"-f", Option::Value::kFile},
    Known{"--check", Option::Value::kFile},
    Known{"--resume", Option::Value::kFile},
    Known{"--checkpoint", Option::Value::kFile},
    Known{"--out", Option::Value::kFolder},
    Known{"--color", Option::Value::kWords, "auto always never"},
    Known{"--x", Option::Value::kWords, "time cycle bytes step"},
    Known{"--band", Option::Value::kWords, "p10-p90 min-max std none"},
    Known{"--metric", Option::Value::kWords,
          "test_acc test_loss train_loss consensus_distance contacts total_bytes"}};

std::vector<std::string> WordsOf(std::string_view text) {
  std::vector<std::string> words;
  for (const std::string_view word : Split(text, ' '))
    if (!word.empty()) words.emplace_back(word);
  return words;
}

Option OptionOf(const std::string& name) {
  if (std::ranges::find(ValueOptions(), name, &ValueOption::name) == ValueOptions().end())
    return {.name = name};
  const auto known = std::ranges::find(kKnown, name, &Known::name);
  if (known == kKnown.end()) return {.name = name, .value = Option::Value::kOther};
  return {.name = name, .value = known->value, .words = WordsOf(known->words)};
}

std::vector<std::string> ScenarioNames() {
  namespace fs = std::filesystem;
  std::set<std::string> names;
  for (const fs::path& folder : ScenarioFolders()) {
    std::error_code failed;
    for (fs::directory_iterator i(folder, failed), end; !failed && i != end; i.increment(failed))
      if (i->path().extension() == ".toml") names.insert(i->path().stem().string());
  }
  return {names.begin(), names.end()};
}

}  // namespace

CompletionWords WordsToComplete(const Registry& registry) {
  CompletionWords words{.options = {},
                        .verbs = ShellWords(),
                        .scenarios = ScenarioNames(),
                        .pages = {},
                        .shells = {},
                        .keys = {}};
  for (const std::string& name : OptionNames()) words.options.push_back(OptionOf(name));
  for (const std::string& page : ReferencePages()) {
    const auto space = page.find(' ');
    const std::string first = page.substr(0, space);
    if (words.pages.empty() || words.pages.back() != first) words.pages.push_back(first);
    if (space != std::string::npos) words.shells.push_back(page.substr(space + 1));
  }
  for (const Key& key : Keys())
    words.keys.push_back({.name = std::string(key.name),
                          .sentence = std::string(key.sentence),
                          .choices = key.Choices(registry)});
  return words;
}

std::vector<std::string> NamesOf(const std::vector<Option>& options, Option::Value value) {
  std::vector<std::string> names;
  for (const Option& option : options)
    if (value == Option::Value::kNone || option.value == value) names.push_back(option.name);
  return names;
}

}  // namespace delstep
