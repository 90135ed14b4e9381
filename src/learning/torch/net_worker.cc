#include "learning/torch/net_worker.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/user_code.h"
#include "learning/jobs.h"
#include "learning/torch/count_answers.h"
#include "learning/torch/job_stream.h"
#include "learning/torch/user_optimizer.h"
#include "math/draws.h"

namespace delstep {
namespace {

// A processor's caches hold what 128 examples become; a GPU is idle with so few.
constexpr std::size_t kEvaluationBatch = 128, kEvaluationBatchOnGpu = 1024;

std::size_t ConfusionSize(const Dataset& data) {
  const auto classes = static_cast<std::size_t>(data.classes);
  return classes * classes;
}

/// The sum of losses over examples. On a device it stays there, since each number that comes back
/// would wait for all that was started.
class LossSum {
 public:
  explicit LossSum(const Placement& placement) {
    if (placement.copies)
      on_device_ = torch::zeros({}, torch::TensorOptions(torch::kDouble).device(placement.device));
  }
  void Add(const torch::Tensor& mean, std::size_t examples) {
    if (!on_device_.defined()) {
      sum_ += mean.item<double>() * static_cast<double>(examples);
      return;
    }
    const torch::NoGradGuard no_grad;
    on_device_.add_(
        mean.detach().reshape({}).to(on_device_.options()).mul(static_cast<double>(examples)));
  }
  double Get() const { return on_device_.defined() ? on_device_.item<double>() : sum_; }

 private:
  double sum_ = 0;
  torch::Tensor on_device_;
};

}  // namespace

/// The optimizer of one job.
class NetWorker::Stepper {
 public:
  Stepper(NetWorker& worker, const TrainJob& job, const PlacedRows& rows)
      : worker_(worker), job_(job), rows_(rows) {
    const NetLayout& layout = Layout();
    // From main memory, where the job's own rows still are as they were.
    if (layout.optimizer.counts_steps)
      std::memcpy(&steps_, job.state.data() + layout.step, sizeof steps_);
    if (!worker.facts_.rule)
      user_.emplace(worker.net(), worker.binding(), job.options, layout.optimizer, steps_,
                    worker.facts_.own_rate);
    flat_ = {.size = layout.trained,
             .gradient = worker.binding().gradient(),
             .weights = rows.model.data()};
    for (std::size_t i = 0; i < layout.optimizer.moments.size() && i < std::size(flat_.moments);
         ++i)
      flat_.moments[i] = rows.state.data() + layout.MomentOffset(i);
  }

  void Step() {
    const Kernels& kernels = *worker_.facts_.kernels;
    const TrainOptions& options = job_.options;
    float* gradient = worker_.binding().gradient();
    if (options.proximal_mu != 0)
      kernels.add_difference(flat_.size, static_cast<float>(options.proximal_mu), flat_.weights,
                             rows_.anchor.data(), gradient);
    if (options.clip_norm > 0) ClipToNorm(kernels, options.clip_norm, flat_.size, gradient);
    ++steps_;
    FindIdle();
    if (user_)
      StepOfUser();
    else
      UpdateAllButIdle();
  }

  void Finish() {
    if (user_) user_->Finish();
    if (Layout().optimizer.counts_steps) worker_.binding().SetSteps(steps_);
  }

 private:
  const NetLayout& Layout() const { return worker_.facts_.layout; }

  const TensorSpec& Place(std::size_t trained) const {
    return Layout().rows.model.tensors[trained];
  }

  /// Of the tensors that the loss did not use when the net was tried, those without a gradient in
  /// this step, too. The proximal term is a part of the loss, and uses them all.
  void FindIdle() {
    idle_.clear();
    if (job_.options.proximal_mu != 0) return;
    for (const std::size_t i : worker_.facts_.unused)
      if (!worker_.binding().HasGradient(i)) idle_.push_back(i);
  }

  void StepOfUser() {
    for (const std::size_t i : idle_) worker_.binding().HideGradient(i);
    user_->Step();
    for (const std::size_t i : idle_) worker_.binding().ShowGradient(i);
  }

  void UpdateAllButIdle() {
    std::size_t begin = 0;
    for (const std::size_t i : idle_) {
      UpdatePart(begin, Place(i).offset);
      begin = Place(i).offset + Place(i).floats;
    }
    UpdatePart(begin, flat_.size);
  }

  void UpdatePart(std::size_t begin, std::size_t end) {
    // What follows a tensor up to the next one is a gap of zeros.
    begin = (begin + 15) / 16 * 16;
    if (begin >= end) return;
    FlatParameters part = flat_;
    part.size = end - begin;
    part.gradient += begin;
    part.weights += begin;
    for (float*& moment : part.moments)
      if (moment != nullptr) moment += begin;
    Update(*worker_.facts_.kernels, *worker_.facts_.rule, job_.options, steps_, part);
  }

  NetWorker& worker_;
  const TrainJob& job_;
  const PlacedRows& rows_;
  std::int64_t steps_ = 0;
  FlatParameters flat_;
  std::optional<UserOptimizer> user_;
  std::vector<std::size_t> idle_;  // trained tensors that this step leaves alone, ascending
};

NetWorker::NetWorker(std::unique_ptr<Net> net, NetTensors tensors, const NetFacts& facts)
    : facts_(facts),
      stream_(StreamOf(facts.placement)),
      net_(std::move(net)),
      binding_(*net_, std::move(tensors), facts.layout, facts.placement),
      batch_(facts) {}

/// Empty: each batch of the job can have two examples or the net needs no two.
std::string NetWorker::WhyBatchesAreTooSmall(const TrainJob& job) const {
  if (facts_.refuses_one.empty()) return {};
  if (job.data.examples.size() == 1)
    return fmt::format("there is a single example to train on, and the model needs two: {}",
                       facts_.refuses_one);
  if (job.options.batch_size == 1)
    return fmt::format("training.batch_size is 1, and the model needs two examples: {}",
                       facts_.refuses_one);
  return {};
}

std::vector<std::size_t> NetWorker::FindUnused(const TrainJob& job, const PlacedRows& rows) {
  torch::init_num_threads();
  const DeviceScope on_device(stream_, warnings_);
  Random words = DropoutWords(job.key);
  const ActiveStream stream(words);
  binding_.Bind(rows.model, rows.state);
  net_->SetTraining(true);
  batch_.Begin(*job.data.dataset, job.data.examples);
  batch_.Take(0, job.data.examples.size());
  const auto unused = binding_.WithoutGradient(
      [&] { net_->Loss(net_->Forward(batch_.input()), batch_.target()).backward(); });
  binding_.Finish();
  return unused;
}

TrainResult NetWorker::Train(const TrainJob& job, const PlacedRows& rows,
                             const std::stop_token& stop) {
  std::optional<UserCode> running;
  if (!net_->UserFile().empty()) running.emplace(net_->UserFile(), "training");
  if (job.options.momentum != 0 && facts_.rule && !AllowsMomentum(*facts_.rule))
    return NoRoomForMomentum();
  if (std::string why = WhyBatchesAreTooSmall(job); !why.empty())
    return Failed<TrainResult>(JobFailure::kLearner, std::move(why));
  torch::init_num_threads();
  const DeviceScope on_device(stream_, warnings_);
  Random words = DropoutWords(job.key);
  // From here on dropout on this thread draws from the job's stream.
  const ActiveStream stream(words);
  std::optional<GeneratorLock> generator;
  // One job at a time, with the generator seeded from the job: results do not depend on the order.
  if (facts_.draws_from_generator) generator.emplace(job.key);
  binding_.Bind(rows.model, rows.state);
  net_->SetTraining(true);
  Stepper stepper(*this, job, rows);
  constexpr std::int64_t kEndless = std::numeric_limits<std::int64_t>::max();
  const bool counts_steps = job.options.local_steps > 0;
  const std::int64_t steps = counts_steps ? job.options.local_steps : kEndless;
  const std::int64_t epochs = counts_steps ? kEndless : job.options.epochs;
  TrainResult result;
  for (std::int64_t epoch = 0; epoch < epochs && result.steps < steps; ++epoch) {
    if (stop.stop_requested()) {
      result = Stopped<TrainResult>();
      break;
    }
    OrderOfEpoch(job.key, epoch, job.data.examples, order_);
    batch_.Begin(*job.data.dataset, order_);
    result.loss = TrainEpoch(job, steps, result.steps, stepper);
    if (!std::isfinite(result.loss) || !AllFinite(rows)) {
      result = Diverged(epoch, job.options.learning_rate);
      break;
    }
  }
  // Also after a failure: the net must let go of the rows.
  stepper.Finish();
  binding_.Finish();
  return result;
}

double NetWorker::TrainEpoch(const TrainJob& job, std::int64_t most, std::int64_t& steps,
                             Stepper& stepper) {
  const auto batch = static_cast<std::size_t>(job.options.batch_size);
  LossSum loss(facts_.placement);
  std::size_t done = 0;
  for (; done < order_.size() && steps < most; ++steps) {
    std::size_t size = std::min(batch, order_.size() - done);
    // A last batch of one would fail: it joins this one.
    if (!facts_.refuses_one.empty() && order_.size() - done - size == 1) ++size;
    batch_.Take(done, size);
    binding_.ClearGradient();
    const torch::Tensor mean = net_->Loss(net_->Forward(batch_.input()), batch_.target());
    mean.backward();
    loss.Add(mean, size);
    stepper.Step();
    done += size;
  }
  return loss.Get() / static_cast<double>(done);
}

bool NetWorker::AllFinite(const PlacedRows& rows) const {
  const std::size_t moments = facts_.layout.optimizer.moments.size() * facts_.layout.trained;
  return facts_.kernels->all_finite(rows.model.size(), rows.model.data()) &&
         facts_.kernels->all_finite(moments, rows.state.data());
}

EvaluateResult NetWorker::Evaluate(std::span<const float> model, const DataView& data,
                                   bool confusion) {
  std::optional<UserCode> running;
  if (!net_->UserFile().empty()) running.emplace(net_->UserFile(), "a test");
  torch::init_num_threads();
  const DeviceScope on_device(stream_, warnings_);
  const torch::NoGradGuard no_grad;
  // The row may be shared by nodes: whatever the net writes goes into a copy. On a device it is one.
  if (facts_.writes_when_evaluated && !facts_.placement.copies) {
    if (copy_.size() == 0) copy_ = AlignedFloats(model.size());
    std::ranges::copy(model, copy_.data());
    model = {copy_.data(), copy_.size()};
  }
  binding_.BindToRead(model);
  net_->SetTraining(false);
  EvaluateResult result = EvaluateBatches(data, confusion);
  binding_.Unbind();
  return result;
}

EvaluateResult NetWorker::EvaluateBatches(const DataView& data, bool confusion) {
  const std::size_t batch =
      facts_.placement.device.is_cpu() ? kEvaluationBatch : kEvaluationBatchOnGpu;
  const std::size_t examples = data.examples.size();
  EvaluateResult result;
  if (confusion) result.confusion.resize(ConfusionSize(*data.dataset));
  LossSum loss(facts_.placement);
  batch_.Begin(*data.dataset, data.examples);
  for (std::size_t begin = 0; begin < examples; begin += batch) {
    const std::size_t size = std::min(batch, examples - begin);
    batch_.Take(begin, size);
    const torch::Tensor output = net_->Forward(batch_.input());
    std::string why = CountAnswers(*net_, output, batch_.target(), data.dataset->classes, result);
    if (!why.empty()) return Failed<EvaluateResult>(JobFailure::kLearner, std::move(why));
    loss.Add(net_->Loss(output, batch_.target()), size);
  }
  result.examples = static_cast<std::int64_t>(examples);
  result.loss = loss.Get() / static_cast<double>(examples);
  return std::isfinite(result.loss) ? result : LossIsNotFinite();
}

// The rows have what the constructor made; a built-in net draws over it. False: the net keeps what
// its constructor made (net.h).
bool NetWorker::Initialise(const PlacedRows& rows, RandomKey key) {
  const DeviceScope on_device(stream_, warnings_);
  const torch::NoGradGuard no_grad;
  binding_.Bind(rows.model, rows.state);
  const bool done = net_->Initialise(key);
  binding_.Unbind();
  return done;
}

}  // namespace delstep
