#pragma once
/// The behaviour port: what a node does by itself while time runs (`run`, `next`). src/behaviour
/// has one file per behaviour, gossip.cc is the example; every registered behaviour passes the
/// suite in tests/conformance/behaviour_conformance_test.cc.
///
/// A behaviour is called when something happens to its node, and acts through the Host it is given:
///
///   OnTurn      the node's next turn is due: k * behaviour.period (and its jitter) after the
///               behaviour was set
///   OnReceive   a message has come into the inbox. While the node trains, messages wait in the
///               inbox, and OnReceive comes for each of them, in order, after OnTrained
///   OnTrained   a training that this behaviour had started has ended, and its result is the
///               model. Of trainings that a person or a planned command began it hears nothing
///   OnMeet      the node has a new neighbour in range; also one that was down and is up again
///   OnPart      a neighbour went out of range, went down or left; also while the node itself was
///               down: then it is told when the node is up again, of the neighbours that were up
///               as it went
///   OnWake      the alarm that it had set
///
/// While a node trains it is busy: a turn that falls due then is *pending*, and comes when the
/// training has ended (of several pending turns one), whoever began it. A node that is down gets no
/// calls; its pending turns are dropped.
///
/// A behaviour itself has no state: it is one object for all nodes. What a node remembers between
/// two calls is in Host::memory(), which is part of the world: saved, hashed and gone back to.
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "delstep/random.h"
#include "delstep/types.h"

namespace delstep {

/// What a message of a behaviour says beside the model. It fits in the header of 64 bytes, so it
/// costs nothing on the wire. What number and weight mean is up to the behaviour.
struct MessageTag {
  enum class Kind : std::uint8_t {
    kModel,    ///< a model, unasked
    kRequest,  ///< asks for a model; may bring one
    kReply,    ///< the answer to a request
  };
  Kind kind = Kind::kModel;
  std::uint64_t number = 0;  ///< such as a round, or the age of the model
  double weight = 1;         ///< such as the weight of push-sum, or a degree
  friend bool operator==(const MessageTag&, const MessageTag&) = default;
};

/// A message in the node's inbox.
struct ReceivedMessage {
  MessageId id{};
  NodeId from{};
  MessageTag tag;
  bool has_model = true;       ///< false: the header alone was sent
  std::uint64_t examples = 0;  ///< training examples of the sender
  SimTime sent{}, arrived{};
};

/// A model of the inbox in a merge.
struct MergeTerm {
  MessageId message{};
  double weight = 0;
};

/// How many numbers a node remembers for its behaviour.
inline constexpr std::size_t kBehaviourMemory = 8;

/// The node, as its behaviour sees it, and what it can do. All of it happens at once and costs no
/// simulated time, but for Train(). Valid during the call.
class Host {
 public:
  virtual ~Host() = default;

  // ---- Looking.
  virtual NodeId id() const = 0;
  virtual SimTime now() const = 0;
  virtual bool busy() const = 0;  ///< it trains, or Train() was called
  /// Whom it may send to, ascending; also those that are down.
  virtual std::span<const NodeId> neighbours() const = 0;
  /// The neighbour is up and runs the same behaviour.
  virtual bool IsPartner(NodeId neighbour) const = 0;
  /// All present nodes that run the same behaviour, also those that are down; ascending.
  virtual std::span<const NodeId> everybody() const = 0;
  virtual std::uint64_t trained() const = 0;   ///< trainings of the node so far
  virtual std::uint64_t examples() const = 0;  ///< of its training part
  /// What was received and not yet merged or discarded, in order of arrival. It may hold messages
  /// for which OnReceive never came: those of a network step, and from before the behaviour was
  /// set. OnReceive does not come for a message that is no longer there.
  virtual std::vector<ReceivedMessage> inbox() const = 0;
  /// When Send() was last called for this peer, by this behaviour; nothing: never. Kept only where
  /// behaviour.min_gap is above 0.
  virtual std::optional<SimTime> LastSent(NodeId peer) const = 0;
  /// All 0 when the behaviour was set.
  virtual std::span<double, kBehaviourMemory> memory() = 0;
  /// A fresh stream of the node's own, another one with each call.
  virtual Random Draw() = 0;
  /// The stream (seed, `round`), the same for all nodes: for what all draw alike.
  virtual Random DrawShared(std::uint64_t round) const = 0;

  // ---- Acting.
  /// The node begins to train on its own data; OnTrained comes when it has ended, after
  /// `compute.*` (never from inside this call). The change of the model is multiplied by `scale`.
  /// False, and nothing happens: it has no data, or is busy already.
  virtual bool Train(double scale = 1) = 0;
  /// Puts the present model on the wire. Requires a neighbour.
  virtual void Send(NodeId to, const MessageTag& tag = {}) = 0;
  /// The header alone, 64 bytes. Requires a neighbour.
  virtual void SendHeader(NodeId to, const MessageTag& tag) = 0;
  /// model <- own * model + sum of weight * that message's model. Requires messages of the inbox
  /// that have a model, each once, weights that sum to 1 with `own` (to 1e-9), and that the node
  /// is not busy. The messages go from the inbox into the guestbook, which ages by one.
  virtual void Merge(double own, std::span<const MergeTerm> terms) = 0;
  /// As the command `ag`: by `aggregation.name`, over the whole inbox. Requires that the node is
  /// not busy. A rule that refuses (too few models) ends the run with its error.
  virtual void Aggregate() = 0;
  /// Takes a message out of the inbox, unused. Requires that it is there.
  virtual void Discard(MessageId message) = 0;
  /// OnWake comes at that time; a later call replaces an earlier one. Nothing: no alarm. Requires
  /// time >= now().
  virtual void Wake(std::optional<SimTime> time) = 0;
};

/// What nodes do by themselves. Threads: calls come one at a time.
class Behaviour {
 public:
  virtual ~Behaviour() = default;
  Behaviour& operator=(const Behaviour&) = delete;

  /// It merges models itself (Host::Merge): then messages must carry whole models
  /// (aggregation.share = "parameters").
  virtual bool merges() const = 0;

  virtual void OnTurn(Host& node) const = 0;
  virtual void OnReceive(Host& node, const ReceivedMessage& message) const = 0;
  virtual void OnTrained(Host&) const {}
  virtual void OnMeet(Host&, NodeId /*peer*/) const {}
  virtual void OnPart(Host&, NodeId /*peer*/) const {}
  virtual void OnWake(Host&) const {}

 protected:
  Behaviour() = default;
  Behaviour(const Behaviour&) = default;
};

}  // namespace delstep
