#include "learning/tensorflow/tensorflow_learner.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "learning/cpu_alone.h"
#include "learning/jobs.h"
#include "learning/tensorflow/node_session.h"
#include "learning/tensorflow/random_kernels.h"
#include "math/draws.h"

namespace delstep {
namespace {

constexpr std::size_t kEvaluationBatch = 256;

class TensorflowLearner final : public Learner {
 public:
  TensorflowLearner(std::string folder, ExportedModel model, OwnOptimizer own, Workers& workers)
      : folder_(std::move(folder)),
        model_(std::move(model)),
        own_(std::move(own)),
        sessions_(workers, [this] { return NodeSession::Open(folder_, model_); }) {}

  const ModelLayout& layout() const override { return model_.layout; }

  ModelFacts facts() const override {
    ModelFacts facts{.optimizer = own_.name, .learning_rate = own_.rate, .notes = {}};
    if (model_.takes_rate && !own_.rate)
      facts.notes.push_back(fmt::format(
          "{} does not tell the learning rate of its optimizer, so training.lr counts, its default "
          "included; the signature get_rate tells it",
          folder_));
    return facts;
  }

  Result<void> Begin(std::unique_ptr<NodeSession> first) {
    initial_model_.resize(model_.layout.model.floats);
    initial_state_.resize(model_.layout.state.floats);
    DELSTEP_TRY(first->Read(initial_model_, initial_state_));
    sessions_.Replace(0, std::move(first));
    return {};
  }

 private:
  Result<void> DoInitialise(std::span<float> model, std::span<float> state, RandomKey) override {
    std::ranges::copy(initial_model_, model.begin());
    std::ranges::copy(initial_state_, state.begin());
    return {};
  }

  std::vector<TrainResult> DoTrain(std::span<const TrainJob> jobs, std::stop_token stop) override {
    return sessions_.ForEach<TrainResult>(jobs, stop,
                                          [&](const TrainJob& job, NodeSession& session) {
                                            return OutcomeOf(TrainOne(job, session, stop));
                                          });
  }

  std::vector<EvaluateResult> DoEvaluate(std::span<const EvaluateJob> jobs,
                                         std::stop_token stop) override {
    return sessions_.ForEach<EvaluateResult>(
        jobs, stop,
        [](const EvaluateJob& job, NodeSession& session) { return OutcomeOf(Test(job, session)); });
  }

  /// An error of TensorFlow, in its own words.
  template <class Outcome>
  static Outcome OutcomeOf(Result<Outcome> result) {
    if (result) return *std::move(result);
    return Failed<Outcome>(JobFailure::kLearner, result.error().message);
  }

  static Result<TrainResult> TrainOne(const TrainJob& job, NodeSession& session,
                                      const std::stop_token& stop) {
    const TrainOptions& options = job.options;
    if (options.proximal_mu != 0 || options.clip_norm != 0)
      return Refused(
          "training.proximal_mu and training.clip_norm are not for TensorFlow models, whose loss "
          "and optimizer are their own");
    DELSTEP_TRY(session.Write(job.model, job.state));
    TrainResult result;
    const std::int64_t wanted = options.local_steps;
    std::vector<std::uint32_t> order;
    for (int epoch = 0; wanted > 0 ? result.steps < wanted : epoch < options.epochs; ++epoch) {
      if (stop.stop_requested()) return Stopped<TrainResult>();
      OrderOfEpoch(job.key, epoch, job.data.examples, order);
      DELSTEP_ASSIGN(result.loss, TrainEpoch(session, job, order, result.steps));
      if (!std::isfinite(result.loss)) return Diverged(epoch, options.learning_rate);
    }
    DELSTEP_TRY(session.Read(job.model, job.state));
    const auto finite = [](float x) { return std::isfinite(x); };
    if (!std::ranges::all_of(job.model, finite))
      return Failed<TrainResult>(JobFailure::kNotFinite,
                                 "a weight is not finite; try a smaller training.lr");
    return result;
  }

  /// The mean loss over the examples of an epoch, or of that part of it that local_steps leave.
  static Result<double> TrainEpoch(NodeSession& session, const TrainJob& job,
                                   std::span<const std::uint32_t> order, std::int64_t& steps) {
    const auto batch = static_cast<std::size_t>(job.options.batch_size);
    // As in math/draws.h: the stream of dropout.
    const RandomKey words = Derive(job.key, 2);
    double loss = 0;
    std::size_t begin = 0;
    for (; begin < order.size(); begin += batch) {
      if (job.options.local_steps > 0 && steps == job.options.local_steps) break;
      const auto some = order.subspan(begin, std::min(batch, order.size() - begin));
      const RandomScope scope(Derive(words, static_cast<std::uint64_t>(steps)));
      DELSTEP_ASSIGN(const double mean,
                     session.TrainBatch(*job.data.dataset, some, job.options.learning_rate));
      loss += mean * static_cast<double>(some.size());
      ++steps;
    }
    return loss / static_cast<double>(std::min(begin, order.size()));
  }

  static Result<EvaluateResult> Test(const EvaluateJob& job, NodeSession& session) {
    DELSTEP_TRY(session.WriteWeights(job.model));
    EvaluateResult result;
    for (std::size_t begin = 0; begin < job.data.examples.size(); begin += kEvaluationBatch) {
      const auto some = job.data.examples.subspan(
          begin, std::min(kEvaluationBatch, job.data.examples.size() - begin));
      // Nothing should draw in an evaluation; if anything does, it repeats.
      const RandomScope scope({});
      DELSTEP_ASSIGN(const BatchResult batch, session.EvaluateBatch(*job.data.dataset, some));
      result.loss += batch.loss * static_cast<double>(some.size());
      result.correct += batch.correct;
      result.examples += static_cast<std::int64_t>(some.size());
    }
    result.loss /= static_cast<double>(result.examples);
    if (!std::isfinite(result.loss)) return LossIsNotFinite();
    if (job.confusion) DELSTEP_TRY(AddConfusion(job, session, result));
    return result;
  }

  /// A SavedModel tells how many of a batch are right, not what it takes them for. So it is asked
  /// about the examples of each class once per class: those are taken for p that would be right if
  /// p were their label.
  static Result<void> AddConfusion(const EvaluateJob& job, NodeSession& session,
                                   EvaluateResult& result) {
    const Dataset& data = *job.data.dataset;
    const auto classes = static_cast<std::size_t>(data.classes);
    std::vector<std::vector<std::uint32_t>> of_class(classes);
    for (const std::uint32_t example : job.data.examples)
      of_class[static_cast<std::size_t>(data.labels[example])].push_back(example);
    result.confusion.assign(classes * classes, 0);
    std::int64_t correct = 0;
    for (std::size_t t = 0; t < classes; ++t) {
      std::int64_t sum = 0;
      for (std::size_t p = 0; p < classes; ++p) {
        std::int64_t& taken = result.confusion[t * classes + p];
        DELSTEP_ASSIGN(taken, CountTaken(session, data, of_class[t], static_cast<std::int32_t>(p)));
        sum += taken;
      }
      correct += result.confusion[t * classes + t];
      if (sum != static_cast<std::int64_t>(of_class[t].size()))
        return Refused(
            "`correct` of the model's evaluate does not count exactly one class as right, so no "
            "example has a predicted class");
    }
    // Batches of other examples may round otherwise; the matrix and the accuracy shall agree.
    result.correct = correct;
    return {};
  }

  static Result<std::int64_t> CountTaken(NodeSession& session, const Dataset& data,
                                         std::span<const std::uint32_t> examples,
                                         std::int32_t label) {
    std::int64_t taken = 0;
    for (std::size_t begin = 0; begin < examples.size(); begin += kEvaluationBatch) {
      const auto some =
          examples.subspan(begin, std::min(kEvaluationBatch, examples.size() - begin));
      const RandomScope scope({});
      DELSTEP_ASSIGN(const BatchResult batch, session.EvaluateBatch(data, some, label));
      taken += batch.correct;
    }
    return taken;
  }

  const std::string folder_;
  const ExportedModel model_;
  const OwnOptimizer own_;
  JobRunner<NodeSession> sessions_;
  std::vector<float> initial_model_, initial_state_;
};

Result<void> RequireFit(const Scenario& scenario) {
  if (scenario.model.name != "tensorflow")
    return UsageError(
        fmt::format("the learner 'tensorflow' has no model.name '{}'", scenario.model.name),
        "model.name = tensorflow, and model.file names a SavedModel");
  DELSTEP_TRY(
      RequireCpu(scenario, "tensorflow", "export the model for LibTorch (model.name=torchscript)"));
  if (scenario.model.file.empty())
    return UsageError("model.name = tensorflow needs model.file, the folder of a SavedModel",
                      "examples/own_tensorflow/export_keras.py writes one")
        .About("model.name");
  if (scenario.model.init == "per-node")
    return UsageError(
               "model.init = per-node is not for TensorFlow models: the initial weights are "
               "those in model.file, the same for all nodes")
        .About("model.init");
  if (scenario.training.proximal_mu != 0 || scenario.training.clip_norm != 0)
    return UsageError(
               "training.proximal_mu and training.clip_norm are not for TensorFlow models, "
               "whose loss and optimizer are their own")
        .About("training.proximal_mu");
  return {};
}

}  // namespace

Result<std::unique_ptr<Learner>> MakeTensorflowLearner(const Scenario& scenario,
                                                       const Dataset& data, Workers& workers) {
  DELSTEP_TRY(RequireFit(scenario));
  DELSTEP_TRY(RegisterRandomKernels());
  const std::string& folder = scenario.model.file;
  DELSTEP_ASSIGN(std::unique_ptr<SavedModel> loaded, SavedModel::Load(folder));
  DELSTEP_ASSIGN(ExportedModel model, Describe(*loaded, folder, data));
  DELSTEP_ASSIGN(OwnOptimizer own, AskOptimizer(*loaded));
  DELSTEP_ASSIGN(std::unique_ptr<NodeSession> session, NodeSession::Make(std::move(loaded), model));
  auto learner =
      std::make_unique<TensorflowLearner>(folder, std::move(model), std::move(own), workers);
  DELSTEP_TRY(learner->Begin(std::move(session)));
  return std::unique_ptr<Learner>(std::move(learner));
}

}  // namespace delstep
