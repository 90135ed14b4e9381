#pragma once
/// What shells can complete on the program's command line, out of the tables that the program itself
/// reads; the completion of each shell is made of it (bash_completion.h, zsh_completion.h,
/// fish_completion.h).
#include <string>
#include <vector>

#include "delstep/registry.h"

namespace delstep {

struct CompletionWords {
  struct Option {
    enum class Value { kNone, kFile, kFolder, kWords, kOther };
    std::string name;  ///< "--out", "-f"
    Value value = Value::kNone;
    std::vector<std::string> words{};  ///< kWords: what the value may be
  };
  struct Key {
    std::string name, sentence;
    std::vector<std::string> choices{};  ///< empty: not one of some words
  };
  std::vector<Option> options;
  std::vector<std::string> verbs;      ///< the words that may stand first: "plot"
  std::vector<std::string> scenarios;  ///< of all folders in which they are looked up, sorted
  std::vector<std::string> pages;      ///< that follow `docs`: "commands", "completion", ...
  std::vector<std::string> shells;     ///< that follow `docs completion`
  std::vector<Key> keys;
};

CompletionWords WordsToComplete(const Registry& registry);

/// Of the options with this kind of value; all of them for kNone.
std::vector<std::string> NamesOf(const std::vector<CompletionWords::Option>& options,
                                 CompletionWords::Option::Value value);

}  // namespace delstep
