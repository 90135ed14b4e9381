#pragma once
/// The learning port: trains and evaluates the models of nodes. Implement it to learn with another
/// library; src/learning/dense is the example, and tests/conformance/learner_conformance.h
/// the suite that every learner passes.
///
/// A learner owns no node. All that a node has learnt lies in two rows of float words that the core
/// owns, and the learner works on the rows it is handed:
///
///   model row  parameters, then float buffers (running mean, ...). Travels, is averaged, compared.
///              Float32 only: no other bits ever lie in it.
///   state row  stays at home: optimizer moments (float32), then raw 64-bit integers (step,
///              num_batches_tracked). Copied and compared as bits, never averaged.
///
/// A row is 64-byte aligned and exactly layout().<row>.floats long. A tensor is row-major in the
/// order of its shape and starts at a multiple of 16 floats; gaps hold 0 and stay 0.
///
/// So the core can copy, average, compare, hash and save a node without knowing what is learnt, and
/// a learner can train any node at any time: everything it needs is in the job.
///
/// A run makes one learner and calls it like this:
///
///   layout()      once: the core makes pools of rows of these lengths
///   Initialise()  once for all nodes, or once per node (`model.init`)
///   Train()       per `train` or `step`: up to 256 jobs, each on copies of a node's two rows
///   Evaluate()    per `test`: the models that were not tested on these examples before
///
/// `set` may change the optimizer during a run. Then the core makes a new learner, and new state
/// rows if their layout differs; the model's layout must stay the same.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "delstep/data.h"
#include "delstep/random.h"
#include "delstep/result.h"
#include "delstep/types.h"

namespace delstep {

/// A tensor's place in a row.
struct TensorSpec {
  /// Parameters and buffers lie in the model row, moments and raw integers (int64, two words each)
  /// in the state row.
  enum class Role : std::uint8_t { kParameter, kBuffer, kMoment, kRaw };
  std::string name;                 ///< "fc1.weight", unique within the row
  std::vector<std::int64_t> shape;  ///< empty: a scalar
  Role role = Role::kParameter;
  std::size_t offset = 0;  ///< words from the start of the row, a multiple of 16
  std::size_t floats = 0;  ///< words, without the gap after it
  friend bool operator==(const TensorSpec&, const TensorSpec&) = default;
};
/// Where each tensor is in a row. All nodes of a run have rows of the same layout, so a whole row
/// can be averaged with another without looking at the tensors: numbers at the same place mean the
/// same thing.
struct RowLayout {
  /// By ascending offset; a tensor shared by two layers is listed once.
  std::vector<TensorSpec> tensors;
  std::size_t floats = 0;   ///< length of the row in words, gaps included, a multiple of 16
  std::size_t payload = 0;  ///< words without gaps: a message weighs 64 + 4 * payload bytes
  friend bool operator==(const RowLayout&, const RowLayout&) = default;

  /// Appends a tensor after the last one, at the next multiple of 16, and counts its words.
  void Append(std::string name, std::vector<std::int64_t> shape, TensorSpec::Role role);
};
/// Fixed for the learner's life (so the optimizer is chosen with the learner, its rate with each
/// job).
struct ModelLayout {
  RowLayout model, state;
};

/// How a node trains: training.* of the scenario, with the node's own values (`set KEY VALUE NODE`)
/// and its learning-rate schedule applied.
struct TrainOptions {
  int epochs = 1;  ///< >= 1; of no meaning where local_steps > 0
  /// Above 0: this many mini-batches in all, epoch after epoch, the last one left where they end.
  std::int64_t local_steps = 0;
  /// >= 1; the last batch of an epoch may be smaller, or one example larger where the model cannot
  /// train on one.
  int batch_size = 128;
  double learning_rate = 1e-3;
  double momentum = 0;      ///< used where the optimizer has it
  double weight_decay = 0;  ///< >= 0; L2 term added to the gradient, or as AdamW of torch.optim
  /// mu of FedProx (Li et al. 2020, equation 2): mu * (parameters - anchor) is added to the
  /// gradient of the loss, before clipping. 0: none.
  double proximal_mu = 0;
  /// Above 0: a gradient whose Euclidean norm over all parameters together is larger is scaled down
  /// to it, as by torch.nn.utils.clip_grad_norm_, before weight decay.
  double clip_norm = 0;
};

/// One node's training, from one `train`. The learner changes the two rows and nothing else. The
/// rows are copies that the core makes for the job: until the core commits them, nobody sees what
/// is written there.
struct TrainJob {
  NodeId node{};  ///< for messages only: no result depends on it
  /// In: before training, out: after; overlap no other row of the call.
  std::span<float> model, state;
  DataView data;  ///< not empty
  /// A model row, read only, that the proximal term pulls to; empty where proximal_mu is 0. May be
  /// shared between jobs.
  std::span<const float> anchor{};
  /// Names a random stream: the learner draws the order of examples and dropout from it, and from
  /// nothing else. Same key, rows, data and options: same bits, whatever else runs and on however
  /// many workers.
  RandomKey key;
  TrainOptions options;
};
/// One test of one model. Model rows may be shared between jobs and may lie in read-only memory.
/// Dropout is off, and buffers such as running statistics are used as they are.
/// Evaluation draws nothing and changes nothing.
struct EvaluateJob {
  NodeId node{};
  std::span<const float> model;
  DataView data;  ///< not empty
  /// Asks for EvaluateResult::confusion. May make the test slower; the loss has the same bits
  /// either way.
  bool confusion = false;
};

/// Why a job has no result. One job's failure says nothing of the others: they may well be done.
enum class JobFailure : std::uint8_t {
  kNone,       ///< the job is done
  kStopped,    ///< a stop was asked for before the job was done
  kNotFinite,  ///< the loss, a parameter or a moment became infinite or NaN
  kLearner,    ///< the learner cannot do the job: wrong options, out of memory, a library's error
};

/// What a training job gives back, besides its rows. loss: mean over the examples of the last
/// epoch, in nats, with dropout; or over the examples seen so far if local_steps ended the epoch
/// early. It is the loss before each step, as the batches came: not a test of the final model.
struct TrainResult {
  JobFailure failure = JobFailure::kNone;
  std::string error;  ///< the failure in words, for the user; empty if the job is done
  std::int64_t steps = 0;
  double loss = 0;
};
/// What a test gives back. loss: mean over the examples, in nats. Accuracy is correct / examples.
/// Batches may be of any size: the result must not depend on it beyond rounding.
struct EvaluateResult {
  JobFailure failure = JobFailure::kNone;
  std::string error;  ///< as in TrainResult
  std::int64_t examples = 0, correct = 0;
  double loss = 0;
  /// Where the job asked for it and is done: how many examples of each class were taken for which,
  /// classes x classes numbers, at [true class * classes + predicted class]. A row sums up to the
  /// examples of its class, the diagonal to `correct`. Else empty.
  std::vector<std::int64_t> confusion{};
};

/// What a learner found out about the model when it was made.
struct ModelFacts {
  /// The model's own optimizer, "SGD"; empty where training.optimizer names the optimizer.
  std::string optimizer;
  /// The learning rate of the model's own optimizer, where the model tells. The core trains with it
  /// as long as nobody has set training.lr. Nothing: training.lr counts, its default included.
  std::optional<double> learning_rate;
  /// What the user should know before the run, a sentence each without a full stop: a parameter
  /// that the loss does not use, a model whose learning rate cannot be found out.
  std::vector<std::string> notes;
};

/// The threads that a learner may use; it starts none of its own. ForEach() runs work(self, worker,
/// i) once for each i in [0, count), in any order, and waits. A worker in [0, size()) runs one i at
/// a time, always on the same thread: what a worker needs (buffers, a net) can be kept in an array
/// of size() places, without locks. work must not call ForEach(). What it throws ForEach() throws.
class Workers {
 public:
  virtual ~Workers() = default;
  virtual int size() const = 0;  ///< at least 1
  using Work = void (*)(void* self, int worker, std::size_t i);
  virtual void ForEach(std::size_t count, Work work, void* self) = 0;

  /// The same with anything callable as f(worker, i).
  template <class F>
  void ForEach(std::size_t count, F&& f) {
    ForEach(
        count,
        [](void* self, int worker, std::size_t i) {
          (*static_cast<std::remove_reference_t<F>*>(self))(worker, i);
        },
        const_cast<void*>(static_cast<const void*>(&f)));
  }
};

/// Trains and tests models of one layout, with one optimizer.
///
/// Determinism: equal jobs give equal bits, on any number of workers and in any order of jobs. So a
///   sum is never split by the number of workers, and random numbers come from the job's key alone.
/// Threads: one caller at a time. Inside a call a job runs wholly on one worker. What a learner
///   caches per worker (modules, gradients, batches) is scratch: dropping it between two calls
///   changes no result. No span is kept after the call that brought it.
/// Errors: a job that fails says so in its result: a library's exceptions end here, a loss or a
///   parameter that is not finite is kNotFinite, and after `stop` the jobs not begun and those
///   between two epochs fail as kStopped. A failed job leaves its own two rows undefined and
///   touches nothing else: the core hands out copies and commits the good ones, so no node is ever
///   half trained.
/// A learner must refuse, when it is made, a model whose state it cannot place in rows.
///
/// To write one, implement layout() and the private Do functions: the public ones have checked the
/// lengths and alignment of rows and the ranges of options.
class Learner {
 public:
  virtual ~Learner() = default;
  /// The same for the learner's whole life.
  virtual const ModelLayout& layout() const = 0;
  /// Likewise. Nothing special unless overridden.
  virtual ModelFacts facts() const { return {}; }

  /// Overwrites both rows, gaps included. Equal keys give equal rows. Errors: kRefused if the
  /// library fails; the rows are then undefined.
  Result<void> Initialise(std::span<float> model, std::span<float> state, RandomKey key);
  /// Results in the order of jobs, one for each, whatever happened. May be called with no jobs.
  std::vector<TrainResult> Train(std::span<const TrainJob> jobs, std::stop_token stop = {});
  /// The same for tests. Writes into no row.
  std::vector<EvaluateResult> Evaluate(std::span<const EvaluateJob> jobs,
                                       std::stop_token stop = {});

 private:
  virtual Result<void> DoInitialise(std::span<float> model, std::span<float> state,
                                    RandomKey key) = 0;
  virtual std::vector<TrainResult> DoTrain(std::span<const TrainJob> jobs,
                                           std::stop_token stop) = 0;
  virtual std::vector<EvaluateResult> DoEvaluate(std::span<const EvaluateJob> jobs,
                                                 std::stop_token stop) = 0;
};

}  // namespace delstep
