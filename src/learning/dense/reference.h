#pragma once
/// What the dense learner computes, once more: plain loops in double over lists of tensors, no
/// blocks, no kernels. The oracle of the tests; nothing else uses it.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "delstep/learner.h"
#include "math/draws.h"
#include "math/kernels.h"

namespace delstep {

using ReferenceMatrix = std::vector<std::vector<double>>;

/// A batch: features and labels of each example and, for each hidden layer, the factors of dropout.
struct ReferenceBatch {
  ReferenceMatrix features;
  std::vector<std::int32_t> labels;
  std::vector<ReferenceMatrix> masks;  ///< [layer][example][unit]; empty: no dropout
};

class ReferenceModel {
 public:
  /// Takes the parameters out of a model row.
  ReferenceModel(const RowLayout& layout, std::span<const float> row, bool is_tanh)
      : is_tanh_(is_tanh) {
    for (const TensorSpec& spec : layout.tensors) {
      const auto part = row.subspan(spec.offset, spec.floats);
      tensors.emplace_back(part.begin(), part.end());
    }
  }

  std::size_t layers() const { return tensors.size() / 2; }
  std::size_t width(std::size_t layer) const { return tensors[2 * layer + 1].size(); }

  /// The mean cross-entropy of the batch.
  double Loss(const ReferenceBatch& batch) const {
    double sum = 0;
    for (std::size_t e = 0; e < batch.labels.size(); ++e)
      sum -= std::log(Softmax(Forward(batch, e).back())[Label(batch, e)]);
    return sum / static_cast<double>(batch.labels.size());
  }

  /// Its gradient, a tensor each, by the chain rule.
  ReferenceMatrix Gradient(const ReferenceBatch& batch) const {
    ReferenceMatrix gradient;
    for (const auto& tensor : tensors) gradient.emplace_back(tensor.size(), 0.0);
    for (std::size_t e = 0; e < batch.labels.size(); ++e) AddGradient(batch, e, gradient);
    return gradient;
  }

  ReferenceMatrix tensors;  ///< weight ({out, in}, row-major) and bias of each layer in turn

 private:
  static std::size_t Label(const ReferenceBatch& batch, std::size_t e) {
    return static_cast<std::size_t>(batch.labels[e]);
  }
  static double Factor(const ReferenceBatch& batch, std::size_t l, std::size_t e, std::size_t o) {
    return batch.masks.empty() ? 1 : batch.masks[l][e][o];
  }
  static std::vector<double> Softmax(std::vector<double> scores) {
    const double largest = *std::max_element(scores.begin(), scores.end());
    double sum = 0;
    for (double& score : scores) sum += score = std::exp(score - largest);
    for (double& score : scores) score /= sum;
    return scores;
  }

  /// values[l]: what goes into layer l; the last: the scores. Dropout is not applied in here.
  ReferenceMatrix Forward(const ReferenceBatch& batch, std::size_t e) const {
    ReferenceMatrix values = {batch.features[e]};
    for (std::size_t l = 0; l < layers(); ++l) {
      std::vector<double> next = tensors[2 * l + 1];
      const std::size_t in = values[l].size();
      for (std::size_t o = 0; o < next.size(); ++o) {
        for (std::size_t i = 0; i < in; ++i) {
          const double factor = l == 0 ? 1 : Factor(batch, l - 1, e, i);
          next[o] += tensors[2 * l][o * in + i] * values[l][i] * factor;
        }
        if (l + 1 < layers()) next[o] = is_tanh_ ? std::tanh(next[o]) : std::max(next[o], 0.0);
      }
      values.push_back(next);
    }
    return values;
  }

  void AddGradient(const ReferenceBatch& batch, std::size_t e, ReferenceMatrix& gradient) const {
    const ReferenceMatrix values = Forward(batch, e);
    std::vector<double> d = Softmax(values.back());
    d[Label(batch, e)] -= 1;
    for (double& x : d) x /= static_cast<double>(batch.labels.size());
    for (std::size_t l = layers(); l-- > 0;) {
      const std::size_t in = values[l].size();
      std::vector<double> before(in, 0.0);
      for (std::size_t i = 0; i < in; ++i) {
        const double y = values[l][i];
        const double factor = l == 0 ? 1 : Factor(batch, l - 1, e, i);
        for (std::size_t o = 0; o < d.size(); ++o) {
          gradient[2 * l][o * in + i] += d[o] * y * factor;
          before[i] += d[o] * tensors[2 * l][o * in + i] * factor;
        }
        before[i] *= is_tanh_ ? 1 - y * y : (y > 0 ? 1 : 0);
      }
      for (std::size_t o = 0; o < d.size(); ++o) gradient[2 * l + 1][o] += d[o];
      d = before;
    }
  }

  bool is_tanh_;
};

/// The update of torch.optim.SGD, Adam or RMSprop, element by element.
struct ReferenceOptimizer {
  std::string name = "adam";
  ReferenceMatrix first{}, second{};  ///< moments; empty before the first step
  int steps = 0;

  void Step(const TrainOptions& options, const ReferenceMatrix& gradient,
            ReferenceMatrix& tensors) {
    ++steps;
    if (first.empty())
      for (const auto& tensor : tensors) {
        first.emplace_back(tensor.size(), 0.0);
        second.emplace_back(tensor.size(), 0.0);
      }
    for (std::size_t t = 0; t < tensors.size(); ++t)
      for (std::size_t i = 0; i < tensors[t].size(); ++i) {
        double &w = tensors[t][i], &m = first[t][i], &v = second[t][i];
        const double g = gradient[t][i] + options.weight_decay * w;
        if (name == "adam") {
          m = 0.9 * m + 0.1 * g;
          v = 0.999 * v + 0.001 * g * g;
          const double mean = m / (1 - std::pow(0.9, steps));
          const double root = std::sqrt(v / (1 - std::pow(0.999, steps)));
          w -= options.learning_rate * mean / (root + 1e-8);
        } else if (name == "rmsprop") {
          v = 0.99 * v + 0.01 * g * g;
          m = options.momentum * m + g / (std::sqrt(v) + 1e-8);
          w -= options.learning_rate * m;
        } else {
          m = options.momentum * m + g;
          w -= options.learning_rate * m;
        }
      }
  }
};

inline ReferenceBatch GatherReference(const Dataset& data,
                                      std::span<const std::uint32_t> examples) {
  ReferenceBatch batch;
  for (const std::uint32_t example : examples) {
    batch.labels.push_back(data.labels[example]);
    std::vector<double> features;
    for (std::size_t i = 0; i < data.example_size; ++i) {
      const std::size_t at = example * data.example_size + i;
      features.push_back(data.bytes.empty() ? data.floats[at]
                                            : data.scale * data.bytes[at] + data.shift);
    }
    batch.features.push_back(features);
  }
  return batch;
}

/// Draws the masks of a batch as draws.h says.
inline void DrawMasks(const ReferenceModel& model, double p, Random& words, ReferenceBatch& batch) {
  const std::size_t rows = batch.labels.size();
  for (std::size_t l = 0; p > 0 && l + 1 < model.layers(); ++l) {
    const std::size_t stride = PaddedColumns(model.width(l)), half = rows * stride / 2;
    std::vector<std::uint32_t> drawn(half);
    for (std::uint32_t& word : drawn) word = words.Next32();
    ReferenceMatrix mask(rows, std::vector<double>(model.width(l)));
    for (std::size_t r = 0; r < rows; ++r)
      for (std::size_t o = 0; o < model.width(l); ++o) {
        const std::size_t at = r * stride + o;
        const std::uint32_t bits = at < half ? drawn[at] % 65536 : drawn[at - half] / 65536;
        mask[r][o] = bits < std::floor(p * 65536) ? 0 : 1 / (1 - std::floor(p * 65536) / 65536);
      }
    batch.masks.push_back(mask);
  }
}

/// Adds the proximal term to a gradient, then clips it.
inline void AdjustGradient(const TrainOptions& options, const ReferenceMatrix& tensors,
                           const ReferenceMatrix& anchor, ReferenceMatrix& gradient) {
  double squares = 0;
  for (std::size_t t = 0; t < gradient.size(); ++t)
    for (std::size_t i = 0; i < gradient[t].size(); ++i) {
      double& g = gradient[t][i];
      if (options.proximal_mu != 0) g += options.proximal_mu * (tensors[t][i] - anchor[t][i]);
      squares += g * g;
    }
  const double coefficient =
      options.clip_norm > 0 ? std::min(1.0, options.clip_norm / (std::sqrt(squares) + 1e-6)) : 1;
  for (auto& tensor : gradient)
    for (double& g : tensor) g *= coefficient;
}

/// Trains as the dense learner does, pulled to `anchor`. Returns the mean loss over the examples of
/// the last epoch.
inline double TrainReference(ReferenceModel& model, ReferenceOptimizer& optimizer, double dropout,
                             DataView data, RandomKey key, const TrainOptions& options,
                             const ReferenceMatrix& anchor = {}) {
  Random words = DropoutWords(key);
  std::vector<std::uint32_t> order;
  const auto size = static_cast<std::size_t>(options.batch_size);
  std::int64_t steps = 0;
  double loss = 0;
  const auto is_done = [&] { return options.local_steps > 0 && steps == options.local_steps; };
  for (int epoch = 0; options.local_steps > 0 ? !is_done() : epoch < options.epochs; ++epoch) {
    OrderOfEpoch(key, epoch, data.examples, order);
    std::size_t done = 0;
    loss = 0;
    for (; done < order.size() && !is_done(); ++steps) {
      const auto part = std::span(order).subspan(done, std::min(size, order.size() - done));
      ReferenceBatch batch = GatherReference(*data.dataset, part);
      DrawMasks(model, dropout, words, batch);
      loss += model.Loss(batch) * static_cast<double>(part.size());
      ReferenceMatrix gradient = model.Gradient(batch);
      AdjustGradient(options, model.tensors, anchor, gradient);
      optimizer.Step(options, gradient, model.tensors);
      done += part.size();
    }
    loss /= static_cast<double>(done);
  }
  return loss;
}

}  // namespace delstep
