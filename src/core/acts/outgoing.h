#pragma once
/// What nodes send of what they have learnt: aggregation.share and compression.*.
///
///   parameters  the model row itself. With a compressor and error feedback, what is compressed is
///               its difference to what the receivers know of it, as in CHOCO-SGD (Koloskova et al.
///               2019, algorithm 2); the message stands for what they know afterwards. They know
///               the common initial model; where nodes start apart, the first message is whole.
///   deltas      model - anchor, the change since the node's last aggregation
///   gradients   (anchor - model) / learning rate of the last `train`: the sum of the gradients of
///               its steps where the optimizer is plain SGD (the pseudo-gradient of Reddi et al.
///               2021, "Adaptive federated optimization", over the rate)
///
/// Buffers are values in every message, and are averaged as values: what a compressor rounds, or a
/// sum of changes of a variance, may be no variance any more.
/// With a compressor and error feedback, what it leaves out of a delta or gradient is added to the
/// node's next one (Stich et al. 2018, algorithm 1).
///
/// Simulation::Reconfigure() may switch all of this in a run. Where nodes begin to keep what receivers know, nothing is
/// known: what they have sent until then was not counted, so the first message is whole. Where they
/// begin to keep what is left out, nothing is; another aggregation.share drops it too, as it was in
/// other units (settings.cc).
///
/// Order: in the order of `senders`. Errors: kRefused, before anything has changed.
/// Threads: one caller at a time; the workers of the engine encode, in a run of many processes those
/// of each node's home (core/engine/sent_rows.h).
#include <span>
#include <vector>

#include "core/engine/run.h"
#include "delstep/result.h"

namespace delstep {

/// What every message of one sender carries.
struct Outgoing {
  SharedModel model;
  Bytes bytes = 0;  ///< on the wire, header included
};

/// What each of the senders sends with this command, in their order; of attackers what they send
/// instead (attack.h). Compression changes what the senders keep, so it is done once per command.
/// An error has changed nothing.
Result<std::vector<Outgoing>> MakeOutgoing(Run& run, std::span<const NodeId> senders);

/// A message without a model: its header says it all.
Outgoing HeaderAlone(const Run& run, NodeId sender);

/// Do messages carry whole models?
bool SharesParameters(const Scenario& scenario);
/// Do nodes keep what their receivers know of their models (Node::known)?
bool KeepsKnown(const Engine& engine);
/// Do nodes keep what compression leaves out of their changes (Node::residual)?
bool KeepsResidual(const Engine& engine);
/// By what the node multiplies a received row that is no model to get a change of its own model: 1
/// for deltas, minus its learning rate for gradients.
double ScaleOfShared(const Run& run, const Node& node);

/// A node's own model as what its peers send of theirs, and back. Requires that they send changes.
class OwnChange {
 public:
  OwnChange(Run& run, const Node& node);

  std::span<const float> view() const { return row_.view(); }
  /// Turns a change into a model.
  void Apply(std::span<float> change) const;

 private:
  const RowLayout& layout_;
  const std::span<const float> anchor_;
  const double scale_;
  Row row_;
};

}  // namespace delstep
