#include "apps/delstep/option_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "apps/delstep/arguments.h"
#include "base/text.h"

namespace delstep {
namespace {

constexpr std::array kValueOptions = {
    ValueOption{"-f", "a script", "-f SCRIPT"},
    ValueOption{"-c", "commands", "-c \"train; ag\""},
    ValueOption{"--check", "a script", "--check SCRIPT"},
    ValueOption{"--seed", "a number", "--seed 7"},
    ValueOption{"--out", "the name of a folder", "--out DIR"},
    ValueOption{"--color", "a word", "--color=auto|always|never"},
    ValueOption{"--resume", "a checkpoint", "--resume run.ckpt"},
    ValueOption{"--checkpoint", "the name of a file", "--checkpoint run.ckpt"},
    ValueOption{"--checkpoint-every", "a time or a number of commands",
                "--checkpoint-every 30s, or --checkpoint-every 10commands"},
    ValueOption{"--page", "a port", "--page 8642"},
    ValueOption{"--page-bind", "an address of this machine", "--page-bind 0.0.0.0"},
    ValueOption{"--x", "a word", "--x time|cycle|bytes|step"},
    ValueOption{"--metric", "the name of a metric", "--metric test_acc"},
    ValueOption{"--band", "a word", "--band p10-p90|min-max|std|none"},
    ValueOption{"--title", "a text", "--title \"Twelve nodes\""},
    ValueOption{"--jobs", "a number", "--jobs 4"},
};

const ValueOption* FindValueOption(std::string_view name) {
  const auto found = std::ranges::find(kValueOptions, name, &ValueOption::name);
  return found == kValueOptions.end() ? nullptr : &*found;
}

/// "--quiet", "-c"; not "-", which is standard input, and not "-3".
bool IsOption(std::string_view word) {
  return word.size() > 1 && word.front() == '-' && !ParseReal(word);
}

/// The option at `words[at]` must find its value there or in the next word.
Result<void> CheckValue(std::span<const std::string> words, std::size_t at) {
  const std::string& word = words[at];
  const auto equals = word.find('=');
  if (word.starts_with("--") && equals != std::string::npos) {
    const std::string name = word.substr(0, equals);
    if (FindValueOption(name) == nullptr) {
      if (std::ranges::find(OptionNames(), name) == OptionNames().end()) return {};
      return UsageError(name + " takes no value", "write " + name);
    }
    return equals + 1 < word.size() ? Result<void>()
                                    : UsageError(name + " needs a value after the '='");
  }
  const ValueOption* option = FindValueOption(word);
  if (option == nullptr) return {};
  const std::string hint = fmt::format("write {}", option->form);
  if (at + 1 == words.size())
    return UsageError(fmt::format("{} needs {}", word, option->value), hint);
  const std::string& value = words[at + 1];
  if (value.empty() && option->name != "-c")
    return UsageError(fmt::format("{} needs {}, not an empty text", word, option->value), hint);
  if (!IsOption(value)) return {};
  return UsageError(fmt::format("{} needs {}, but '{}' follows it", word, option->value, value),
                    option->name == "-c"
                        ? hint
                        : fmt::format("{}; a name that begins with '-' as ./{}", hint, value));
}

}  // namespace

std::span<const ValueOption> ValueOptions() { return kValueOptions; }

Result<void> CheckOptionValues(std::span<const std::string> words) {
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (words[at] == "--") return {};
    DELSTEP_TRY(CheckValue(words, at));
    if (FindValueOption(words[at]) != nullptr) ++at;
  }
  return {};
}

}  // namespace delstep
