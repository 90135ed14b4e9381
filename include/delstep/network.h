#pragma once
/// The network port: carries messages between nodes. Implement it to run the same experiment
/// over another kind of network; src/network/builtin is the example, and
/// tests/conformance/network_conformance.h the suite that every backend passes.
///
/// A network knows nodes, links and sizes. It does not know models, neighbours or groups: whom a
/// node may send to is decided before Send() is called. A step of the simulation is
///
///   network.Send(message)            per queued message, at now()
///   passage = network.Drain()        or AdvanceTo(now() + duration); now() moves
///   for each outcome of passage:     into the receiver's inbox, or counted as lost
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "delstep/result.h"
#include "delstep/types.h"

namespace delstep {

/// How long a bit travels: constant a; uniform in [a, b); normal with mean a and deviation b, cut
/// at 0; exponential with mean a. Drawn once per message. Both are >= 0.
struct Latency {
  enum class Kind : std::uint8_t { kConstant, kUniform, kNormal, kExponential };
  Kind kind = Kind::kConstant;
  Duration a{0}, b{0};
  friend bool operator==(const Latency&, const Latency&) = default;
};

/// One direction between two nodes. What is not changed is a perfect link: no loss, no delay.
struct LinkProperties {
  double loss = 0;  ///< probability that a message is lost, in [0, 1]
  Latency latency{};
  /// Bits per second, above 0; a message waits until those sent before it over this direction are
  /// transmitted. Infinite: no queue, no transmission time.
  double bandwidth = std::numeric_limits<double>::infinity();
  bool up = true;  ///< false: whatever is sent is lost as kUnreachable
  friend bool operator==(const LinkProperties&, const LinkProperties&) = default;
};

/// Only sizes travel: the caller keeps the contents and delivers them when the message has arrived.
struct Message {
  MessageId id{};
  NodeId from{}, to{};
  Bytes bytes = 0;  ///< on the wire, header included
  friend bool operator==(const Message&, const Message&) = default;
};

/// Why a message did not arrive.
enum class LossReason : std::uint8_t {
  kLoss,         ///< drawn by the link
  kDown,         ///< the receiver was down at the arrival, or an end went down on the way
  kExpired,      ///< not delivered within its time to live (packet backends)
  kUnreachable,  ///< the link is down, or there is no route
  kDetached,     ///< an end left the network
  kDropped,      ///< taken away by the user; no network ends a message so, the core says it
  kContact,      ///< the pair parted on the way; likewise
  kBackend,      ///< the backend has gone, and what was on the way with it; likewise
};
inline constexpr std::size_t kLossReasons = 8;
/// "loss", "down", "expired", "unreachable", "detached", "dropped", "contact", "backend".
std::string_view Name(LossReason reason);

/// How a message ended: arrived, or lost for a reason, at a time. `at` is never before `sent`, and
/// never after now().
struct Outcome {
  Message message;
  SimTime sent{}, at{};
  std::optional<LossReason> lost;  ///< nothing: it arrived
};
/// What ended while time passed.
using Passage = std::vector<Outcome>;  ///< ordered by (at, order of sending)

/// When a message on the way arrives, if nothing comes between.
struct ExpectedArrival {
  MessageId message{};
  SimTime at{};
};

/// What a backend can do. The core reads it instead of asking for names.
struct NetworkTraits {
  bool simulated_time = true;   ///< false: the clock is the wall's, and no run repeats exactly
  bool needs_root = false;      ///< of the operating system's rights
  bool can_snapshot = false;    ///< Clone() works
  bool can_save = false;        ///< Save() and Load() work
  bool can_withdraw = false;    ///< Withdraw() works
  bool has_capacities = false;  ///< SetCapacity() works
  bool has_positions = false;   ///< SetLegs() works: where nodes are decides who hears whom
  bool single_links = true;     ///< a link may have properties of its own, not only `up`
  bool random_latency = true;   ///< other kinds of latency than kConstant
  bool has_packets = false;     ///< messages travel as packets, each of which may be lost
  /// The calls that let time pass may take seconds. The core asks for short pieces of time, and
  /// looks for Ctrl-C between them.
  bool is_slow = false;
  std::string_view name{};     ///< as in `network.backend`
  std::string_view version{};  ///< of the program behind it: "ns-3 3.37"; empty: there is none
};

struct NodeLegs;  // where a node is for a while: mobility.h

/// Messages go in through Send(), time passes only in AdvanceTo(), AdvanceToNext() and Drain(),
/// outcomes come out of them; a network never calls back.
///
/// Units: simulated nanoseconds, bytes on the wire, bits per second.
/// Order: outcomes come ordered by (time, order of sending). An id is used for one message only.
/// Causality: no outcome lies before its sending; every message ends exactly once (a loss ends at
///   its would-be arrival, except where an end or the link goes away: then at that moment), unless
///   it is withdrawn: then it has no outcome.
/// Randomness: the fate of the k-th message on a link depends on (seed, link, k) only.
/// Errors: the code says how bad it is, and the core depends on it:
///     kRefused    this call only, and it has changed nothing; the network goes on. Of Send(): this
///                 message cannot be carried (it would arrive beyond the end of simulated time).
///                 The core counts it as sent and lost (kExpired), and sends the next one.
///     any other   the backend is gone, as far as this command can tell (its process died, a socket
///                 broke): the core ends the command at once and sends nothing more. kUnavailable
///                 is final: every later call fails in the same way, and failure() says how. The
///                 core counts what was on the way as lost (kBackend).
///   A call that breaks what its comment requires is a bug of the caller: assert. Of a backend that
///   has gone nothing is required: it may have taken a part of what it failed in.
/// Ownership: the caller owns the network; no span or reference is kept after the call.
/// Threads: one caller at a time; a backend may use threads inside a call, never outside.
///
/// To write a backend, implement the private Do functions: the public ones have checked the
/// requirements and keep now() and the list of attached nodes.
class Network {
 public:
  Network() = default;
  virtual ~Network() = default;
  Network& operator=(const Network&) = delete;

  /// The same for the network's whole life.
  virtual const NetworkTraits& traits() const = 0;
  /// Starts at 0 and moves in AdvanceTo(), AdvanceToNext() and Drain() only, never backwards.
  SimTime now() const { return now_; }
  /// Sent and not yet reported as ended.
  std::size_t in_flight() const { return DoInFlight(); }
  /// Has joined by Attach(), and not left since.
  bool IsAttached(NodeId node) const;
  /// The kUnavailable error with which the backend has gone; null as long as it is there.
  const Error* failure() const { return failure_ ? &*failure_ : nullptr; }
  /// The backend counts as gone, with this kUnavailable error. For whoever puts a copy in the place
  /// of the network that has gone: the copy is from before the call in which that happened, so it
  /// has taken nothing of the call, and is as gone as the other.
  void Fail(Error error);

  /// The clock begins at `time`: for a network that takes the place of one that has gone. Requires
  /// a fresh network: no node was attached, no time has passed.
  void StartAt(SimTime time);

  /// A node joins, up, with a default link to and from every other. Requires that it was never
  /// attached. Errors: kRefused if the backend cannot hold one more node.
  Result<void> Attach(NodeId node);
  /// It leaves for good; its messages on the way, in both directions, end now as kDetached, which
  /// the next AdvanceTo() or Drain() reports. Requires that it is attached. Errors: see above.
  Result<void> Detach(NodeId node);
  /// Going down ends its messages on the way, in both directions, now, as kDown. A message that
  /// arrives at a node that is down is lost as kDown; one sent by a node that is down, at once.
  /// Setting what is set already does nothing. Requires that it is attached. Errors: see above.
  Result<void> SetUp(NodeId node, bool up);

  /// The properties of every link that has none of its own, now and later. Messages on the way are
  /// treated as by SetLink(). Requires the ranges of LinkProperties. Errors: kRefused for
  /// properties that the backend cannot give to a link (a kind of latency, a bandwidth).
  Result<void> SetDefaultLink(const LinkProperties& link);
  /// One direction. Messages on the way keep the arrival they have, unless the link goes down: then
  /// they end now as kUnreachable. A message sent over a link that is down ends at once as
  /// kUnreachable. A link keeps its own properties from now on, also if they equal the default,
  /// until ClearLink(). Requires attached ends, from != to, and the ranges of LinkProperties.
  /// Errors: as above.
  Result<void> SetLink(NodeId from, NodeId to, const LinkProperties& link);
  /// One direction has the properties of the default link again, now and later, as if SetLink()
  /// had never been called; messages on the way are treated as by SetLink(). Does nothing to a link
  /// that has none of its own. Requires attached ends and from != to. Errors: see above.
  Result<void> ClearLink(NodeId from, NodeId to);

  /// Bits per second of all that the node sends, and of all that it receives; above 0, infinite: no
  /// limit. Until this is called, those of the options. Messages on the way are treated as the
  /// backend's comment says. Requires that it is attached. Errors: kRefused unless
  /// traits().has_capacities.
  Result<void> SetCapacity(NodeId node, double up, double down);

  /// Where nodes are from now on up to `until`, which becomes legs_until(): time must not pass
  /// beyond it. Nodes that are not given stay where they were. Requires attached nodes,
  /// until >= now() and traits().has_positions. Errors: kUnavailable if the backend is gone.
  Result<void> SetLegs(std::span<const NodeLegs> nodes, SimTime until);
  /// Up to when the backend knows where nodes are. 0 before the first SetLegs().
  SimTime legs_until() const { return legs_until_; }

  /// Puts a message on the wire now. Success means that it will end in exactly one Outcome, not
  /// that it arrives: loss is an outcome, no error. Requires attached ends, from != to, an id not
  /// used before. Errors: kRefused for this message alone, which then has no outcome and counts as
  /// not sent (nor as the k-th of its link); any other code: the backend is gone.
  Result<void> Send(const Message& message);

  /// Lets time pass up to and including `deadline` (>= now()), which becomes now(). Returns what
  /// ended, also what ended between the calls; with deadline == now() that alone. On an error now()
  /// stays, and what ended meanwhile is not known.
  /// Where nobody is on the way, a backend whose clock is the wall's jumps to the deadline.
  Result<Passage> AdvanceTo(SimTime deadline);
  /// Lets time pass until the next messages end, at most up to and including `limit` (>= now()).
  /// now() becomes the time at which they did, or `limit` if none does. Returns all that ended at
  /// that one moment; what ended between the calls comes at once, and no time passes then.
  /// Errors: as AdvanceTo().
  Result<Passage> AdvanceToNext(SimTime limit);
  /// Lets time pass until the messages `until` have ended; now() becomes the time of the last of
  /// them, or stays if there are none. Returns everything that ended up to then, other messages
  /// included. Ids not in flight count as ended. Errors: as AdvanceTo().
  /// Careful: an empty `until` means all messages in flight, not none. A caller whose list may be
  /// empty must not call.
  Result<Passage> Drain(std::span<const MessageId> until = {});

  /// Takes messages off the wire, all or none: they have no outcome any more, and what becomes of
  /// them is for the caller to say (the core counts them as lost, or hands them over at once).
  /// Nothing else is different for it: what was sent after them over the same link arrives when it
  /// would have, and they still count as the k-th of their link. Requires ids in flight, each once.
  /// Errors: kRefused unless traits().can_withdraw; kUnavailable if the backend is gone.
  Result<void> Withdraw(std::span<const MessageId> messages);
  /// Of the messages on the way whose arrival the backend knows, ascending by message. A message
  /// whose loss is drawn already is told like the others: until then nobody can know of it. Empty
  /// where arrivals become known only by happening (the default), or if the backend is gone.
  std::vector<ExpectedArrival> ExpectedArrivals() const { return DoExpectedArrivals(); }

  /// An independent copy, messages on the way and future fates included. The caller owns it.
  /// Errors: kRefused unless traits().can_snapshot, kUnavailable if the backend is gone.
  Result<std::unique_ptr<Network>> Clone() const { return DoClone(); }

  /// Everything that a fresh network of this backend, made with the same options and seed, needs to
  /// go on alike: clock, nodes, links, messages on the way and future fates. The bytes are for
  /// Load() of the same version of the program alone, and equal for networks that will go on alike.
  /// Errors: kRefused unless traits().can_save, or while the backend cannot (a packet backend with
  /// messages on the way); kUnavailable if it is gone.
  Result<std::string> Save() const;
  /// Becomes the network that was saved. Requires a fresh network: nothing was attached to it.
  /// Errors: kFile for bytes that Save() cannot have written (they may come from anybody: no value
  /// is believed unchecked), and the network is of no use then; kRefused unless traits().can_save.
  Result<void> Load(std::string_view saved);

 protected:
  Network(const Network&) = default;

 private:
  virtual std::size_t DoInFlight() const = 0;
  virtual Result<void> DoAttach(NodeId node) = 0;
  virtual Result<void> DoDetach(NodeId node) = 0;
  virtual Result<void> DoSetUp(NodeId node, bool up) = 0;
  virtual Result<void> DoSetDefaultLink(const LinkProperties& link) = 0;
  virtual Result<void> DoSetLink(NodeId from, NodeId to, const LinkProperties& link) = 0;
  virtual Result<void> DoClearLink(NodeId from, NodeId to) = 0;
  virtual Result<void> DoSend(const Message& message) = 0;
  virtual Result<void> DoSetCapacity(NodeId node, double up, double down);
  virtual Result<void> DoSetLegs(std::span<const NodeLegs> nodes, SimTime until);
  virtual Result<Passage> DoAdvanceTo(SimTime deadline) = 0;
  /// Also sets `end` to the time at which the clock stops.
  virtual Result<Passage> DoAdvanceToNext(SimTime limit, SimTime& end) = 0;
  /// Also sets `end` to the time at which the clock stops.
  virtual Result<Passage> DoDrain(std::span<const MessageId> until, SimTime& end) = 0;
  // The defaults refuse, and know of no arrival.
  virtual Result<void> DoWithdraw(std::span<const MessageId> messages);
  virtual std::vector<ExpectedArrival> DoExpectedArrivals() const;
  virtual Result<std::unique_ptr<Network>> DoClone() const;
  /// What the backend adds to clock and attached nodes, which Save() writes itself.
  virtual Result<std::string> DoSave() const;
  /// now() and the attached nodes are those of the saved network already.
  virtual Result<void> DoLoad(std::string_view saved);

  /// Notes an error after which the backend is gone.
  template <class T>
  Result<T> Noting(Result<T> result);

  SimTime now_{}, legs_until_{};
  std::vector<bool> attached_;  // by node
  std::optional<Error> failure_;
};

}  // namespace delstep
