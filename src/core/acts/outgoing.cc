#include "core/acts/outgoing.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <functional>
#include <utility>

#include "core/acts/attack.h"
#include "core/acts/learning_rate.h"
#include "core/acts/node_options.h"

namespace delstep {
namespace {

// What a message weighs without its content: addresses, number, size of the training set. The same
// for all messages, so that counts of bytes can be checked by hand.
constexpr Bytes kHeaderBytes = 64;
constexpr Bytes kBytesPerWord = 4;

/// The learning rate of the node's last `train`, or of its first one to come.
double RateOf(const Run& run, const Node& node) {
  return node.last_trained ? node.last_trained->learning_rate
                           : LearningRate(TrainingOf(run, node), node.trained);
}

/// out = f(a, b), number by number; out may be one of them.
template <class F>
void Combine(std::span<const float> a, std::span<const float> b, std::span<float> out, F f) {
  std::transform(a.begin(), a.end(), b.begin(), out.begin(), f);
}

/// Fills `out` with what is to be sent before compression.
void DifferenceOf(const Run& run, const Node& node, std::span<float> out) {
  const std::span<const float> model = node.model.view();
  Combine(model, node.anchor.view(), out, std::minus<>());
  if (const double scale = ScaleOfShared(run, node); scale != 1)
    for (float& value : out) value *= scale == 0 ? 0.0f : static_cast<float>(1 / scale);
  // Buffers are values in every message.
  ForEachBuffer(run.engine.learner->layout().model, [&](std::size_t begin, std::size_t end) {
    std::copy(model.begin() + static_cast<std::ptrdiff_t>(begin),
              model.begin() + static_cast<std::ptrdiff_t>(end),
              out.begin() + static_cast<std::ptrdiff_t>(begin));
  });
}

/// What a compressor sees. Buffers stay in the row, and travel as they are.
RowLayout WithoutBuffers(RowLayout layout) {
  std::erase_if(layout.tensors, [&](const TensorSpec& tensor) {
    const bool is_buffer = tensor.role == TensorSpec::Role::kBuffer;
    if (is_buffer) layout.payload -= tensor.floats;
    return is_buffer;
  });
  return layout;
}

/// Uncompressed. The payload is counted without the gaps of the row: they are for alignment only and
/// would not be sent.
Outgoing Whole(const Run& run, const Node& node, Row row) {
  return {.model = {.row = std::move(row),
                    .samples = node.training->size(),
                    .origin = node.origin,
                    .queued_before = run.world.next_message},
          .bytes = kHeaderBytes + kBytesPerWord * run.engine.learner->layout().model.payload};
}

/// Makes what one node sends, where that is not its model as it is. With compression this changes what the node keeps for the next time.
class Encoder {
 public:
  Encoder(Run& run, Node& node)
      : run_(run),
        node_(node),
        layout_(run.engine.learner->layout().model),
        feedback_(run.engine.scenario->compression.error_feedback) {}

  Outgoing Encode() {
    const bool compressed = run_.engine.compressor != nullptr;
    if (SharesParameters(*run_.engine.scenario)) {
      if (!feedback_) return Compress(run_.engine.model_rows->Copy(node_.model));
      // The first message of a node that starts apart from the others: there is nothing to add to.
      return node_.known.empty() ? Whole(run_, node_, node_.known = node_.model) : CompressNews();
    }
    Row row = run_.engine.model_rows->New();
    DifferenceOf(run_, node_, row.Write());
    if (!compressed) return Whole(run_, node_, std::move(row));
    return feedback_ ? CompressWithResidual(std::move(row)) : Compress(std::move(row));
  }

 private:
  /// What the receiver decodes, in place of what was to be sent. Draws come from a stream that is
  /// named by the node and how often it has compressed: who else sends changes nothing.
  Outgoing Compress(Row row) {
    const RandomKey key = MakeKey(run_.engine.scenario->seed, Purpose::kCompress, Index(node_.id),
                                  node_.compressions++);
    const RowLayout parameters = WithoutBuffers(layout_);
    const Bytes bytes = run_.engine.compressor->Compress(parameters, row.Write(), key) +
                        kBytesPerWord * (layout_.payload - parameters.payload);
    return {.model = {.row = std::move(row),
                      .samples = node_.training->size(),
                      .origin = Compressed(node_.origin),
                      .queued_before = run_.world.next_message},
            .bytes = kHeaderBytes + bytes};
  }

  /// Parameters: what the receivers do not know yet.
  Outgoing CompressNews() {
    Row row = run_.engine.model_rows->New();
    Combine(node_.model.view(), node_.known.view(), row.Write(), std::minus<>());
    Outgoing outgoing = Compress(std::move(row));
    // The row becomes what the receivers know afterwards: that is what they average.
    const std::span<float> news = outgoing.model.row.Write();
    Combine(news, node_.known.view(), news, std::plus<>());
    node_.known = outgoing.model.row;
    return outgoing;
  }

  /// Changes and gradients: what was left out so far is added to what is new (Stich et al. 2018,
  /// algorithm 1).
  Outgoing CompressWithResidual(Row row) {
    const std::span<float> wanted = row.Write();
    if (!node_.residual.empty()) Combine(wanted, node_.residual.view(), wanted, std::plus<>());
    // What was to be sent, minus what comes through, is left for the next message.
    Row residual = run_.engine.model_rows->Copy(row);
    Outgoing outgoing = Compress(std::move(row));
    const std::span<float> left = residual.Write();
    Combine(left, outgoing.model.row.view(), left, std::minus<>());
    node_.residual = std::move(residual);
    return outgoing;
  }

  Run& run_;
  Node& node_;
  const RowLayout& layout_;
  const bool feedback_;
};

}  // namespace

Outgoing HeaderAlone(const Run& run, NodeId sender) {
  return {.model = {.row = {},
                    .samples = run.world.at(sender).training->size(),
                    .origin = {},
                    .queued_before = run.world.next_message},
          .bytes = kHeaderBytes};
}

bool SharesParameters(const Scenario& scenario) {
  return scenario.aggregation.share == "parameters";
}

// A gradient is the change over minus the rate: the receiver multiplies by its own again.
double ScaleOfShared(const Run& run, const Node& node) {
  return run.engine.scenario->aggregation.share == "gradients" ? -RateOf(run, node) : 1;
}

Result<std::vector<Outgoing>> MakeOutgoing(Run& run, std::span<const NodeId> senders) {
  std::vector<Outgoing> all(senders.size());
  // Checked for all senders before the first one's state changes.
  if (run.engine.scenario->aggregation.share == "gradients")
    for (const NodeId sender : senders)
      if (const Node& node = run.world.at(sender); RateOf(run, node) == 0)
        return Refused(
            fmt::format("{} trains with a rate of 0: there is no gradient to share", node.Called()),
            "training.lr must be above 0 where aggregation.share = gradients");
  if (!run.engine.compressor && SharesParameters(*run.engine.scenario))
    // Only handles are copied, and the nodes stay shared with the moments before.
    for (std::size_t i = 0; i < senders.size(); ++i) {
      const Node& node = run.world.at(senders[i]);
      all[i] = Whole(run, node, node.model);
    }
  else
    run.engine.workers->ForEach(senders.size(), [&](int, std::size_t i) {
      all[i] = Encoder(run, run.world.Change(senders[i])).Encode();
    });
  ApplyAttacks(run, senders, all);
  return all;
}

OwnChange::OwnChange(Run& run, const Node& node)
    : layout_(run.engine.learner->layout().model),
      anchor_(node.anchor.view()),
      scale_(static_cast<float>(ScaleOfShared(run, node))),
      row_(run.engine.model_rows->New()) {
  DifferenceOf(run, node, row_.Write());
}

void OwnChange::Apply(std::span<float> change) const {
  // Buffers are values already: they are put back as they came.
  const std::vector<float> values(change.begin(), change.end());
  Combine(anchor_, change, change, [this](float from, float by) { return from + scale_ * by; });
  ForEachBuffer(layout_, [&](std::size_t begin, std::size_t end) {
    std::copy(values.begin() + static_cast<std::ptrdiff_t>(begin),
              values.begin() + static_cast<std::ptrdiff_t>(end),
              change.begin() + static_cast<std::ptrdiff_t>(begin));
  });
}

}  // namespace delstep
