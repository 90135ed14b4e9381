#pragma once
/// What a breakpoint waits for: a condition of `expect`, or a happening.
///
///   deliver [NODE]   a message reaches the inbox of NODE, or of any node
///   lost [NODE]      a message is lost that NODE has sent or was to get, or any message
///   meet A B         the two come into contact; where links do not come and go: one of them gets a
///                    message of the other
///   down NODE        NODE goes down
///   train NODE       NODE has trained
///
/// `lost`, `down` and `train` are metrics too: where an operator follows, the words are a
/// condition.
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "console/commands/expectation.h"
#include "console/language/selector.h"
#include "delstep/event.h"

namespace delstep {

/// One row of the list above.
struct HappeningKind {
  std::string_view word;
  std::size_t least = 0, most = 0;  ///< nodes that it names
  std::string_view usage;           ///< "meet A B"
  /// Whether the event is such a happening at these nodes, which are as many as were named.
  bool (*fits)(const Happening& what, std::span<const NodeId> nodes) = nullptr;
  /// The same in place of it where contacts come and go; null: no other.
  bool (*fits_contacts)(const Happening& what, std::span<const NodeId> nodes) = nullptr;
};
std::span<const HappeningKind> HappeningKinds();

struct HappeningCondition {
  const HappeningKind* kind = nullptr;
  std::vector<std::string> nodes;  ///< addresses or names, as typed
};

struct BreakCondition {
  std::string text;  ///< as typed
  std::variant<HappeningCondition, Expectation> what;
};

/// The form, which is the same whatever the state. Errors: kUsage.
Result<BreakCondition> ParseBreakCondition(std::string_view text);
/// Whether the nodes and groups that it names are there. Errors: kRefused.
Result<void> CheckNames(const BreakCondition& condition, const Directory& directory);

/// How a happening that begins with these words may go on: whole words. Nothing: it is none.
std::optional<std::vector<std::string>> CompleteHappening(std::string_view before,
                                                          const Directory& directory);

}  // namespace delstep
