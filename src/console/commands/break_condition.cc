#include "console/commands/break_condition.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace delstep {
namespace {

bool IsOneOf(NodeId node, std::span<const NodeId> nodes) {
  return nodes.empty() || nodes.front() == node;
}

bool IsDelivery(const Happening& what, std::span<const NodeId> nodes) {
  const auto* delivered = std::get_if<Delivered>(&what);
  return delivered != nullptr && IsOneOf(delivered->message.to, nodes);
}

bool IsLoss(const Happening& what, std::span<const NodeId> nodes) {
  const auto* lost = std::get_if<Lost>(&what);
  return lost != nullptr &&
         (IsOneOf(lost->message.from, nodes) || IsOneOf(lost->message.to, nodes));
}

bool IsMeeting(const Happening& what, std::span<const NodeId> nodes) {
  const auto* delivered = std::get_if<Delivered>(&what);
  return delivered != nullptr && std::minmax(delivered->message.from, delivered->message.to) ==
                                     std::minmax(nodes[0], nodes[1]);
}

bool IsContact(const Happening& what, std::span<const NodeId> nodes) {
  const auto* began = std::get_if<ContactBegan>(&what);
  return began != nullptr && std::minmax(began->a, began->b) == std::minmax(nodes[0], nodes[1]);
}

bool IsFailure(const Happening& what, std::span<const NodeId> nodes) {
  const auto* down = std::get_if<NodeWentDown>(&what);
  return down != nullptr && IsOneOf(down->node, nodes);
}

bool IsTraining(const Happening& what, std::span<const NodeId> nodes) {
  const auto* trained = std::get_if<Trained>(&what);
  return trained != nullptr && IsOneOf(trained->node, nodes);
}

constexpr std::array kKinds = {
    HappeningKind{"deliver", 0, 1, "deliver [NODE]", IsDelivery},
    HappeningKind{"lost", 0, 1, "lost [NODE]", IsLoss},
    HappeningKind{"meet", 2, 2, "meet A B", IsMeeting, IsContact},
    HappeningKind{"down", 1, 1, "down NODE", IsFailure},
    HappeningKind{"train", 1, 1, "train NODE", IsTraining},
};

bool HasOperator(std::string_view text) {
  return text.find_first_of("<>=!") != std::string_view::npos;
}

const HappeningKind* FindKind(std::string_view word) {
  const auto found = std::ranges::find(kKinds, word, &HappeningKind::word);
  return found == kKinds.end() ? nullptr : &*found;
}

std::vector<std::string> KindWords() {
  std::vector<std::string> words;
  for (const HappeningKind& kind : kKinds) words.emplace_back(kind.word);
  return words;
}

std::vector<std::string> WordsOf(std::string_view text) {
  std::vector<std::string> words;
  for (const std::string_view word : Split(text, ' '))
    if (!word.empty()) words.emplace_back(word);
  return words;
}

Result<HappeningCondition> ParseHappening(const HappeningKind& kind,
                                          std::vector<std::string> nodes) {
  for (const std::string& node : nodes) {
    if (node == "and" || node == "or")
      return UsageError(fmt::format("'{}' joins no happenings", node),
                        "set a breakpoint for each: any of them stops");
    DELSTEP_ASSIGN(const Selector selector, ParseSelector(node));
    if (selector.kind != Selector::Kind::kNode)
      return UsageError(fmt::format("'{}' is not a single node", node),
                        "give an address or a name");
  }
  if (nodes.size() < kind.least || nodes.size() > kind.most)
    return UsageError(
        fmt::format("'{}' {}", kind.word,
                    nodes.size() < kind.least ? "needs more words" : "takes no more words"),
        fmt::format("usage: break {}", kind.usage));
  if (nodes.size() == 2 && nodes[0] == nodes[1])
    return UsageError(fmt::format("'{}' is the same node twice", nodes[0]),
                      "name two different nodes");
  return HappeningCondition{.kind = &kind, .nodes = std::move(nodes)};
}

/// What is neither: which of both was meant?
Error NeitherOfBoth(std::string_view text, std::string_view first) {
  std::string hint = DidYouMean(first, KindWords());
  if (hint.empty())
    hint =
        "deliver [NODE], lost [NODE], meet A B, down NODE, train NODE, or a comparison such as "
        "lost > 0";
  return UsageError(fmt::format("'{}' is no happening and compares nothing", text),
                    std::move(hint));
}

}  // namespace

std::span<const HappeningKind> HappeningKinds() { return kKinds; }

Result<BreakCondition> ParseBreakCondition(std::string_view text) {
  BreakCondition condition{.text = std::string(text), .what = {}};
  if (HasOperator(text)) {
    DELSTEP_ASSIGN(condition.what, ParseExpectation(text));
    return condition;
  }
  std::vector<std::string> words = WordsOf(text);
  const std::string first = words.empty() ? "" : words.front();
  if (first == "delete")
    return UsageError("'break delete' needs the number of a breakpoint, or all",
                      "list the breakpoints: break");
  const HappeningKind* kind = FindKind(first);
  if (kind == nullptr && first.size() > 2 && std::string_view("delete").starts_with(first))
    return UsageError(fmt::format("'{}' is no happening", first), "did you mean 'delete'?");
  if (kind == nullptr) return NeitherOfBoth(text, first);
  words.erase(words.begin());
  DELSTEP_ASSIGN(condition.what, ParseHappening(*kind, std::move(words)));
  return condition;
}

Result<void> CheckNames(const BreakCondition& condition, const Directory& directory) {
  if (const auto* expectation = std::get_if<Expectation>(&condition.what))
    return CheckNames(*expectation, directory);
  const auto& happening = std::get<HappeningCondition>(condition.what);
  std::vector<NodeId> found;
  for (const std::string& node : happening.nodes) {
    Word word;
    word.text = node;
    DELSTEP_ASSIGN(const NodeId id, FindNode(word, directory));
    found.push_back(id);
  }
  if (found.size() == 2 && found[0] == found[1])
    return UsageError(
        fmt::format("'{}' and '{}' are the same node", happening.nodes[0], happening.nodes[1]),
        "name two different nodes");
  return {};
}

std::optional<std::vector<std::string>> CompleteHappening(std::string_view before,
                                                          const Directory& directory) {
  const std::vector<std::string> words = WordsOf(before);
  if (words.empty()) return KindWords();
  const HappeningKind* kind = FindKind(words.front());
  if (kind == nullptr || HasOperator(before)) return std::nullopt;
  return words.size() > kind->most ? std::vector<std::string>() : NodeWords(directory);
}

}  // namespace delstep
