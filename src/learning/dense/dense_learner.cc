#include "learning/dense/dense_learner.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <utility>

#include "learning/cpu_alone.h"
#include "learning/dense/optimizer.h"
#include "learning/dense/passes.h"
#include "learning/dense/perceptron.h"
#include "learning/evaluation_plan.h"
#include "learning/jobs.h"
#include "math/aligned_floats.h"
#include "math/draws.h"
#include "math/kernels.h"
#include "math/uniform_floats.h"

namespace delstep {
namespace {

constexpr std::size_t kEvaluationBatch = 128;

/// Scratch of one worker.
struct Scratch {
  Scratch(const Perceptron& perceptron, UpdateRule rule, const Kernels& kernels,
          const RowLayout& state)
      : passes(perceptron, kernels),
        optimizer(rule, perceptron, kernels, state),
        weights(perceptron.floats),
        gradient(perceptron.floats),
        anchor(perceptron.floats) {}

  Passes passes;
  BlockOptimizer optimizer;
  AlignedFloats weights, gradient, anchor;
  std::vector<AlignedFloats> models;  // that are evaluated together
  std::vector<std::uint32_t> order;

  void PrepareModels(std::size_t count) {
    while (models.size() < count) models.emplace_back(weights.size());
  }
};

class DenseLearner final : public Learner {
 public:
  DenseLearner(Perceptron perceptron, UpdateRule rule, const Kernels& kernels, Workers& workers)
      : perceptron_(std::move(perceptron)),
        rule_(rule),
        kernels_(kernels),
        runner_(workers, [this] { return MakeScratch(); }) {
    perceptron_.AppendTensors(layout_.model, TensorSpec::Role::kParameter);
    AppendState(rule_, perceptron_, layout_.state);
  }

  const ModelLayout& layout() const override { return layout_; }

 private:
  Result<void> DoInitialise(std::span<float> model, std::span<float> state,
                            RandomKey key) override {
    // Gaps too: whole rows are summed, compared and hashed.
    std::ranges::fill(model, 0.0f);
    std::ranges::fill(state, 0.0f);
    for (std::size_t i = 0; i < layout_.model.tensors.size(); ++i) {
      const TensorSpec& tensor = layout_.model.tensors[i];
      // Uniform in +-1/sqrt(fan_in), weights and biases, as nn.Linear has it. Tensors 2 i and 2 i +
      // 1 are those of layer i.
      const double bound = 1 / std::sqrt(static_cast<double>(perceptron_.layers[i / 2].in));
      // A stream per tensor: another width of one layer does not move the draws of the others.
      Random random(Derive(key, i));
      FillUniform(random, -bound, bound, model.subspan(tensor.offset, tensor.floats),
                  &kernels_ == &PortableKernels());
    }
    return {};
  }

  std::vector<TrainResult> DoTrain(std::span<const TrainJob> jobs, std::stop_token stop) override {
    return runner_.ForEach<TrainResult>(jobs, stop, [&](const TrainJob& job, Scratch& scratch) {
      return TrainOne(job, stop, scratch);
    });
  }

  std::vector<EvaluateResult> DoEvaluate(std::span<const EvaluateJob> jobs,
                                         std::stop_token stop) override {
    // Several models at a time over the same examples, so that each batch is gathered once.
    const EvaluationPlan plan = PlanEvaluation(jobs, runner_.workers());
    const auto outcomes = runner_.ForEach<GroupOutcome>(
        std::span(plan.groups), stop,
        [&](const EvaluationGroup& group, Scratch& s) { return EvaluateGroup(group, s); });
    return ResultsOf(plan, outcomes);
  }

  Result<std::unique_ptr<Scratch>> MakeScratch() const {
    return std::make_unique<Scratch>(perceptron_, rule_, kernels_, layout_.state);
  }

  TrainResult TrainOne(const TrainJob& job, const std::stop_token& stop, Scratch& scratch) const {
    // `set training.momentum` may come to a run whose state rows have no place for it.
    if (job.options.momentum != 0 && !AllowsMomentum(rule_)) return NoRoomForMomentum();
    Unpack(kernels_, perceptron_, layout_.model.tensors, job.model, scratch.weights.data());
    if (job.options.proximal_mu != 0)
      Unpack(kernels_, perceptron_, layout_.model.tensors, job.anchor, scratch.anchor.data());
    scratch.optimizer.Load(job.state);
    // Steps or epochs count; the other has no end.
    constexpr std::int64_t kEndless = std::numeric_limits<std::int64_t>::max();
    const bool counts_steps = job.options.local_steps > 0;
    const std::int64_t steps = counts_steps ? job.options.local_steps : kEndless;
    const std::int64_t epochs = counts_steps ? kEndless : job.options.epochs;
    // One stream over all epochs: a mask's place in it depends on the steps before.
    Random dropout = DropoutWords(job.key);
    TrainResult result;
    for (std::int64_t epoch = 0; epoch < epochs && result.steps < steps; ++epoch) {
      if (stop.stop_requested()) return Stopped<TrainResult>();
      OrderOfEpoch(job.key, epoch, job.data.examples, scratch.order);
      result.loss = TrainEpoch(job, dropout, steps, result.steps, scratch);
      // Once per epoch rather than per step, since it is a pass over all weights. The node's rows
      // have not been written yet.
      if (!std::isfinite(result.loss) || !AllFinite(scratch))
        return Diverged(epoch, job.options.learning_rate);
    }
    Pack(kernels_, perceptron_, layout_.model.tensors, scratch.weights.data(), job.model);
    scratch.optimizer.Store(job.state);
    return result;
  }

  /// Ends where `steps` reaches `most`. Returns the mean loss over the examples it came to.
  double TrainEpoch(const TrainJob& job, Random& dropout, std::int64_t most, std::int64_t& steps,
                    Scratch& scratch) const {
    const std::span<const std::uint32_t> order = scratch.order;
    const auto batch = static_cast<std::size_t>(job.options.batch_size);
    double loss = 0;
    std::size_t done = 0;
    for (; done < order.size() && steps < most; ++steps) {
      const std::size_t size = std::min(batch, order.size() - done);
      const auto rest = order.subspan(done + size);
      scratch.passes.Gather(*job.data.dataset, order.subspan(done, size),
                            rest.first(std::min(batch, rest.size())));
      scratch.passes.Forward(scratch.weights.data(), &dropout);
      loss += scratch.passes.Backward(scratch.weights.data(), scratch.gradient.data());
      AdjustGradient(job.options, scratch);
      scratch.optimizer.Step(job.options, scratch.gradient.data(), scratch.weights.data());
      done += size;
    }
    return loss / static_cast<double>(done);
  }

  void AdjustGradient(const TrainOptions& options, Scratch& scratch) const {
    float* gradient = scratch.gradient.data();
    // Before clipping, since the term is part of the gradient of what is minimised.
    if (options.proximal_mu != 0)
      // gradient += mu * (weights - anchor): FedProx (Li et al. 2020), equation 2.
      kernels_.add_difference(perceptron_.floats, static_cast<float>(options.proximal_mu),
                              scratch.weights.data(), scratch.anchor.data(), gradient);
    if (options.clip_norm > 0)
      // Over all layers together, as PyTorch does.
      ClipToNorm(kernels_, options.clip_norm, perceptron_.floats, gradient);
  }

  bool AllFinite(const Scratch& scratch) const {
    return kernels_.all_finite(scratch.weights.size(), scratch.weights.data()) &&
           scratch.optimizer.AllFinite();
  }

  GroupOutcome EvaluateGroup(const EvaluationGroup& group, Scratch& scratch) const {
    const std::size_t models = group.models.size();
    scratch.PrepareModels(models);
    for (std::size_t m = 0; m < models; ++m)
      Unpack(kernels_, perceptron_, layout_.model.tensors, group.models[m],
             scratch.models[m].data());
    GroupOutcome outcome;
    outcome.results.resize(models);
    const std::size_t classes = perceptron_.layers.back().out;
    if (group.confusion)
      for (EvaluateResult& result : outcome.results) result.confusion.resize(classes * classes);
    const std::span<const std::uint32_t> examples = group.data.examples;
    for (std::size_t begin = 0; begin < examples.size(); begin += kEvaluationBatch) {
      const std::size_t size = std::min(kEvaluationBatch, examples.size() - begin);
      const auto rest = examples.subspan(begin + size);
      scratch.passes.Gather(*group.data.dataset, examples.subspan(begin, size),
                            rest.first(std::min(kEvaluationBatch, rest.size())));
      for (std::size_t m = 0; m < models; ++m) {
        // Without dropout.
        scratch.passes.Forward(scratch.models[m].data(), nullptr);
        outcome.results[m].correct += scratch.passes.CountCorrect();
        if (group.confusion) scratch.passes.CountConfusion(outcome.results[m].confusion);
        outcome.results[m].loss += scratch.passes.Losses();
      }
    }
    for (EvaluateResult& result : outcome.results) {
      // Sums became means only here: batches may differ in size.
      result.examples = static_cast<std::int64_t>(examples.size());
      result.loss /= static_cast<double>(examples.size());
      if (!std::isfinite(result.loss)) result = LossIsNotFinite();
    }
    return outcome;
  }

  const Perceptron perceptron_;
  const UpdateRule rule_;
  const Kernels& kernels_;
  ModelLayout layout_;
  JobRunner<Scratch> runner_;
};

/// The shape of the net, or what is wrong with the keys that describe it.
Result<Perceptron> DescribePerceptron(const ModelOptions& options, const Dataset& data) {
  const auto classes = static_cast<std::size_t>(data.classes);
  if (options.name == "logreg") return Perceptron(data.example_size, {}, classes);
  if (options.name != "mlp")
    return UsageError(fmt::format("the dense learner has no model.name '{}'", options.name),
                      "choose one of: mlp, logreg");
  // 4 GiB of floats a model: beyond that a slip of the keyboard is likelier than a wish.
  constexpr std::size_t kMost = std::size_t{1} << 30;
  std::size_t inputs = data.example_size, floats = 0;
  for (const std::size_t width : options.hidden) {
    if (width == 0 || width > kMost / inputs)
      return UsageError(
                 fmt::format("model.hidden has a layer of {} after one of {}", width, inputs),
                 "widths are at least 1, a layer's weights at most 2^30")
          .About("model.hidden");
    floats += inputs * PaddedColumns(width);
    inputs = width;
  }
  if (floats + inputs * PaddedColumns(classes) > kMost)
    return UsageError("model.hidden makes a model of more than 2^30 weights", "use narrower layers")
        .About("model.hidden");
  if (options.activation != "relu" && options.activation != "tanh")
    return UsageError(fmt::format("no model.activation named '{}'", options.activation),
                      "choose one of: relu, tanh");
  if (!(options.dropout >= 0 && options.dropout < 1))
    return UsageError(fmt::format("model.dropout is {}", options.dropout),
                      "it is a probability from 0 to below 1")
        .About("model.dropout");
  Perceptron perceptron(data.example_size, options.hidden, classes);
  perceptron.activation = options.activation == "relu" ? Activation::kRelu : Activation::kTanh;
  perceptron.dropout = options.dropout;
  return perceptron;
}

}  // namespace

Result<std::unique_ptr<Learner>> MakeDenseLearner(const Scenario& scenario, const Dataset& data,
                                                  Workers& workers) {
  assert(data.example_size > 0 && data.classes > 0);
  DELSTEP_TRY(RequireCpu(scenario, "dense", "model.learner=torch has the same models"));
  if (data.tokens > 0)
    return UsageError(
               fmt::format("model.name '{}' learns numbers; an example of data.name '{}' is a "
                           "sequence of tokens",
                           scenario.model.name, scenario.data.name),
               "choose model.name = lstm")
        .About("model.name");
  DELSTEP_ASSIGN(Perceptron perceptron, DescribePerceptron(scenario.model, data));
  DELSTEP_ASSIGN(const UpdateRule rule, ChooseRule(scenario.training));
  const Kernels& kernels = scenario.portable ? PortableKernels() : BestKernels();
  return std::unique_ptr<Learner>(new DenseLearner(std::move(perceptron), rule, kernels, workers));
}

}  // namespace delstep
