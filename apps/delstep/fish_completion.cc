#include "apps/delstep/fish_completion.h"

#include <fmt/format.h>

#include <string_view>

#include "base/text.h"

namespace delstep {
namespace {

using Option = CompletionWords::Option;
constexpr std::string_view kFishCommand = "complete -c delstep";
constexpr std::string_view kFishFirst = "-n __fish_is_first_token";

/// In single quotes, where only the quote and the backslash mean anything.
std::string FishQuoted(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '\'';
}

/// -r: a value follows; -f: it is no file; -x: both.
std::string FishOption(const Option& option) {
  const bool is_long = option.name.starts_with("--");
  std::string line = fmt::format("{} {} {}", kFishCommand, is_long ? "-l" : "-s",
                                 option.name.substr(is_long ? 2 : 1));
  switch (option.value) {
    case Option::Value::kNone:
      break;
    case Option::Value::kFile:
      line += " -r -F";
      break;
    case Option::Value::kFolder:
      line += " -x -a '(__fish_complete_directories)'";
      break;
    case Option::Value::kWords:
      line += " -x -a " + FishQuoted(Join(option.words, " "));
      break;
    case Option::Value::kOther:
      line += " -x";
      break;
  }
  return line + '\n';
}

}  // namespace

std::string FishCompletion(const CompletionWords& words) {
  std::string script =
      "# fish completion of delstep; switch it on with: delstep docs completion fish | source\n";
  for (const Option& option : words.options) script += FishOption(option);
  const auto add = [&](std::string_view when, std::string_view what, std::string_view about) {
    script +=
        fmt::format("{} {} -a {} -d {}\n", kFishCommand, when, FishQuoted(what), FishQuoted(about));
  };
  add(kFishFirst, Join(words.verbs, " "), "verb");
  add(kFishFirst, Join(words.scenarios, " "), "scenario");
  add("-f -n '__fish_seen_subcommand_from docs; and not __fish_seen_subcommand_from completion'",
      Join(words.pages, " "), "page");
  add("-f -n '__fish_seen_subcommand_from completion'", Join(words.shells, " "), "shell");
  for (const auto& key : words.keys) {
    add("", key.name + '=', key.sentence);
    for (const std::string& choice : key.choices) add("", key.name + '=' + choice, key.sentence);
  }
  return script;
}

}  // namespace delstep
