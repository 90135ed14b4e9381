#pragma once
/// The node as its behaviour sees it, and what a behaviour does to the world.
#include <optional>
#include <utility>
#include <vector>

#include "core/acts/outgoing.h"
#include "core/engine/run.h"
#include "delstep/behaviour.h"

namespace delstep {

/// One call of a behaviour. What the network or a rule refuses is kept until the call has ended.
class NodeHost final : public Host {
 public:
  NodeHost(Run& run, NodeId id) : run_(run), id_(id) {}

  /// Of what the behaviour did.
  Result<void> TakeResult() { return std::exchange(result_, Result<void>()); }

  NodeId id() const override { return id_; }
  SimTime now() const override { return run_.world.now; }
  bool busy() const override { return node().training_now.has_value(); }
  std::span<const NodeId> neighbours() const override { return *node().neighbours; }
  bool IsPartner(NodeId neighbour) const override;
  std::span<const NodeId> everybody() const override;
  std::uint64_t trained() const override { return node().trained; }
  std::uint64_t examples() const override { return node().training->size(); }
  std::vector<ReceivedMessage> inbox() const override;
  std::optional<SimTime> LastSent(NodeId peer) const override;
  std::span<double, kBehaviourMemory> memory() override { return Change().behaviour.memory; }
  Random Draw() override;
  Random DrawShared(std::uint64_t round) const override;

  bool Train(double scale) override;
  void Send(NodeId to, const MessageTag& tag) override;
  void SendHeader(NodeId to, const MessageTag& tag) override;
  void Merge(double own, std::span<const MergeTerm> terms) override;
  void Aggregate() override;
  void Discard(MessageId message) override;
  void Wake(std::optional<SimTime> time) override { Change().behaviour.alarm = time; }

  static ReceivedMessage Describe(const ModelMessage& message);

 private:
  const Node& node() const { return run_.world.at(id_); }
  Node& Change() { return run_.world.Change(id_); }
  /// Keeps the first error.
  void Keep(Result<void> result);
  void Queue(NodeId to, const MessageTag& tag, const Outgoing& outgoing);

  Run& run_;
  const NodeId id_;
  Result<void> result_;
  std::optional<Outgoing> outgoing_;  // what the present model is sent as
  mutable std::vector<NodeId> everybody_;
};

}  // namespace delstep
