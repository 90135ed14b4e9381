#pragma once
/// Which models a rule of aggregation is shown.
#include <cstdint>
#include <span>
#include <vector>

#include "core/engine/run.h"
#include "delstep/aggregator.h"

namespace delstep {

/// What the core knows of a model beyond what a rule is shown. Points into the node.
struct ShownModel {
  const Row* row = nullptr;             ///< where its numbers are
  const ModelOrigin* origin = nullptr;  ///< null: not followed
  // How it came; of the node's own model nothing.
  MessageId message{};
  SimTime sent{}, received{};
};

/// Gathers the models for one node after the other; its lists are used again for the next node.
/// Threads: one per object. Several may read the same run while nobody changes it.
class RuleInput {
 public:
  explicit RuleInput(const Run& run) : RuleInput(run, ReadsModels(run.engine.aggregator())) {}
  /// Without `reads_models`, rows that lie in other processes are shown without their numbers.
  RuleInput(const Run& run, bool reads_models) : run_(&run), reads_models_(reads_models) {}

  /// The node's own model first, then its peers', ascending by NodeId. What counts of a peer is its
  /// newest message in the inbox, else (for rules that see them) its record in the guestbook. Empty
  /// if there is neither: no rule is asked about the own model alone. Valid until the next call.
  std::span<PeerModel> Of(const Node& node);
  /// The same models as Of() has returned last, in the same order.
  std::span<const ShownModel> shown() const { return shown_; }

 private:
  void FindNewest(const std::vector<ModelMessage>& inbox);
  void AddBoth(std::span<const Encounter> known);
  void Add(const ModelMessage& message);
  void Add(const Encounter& record);
  void Add(NodeId node, std::uint64_t samples, const ShownModel& shown);

  const Run* run_;
  bool reads_models_;
  std::vector<const ModelMessage*> newest_;  // one per sender, ascending by sender
  std::vector<PeerModel> models_;
  std::vector<ShownModel> shown_;
};

}  // namespace delstep
