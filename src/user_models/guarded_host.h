#pragma once
/// The Host that a user's behaviour is given. It checks each call against what behaviour.h requires
/// before it passes the call on, so that nothing the user's code does reaches an assert of the core.
///
///   Send, SendHeader   to a neighbour
///   Train              by a finite scale
///   Merge              weights that sum to 1 (to 1e-9), messages of the inbox that have a model,
///                      each once; not while the node trains; merges() is true
///   Aggregate          not while the node trains
///   Discard            a message of the inbox
///   Wake               not in the past
///
/// The first call that breaks a promise leaves an Error and throws: a loop that waits for the inbox
/// to get shorter would not end otherwise. IsPartner() of a node that is no neighbour is false.
/// Threads: one call of a behaviour has one GuardedHost.
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "delstep/behaviour.h"
#include "delstep/result.h"

namespace delstep {

class GuardedHost final : public Host {
 public:
  /// `node` and `file` outlive this. `merges`: Behaviour::merges().
  GuardedHost(Host& node, const std::string& file, bool merges)
      : node_(node), file_(file), merges_(merges) {}

  /// What went wrong, if anything.
  const std::optional<Error>& broken() const { return broken_; }
  /// The memory as the behaviour has left it goes into the world.
  void KeepMemory();

  NodeId id() const override { return node_.id(); }
  SimTime now() const override { return node_.now(); }
  bool busy() const override { return node_.busy(); }
  std::span<const NodeId> neighbours() const override { return node_.neighbours(); }
  bool IsPartner(NodeId neighbour) const override;
  std::span<const NodeId> everybody() const override { return node_.everybody(); }
  std::uint64_t trained() const override { return node_.trained(); }
  std::uint64_t examples() const override { return node_.examples(); }
  std::vector<ReceivedMessage> inbox() const override { return node_.inbox(); }
  std::optional<SimTime> LastSent(NodeId peer) const override { return node_.LastSent(peer); }
  std::span<double, kBehaviourMemory> memory() override;
  Random Draw() override { return node_.Draw(); }
  Random DrawShared(std::uint64_t round) const override { return node_.DrawShared(round); }

  bool Train(double scale) override;
  void Send(NodeId to, const MessageTag& tag) override;
  void SendHeader(NodeId to, const MessageTag& tag) override;
  void Merge(double own, std::span<const MergeTerm> terms) override;
  void Aggregate() override;
  void Discard(MessageId message) override;
  void Wake(std::optional<SimTime> time) override;

 private:
  bool IsNeighbour(NodeId node) const;
  /// Unless `kept`, throws: `what` completes "mine.cpp: Merge() ...".
  void Require(bool kept, std::string_view call, std::string_view what, std::string_view hint = {});

  Host& node_;
  const std::string& file_;
  const bool merges_;
  std::optional<Error> broken_;
  /// A copy, so that a span the behaviour holds on to stays sound when the node changes.
  std::optional<std::array<double, kBehaviourMemory>> memory_;
};

}  // namespace delstep
