#include "learning/torch/net_probe.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <numeric>
#include <set>

#include "learning/torch/job_stream.h"
#include "learning/torch/user_optimizer.h"

namespace delstep {
namespace {

// The probe's own: no stream of a run is touched by it.
constexpr RandomKey kProbeKey{1, 1};
constexpr const char* kNotFinite = "its loss or its gradient is not finite";

Error DoesNotFit(const Scenario& scenario, const Dataset& data, const std::string& why) {
  return UsageError(
             fmt::format("model.name '{}' cannot learn the examples of data.name '{}' (shape {}, "
                         "{} classes): {}",
                         scenario.model.name, scenario.data.name,
                         fmt::join(data.example_shape, " x "), data.classes, why))
      .About("model.name");
}

constexpr std::size_t kTried = 2;  // examples

/// The first examples alone: no more need go to a device.
Dataset Front(const Dataset& data) {
  Dataset front = data;
  const std::size_t count = std::min(data.size(), kTried), numbers = count * data.example_size;
  if (data.bytes.empty())
    front.floats = data.floats.first(numbers);
  else
    front.bytes = data.bytes.first(numbers);
  front.labels = data.labels.first(count);
  return front;
}

/// What an optimizer is made from.
TrainOptions ProbedOptions(const TrainingOptions& training) {
  return {.learning_rate = training.lr,
          .momentum = training.momentum,
          .weight_decay = training.weight_decay};
}

/// Rows for a probe, and a worker on them. It trains at rate 0, and otherwise as the run will: a net's
/// own optimizer may keep more with momentum than without.
struct Trial {
  Trial(std::unique_ptr<Net> net, NetTensors tensors, const NetFacts& facts,
        const TrainingOptions& training, const Dataset& data)
      : options(ProbedOptions(training)),
        worker(std::move(net), std::move(tensors), facts),
        block(facts.placement),
        model(facts.layout.rows.model.floats),
        state(facts.layout.rows.state.floats),
        front(Front(data)),
        examples(front.size()) {
    options.learning_rate = 0;
    std::iota(examples.begin(), examples.end(), 0u);
    std::ranges::copy(worker.binding().made_model(), model.data());
    std::ranges::copy(worker.binding().made_state(), state.data());
    view = {&front, examples};
    if (facts.examples) facts.examples->Bring(front);
  }
  TrainJob Job() {
    return {.model = {model.data(), model.size()},
            .state = {state.data(), state.size()},
            .data = view,
            .key = kProbeKey,
            .options = options};
  }
  TrainResult Train(const TrainJob& job) {
    block.Place(std::span(&job, 1));
    TrainResult result = worker.Train(job, block.at(0), {});
    block.BringHome(std::span(&job, 1));
    return result;
  }
  std::vector<std::size_t> FindUnused() {
    const TrainJob job = Job();
    block.Place(std::span(&job, 1));
    return worker.FindUnused(job, block.at(0));
  }
  /// Whether the model row is another one afterwards.
  bool EvaluationWrites() {
    const TrainJob job = Job();
    const std::vector<float> before(model.data(), model.data() + model.size());
    block.Place(std::span(&job, 1));
    worker.Evaluate(block.at(0).model, view);
    block.BringHome(std::span(&job, 1));
    return std::memcmp(before.data(), model.data(), model.size() * sizeof(float)) != 0;
  }

  TrainOptions options;
  NetWorker worker;
  RowBlock block;
  AlignedFloats model, state;
  Dataset front;
  std::vector<std::uint32_t> examples;
  DataView view;
};

/// Scores are needed by the usual loss alone; a net with another one is free.
void CheckOutput(Net& net, const NetFacts& facts, const DataView& view) {
  const auto stream = StreamOf(facts.placement);
  DeviceWarnings warnings;
  const DeviceScope on_device(stream, warnings);
  const torch::NoGradGuard no_grad;
  Batch batch(facts);
  batch.Begin(*view.dataset, view.examples);
  batch.Take(0, view.examples.size());
  net.SetTraining(false);
  const torch::Tensor output = net.Forward(batch.input());
  const torch::Tensor loss = net.Loss(output, batch.target());
  TORCH_CHECK(loss.numel() == 1, "its loss is no single number but of shape ", loss.sizes());
  if (!facts.channels_last) return;
  // A net that reads the memory itself may take pixels for others.
  const torch::Tensor usual = net.Forward(batch.input().contiguous()).to(torch::kDouble);
  const double most = usual.abs().max().item<double>();
  const double difference = (output.to(torch::kDouble) - usual).abs().max().item<double>();
  TORCH_CHECK(difference <= 0.01 * most, "its output depends on the order in memory");
}

/// Whether a net may gain from pictures whose channels lie together: convolutions, pooling and
/// batch norm do.
bool HasPictures(const NetInput& input) { return input.tokens == 0 && input.shape.size() == 3; }

Result<OptimizerState> ChooseOptimizer(Net& net, const NetTensors& tensors,
                                       const TrainingOptions& training, NetFacts& facts) {
  std::vector<torch::Tensor> trained;
  for (const TensorGroup& group : tensors.trained) trained.push_back(group.tensors[0]);
  const TrainOptions options = ProbedOptions(training);
  if (const auto own = net.MakeOptimizer(trained, options)) {
    DELSTEP_ASSIGN(OptimizerState state, DescribeOptimizer(*own));
    facts.own_optimizer = OptimizerName(*own);
    // An optimizer that takes its rate from its options has another one for other options.
    TrainOptions others = options;
    others.learning_rate = 2 * options.learning_rate + 1;
    const auto other = net.MakeOptimizer(trained, others);
    TORCH_CHECK(other, "the model made no optimizer, although it did before");
    if (RatesOf(*own) == RatesOf(*other) && !RatesOf(*own).empty())
      facts.own_rate = RatesOf(*own)[0];
    return state;
  }
  DELSTEP_ASSIGN(facts.rule, ChooseRule(training));
  return OptimizerState{MomentsOf(*facts.rule), CountsSteps(*facts.rule)};
}

/// Why a batch of one example cannot be trained on (batch norm); empty: it can.
std::string TrainOnOne(Trial& trial) {
  TrainJob job = trial.Job();
  job.data.examples = job.data.examples.first(1);
  try {
    return trial.Train(job).error.empty() ? "" : kNotFinite;
  } catch (const std::exception& exception) {
    return TextOf(exception);
  }
}

/// Tries what can only be known by trying, on a net that is thrown away afterwards.
Result<NetFacts> Probe(std::unique_ptr<Net> net, bool channels_last, const Scenario& scenario,
                       const Dataset& data, const Placement& placement) {
  NetFacts facts;
  facts.input = InputOf(data);
  facts.channels_last = channels_last;
  facts.kernels = scenario.portable ? &PortableKernels() : &BestKernels();
  if (placement.kernels != nullptr) facts.kernels = placement.kernels;
  facts.placement = placement;
  if (placement.copies) facts.examples = std::make_shared<ExamplesOnDevice>(placement.device);
  DELSTEP_ASSIGN(NetTensors tensors, CollectTensors(*net, placement));
  DELSTEP_ASSIGN(OptimizerState optimizer,
                 ChooseOptimizer(*net, tensors, scenario.training, facts));
  facts.layout = LayOut(tensors, std::move(optimizer));
  Trial trial(std::move(net), std::move(tensors), facts, scenario.training, data);
  CheckOutput(trial.worker.net(), facts, trial.view);

  {
    const GeneratorLock lock(kProbeKey);  // so that only this net can change the generator
    const std::uint64_t before = GeneratorState(placement.device);
    const TrainResult trained = trial.Train(trial.Job());
    facts.draws_from_generator = GeneratorState(placement.device) != before;
    if (!trained.error.empty()) return DoesNotFit(scenario, data, kNotFinite);
    facts.unused = trial.FindUnused();
  }

  // Batch norm left in training mode, for instance, changes its buffers in an evaluation too.
  facts.writes_when_evaluated = trial.EvaluationWrites();
  facts.refuses_one = TrainOnOne(trial);  // the last use of this net, which may have failed
  const std::set<std::string>& unrepeatable = trial.worker.warnings().unrepeatable();
  facts.unrepeatable.assign(unrepeatable.begin(), unrepeatable.end());
  // The learner brings the data itself; what was brought for the probe is of no use then.
  if (facts.examples) facts.examples = std::make_shared<ExamplesOnDevice>(placement.device);
  return facts;
}

}  // namespace

std::string TextOf(const std::exception& exception) {
  std::string text = exception.what();
  if (const auto* ours = dynamic_cast<const c10::Error*>(&exception))
    text = ours->what_without_backtrace();
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

Result<std::unique_ptr<Net>> MakeNetSafely(const MakeNet& make, RandomKey key) {
  const GeneratorLock lock(key);
  try {
    return make();
  } catch (const std::exception& exception) {
    return UsageError("the model cannot be made: " + TextOf(exception));
  }
}

Result<NetFacts> ProbeNet(const MakeNet& make, const Scenario& scenario, const Dataset& data,
                          const Placement& placement) {
  if (data.size() == 0) return UsageError("a model cannot be tried without examples");
  const auto probe = [&](bool channels_last) -> Result<NetFacts> {
    DELSTEP_ASSIGN(std::unique_ptr<Net> net, MakeNetSafely(make, kProbeKey));
    try {
      return Probe(std::move(net), channels_last, scenario, data, placement);
    } catch (const std::exception& exception) {
      return DoesNotFit(scenario, data, TextOf(exception));
    }
  };
  // Channels last first, which is faster; whatever goes wrong with it, the usual order gets a try
  // of its own.
  if (HasPictures(InputOf(data)))
    if (Result<NetFacts> facts = probe(true)) return facts;
  return probe(false);
}

}  // namespace delstep
