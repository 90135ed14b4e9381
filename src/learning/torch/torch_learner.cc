#include "learning/torch/torch_learner.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "learning/evaluation_plan.h"
#include "learning/jobs.h"
#include "learning/torch/caching_allocator.h"
#include "learning/torch/job_stream.h"
#include "learning/torch/net_probe.h"
#include "learning/torch/net_worker.h"
#include "learning/torch/nets.h"
#include "learning/torch/one_thread.h"

namespace delstep {
namespace {

constexpr const char* kFailed = "the device could not take or give back the rows: ";

class TorchLearner final : public Learner {
 public:
  TorchLearner(MakeNet make, NetFacts facts, Workers& workers)
      : make_(std::move(make)),
        facts_(std::move(facts)),
        block_(facts_.placement),
        nets_(
            workers, [this] { return MakeWorker({}); }, &TextOf) {}

  const ModelLayout& layout() const override { return facts_.layout.rows; }

  ModelFacts facts() const override {
    ModelFacts facts{
        .optimizer = facts_.own_optimizer, .learning_rate = facts_.own_rate, .notes = {}};
    for (const std::size_t i : facts_.unused)
      facts.notes.push_back(
          fmt::format("'{}' is not used by the loss: it gets no gradient, and is not trained",
                      facts_.layout.rows.model.tensors[i].name));
    for (const std::string& operation : facts_.unrepeatable)
      facts.notes.push_back(fmt::format(
          "the model uses '{}', which has no deterministic implementation on this device: runs of "
          "it may differ in last bits",
          operation));
    return facts;
  }

 private:
  Result<void> DoInitialise(std::span<float> model, std::span<float> state,
                            RandomKey key) override {
    try {
      DELSTEP_ASSIGN(NetWorker * net, nets_.Of(0));
      Make(*net, model, state);
      const TrainJob rows{.model = model, .state = state, .data = {}, .key = key, .options = {}};
      block_.Place(std::span(&rows, 1));
      const bool done = net->Initialise(block_.at(0), key);
      block_.BringHome(std::span(&rows, 1));
      if (done) return {};
      DELSTEP_ASSIGN(const std::unique_ptr<NetWorker> fresh, MakeWorker(key));
      Make(*fresh, model, state);
      return {};
    } catch (const std::exception& exception) {
      nets_.Replace(0, nullptr);
      return UsageError("the model cannot be initialised: " + TextOf(exception));
    }
  }

  std::vector<TrainResult> DoTrain(std::span<const TrainJob> jobs, std::stop_token stop) override {
    std::vector<TrainResult> results;
    while (!jobs.empty()) {
      const auto block = jobs.first(block_.CountOf(jobs));
      jobs = jobs.subspan(block.size());
      std::ranges::move(TrainBlock(block, stop), std::back_inserter(results));
    }
    return results;
  }

  std::vector<TrainResult> TrainBlock(std::span<const TrainJob> jobs, const std::stop_token& stop) {
    try {
      for (const TrainJob& job : jobs) Bring(job.data);
      block_.Place(jobs);
      auto results =
          nets_.ForEach<TrainResult>(jobs, stop, [&](const TrainJob& job, NetWorker& net) {
            return net.Train(job, block_.at(static_cast<std::size_t>(&job - jobs.data())), stop);
          });
      block_.BringHome(jobs);
      return results;
    } catch (const std::exception& exception) {
      return std::vector<TrainResult>(
          jobs.size(), Failed<TrainResult>(JobFailure::kLearner, kFailed + TextOf(exception)));
    }
  }

  std::vector<EvaluateResult> DoEvaluate(std::span<const EvaluateJob> jobs,
                                         std::stop_token stop) override {
    const EvaluationPlan plan = PlanEvaluation(jobs, nets_.workers());
    if (facts_.placement.copies) return ResultsOf(plan, EvaluateInBlocks(plan, stop));
    const auto outcomes = nets_.ForEach<GroupOutcome>(
        std::span(plan.groups), stop, [&](const EvaluationGroup& group, NetWorker& net) {
          GroupOutcome outcome;
          for (const std::span<const float> model : group.models)
            outcome.results.push_back(net.Evaluate(model, group.data, group.confusion));
          return outcome;
        });
    return ResultsOf(plan, outcomes);
  }

  /// Groups are cut where a block ends, so each model is a piece of work by itself.
  std::vector<GroupOutcome> EvaluateInBlocks(const EvaluationPlan& plan,
                                             const std::stop_token& stop) {
    std::vector<const EvaluationGroup*> groups;
    std::vector<std::span<const float>> models;
    for (const EvaluationGroup& group : plan.groups)
      for (const std::span<const float> model : group.models) {
        groups.push_back(&group);
        models.push_back(model);
      }
    std::vector<EvaluateResult> results;
    for (std::span<const std::span<const float>> left(models); !left.empty();) {
      const auto block = left.first(block_.CountOf(left));
      const auto of_block = std::span(groups).subspan(results.size(), block.size());
      left = left.subspan(block.size());
      std::ranges::move(EvaluateBlock(block, of_block, stop), std::back_inserter(results));
    }
    std::vector<GroupOutcome> outcomes;
    auto next = results.begin();
    for (const EvaluationGroup& group : plan.groups) {
      const auto begin = next;
      next += static_cast<std::ptrdiff_t>(group.models.size());
      outcomes.emplace_back().results.assign(begin, next);
    }
    return outcomes;
  }

  std::vector<EvaluateResult> EvaluateBlock(std::span<const std::span<const float>> models,
                                            std::span<const EvaluationGroup* const> groups,
                                            const std::stop_token& stop) {
    try {
      for (const EvaluationGroup* group : groups) Bring(group->data);
      block_.Place(models);
      return nets_.ForEach<EvaluateResult>(
          models, stop, [&](const std::span<const float>& model, NetWorker& net) {
            const auto i = static_cast<std::size_t>(&model - models.data());
            return net.Evaluate(block_.at(i).model, groups[i]->data, groups[i]->confusion);
          });
    } catch (const std::exception& exception) {
      return std::vector<EvaluateResult>(
          models.size(), Failed<EvaluateResult>(JobFailure::kLearner, kFailed + TextOf(exception)));
    }
  }

  void Bring(const DataView& data) {
    if (facts_.examples) facts_.examples->Bring(*data.dataset);
  }

  /// Gives the rows the values that the net was made with.
  static void Make(NetWorker& net, std::span<float> model, std::span<float> state) {
    std::ranges::copy(net.binding().made_model(), model.begin());
    std::ranges::copy(net.binding().made_state(), state.begin());
  }

  Result<std::unique_ptr<NetWorker>> MakeWorker(RandomKey key) const {
    DELSTEP_ASSIGN(std::unique_ptr<Net> net, MakeNetSafely(make_, key));
    DELSTEP_ASSIGN(NetTensors tensors, CollectTensors(*net, facts_.placement));
    if (LayOut(tensors, facts_.layout.optimizer).rows.model != facts_.layout.rows.model)
      return UsageError("the model has other tensors than when it was first made");
    return std::make_unique<NetWorker>(std::move(net), std::move(tensors), facts_);
  }

  const MakeNet make_;
  const NetFacts facts_;
  RowBlock block_;
  JobRunner<NetWorker> nets_;
};

}  // namespace

Result<std::unique_ptr<Learner>> MakeNetLearner(MakeNet make, const Scenario& scenario,
                                                const Dataset& data, Workers& workers,
                                                const Placement& placement) {
  InstallCachingAllocator();
  UseOneThread();
  if (!placement.device.is_cpu()) ComputeRepeatably();
  DELSTEP_ASSIGN(NetFacts facts, ProbeNet(make, scenario, data, placement));
  return std::make_unique<TorchLearner>(std::move(make), std::move(facts), workers);
}

Result<std::unique_ptr<Learner>> MakeTorchLearnerOn(const Placement& placement,
                                                    const Scenario& scenario, const Dataset& data,
                                                    Workers& workers) {
  DELSTEP_ASSIGN(MakeNet make, ChooseNet(scenario, data, placement.device));
  return MakeNetLearner(std::move(make), scenario, data, workers, placement);
}

Result<std::unique_ptr<Learner>> MakeTorchLearner(const Scenario& scenario, const Dataset& data,
                                                  Workers& workers) {
  Placement placement;
  // To look for devices is not free.
  if (scenario.training.device != "cpu") {
    DELSTEP_ASSIGN(placement, ChoosePlacement(scenario, FindDevices()));
  }
  return MakeTorchLearnerOn(placement, scenario, data, workers);
}

}  // namespace delstep
