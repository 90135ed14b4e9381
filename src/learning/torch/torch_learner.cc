#include "learning/torch/torch_learner.h"

#include <fmt/format.h>

#include <algorithm>
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

class TorchLearner final : public Learner {
 public:
  TorchLearner(MakeNet make, NetFacts facts, Workers& workers)
      : make_(std::move(make)),
        facts_(std::move(facts)),
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
    return facts;
  }

 private:
  Result<void> DoInitialise(std::span<float> model, std::span<float> state,
                            RandomKey key) override {
    try {
      DELSTEP_ASSIGN(NetWorker * net, nets_.Of(0));
      if (net->Initialise(model, state, key)) return {};
      DELSTEP_ASSIGN(const std::unique_ptr<NetWorker> fresh, MakeWorker(key));
      std::ranges::copy(fresh->binding().made_model(), model.begin());
      std::ranges::copy(fresh->binding().made_state(), state.begin());
      return {};
    } catch (const std::exception& exception) {
      nets_.Replace(0, nullptr);
      return UsageError("the model cannot be initialised: " + TextOf(exception));
    }
  }

  std::vector<TrainResult> DoTrain(std::span<const TrainJob> jobs, std::stop_token stop) override {
    return nets_.ForEach<TrainResult>(
        jobs, stop, [&](const TrainJob& job, NetWorker& net) { return net.Train(job, stop); });
  }

  std::vector<EvaluateResult> DoEvaluate(std::span<const EvaluateJob> jobs,
                                         std::stop_token stop) override {
    const EvaluationPlan plan = PlanEvaluation(jobs, nets_.workers());
    const auto outcomes = nets_.ForEach<GroupOutcome>(
        std::span(plan.groups), stop, [&](const EvaluationGroup& group, NetWorker& net) {
          GroupOutcome outcome;
          for (const std::span<const float> model : group.models)
            outcome.results.push_back(net.Evaluate(model, group.data, group.confusion));
          return outcome;
        });
    return ResultsOf(plan, outcomes);
  }

  Result<std::unique_ptr<NetWorker>> MakeWorker(RandomKey key) const {
    DELSTEP_ASSIGN(std::unique_ptr<Net> net, MakeNetSafely(make_, key));
    DELSTEP_ASSIGN(NetTensors tensors, CollectTensors(*net));
    if (LayOut(tensors, facts_.layout.optimizer).rows.model != facts_.layout.rows.model)
      return UsageError("the model has other tensors than when it was first made");
    return std::make_unique<NetWorker>(std::move(net), std::move(tensors), facts_);
  }

  const MakeNet make_;
  const NetFacts facts_;
  JobRunner<NetWorker> nets_;
};

}  // namespace

Result<std::unique_ptr<Learner>> MakeNetLearner(MakeNet make, const Scenario& scenario,
                                                const Dataset& data, Workers& workers) {
  InstallCachingAllocator();
  UseOneThread();
  DELSTEP_ASSIGN(NetFacts facts, ProbeNet(make, scenario, data));
  return std::make_unique<TorchLearner>(std::move(make), std::move(facts), workers);
}

Result<std::unique_ptr<Learner>> MakeTorchLearner(const Scenario& scenario, const Dataset& data,
                                                  Workers& workers) {
  DELSTEP_ASSIGN(MakeNet make, ChooseNet(scenario, data));
  return MakeNetLearner(std::move(make), scenario, data, workers);
}

}  // namespace delstep
