#pragma once
/// What may follow a verb, read from the usage line of a command: "link A B [loss P] [up|down]".
///
///   word       stands for itself
///   UPPER      an argument; its kind follows from the placeholder (table in argument.cc)
///   X...       one or more
///   [X]        may be left out
///   [x|y Z]    one of several
///   !          at the end: one of the options with a word of their own must be there
///
/// Options that begin with a word of their own may come in any order. Words are matched from left
/// to right without going back.
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "console/language/script.h"
#include "console/language/selector.h"
#include "delstep/network.h"

namespace delstep {

enum class ArgumentKind {
  kLiteral,      ///< a word that stands for itself
  kNodes,        ///< a selector
  kNode,         ///< an address or a name
  kGroup,        ///< the name of a group
  kNewGroup,     ///< a name that a group may have
  kNewName,      ///< a name that a node may have
  kNewAddress,   ///< an address
  kCount,        ///< a whole number from 1
  kTimes,        ///< a whole number from 0
  kMessage,      ///< the number of a message, from 0
  kProbability,  ///< a number from 0 to 1
  kDeviation,    ///< a number from 0
  kFactor,       ///< a number
  kDuration,
  kNumber,  ///< any finite number
  kLatency,
  kBandwidth,
  kScript,          ///< a file to load
  kResultsFile,     ///< a file to write results to
  kGraphFile,       ///< a file to write a topology to
  kModelFile,       ///< a file to write a model to, or to read one from
  kCheckpointFile,  ///< a file to write a checkpoint to
  kKey,             ///< a key of the configuration
  kNodeKey,         ///< a key that may differ between nodes
  kKeyPrefix,       ///< what keys begin with
  kClass,           ///< a class of the data
  kNewMoment,       ///< a name that a mark or a branch may have
  kMoment,          ///< the name or number of a moment
  kBranch,          ///< the name of a branch
  kText,            ///< any word
};

/// monostate: the word itself.
using ArgumentValue =
    std::variant<std::monostate, Selector, std::uint64_t, double, Duration, Latency, Address>;
struct Argument {
  std::string_view name;  ///< the placeholder: "NODE"; of a literal in an option: itself
  const Word* word = nullptr;
  ArgumentValue value{};
};

/// The arguments of one command, as typed; a path that begins with `~` is expanded. Point into the
/// statement.
class CommandArguments {
 public:
  /// Returns the place of its value.
  ArgumentValue& Add(std::string_view name, const Word& word) {
    return list_.emplace_back(Argument{name, &word}).value;
  }
  /// Keeps a word that stands for one of the statement, and lives as long as the arguments do.
  const Word& Keep(Word word) {
    return *kept_.emplace_back(std::make_shared<const Word>(std::move(word)));
  }
  bool Has(std::string_view name) const { return Find(name) != nullptr; }
  /// The last one, and the first one; null if it was left out.
  const Argument* Find(std::string_view name) const;
  const Argument* First(std::string_view name) const;
  /// Requires that it was given.
  const Word& WordOf(std::string_view name) const;
  template <class T>
  std::optional<T> Get(std::string_view name) const {
    const Argument* argument = Find(name);
    return argument ? std::optional<T>(std::get<T>(argument->value)) : std::nullopt;
  }
  /// All arguments NODE.
  std::vector<Choice> Choices() const;
  /// All words of that placeholder, with blanks between.
  std::string TextOf(std::string_view name) const;
  const std::vector<Argument>& list() const { return list_; }

 private:
  std::vector<Argument> list_;
  std::vector<std::shared_ptr<const Word>> kept_;  // shared by copies, whose list_ points here too
};

struct Atom {
  ArgumentKind kind = ArgumentKind::kLiteral;
  std::string text;  ///< the word or the placeholder
};
struct Element {
  bool optional = false, repeated = false;
  std::vector<std::vector<Atom>> alternatives;
};

/// How far words fit a pattern.
struct Fit {
  CommandArguments arguments;
  /// None: they fit. Else what is wrong, at the word or after the last one; always kUsage.
  std::optional<Error> error;
  std::size_t matched = 0;   ///< words before the error
  bool wrong_value = false;  ///< the error is about the value of a word of the right kind
  std::vector<Atom>
      expected{};  ///< what may come next: after all words, or instead of the wrong one
};

class Pattern {
 public:
  /// Requires a well-formed usage line.
  explicit Pattern(std::string_view usage);
  /// The result points into the words and into this pattern.
  Fit Match(std::span<const Word> words) const;

 private:
  std::vector<Element> elements_;
  bool needs_option_ = false;
};

}  // namespace delstep
