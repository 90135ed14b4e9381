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
/// A compressor sees the parameters alone: buffers are sent as they are.
/// With a compressor and error feedback, what it leaves out of a delta or gradient is added to the
/// node's next one (Stich et al. 2018, algorithm 1).
#include <span>
#include <vector>

#include "core/run.h"
#include "delstep/result.h"

namespace delstep {

/// What every message of one sender carries.
struct Outgoing {
  SharedModel model;
  Bytes bytes = 0;  ///< on the wire, header included
};

/// What each of the senders sends with this command, in their order. Compression changes what the
/// senders keep, so it is done once a command. An error has changed nothing.
Result<std::vector<Outgoing>> MakeOutgoing(Run& run, std::span<const NodeId> senders);

/// Do messages carry whole models?
bool SharesParameters(const Scenario& scenario);
/// By what the node multiplies a received row that is no model to get a change of its own model: 1
/// for deltas, minus its learning rate for gradients.
double ScaleOfShared(const Run& run, const Node& node);

}  // namespace delstep
