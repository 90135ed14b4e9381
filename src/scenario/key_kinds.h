#pragma once
/// The kinds of values that a key can have. A row of the table of keys (keys.cc) names the kind,
/// its limits, and the field of the Scenario that holds the value.
///
/// A field is a plain function from a scenario to the field, so that one serves reading and
/// writing, and a row is a constant.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "delstep/result.h"
#include "delstep/scenario.h"
#include "delstep/types.h"
#include "scenario/toml.h"

namespace delstep {

struct Registry;

template <class T>
using Field = T& (*)(Scenario&);

struct BoolKey {
  Field<bool> field;
};

/// Whole numbers from `low` to `high`.
template <class T>
struct IntegerKey {
  Field<T> field;
  std::uint64_t low, high;
};
template <class T>
IntegerKey(Field<T>, std::uint64_t, std::uint64_t) -> IntegerKey<T>;

/// As IntegerKey, or nothing, which is written as the word "all".
struct IntegerOrAllKey {
  Field<std::optional<std::size_t>> field;
  std::uint64_t low, high;
};

/// Lists of whole numbers from `low` to `high`.
struct IntegersKey {
  Field<std::vector<std::size_t>> field;
  std::uint64_t low, high;
};

/// Numbers from `low` to `high`, the upper, the lower or both ends left out if so said.
struct RealKey {
  enum class Ends { kClosed, kHalfOpen, kOpenBelow, kOpen };
  Field<double> field;
  double low, high;
  Ends ends = Ends::kClosed;
};

/// The path of a file or folder; "~" in front of it is a home folder, as in a shell.
struct PathKey {
  enum class Use { kRead, kWritten };
  Field<std::string> field;
  Use use = Use::kRead;
};

/// Lists of texts, whatever they say. `allowed` completes "KEY must be ...".
struct TextsKey {
  Field<std::vector<std::string>> field;
  std::string_view allowed;
};

/// One of some words: "adam, adamw, sgd, rmsprop".
struct ChoiceKey {
  Field<std::string> field;
  std::string_view words;
};

/// The name of a part, one of those that the registry has, or a file where the registry takes files
/// of this kind. Parts that this build lacks count as well: choosing one is answered with the
/// reason when the run is built.
struct PartKey {
  /// What a name can be, as the registry says.
  struct Names {
    std::vector<std::string> listed;
    std::vector<std::string> endings;  ///< of files
    std::string files;                 ///< "a C++ file such as my_rule.cpp"; empty: none
  };
  Field<std::string> field;
  Names (*names)(const Registry& registry);
};

struct AddressesKey {
  Field<std::vector<Address>> field;
};

/// What `parse` understands and `print` writes: "20ms". `words` are usual values, for completion.
template <class T>
struct ParsedKey {
  Field<T> field;
  Result<T> (*parse)(std::string_view text);
  std::string (*print)(const T& content);
  std::string_view allowed;
  std::string_view words = {};
};
template <class T>
ParsedKey(Field<T>, Result<T> (*)(std::string_view), std::string (*)(const T&), std::string_view)
    -> ParsedKey<T>;
template <class T>
ParsedKey(Field<T>, Result<T> (*)(std::string_view), std::string (*)(const T&), std::string_view,
          std::string_view) -> ParsedKey<T>;

/// The selectors of a group, which is made when they are set.
struct GroupMembersKey {
  std::string_view group;
};

using KeyKind =
    std::variant<BoolKey, IntegerKey<std::uint32_t>, IntegerKey<std::uint64_t>, IntegerOrAllKey,
                 IntegersKey, RealKey, PathKey, TextsKey, ChoiceKey, PartKey, AddressesKey,
                 ParsedKey<Latency>, ParsedKey<double>, ParsedKey<std::optional<Duration>>,
                 ParsedKey<std::optional<Bytes>>, ParsedKey<std::string>, ParsedKey<Duration>,
                 ParsedKey<Distribution>, ParsedKey<std::optional<Area>>, GroupMembersKey>;

/// Completes "KEY must be ...": "a number from 0 to 1", "one of adam, sgd, rmsprop".
std::string AllowedBy(const KeyKind& kind, const Registry& registry);
/// The words to choose from; empty unless it is one of some words, or has usual ones.
std::vector<std::string> ChoicesOf(const KeyKind& kind, const Registry& registry);
/// Endings of files that may be named; empty unless it is a part that may be a file.
std::vector<std::string> EndingsOf(const KeyKind& kind, const Registry& registry);
/// What is done with the file or folder that `value` names; nothing where it names none: only paths
/// do, and parts that are files of the user's.
std::optional<PathKey::Use> PathUseOf(const KeyKind& kind, std::string_view value,
                                      const Registry& registry);
/// The value in the scenario, where it is the path of what the run reads; else null.
std::string* PathToRead(const KeyKind& kind, const Registry& registry, Scenario& scenario);
/// The value in the scenario, as TOML.
std::string TextOf(const KeyKind& kind, const Scenario& scenario);
/// What the parser of the key's texts says of one that it refuses: "'uniform(2s,1s)' is not a latency:
/// its lower end is above its upper end". Empty where it takes the value, or says no more than
/// AllowedBy() does.
std::string WhyRefused(const KeyKind& kind, const Value& value);
/// Stores the value; false, and nothing stored, where its type or range is wrong.
bool Store(const KeyKind& kind, const Value& value, const Registry& registry, Scenario& scenario);

}  // namespace delstep
