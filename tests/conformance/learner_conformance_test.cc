#include "tests/conformance/learner_conformance.h"

#include <bit>
#include <limits>
#include <set>

namespace delstep {
namespace {

void CheckLayout(const RowLayout& layout) {
  std::set<std::string> names;
  std::size_t end = 0, payload = 0;
  for (const TensorSpec& tensor : layout.tensors) {
    EXPECT_TRUE(names.insert(tensor.name).second) << tensor.name << " twice";
    EXPECT_EQ(tensor.offset % 16, 0u) << tensor.name;
    EXPECT_GE(tensor.offset, end) << tensor.name << " overlaps the one before";
    std::size_t words = tensor.role == TensorSpec::Role::kRaw ? 2 : 1;
    for (const std::int64_t extent : tensor.shape) words *= static_cast<std::size_t>(extent);
    EXPECT_EQ(tensor.floats, words) << tensor.name;
    end = tensor.offset + tensor.floats;
    payload += tensor.floats;
  }
  EXPECT_EQ(layout.payload, payload);
  EXPECT_EQ(layout.floats % 16, 0u);
  EXPECT_GE(layout.floats, end);
}

void CheckGaps(const RowLayout& layout, std::span<const float> row) {
  std::size_t at = 0;
  const auto check_until = [&](std::size_t end) {
    for (; at < end; ++at) EXPECT_EQ(std::bit_cast<std::uint32_t>(row[at]), 0u) << "word " << at;
  };
  for (const TensorSpec& tensor : layout.tensors) {
    check_until(tensor.offset);
    at = tensor.offset + tensor.floats;
  }
  check_until(layout.floats);
}

TEST_P(LearnerConformance, LaysTensorsOutByTheRules) {
  PoolWorkers workers(1);
  const auto learner = Make(workers);
  CheckLayout(learner->layout().model);
  CheckLayout(learner->layout().state);
  EXPECT_GT(learner->layout().model.payload, 0u);
  for (const TensorSpec& tensor : learner->layout().model.tensors)
    EXPECT_TRUE(tensor.role == TensorSpec::Role::kParameter ||
                tensor.role == TensorSpec::Role::kBuffer)
        << tensor.name << " must not travel";
}

TEST_P(LearnerConformance, InitialiseOverwritesBothRowsAndLeavesGapsAtZero) {
  PoolWorkers workers(1);
  const auto learner = Make(workers);
  Population one(*learner, data_, 1), two(*learner, data_, 1);
  std::ranges::fill(two.model(0), 7.0f);
  std::ranges::fill(two.state(0), 7.0f);
  EXPECT_TRUE(learner->Initialise(two.model(0), two.state(0), MakeKey(1, Purpose::kInitialise, 0)));
  EXPECT_EQ(one.Bits(), two.Bits()) << "equal keys, equal rows";
  CheckGaps(learner->layout().model, two.model(0));
  CheckGaps(learner->layout().state, two.state(0));
}

TEST_P(LearnerConformance, InitialiseDependsOnTheKeyAndOnNothingElse) {
  PoolWorkers workers(2);
  const auto learner = Make(workers), other = Make(workers);
  Population two(*learner, data_, 2), same(*other, data_, 2);
  EXPECT_EQ(two.Bits()[0] == two.Bits()[2], GetParam().has_fixed_start);
  EXPECT_EQ(two.Bits(), same.Bits());
}

TEST_P(LearnerConformance, TrainingMovesTheParametersAndKeepsGapsAtZero) {
  PoolWorkers workers(1);
  const auto learner = Make(workers);
  Population nodes(*learner, data_, 2);
  const auto before = nodes.Bits();
  const auto results = nodes.Train({0, 1}, Options());
  for (const TrainResult& result : results) {
    EXPECT_EQ(result.error, "");
    EXPECT_EQ(result.failure, JobFailure::kNone);
    EXPECT_GT(result.loss, 0);
  }
  EXPECT_EQ(results[0].steps, 2 * 2) << "40 examples in batches of 32, two epochs";
  EXPECT_NE(nodes.Bits()[0], before[0]);
  for (std::size_t i : {0u, 1u}) {
    CheckGaps(learner->layout().model, nodes.model(i));
    CheckGaps(learner->layout().state, nodes.state(i));
  }
}

TEST_P(LearnerConformance, GivesTheSameBitsOnAnyWorkersAndInAnyOrderOfJobs) {
  PoolWorkers one(1), two(2), three(3);
  BackwardWorkers backward;
  const auto run = [&](Workers& workers, const std::vector<std::size_t>& order) {
    const auto learner = Make(workers);
    Population nodes(*learner, data_, 6);
    for (std::uint64_t use = 0; use < 2; ++use)
      for (const TrainResult& result : nodes.Train(order, Options(), use))
        EXPECT_EQ(result.error, "");
    return nodes.Bits();
  };
  const auto expected = run(one, {0, 1, 2, 3, 4, 5});
  EXPECT_EQ(run(two, {0, 1, 2, 3, 4, 5}), expected);
  EXPECT_EQ(run(three, {5, 3, 1, 0, 2, 4}), expected);
  EXPECT_EQ(run(backward, {2, 0, 1, 5, 4, 3}), expected);
}

TEST_P(LearnerConformance, ResultsStandInTheOrderOfJobs) {
  PoolWorkers workers(3);
  const auto learner = Make(workers);
  Population nodes(*learner, data_, 6), again(*learner, data_, 6);
  TrainOptions options = Options();
  options.batch_size = 1;
  const auto results = nodes.Train({4, 0, 2}, options);
  EXPECT_EQ(results[0].steps, 2 * (40 + 8 * 4));
  EXPECT_EQ(results[1].steps, 2 * 40);
  EXPECT_EQ(results[2].steps, 2 * (40 + 8 * 2));
  EXPECT_EQ(again.Train({2}, options)[0].loss, results[2].loss) << "alone or with others";
}

TEST_P(LearnerConformance, FillsAConfusionMatrixWhereOneIsAskedFor) {
  PoolWorkers workers(2);
  const auto learner = Make(workers);
  Population nodes(*learner, data_, 3);
  nodes.Train({0, 1, 2}, Options());
  std::vector<EvaluateJob> jobs, plain;
  for (const std::size_t i : {0u, 1u, 2u}) {
    plain.push_back(nodes.Evaluation(i));
    jobs.push_back(nodes.Evaluation(i));
    jobs.back().confusion = true;
  }
  jobs.push_back(plain[1]);  // the same test in the same call, without a matrix
  const auto results = learner->Evaluate(jobs);
  const auto without = learner->Evaluate(plain);
  constexpr std::size_t kClasses = 4;
  for (const std::size_t i : {0u, 1u, 2u}) {
    EXPECT_TRUE(without[i].confusion.empty());
    EXPECT_EQ(results[i].loss, without[i].loss);
    ASSERT_EQ(results[i].confusion.size(), kClasses * kClasses) << results[i].error;
    std::int64_t diagonal = 0;
    for (std::size_t c = 0; c < kClasses; ++c) {
      const auto row = std::span(results[i].confusion).subspan(c * kClasses, kClasses);
      const auto of_class =
          std::ranges::count_if(jobs[i].data.examples, [&](std::uint32_t example) {
            return data_.labels[example] == static_cast<std::int32_t>(c);
          });
      EXPECT_EQ(std::accumulate(row.begin(), row.end(), std::int64_t{0}), of_class);
      diagonal += row[c];
    }
    EXPECT_EQ(diagonal, results[i].correct);
  }
  EXPECT_TRUE(results[3].confusion.empty());
}

TEST_P(LearnerConformance, AJobTouchesItsOwnRowsOnly) {
  PoolWorkers workers(2);
  const auto learner = Make(workers);
  Population nodes(*learner, data_, 4);
  const auto before = nodes.Bits();
  nodes.Train({1, 3}, Options());
  const auto after = nodes.Bits();
  for (std::size_t row : {0u, 1u, 4u, 5u}) EXPECT_EQ(after[row], before[row]);
}

TEST_P(LearnerConformance, AnotherKeyGivesAnotherModel) {
  PoolWorkers workers(1);
  const auto learner = Make(workers);
  Population one(*learner, data_, 1), two(*learner, data_, 1);
  one.Train({0}, Options(), 0);
  two.Train({0}, Options(), 1);
  EXPECT_NE(one.Bits()[0], two.Bits()[0]);
}

TEST_P(LearnerConformance, ContinuesFromCopiedRowsInAnotherLearner) {
  PoolWorkers workers(1);
  const auto learner = Make(workers), other = Make(workers);
  Population whole(*learner, data_, 1), moved(*other, data_, 1);
  whole.Train({0}, Options(), 0);
  std::ranges::copy(whole.model(0), moved.model(0).begin());
  std::ranges::copy(whole.state(0), moved.state(0).begin());
  whole.Train({0}, Options(), 1);
  moved.Train({0}, Options(), 1);
  EXPECT_EQ(whole.Bits(), moved.Bits()) << "something is remembered outside the rows";
}

TEST_P(LearnerConformance, EvaluatesReadOnlyRowsThatJobsShare) {
  PoolWorkers workers(3);
  const auto learner = Make(workers);
  Population nodes(*learner, data_, 6);
  nodes.Train({0}, Options());
  nodes.MakeModelReadOnly(0);
  const auto before = nodes.Bits();
  std::vector<EvaluateJob> jobs;
  for (std::size_t i = 0; i < 6; ++i)
    jobs.push_back({.model = nodes.model(0), .data = data_.PartOf(i)});
  const auto results = learner->Evaluate(jobs);
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(results[i].error, "");
    EXPECT_EQ(results[i].examples, static_cast<std::int64_t>(40 + 8 * i));
    EXPECT_LE(results[i].correct, results[i].examples);
    const auto alone = learner->Evaluate(std::span(jobs).subspan(i, 1))[0];
    EXPECT_EQ(alone.loss, results[i].loss) << "evaluation draws nothing";
    EXPECT_EQ(alone.correct, results[i].correct);
  }
  EXPECT_EQ(nodes.Bits(), before);
}

TEST_P(LearnerConformance, LearnsClassesThatALineParts) {
  PoolWorkers workers(2);
  const auto learner = Make(workers);
  Population nodes(*learner, data_, 1);
  TrainJob job = nodes.Job(0, Options());
  job.data = {&data_.dataset, data_.all};
  job.options.epochs = 60;
  job.options.learning_rate = std::max(job.options.learning_rate, 0.01);
  ASSERT_EQ(learner->Train(std::span(&job, 1))[0].error, "");
  const EvaluateJob evaluation{.model = nodes.model(0), .data = job.data};
  EXPECT_GT(learner->Evaluate(std::span(&evaluation, 1))[0].correct, 285);
}

TEST_P(LearnerConformance, NoJobsGiveNoResults) {
  PoolWorkers workers(1);
  const auto learner = Make(workers);
  EXPECT_TRUE(learner->Train({}).empty());
  EXPECT_TRUE(learner->Evaluate({}).empty());
}

}  // namespace
}  // namespace delstep
