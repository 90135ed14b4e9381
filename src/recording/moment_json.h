#pragma once
/// A moment as JSON for a page: /api/state, /api/links and /api/labels of
/// docs/internals/page-server.md, and start.json of a run directory.
///
/// Pure functions of values: equal arguments give equal text. Nodes stand as their numbers. What is
/// only drawn (accuracies, losses, places) is rounded to four decimals; times are whole
/// nanoseconds.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "delstep/graph.h"
#include "recording/moment_facts.h"

namespace delstep {

/// At most four decimals, and no more digits than needed: "0.9123", "0.5", "3"; "null" for what is
/// no number.
std::string RoundedJson(double value);

/// What a moment is called, and what the facts do not have.
struct MomentNotes {
  std::uint64_t moment = 0;
  std::string_view branch = "main";
  std::optional<std::uint64_t> links{};  ///< version of /api/links
  std::optional<double> consensus{};
  std::span<const Position> places{};  ///< of all nodes ever, by number; empty: they have none
  std::size_t messages = 400;          ///< at most
  /// When a message was put on the wire; nothing: it was not, or nobody knows. Empty: nobody knows.
  std::function<std::optional<SimTime>(MessageId message)> sent{};
};

std::string StateJson(const MomentFacts& facts, const MomentNotes& notes);
/// Those in flight come first; the rest is left out and counted.
struct MessageList {
  std::string json;  ///< [{...},{...}]
  std::size_t left_out = 0;
};
MessageList MessagesJson(std::span<const MessageView> messages, const MomentNotes& notes);

/// `pairs` are linked in both directions. Where all nodes are linked to all others, and they are more
/// than 60, no pair is listed and "full" is true: a thousand nodes have half a million of them.
std::string LinksJson(const LinkFacts& facts, std::uint64_t version);

std::string LabelsJson(std::span<const LabelCounts> labels, std::span<const std::string> classes,
                       std::span<const std::string> addresses);

}  // namespace delstep
