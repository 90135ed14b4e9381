#include "learning/evaluation_plan.h"

#include <gtest/gtest.h>

#include "learning/dense/fixture.h"

namespace delstep {
namespace {

std::vector<EvaluateJob> JobsOf(const std::vector<std::vector<float>>& models, DataView data) {
  std::vector<EvaluateJob> jobs;
  for (const auto& model : models) jobs.push_back({.model = model, .data = data});
  return jobs;
}

TEST(EvaluationPlan, EvaluatesTheSameModelOnTheSameDataOnce) {
  const Blobs blobs(4, 3, 2);
  const std::vector<std::vector<float>> models = {{1}, {2}};
  std::vector<EvaluateJob> jobs = JobsOf(models, blobs.view());
  jobs.push_back(jobs[0]);
  const EvaluationPlan plan = PlanEvaluation(jobs, 1);
  ASSERT_EQ(plan.groups.size(), 1u);
  EXPECT_EQ(plan.groups[0].models.size(), 2u);
  EXPECT_EQ(plan.places[2].model, plan.places[0].model);
}

TEST(EvaluationPlan, CutsTheModelsOfOneDataSetForTheWorkersAndKeepsDataApart) {
  const Blobs blobs(4, 3, 2);
  const std::vector<std::vector<float>> models(21, std::vector<float>(1));
  const DataView half{&blobs.data, std::span(blobs.examples).first(2)};
  for (const std::size_t workers : {1u, 2u, 30u}) {
    std::vector<EvaluateJob> jobs = JobsOf(models, blobs.view());
    jobs.push_back({.model = models[3], .data = half});
    const EvaluationPlan plan = PlanEvaluation(jobs, workers);
    EXPECT_EQ(plan.groups.size(), (workers == 30 ? 21u : 3u) + 1);
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      const EvaluationGroup& group = plan.groups[plan.places[i].group];
      EXPECT_EQ(group.models[plan.places[i].model].data(), jobs[i].model.data());
      EXPECT_EQ(group.data.examples.size(), jobs[i].data.examples.size());
    }
  }
}

TEST(EvaluationPlan, GivesEachModelTheResultThatItHasAlone) {
  Blobs blobs(300, 6, 4);
  Node node(ScenarioOf({8}), blobs.data);
  std::vector<AlignedFloats> rows;
  std::vector<EvaluateJob> jobs;
  for (std::uint64_t i = 0; i < 11; ++i) {
    const std::span<float> row = {rows.emplace_back(node.model.size()).data(), node.model.size()};
    EXPECT_TRUE(node.learner->Initialise(row, node.state_row(), {9, i}));
    jobs.push_back({.model = row, .data = blobs.view()});
  }
  jobs.push_back(jobs[4]);
  const auto together = node.learner->Evaluate(jobs);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const EvaluateResult alone = node.learner->Evaluate(std::span(&jobs[i], 1))[0];
    EXPECT_EQ(together[i].loss, alone.loss);
    EXPECT_EQ(together[i].correct, alone.correct);
    EXPECT_EQ(together[i].examples, 300);
  }
}

}  // namespace
}  // namespace delstep
