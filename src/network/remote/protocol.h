#pragma once
/// The lines that go to a helper program and come back, as docs/internals/network-helpers.md
/// describes them: pure functions, without any program. The protocol is version 1.
///
/// Times here are those of the helper's clock, which begins at 0: whole nanoseconds. Sizes are
/// bytes on the wire, bandwidths bits per second, losses probabilities, places metres.
///
/// A helper may be broken, or not what it claims to be. So nothing that it says is believed here:
/// types, ranges and the form of the whole line are checked, and what fails is an Error. What only
/// somebody can check who knows what was asked (is that message on the way?) is checked in
/// on_the_way.h and remote_network.cc.
///
/// Threads: pure functions, any.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "delstep/network.h"
#include "delstep/result.h"
#include "delstep/types.h"

namespace delstep::remote {

inline constexpr int kProtocol = 1;
/// A helper whose line is longer than this speaks garbage: a million messages that end at once need
/// less.
inline constexpr std::size_t kLongestLine = std::size_t{64} << 20;

// What changes something, one kind a line of the protocol.

struct Attached {
  NodeId node{};
  friend bool operator==(const Attached&, const Attached&) = default;
};
struct Detached {
  NodeId node{};
  friend bool operator==(const Detached&, const Detached&) = default;
};
struct Switched {
  NodeId node{};
  bool up = true;
  friend bool operator==(const Switched&, const Switched&) = default;
};
struct DefaultSet {
  LinkProperties link;
  friend bool operator==(const DefaultSet&, const DefaultSet&) = default;
};
struct LinkSet {
  NodeId from{}, to{};
  LinkProperties link;
  friend bool operator==(const LinkSet&, const LinkSet&) = default;
};
struct LinkCleared {
  NodeId from{}, to{};
  friend bool operator==(const LinkCleared&, const LinkCleared&) = default;
};
struct CapacitySet {
  NodeId node{};
  double up = 0, down = 0;  ///< infinite: no limit
  friend bool operator==(const CapacitySet&, const CapacitySet&) = default;
};
/// A straight way from one place to another: begins <= ends.
struct Way {
  SimTime begins{};
  double x0 = 0, y0 = 0;
  SimTime ends{};
  double x1 = 0, y1 = 0;
  friend bool operator==(const Way&, const Way&) = default;
};
struct Moves {
  NodeId node{};
  std::vector<Way> ways;  ///< ascending in time; the node stands still after the last one
  friend bool operator==(const Moves&, const Moves&) = default;
};
struct Sent {
  Message message;
  friend bool operator==(const Sent&, const Sent&) = default;
};
struct Withdrawn {
  std::vector<MessageId> messages;
  friend bool operator==(const Withdrawn&, const Withdrawn&) = default;
};
/// Time passed up to and including a moment, in whatever pieces. The only change that is answered.
struct Passed {
  SimTime to{};
  friend bool operator==(const Passed&, const Passed&) = default;
};
using Change = std::variant<Attached, Detached, Switched, DefaultSet, LinkSet, LinkCleared,
                            CapacitySet, Moves, Sent, Withdrawn, Passed>;

/// The line of a change, with its end. A message of no bytes is told as one of a single byte: there
/// must be something to travel.
void AppendLine(std::string& out, const Change& change);

/// The first line. `options` is a JSON object.
std::string BeginLine(std::string_view backend, std::uint64_t seed, const LinkProperties& link,
                      std::string_view options);
std::string NextLine(SimTime limit);
/// Empty: until nothing is on the way.
std::string DrainLine(std::span<const MessageId> until);
/// To be sent together with a descriptor.
std::string ForkLine();

// What comes back.

/// The helper is there.
struct Hello {
  std::string version;  ///< "ns-3 3.37"
};
/// It works, and this is what its clock shows.
struct Alive {
  SimTime now{};
};
/// A copy of it has begun to serve the descriptor that was sent.
struct Forked {
  int process = 0;  ///< of the operating system; 0: it could not make one, and goes on
};
/// How a message ended.
struct End {
  MessageId message{};
  SimTime sent{}, at{};
  std::optional<LossReason> lost;  ///< nothing: it arrived
};
/// Time has passed.
struct Passing {
  SimTime now{};
  std::vector<End> ended;
};
/// It can do no more, and ends.
struct Failed {
  std::string error, hint;
};
using Answer = std::variant<Hello, Alive, Forked, Passing, Failed>;

/// Reads a line of the helper, without its end. `most_ended` bounds the rows and so the memory that
/// a line can take: no more messages can end than are on the way. A member that the protocol does
/// not know is passed over if it is a number, a text or a truth value.
/// Errors: kUnavailable; the message says what is wrong with the line, as part of a sentence.
Result<Answer> ReadAnswer(std::string_view line, std::size_t most_ended);

/// The beginning of what a helper said, in quotes, fit for a message on one line.
std::string Quoted(std::string_view text);

}  // namespace delstep::remote
