#include "core/sharing.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <functional>
#include <utility>

#include "core/learning_rate.h"
#include "core/node_options.h"

namespace delstep {
namespace {

constexpr Bytes kHeaderBytes = 64;
constexpr Bytes kBytesPerWord = 4;

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
void Difference(const Run& run, const Node& node, std::span<float> out) {
  Combine(node.model.view(), node.anchor.view(), out, std::minus<>());
  if (run.machinery.scenario.aggregation.share == "deltas") return;
  const auto factor = static_cast<float>(-1 / RateOf(run, node));
  for (float& value : out) value *= factor;
}

/// What a compressor sees: a buffer such as a running variance is sent as it is, since a rounded
/// one may be no variance any more.
RowLayout WithoutBuffers(RowLayout layout) {
  std::erase_if(layout.tensors, [&](const TensorSpec& tensor) {
    const bool is_buffer = tensor.role == TensorSpec::Role::kBuffer;
    if (is_buffer) layout.payload -= tensor.floats;
    return is_buffer;
  });
  return layout;
}

class Encoder {
 public:
  Encoder(Run& run, Node& node)
      : run_(run),
        node_(node),
        layout_(run.machinery.learner->layout().model),
        feedback_(run.machinery.scenario.compression.error_feedback) {}

  Outgoing Encode() {
    const bool compressed = run_.machinery.compressor != nullptr;
    if (SharesParameters(run_.machinery.scenario)) {
      if (!compressed) return Whole(node_.model);
      if (!feedback_) return Compress(run_.machinery.model_rows->Copy(node_.model));
      return node_.known.empty() ? Whole(node_.known = node_.model) : CompressNews();
    }
    Row row = run_.machinery.model_rows->New();
    Difference(run_, node_, row.Write());
    if (!compressed) return Whole(std::move(row));
    return feedback_ ? CompressWithResidual(std::move(row)) : Compress(std::move(row));
  }

 private:
  Outgoing Whole(Row row) const {
    return {{std::move(row), node_.training->size()},
            kHeaderBytes + kBytesPerWord * layout_.payload};
  }

  Outgoing Compress(Row row) {
    const RandomKey key = MakeKey(run_.machinery.scenario.seed, Purpose::kCompress, Index(node_.id),
                                  node_.compressions++);
    const RowLayout parameters = WithoutBuffers(layout_);
    const Bytes bytes = run_.machinery.compressor->Compress(parameters, row.Write(), key) +
                        kBytesPerWord * (layout_.payload - parameters.payload);
    return {{std::move(row), node_.training->size()}, kHeaderBytes + bytes};
  }

  /// Parameters: what the receivers do not know yet.
  Outgoing CompressNews() {
    Row row = run_.machinery.model_rows->New();
    Combine(node_.model.view(), node_.known.view(), row.Write(), std::minus<>());
    Outgoing outgoing = Compress(std::move(row));
    const std::span<float> news = outgoing.model.row.Write();
    Combine(news, node_.known.view(), news, std::plus<>());
    node_.known = outgoing.model.row;
    return outgoing;
  }

  Outgoing CompressWithResidual(Row row) {
    const std::span<float> wanted = row.Write();
    if (!node_.residual.empty()) Combine(wanted, node_.residual.view(), wanted, std::plus<>());
    Row residual = run_.machinery.model_rows->Copy(row);
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

bool SharesParameters(const Scenario& scenario) {
  return scenario.aggregation.share == "parameters";
}

double ScaleOfShared(const Run& run, const Node& node) {
  return run.machinery.scenario.aggregation.share == "gradients" ? -RateOf(run, node) : 1;
}

Result<std::vector<Outgoing>> MakeOutgoing(Run& run, std::span<const NodeId> senders) {
  std::vector<Outgoing> all(senders.size());
  if (run.machinery.scenario.aggregation.share == "gradients")
    for (const NodeId sender : senders)
      if (const Node& node = run.world.at(sender); RateOf(run, node) == 0)
        return Refused(fmt::format("{} trains with a rate of 0: there is no gradient to share",
                                   ToString(node.address)),
                       "training.lr must be above 0 where aggregation.share = gradients");
  const auto encode = [&](int, std::size_t i) {
    all[i] = Encoder(run, run.world.at(senders[i])).Encode();
  };
  if (!run.machinery.compressor && SharesParameters(run.machinery.scenario))
    for (std::size_t i = 0; i < senders.size(); ++i) encode(0, i);  // only handles are copied
  else
    run.machinery.workers->ForEach(senders.size(), encode);
  return all;
}

}  // namespace delstep
