#pragma once
/// What has happened, in the past tense. Log, console, run directory and every later front end read
/// the same events; nothing inside the simulation prints.
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "delstep/network.h"
#include "delstep/types.h"

namespace delstep {

/// What a test was made on.
struct EvaluationScope {
  enum class Kind : std::uint8_t { kGeneral, kLocal, kGlobal, kGroup };
  Kind kind = Kind::kGeneral;
  std::string group{};  ///< kGroup only
  friend bool operator==(const EvaluationScope&, const EvaluationScope&) = default;
};
/// "general", "local", "global", "group g1": as in the log.
std::string Name(const EvaluationScope& scope);

struct Trained {
  NodeId node{};
  std::uint64_t samples = 0;
  int epochs = 0;  ///< 0 where training.local_steps counted
  std::int64_t steps = 0;
  double loss = 0;           ///< mean over the last epoch, with dropout, in nats
  double learning_rate = 0;  ///< what the schedule gave
};
struct Aggregated {
  NodeId node{};
  std::vector<NodeId> peers;  ///< whose models were used beside its own
  double rate = 1;
  bool changed = false;  ///< false: no model but its own to average
};
struct Evaluated {
  NodeId node{};
  EvaluationScope scope;
  std::int64_t examples = 0;
  double loss = 0, accuracy = 0;
};
struct Queued {  ///< a snapshot of the sender's model waits in its outbox
  Message message;
};
struct Sent {  ///< put on the wire
  Message message;
};
struct Delivered {  ///< moved to the receiver's inbox
  Message message;
  SimTime sent{}, arrived{};
};
struct Lost {
  Message message;
  SimTime sent{}, at{};
  LossReason reason{};
};
struct NodeAdded {
  NodeId node{};
  std::string address, name;
  std::uint64_t samples = 0;
  std::optional<NodeId> like;
};
struct NodeRemoved {
  NodeId node{};
};
struct NodeWentDown {
  NodeId node{};
};
struct NodeCameUp {
  NodeId node{};
};
struct DefaultLinkChanged {
  LinkProperties link;
};
struct LinkChanged {
  NodeId from{}, to{};
  LinkProperties link;
  bool made = false;  ///< they were no neighbours before
};
struct RateChanged {
  NodeId node{};
  double rate = 1;
};
struct GroupCreated {
  std::string group;
  bool emptied = false;  ///< it existed
};
struct GroupJoined {
  std::string group;
  NodeId node{};
};
struct GroupLeft {
  std::string group;
  NodeId node{};
};
struct CycleAdvanced {
  std::uint64_t cycle = 0;  ///< the new number
};
/// A value changed by `set`: for all nodes, or for some if there are `nodes`.
struct ConfigChanged {
  std::string key, value;
  std::vector<NodeId> nodes{};
};

/// What `labels` does to the training part of a node.
struct LabelChange {
  enum class Kind : std::uint8_t {
    kNoise,    ///< with `probability` each label becomes another one, all equally likely
    kFlip,     ///< `from` becomes `to`
    kFlipAll,  ///< y becomes classes - 1 - y
    kRestore,  ///< as the data set has them
  };
  Kind kind = Kind::kRestore;
  double probability = 0;
  std::int32_t from = 0, to = 0;
};
/// "noise 0.2", "flip 1 7", "flip all", "restore".
std::string Name(const LabelChange& change);
struct LabelsChanged {
  NodeId node{};
  LabelChange change;
  std::uint64_t changed = 0;  ///< of its training part that are not now as the data set has them
};
/// A command has ended; the last event of each command. Sent by the console.
struct CommandDone {
  std::string text;
  int code = 0;         ///< 0, or the ErrorCode
  std::string message;  ///< of the error
};

using Happening = std::variant<Trained, Aggregated, Evaluated, Queued, Sent, Delivered, Lost,
                               NodeAdded, NodeRemoved, NodeWentDown, NodeCameUp, DefaultLinkChanged,
                               LinkChanged, RateChanged, GroupCreated, GroupJoined, GroupLeft,
                               CycleAdvanced, ConfigChanged, LabelsChanged, CommandDone>;

struct Event {
  SimTime at{};  ///< the clock when it was noticed (a Lost or Delivered has its own time too)
  std::uint64_t cycle = 0;  ///< the cycle in which the command began
  Happening what;
};

}  // namespace delstep
