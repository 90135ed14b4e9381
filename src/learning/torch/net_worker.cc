#include "learning/torch/net_worker.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/user_code.h"
#include "learning/jobs.h"
#include "learning/torch/job_stream.h"
#include "learning/torch/user_optimizer.h"
#include "math/draws.h"

namespace delstep {
namespace {

constexpr std::size_t kEvaluationBatch = 128;

std::vector<std::int64_t> BatchShape(const NetInput& input, std::int64_t size) {
  std::vector<std::int64_t> shape = {size};
  shape.insert(shape.end(), input.shape.begin(), input.shape.end());
  return shape;
}

void GatherIds(const Dataset& dataset, std::size_t begin, std::int64_t* ids) {
  if (dataset.bytes.empty())
    std::transform(
        dataset.floats.begin() + static_cast<std::ptrdiff_t>(begin),
        dataset.floats.begin() + static_cast<std::ptrdiff_t>(begin + dataset.example_size), ids,
        [](float id) { return static_cast<std::int64_t>(id); });
  else
    std::copy_n(dataset.bytes.data() + begin, dataset.example_size, ids);
}

void GatherFloats(const Dataset& dataset, std::size_t begin, const Kernels& kernels, float* to) {
  if (dataset.bytes.empty())
    std::copy_n(dataset.floats.data() + begin, dataset.example_size, to);
  else
    kernels.convert(dataset.example_size, dataset.bytes.data() + begin, dataset.scale,
                    dataset.shift, to);
}

std::size_t ConfusionSize(const Dataset& data) {
  const auto classes = static_cast<std::size_t>(data.classes);
  return classes * classes;
}

/// Asks a net that counts in its own way about each class: of the examples of class t, those are
/// taken for class p that would be right if p were their class. False if the answers do not add up.
bool AskForConfusion(Net& net, const torch::Tensor& output, const torch::Tensor& target,
                     std::int64_t classes, std::vector<std::int64_t>& confusion) {
  if (output.dim() == 0 || output.size(0) != target.size(0)) return false;
  for (std::int64_t t = 0; t < classes; ++t) {
    const torch::Tensor rows = target.eq(t).nonzero().flatten();
    const std::int64_t examples = rows.size(0);
    if (examples == 0) continue;
    const torch::Tensor of_class = output.index_select(0, rows);
    std::int64_t sum = 0;
    for (std::int64_t p = 0; p < classes; ++p) {
      const std::int64_t taken =
          net.CountCorrect(of_class, torch::full({examples}, p, torch::kLong));
      confusion[static_cast<std::size_t>(t * classes + p)] += taken;
      sum += taken;
    }
    if (sum != examples) return false;
  }
  return true;
}

/// Adds a batch, of which `correct` examples are right, to the matrix.
bool AddConfusion(Net& net, const torch::Tensor& output, const torch::Tensor& target,
                  std::int64_t correct, std::int64_t classes,
                  std::vector<std::int64_t>& confusion) {
  // The highest score, if that is how the net counts: what it says of the whole batch tells.
  if (output.dim() != 2 || output.size(1) != classes)
    return AskForConfusion(net, output, target, classes, confusion);
  const torch::Tensor predicted = output.argmax(1);
  if (predicted.eq(target).sum().item<std::int64_t>() != correct)
    return AskForConfusion(net, output, target, classes, confusion);
  const auto truth = target.accessor<std::int64_t, 1>();
  const auto taken = predicted.accessor<std::int64_t, 1>();
  for (std::int64_t i = 0; i < target.size(0); ++i)
    ++confusion[static_cast<std::size_t>(truth[i] * classes + taken[i])];
  return true;
}

}  // namespace

// Kept for the largest batch; smaller ones are views of its front.
void Batch::Reserve(std::int64_t size) {
  if (all_inputs_.defined() && all_inputs_.size(0) >= size) return;
  const std::vector<std::int64_t> shape = BatchShape(facts_.input, size);
  all_inputs_ = torch::empty(shape, facts_.input.tokens > 0 ? torch::kLong : torch::kFloat);
  all_targets_ = torch::empty({size}, torch::kLong);
  if (facts_.channels_last)
    all_channels_last_ =
        torch::empty(shape, torch::TensorOptions(), torch::MemoryFormat::ChannelsLast);
}

void Batch::Gather(const Dataset& dataset, std::span<const std::uint32_t> examples) {
  const auto size = static_cast<std::int64_t>(examples.size());
  Reserve(size);
  input_ = all_inputs_.narrow(0, 0, size);
  target_ = all_targets_.narrow(0, 0, size);
  auto* targets = target_.data_ptr<std::int64_t>();
  for (std::size_t i = 0; i < examples.size(); ++i) {
    const std::size_t begin = examples[i] * dataset.example_size, to = i * dataset.example_size;
    if (facts_.input.tokens > 0)
      GatherIds(dataset, begin, input_.data_ptr<std::int64_t>() + to);
    else
      GatherFloats(dataset, begin, *facts_.kernels, input_.data_ptr<float>() + to);
    targets[i] = dataset.labels[examples[i]];
  }
  // Gathered in the usual order and then copied: one pass more, and each example is read in one
  // piece.
  if (facts_.channels_last) input_ = all_channels_last_.narrow(0, 0, size).copy_(input_);
}

/// The optimizer of one job.
class NetWorker::Stepper {
 public:
  Stepper(NetWorker& worker, const TrainJob& job) : worker_(worker), job_(job) {
    const NetLayout& layout = Layout();
    if (layout.optimizer.counts_steps)
      std::memcpy(&steps_, job.state.data() + layout.step, sizeof steps_);
    if (!worker.facts_.rule)
      user_.emplace(worker.net(), worker.binding().Trained(), job, layout, steps_,
                    worker.facts_.own_rate);
    flat_ = {.size = layout.trained,
             .gradient = worker.binding().gradient(),
             .weights = job.model.data()};
    for (std::size_t i = 0; i < layout.optimizer.moments.size() && i < std::size(flat_.moments);
         ++i)
      flat_.moments[i] = job.state.data() + layout.MomentOffset(i);
  }

  void ClearGradient() { std::fill_n(worker_.binding().gradient(), flat_.size, 0.0f); }

  void Step() {
    const Kernels& kernels = *worker_.facts_.kernels;
    const TrainOptions& options = job_.options;
    float* gradient = worker_.binding().gradient();
    if (options.proximal_mu != 0)
      kernels.add_difference(flat_.size, static_cast<float>(options.proximal_mu), flat_.weights,
                             job_.anchor.data(), gradient);
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
    if (Layout().optimizer.counts_steps)
      std::memcpy(job_.state.data() + Layout().step, &steps_, sizeof steps_);
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
    for (const std::size_t i : worker_.facts_.unused) {
      const std::span<const float> gradient(flat_.gradient + Place(i).offset, Place(i).floats);
      if (std::ranges::all_of(gradient, [](float x) { return x == 0; })) idle_.push_back(i);
    }
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
  std::int64_t steps_ = 0;
  FlatParameters flat_;
  std::optional<UserOptimizer> user_;
  std::vector<std::size_t> idle_;  // trained tensors that this step leaves alone, ascending
};

NetWorker::NetWorker(std::unique_ptr<Net> net, NetTensors tensors, const NetFacts& facts)
    : facts_(facts),
      net_(std::move(net)),
      binding_(*net_, std::move(tensors), facts.layout),
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

std::vector<std::size_t> NetWorker::FindUnused(const TrainJob& job) {
  torch::init_num_threads();
  Random words = DropoutWords(job.key);
  const ActiveStream stream(words);
  binding_.Bind(job.model, job.state);
  net_->SetTraining(true);
  batch_.Gather(*job.data.dataset, job.data.examples);
  const auto unused = binding_.WithoutGradient(
      [&] { net_->Loss(net_->Forward(batch_.input()), batch_.target()).backward(); });
  binding_.Finish();
  return unused;
}

TrainResult NetWorker::Train(const TrainJob& job, const std::stop_token& stop) {
  std::optional<UserCode> running;
  if (!net_->UserFile().empty()) running.emplace(net_->UserFile(), "training");
  if (job.options.momentum != 0 && facts_.rule && !AllowsMomentum(*facts_.rule))
    return NoRoomForMomentum();
  if (std::string why = WhyBatchesAreTooSmall(job); !why.empty())
    return Failed<TrainResult>(JobFailure::kLearner, std::move(why));
  torch::init_num_threads();
  Random words = DropoutWords(job.key);
  // From here on dropout on this thread draws from the job's stream.
  const ActiveStream stream(words);
  std::optional<GeneratorLock> generator;
  // One job at a time, with the generator seeded from the job: results do not depend on the order.
  if (facts_.draws_from_generator) generator.emplace(job.key);
  binding_.Bind(job.model, job.state);
  net_->SetTraining(true);
  Stepper stepper(*this, job);
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
    result.loss = TrainEpoch(job, steps, result.steps, stepper);
    if (!std::isfinite(result.loss) || !AllFinite(job)) {
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
  double loss = 0;
  std::size_t done = 0;
  for (; done < order_.size() && steps < most; ++steps) {
    std::size_t size = std::min(batch, order_.size() - done);
    // A last batch of one would fail: it joins this one.
    if (!facts_.refuses_one.empty() && order_.size() - done - size == 1) ++size;
    batch_.Gather(*job.data.dataset, std::span(order_).subspan(done, size));
    stepper.ClearGradient();
    const torch::Tensor mean = net_->Loss(net_->Forward(batch_.input()), batch_.target());
    mean.backward();
    loss += mean.item<double>() * static_cast<double>(size);
    stepper.Step();
    done += size;
  }
  return loss / static_cast<double>(done);
}

bool NetWorker::AllFinite(const TrainJob& job) const {
  const std::size_t moments = facts_.layout.optimizer.moments.size() * facts_.layout.trained;
  return facts_.kernels->all_finite(job.model.size(), job.model.data()) &&
         facts_.kernels->all_finite(moments, job.state.data());
}

EvaluateResult NetWorker::Evaluate(std::span<const float> model, const DataView& data,
                                   bool confusion) {
  std::optional<UserCode> running;
  if (!net_->UserFile().empty()) running.emplace(net_->UserFile(), "a test");
  torch::init_num_threads();
  const torch::NoGradGuard no_grad;
  // The row may be shared by nodes: whatever the net writes goes into a copy.
  if (facts_.writes_when_evaluated) {
    if (copy_.size() == 0) copy_ = AlignedFloats(model.size());
    std::ranges::copy(model, copy_.data());
    model = {copy_.data(), copy_.size()};
  }
  binding_.BindToRead(model);
  net_->SetTraining(false);
  EvaluateResult result;
  if (confusion) result.confusion.resize(ConfusionSize(*data.dataset));
  const std::span<const std::uint32_t> examples = data.examples;
  for (std::size_t begin = 0; begin < examples.size(); begin += kEvaluationBatch) {
    const std::size_t size = std::min(kEvaluationBatch, examples.size() - begin);
    batch_.Gather(*data.dataset, examples.subspan(begin, size));
    const torch::Tensor output = net_->Forward(batch_.input());
    const std::int64_t correct = net_->CountCorrect(output, batch_.target());
    result.correct += correct;
    if (confusion && !AddConfusion(*net_, output, batch_.target(), correct, data.dataset->classes,
                                   result.confusion)) {
      binding_.Unbind();
      return Failed<EvaluateResult>(
          JobFailure::kLearner,
          "CountCorrect() of the model does not take exactly one class for right, so no example "
          "has a predicted class");
    }
    result.loss += net_->Loss(output, batch_.target()).item<double>() * static_cast<double>(size);
  }
  binding_.Unbind();
  result.examples = static_cast<std::int64_t>(examples.size());
  result.loss /= static_cast<double>(examples.size());
  return std::isfinite(result.loss) ? result : LossIsNotFinite();
}

// First what the constructor made; then a built-in net draws over it. False: the net keeps what its
// constructor made (net.h).
bool NetWorker::Initialise(std::span<float> model, std::span<float> state, RandomKey key) {
  std::ranges::copy(binding_.made_model(), model.begin());
  std::ranges::copy(binding_.made_state(), state.begin());
  const torch::NoGradGuard no_grad;
  binding_.Bind(model, state);
  const bool done = net_->Initialise(key);
  binding_.Unbind();
  return done;
}

}  // namespace delstep
