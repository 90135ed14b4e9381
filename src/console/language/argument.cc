#include "console/language/argument.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>

#include "base/files.h"
#include "base/text.h"
#include "delstep/simulation.h"
#include "recording/results.h"
#include "scenario/keys.h"
#include "scenario/names.h"
#include "scenario/units.h"

namespace delstep {
namespace {

struct Placeholder {
  std::string_view name;
  ArgumentKind kind;
  std::string_view shown{};  ///< what people read where that is not the name
};
constexpr std::array kPlaceholders = {
    Placeholder{"NODE", ArgumentKind::kNodes},
    Placeholder{"MARK", ArgumentKind::kNewMoment, "NAME"},
    Placeholder{"MOMENT", ArgumentKind::kMoment, "NAME|N"},
    Placeholder{"OTHER", ArgumentKind::kMoment, "NAME|N"},
    Placeholder{"BRANCH", ArgumentKind::kBranch, "NAME"},
    Placeholder{"STEPS", ArgumentKind::kCount, "N"},
    Placeholder{"A", ArgumentKind::kNode},
    Placeholder{"B", ArgumentKind::kNode},
    Placeholder{"G", ArgumentKind::kGroup},
    Placeholder{"GROUP", ArgumentKind::kNewGroup},
    Placeholder{"NAME", ArgumentKind::kNewName},
    Placeholder{"ADDRESS", ArgumentKind::kNewAddress},
    Placeholder{"K", ArgumentKind::kCount},
    Placeholder{"N", ArgumentKind::kTimes},
    Placeholder{"ID", ArgumentKind::kMessage},
    Placeholder{"P", ArgumentKind::kProbability},
    Placeholder{"V", ArgumentKind::kProbability},
    Placeholder{"S", ArgumentKind::kDeviation},
    Placeholder{"FACTOR", ArgumentKind::kFactor},
    Placeholder{"DURATION", ArgumentKind::kDuration},
    Placeholder{"TIME", ArgumentKind::kDuration},
    Placeholder{"X", ArgumentKind::kNumber},
    Placeholder{"Y", ArgumentKind::kNumber},
    Placeholder{"T", ArgumentKind::kLatency},
    Placeholder{"R", ArgumentKind::kBandwidth},
    Placeholder{"SCRIPT", ArgumentKind::kScript, "FILE"},
    Placeholder{"FILE", ArgumentKind::kResultsFile},
    Placeholder{"GRAPH", ArgumentKind::kGraphFile, "FILE"},
    Placeholder{"MODEL", ArgumentKind::kModelFile, "FILE"},
    Placeholder{"CHECKPOINT", ArgumentKind::kCheckpointFile, "FILE"},
    Placeholder{"KEY", ArgumentKind::kKey},
    Placeholder{"NODEKEY", ArgumentKind::kNodeKey, "KEY"},
    Placeholder{"VALUE", ArgumentKind::kText},
    Placeholder{"FROM", ArgumentKind::kClass},
    Placeholder{"TO", ArgumentKind::kClass},
    Placeholder{"PREFIX", ArgumentKind::kKeyPrefix},
    Placeholder{"TOPIC", ArgumentKind::kText},
    Placeholder{"PORT", ArgumentKind::kTimes},
    Placeholder{"SCENARIO", ArgumentKind::kText, "NAME"},
    Placeholder{"CONDITION", ArgumentKind::kText},
    Placeholder{"EVENT", ArgumentKind::kText, "CONDITION"},
    Placeholder{"UNTIL", ArgumentKind::kText, "CONDITION"},
    Placeholder{"TEXT", ArgumentKind::kText},
};

/// A digit, after a sign or a point. Names cannot look so (scenario/names.h).
bool StartsLikeNumber(std::string_view text) {
  const std::string_view digits = text.substr(std::min(text.find_first_not_of("+-."), text.size()));
  return !digits.empty() && digits.front() >= '0' && digits.front() <= '9';
}

/// Addresses and ranges have three dots; no number has.
bool LooksLikeQuantity(std::string_view text) {
  return StartsLikeNumber(text) && std::ranges::count(text, '.') < 2;
}

/// Puts what was parsed into the value, or hands on the error.
template <class T>
Result<void> Take(Result<T> parsed, ArgumentValue& value) {
  if (!parsed) return std::move(parsed).error();
  value.emplace<T>(*std::move(parsed));
  return {};
}

Result<std::uint64_t> Whole(std::string_view text, std::uint64_t least) {
  const auto number = ParseUnsigned(text);
  if (number && *number >= least) return *number;
  return UsageError(fmt::format("'{}' is not a whole number from {} on", text, least));
}

Result<double> Real(std::string_view text, double least) {
  const auto number = ParseReal(text);
  if (number && *number >= least) return *number;
  return UsageError(least == 0 ? fmt::format("'{}' is not a number from 0 on", text)
                               : fmt::format("'{}' is not a number", text),
                    "for example 0.5");
}

/// In a command a share may be in per cent, as in the conditions of `expect`.
Result<double> Share(std::string_view text) {
  const auto percent =
      text.ends_with('%') ? ParseReal(text.substr(0, text.size() - 1)) : std::nullopt;
  if (percent && *percent >= 0 && *percent <= 100) return *percent / 100;
  return ParseProbability(text);
}

Result<std::uint64_t> MessageNumber(std::string_view text) {
  if (const auto number = ParseUnsigned(text)) return *number;
  return UsageError(fmt::format("'{}' is no number of a message", text), "list them: messages");
}

Result<double> Number(std::string_view text) {
  if (const auto number = ParseReal(text); number && std::isfinite(*number)) return *number;
  return UsageError(fmt::format("'{}' is not a number", text));
}

/// Only the form: whether there is such a node is asked when the command runs.
Result<Selector> SingleNode(std::string_view text) {
  DELSTEP_ASSIGN(Selector selector, ParseSelector(text));
  if (selector.kind == Selector::Kind::kNode) return selector;
  return UsageError(fmt::format("'{}' is not a single node", text), "give an address or a name");
}

Result<Address> NewAddress(std::string_view text) {
  if (const auto address = ParseAddress(text)) return *address;
  return UsageError(fmt::format("'{}' is no address", text),
                    "for example: 10.0.0.20; the last octet is 1 to 254");
}

/// Programs and pages can send what no terminal can.
Result<void> CheckFile(std::string_view text) {
  if (!EndsEarly(text)) return {};
  return UsageError(fmt::format("'{}' is not the name of a file", text),
                    "there is a byte 0 in it, where the system would end the name");
}

Result<void> CheckResultsFile(std::string_view text) {
  DELSTEP_TRY(CheckFile(text));
  DELSTEP_TRY(ResultsFormatOf(text));
  return {};
}

Result<void> CheckKey(std::string_view text) {
  if (FindKey(text) || IsGroupKey(text) || IsNodeValueKey(text)) return {};
  return UnknownKey(text);
}

Result<void> CheckKeyPrefix(std::string_view text) {
  // The one section that has no rows of its own in the table.
  constexpr std::string_view kGroups = "groups";
  if (kGroups.starts_with(text) || text.starts_with("groups.")) return {};
  if (text == "training.at" || IsNodeValueKey(text)) return {};
  std::vector<std::string> sections;
  for (const Key& key : Keys()) {
    if (key.name.starts_with(text)) return {};
    sections.emplace_back(key.name.substr(0, key.name.find('.')));
  }
  return UsageError(fmt::format("no key begins with '{}'", text), DidYouMean(text, sections));
}

}  // namespace

ArgumentKind KindOf(std::string_view placeholder) {
  const auto found = std::ranges::find(kPlaceholders, placeholder, &Placeholder::name);
  assert(found != kPlaceholders.end());
  return found->kind;
}

std::string_view ShownPlaceholder(std::string_view text) {
  const auto found = std::ranges::find(kPlaceholders, text, &Placeholder::name);
  return found == kPlaceholders.end() || found->shown.empty() ? text : found->shown;
}

bool LooksLike(ArgumentKind kind, const Word& word) {
  switch (kind) {
    case ArgumentKind::kProbability:
    case ArgumentKind::kDeviation:
    case ArgumentKind::kFactor:
    case ArgumentKind::kDuration:
      return LooksLikeQuantity(word.text);
    case ArgumentKind::kNewAddress:
      return StartsLikeNumber(word.text);
    case ArgumentKind::kNodeKey:
      return static_cast<bool>(Simulation::CheckNodeKey(word.text));
    default:
      return true;
  }
}

Result<void> ParseArgument(ArgumentKind kind, const Word& word, ArgumentValue& value) {
  switch (kind) {
    case ArgumentKind::kNodes:
      return Take(ParseSelector(word.text), value);
    case ArgumentKind::kNode:
      return Take(SingleNode(word.text), value);
    case ArgumentKind::kGroup:
    case ArgumentKind::kNewGroup:
      return CheckGroupName(word.text);
    case ArgumentKind::kNewName:
      return CheckNodeName(word.text);
    case ArgumentKind::kNewMoment:
      return CheckMomentName(word.text);
    case ArgumentKind::kMoment:
      if (word.text.starts_with('-') && ParseUnsigned(word.text.substr(1)))
        return UsageError(fmt::format("'{}' is no moment", word.text),
                          "go back by that many moments: undo " + word.text.substr(1));
      // A number, or what could be a name.
      return ParseUnsigned(word.text) ? Result<void>() : CheckMomentName(word.text);
    case ArgumentKind::kBranch:
      if (ParseUnsigned(word.text))
        return UsageError(fmt::format("'{}' is the number of a moment, not a branch", word.text),
                          fmt::format("go to it: goto {}", word.text));
      return CheckMomentName(word.text);
    case ArgumentKind::kNewAddress:
      return Take(NewAddress(word.text), value);
    case ArgumentKind::kCount:
      return Take(Whole(word.text, 1), value);
    case ArgumentKind::kTimes:
      return Take(Whole(word.text, 0), value);
    case ArgumentKind::kMessage:
      return Take(MessageNumber(word.text), value);
    case ArgumentKind::kProbability:
      return Take(Share(word.text), value);
    case ArgumentKind::kDeviation:
      return Take(Real(word.text, 0), value);
    case ArgumentKind::kFactor:
      return Take(Real(word.text, std::numeric_limits<double>::lowest()), value);
    case ArgumentKind::kDuration:
      return Take(ParseDuration(word.text), value);
    case ArgumentKind::kNumber:
      return Take(Number(word.text), value);
    case ArgumentKind::kLatency:
      return Take(ParseLatency(word.text), value);
    case ArgumentKind::kBandwidth:
      return Take(ParseBandwidth(word.text), value);
    case ArgumentKind::kScript:
    case ArgumentKind::kGraphFile:
    case ArgumentKind::kModelFile:
    case ArgumentKind::kCheckpointFile:
      return CheckFile(word.text);
    case ArgumentKind::kResultsFile:
      return CheckResultsFile(word.text);
    case ArgumentKind::kKey:
      return CheckKey(word.text);
    case ArgumentKind::kKeyPrefix:
      return CheckKeyPrefix(word.text);
    default:
      return {};
  }
}

}  // namespace delstep
