#pragma once
/// The network port: carries messages between nodes.
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "delstep/result.h"
#include "delstep/types.h"

namespace delstep {

/// How long a bit travels: constant a; uniform in [a, b); normal with mean a and deviation b, cut
/// at 0; exponential with mean a. Drawn once a message.
struct Latency {
  enum class Kind : std::uint8_t { kConstant, kUniform, kNormal, kExponential };
  Kind kind = Kind::kConstant;
  Duration a{0}, b{0};
  friend bool operator==(const Latency&, const Latency&) = default;
};

/// One direction between two neighbours.
struct LinkProperties {
  double loss = 0;  ///< probability that a message is lost, in [0, 1]
  Latency latency{};
  /// Bits per second; messages queue behind each other. Infinite: no queue, no transmission time.
  double bandwidth = std::numeric_limits<double>::infinity();
  bool up = true;
  friend bool operator==(const LinkProperties&, const LinkProperties&) = default;
};

/// Only sizes travel: the caller keeps what the message says and delivers it when it has arrived.
struct Message {
  MessageId id{};
  NodeId from{}, to{};
  Bytes bytes = 0;
};

enum class LossReason : std::uint8_t {
  kLoss,         ///< drawn by the link
  kDown,         ///< the receiver was down at the arrival, or an end went down on the way
  kExpired,      ///< not delivered within its time to live (packet backends)
  kUnreachable,  ///< the link is down, or there is no route
  kDetached,     ///< an end left the network
};
std::string_view Name(LossReason reason);  // "loss", "down", "expired", "unreachable", "detached"

/// How a message ended: arrived, or lost for a reason, at a time.
struct Outcome {
  Message message;
  SimTime sent{}, at{};
  std::optional<LossReason> lost;
};
using Passage = std::vector<Outcome>;  ///< ordered by (at, order of sending)

struct NetworkTraits {
  bool simulated_time = true;  ///< false: the clock is the wall's, and no run repeats exactly
  bool needs_root = false;
  bool can_snapshot = false;  ///< Clone() works
  std::string_view name;      ///< as in `network.backend`
};

/// Messages go in through Send(), time passes only in AdvanceTo() and Drain(), outcomes come out of
/// them; a network never calls back.
///
/// Units: simulated nanoseconds, bytes on the wire, bits per second.
/// Order: outcomes come ordered by (time, order of sending). An id is used for one message only.
/// Causality: no outcome lies before its sending; every message ends exactly once (a loss ends at
///   its would-be arrival, except where an end or the link goes away: then at that moment).
/// Randomness: the fate of the k-th message on a link depends on (seed, link, k) only.
/// Errors: what the network refuses is an Error and changes nothing. After kUnavailable every later
///   call fails in the same way.
/// Threads: one caller at a time; a backend may use threads inside a call, never outside.
class Network {
 public:
  Network() = default;
  virtual ~Network() = default;
  Network& operator=(const Network&) = delete;

  virtual const NetworkTraits& traits() const = 0;
  SimTime now() const { return now_; }
  /// Sent and not yet reported as ended.
  std::size_t in_flight() const { return DoInFlight(); }

  /// A node joins, up, with a default link to every other. Requires that it was never attached.
  Result<void> Attach(NodeId node);
  /// It leaves for good; its messages on the way, in both directions, end now as kDetached.
  Result<void> Detach(NodeId node);
  /// Going down ends its messages on the way, in both directions, now, as kDown. A message that
  /// arrives at a node that is down is lost as kDown; one sent by a node that is down, at once.
  Result<void> SetUp(NodeId node, bool up);

  /// The properties of every link that has none of its own, now and later.
  Result<void> SetDefaultLink(const LinkProperties& link);
  /// One direction. Messages on the way keep the arrival they have, unless the link goes down: then
  /// they end now as kUnreachable. A message sent over a link that is down ends at once as
  /// kUnreachable.
  Result<void> SetLink(NodeId from, NodeId to, const LinkProperties& link);

  /// Puts a message on the wire now. Requires attached ends, from != to, an id not used before.
  Result<void> Send(const Message& message);

  /// Lets time pass up to and including `deadline` (>= now()), which becomes now().
  Result<Passage> AdvanceTo(SimTime deadline);
  /// Lets time pass until the messages `until` have ended (all in flight if it is empty); now()
  /// becomes the time of the last of them, or stays if there are none. Ids not in flight count as
  /// ended.
  Result<Passage> Drain(std::span<const MessageId> until = {});

  /// An independent copy, messages on the way included; null unless traits().can_snapshot.
  std::unique_ptr<Network> Clone() const { return DoClone(); }

 protected:
  Network(const Network&) = default;

 private:
  virtual std::size_t DoInFlight() const = 0;
  virtual Result<void> DoAttach(NodeId node) = 0;
  virtual Result<void> DoDetach(NodeId node) = 0;
  virtual Result<void> DoSetUp(NodeId node, bool up) = 0;
  virtual Result<void> DoSetDefaultLink(const LinkProperties& link) = 0;
  virtual Result<void> DoSetLink(NodeId from, NodeId to, const LinkProperties& link) = 0;
  virtual Result<void> DoSend(const Message& message) = 0;
  virtual Result<Passage> DoAdvanceTo(SimTime deadline) = 0;
  /// Also sets `end` to the time at which the clock stops.
  virtual Result<Passage> DoDrain(std::span<const MessageId> until, SimTime& end) = 0;
  virtual std::unique_ptr<Network> DoClone() const { return nullptr; }

  bool IsAttached(NodeId node) const;

  SimTime now_{};
  std::vector<bool> attached_;  // by node
};

}  // namespace delstep
