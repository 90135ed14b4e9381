#include "learning/dense/dense_learner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/flush_denormals.h"
#include "learning/dense/fixture.h"
#include "learning/dense/reference.h"

namespace delstep {
namespace {

using testing::HasSubstr;

std::string RefusalOf(const Scenario& scenario) {
  const Blobs blobs(4, 3, 2);
  PoolWorkers workers(1);
  const auto made = MakeDenseLearner(scenario, blobs.data, workers);
  if (made) return "made";
  EXPECT_EQ(made.error().code, ErrorCode::kUsage);
  return made.error().message;
}

TEST(DenseLearner, RefusesWhatItCannotDoAndNamesTheKey) {
  Scenario cnn;
  cnn.model.name = "cnn";
  EXPECT_THAT(RefusalOf(cnn), HasSubstr("model.name 'cnn'"));
  EXPECT_THAT(RefusalOf(ScenarioOf({4, 0})), HasSubstr("model.hidden"));
  EXPECT_THAT(RefusalOf(ScenarioOf({std::size_t{1} << 62})), HasSubstr("model.hidden"));
  EXPECT_THAT(RefusalOf(ScenarioOf({1 << 20, 1 << 20})), HasSubstr("model.hidden"));
  EXPECT_THAT(RefusalOf(ScenarioOf({4}, "gelu")), HasSubstr("model.activation named 'gelu'"));
  EXPECT_THAT(RefusalOf(ScenarioOf({4}, "relu", 1)), HasSubstr("model.dropout is 1"));
  EXPECT_THAT(RefusalOf(ScenarioOf({4}, "relu", std::nan(""))), HasSubstr("model.dropout"));
  EXPECT_THAT(RefusalOf(ScenarioOf({4}, "relu", 0, "lion")), HasSubstr("training.optimizer"));
}

TEST(DenseLearner, RefusesTokensAndNamesTheModelForThem) {
  Blobs blobs(4, 3, 2);
  blobs.data.tokens = 9;
  PoolWorkers workers(1);
  for (const char* model : {"mlp", "logreg"}) {
    Scenario scenario = ScenarioOf({4});
    scenario.model.name = model;
    scenario.data.name = "leaf";
    const auto made = MakeDenseLearner(scenario, blobs.data, workers);
    ASSERT_FALSE(made.ok()) << model;
    EXPECT_EQ(made.error().code, ErrorCode::kUsage);
    EXPECT_THAT(made.error().message, HasSubstr(model));
    EXPECT_THAT(made.error().message, HasSubstr("data.name 'leaf' is a sequence of tokens"));
    EXPECT_THAT(made.error().hint, HasSubstr("model.name = lstm"));
  }
}

TEST(DenseLearner, LaysTheSeedModelOutAs25450Parameters) {
  Blobs blobs(10, 784, 10);
  Node node(ScenarioOf({32}, "relu", 0.2, "adam"), blobs.data);
  const ModelLayout& layout = node.learner->layout();
  EXPECT_EQ(layout.model.payload, 784u * 32 + 32 + 32 * 10 + 10);
  ASSERT_EQ(layout.model.tensors.size(), 4u);
  EXPECT_EQ(layout.model.tensors[0].name, "fc1.weight");
  EXPECT_EQ(layout.model.tensors[0].shape, (std::vector<std::int64_t>{32, 784}));
  EXPECT_EQ(layout.model.tensors[3].name, "fc2.bias");
  EXPECT_EQ(layout.model.tensors[3].shape, (std::vector<std::int64_t>{10}));
  EXPECT_EQ(layout.state.payload, 2 * layout.model.payload + 2);
}

TEST(DenseLearner, KeepsAMomentumBufferOnlyWhereMomentumIsAskedFor) {
  const Blobs blobs(4, 3, 2);
  Scenario scenario = ScenarioOf({4});
  EXPECT_EQ(Node(scenario, blobs.data).learner->layout().state.payload, 0u);
  scenario.training.momentum = 0.9;
  const std::size_t parameters = 3 * 4 + 4 + 4 * 2 + 2;
  EXPECT_EQ(Node(scenario, blobs.data).learner->layout().state.payload, parameters);
  scenario.training.optimizer = "rmsprop";
  EXPECT_EQ(Node(scenario, blobs.data).learner->layout().state.payload, 2 * parameters);
  scenario.training.momentum = 0;
  EXPECT_EQ(Node(scenario, blobs.data).learner->layout().state.payload, parameters);
}

TEST(DenseLearner, FailsAJobWithMomentumWhereTheStateHasNoRoomForIt) {
  const Blobs blobs(4, 3, 2);
  for (const char* optimizer : {"sgd", "rmsprop"}) {
    Node node(ScenarioOf({4}, "relu", 0, optimizer), blobs.data);
    const TrainResult trained = node.Train(blobs.view(), {.momentum = 0.9});
    EXPECT_EQ(trained.failure, JobFailure::kLearner);
    EXPECT_THAT(trained.error, HasSubstr("training.momentum"));
  }
}

TEST(DenseLearner, StartsWeightsAndBiasesUniformWithinOneOverTheRootOfFanIn) {
  Blobs blobs(4, 100, 4);
  Node node(ScenarioOf({64}), blobs.data);
  const double bounds[] = {0.1, 0.1, 0.125, 0.125};
  for (std::size_t t = 0; t < 4; ++t) {
    const TensorSpec& spec = node.learner->layout().model.tensors[t];
    double square = 0;
    for (const float w : node.row().subspan(spec.offset, spec.floats)) {
      EXPECT_LE(std::abs(w), bounds[t]);
      square += w * w;
    }
    // A uniform variable in [-b, b] has the variance b^2 / 3.
    const double variance = bounds[t] * bounds[t] / 3;
    if (spec.floats > 200) {
      EXPECT_NEAR(square / static_cast<double>(spec.floats), variance, 0.1 * variance);
    }
  }
}

TEST(DenseLearner, TreatsBytesAsScaleTimesBytePlusShift) {
  const std::vector<std::uint8_t> bytes = {0, 255, 17, 3, 90, 128};
  std::vector<float> floats;
  for (const std::uint8_t byte : bytes) floats.push_back(0.5f * byte + 2);
  const std::vector<std::int32_t> labels = {0, 1};
  Dataset as_bytes;
  as_bytes.example_size = 3;
  as_bytes.bytes = bytes;
  as_bytes.labels = labels;
  as_bytes.classes = 2;
  as_bytes.scale = 0.5f;
  as_bytes.shift = 2;
  Dataset as_floats = as_bytes;
  as_floats.bytes = {};
  as_floats.floats = floats;
  const std::vector<std::uint32_t> examples = {1, 0};
  Node one(ScenarioOf({4}), as_bytes), two(ScenarioOf({4}), as_floats);
  one.Train({&as_bytes, examples}, {});
  two.Train({&as_floats, examples}, {});
  EXPECT_EQ(one.Copy(), two.Copy());
}

TEST(DenseLearner, CountsTheLowestClassAsTheGuessWhereScoresTie) {
  Blobs blobs(30, 4, 3);
  Node node(ScenarioOf({5}), blobs.data);
  std::ranges::fill(node.row(), 0.0f);
  const EvaluateResult result = node.Evaluate(blobs.view());
  EXPECT_EQ(result.examples, 30);
  EXPECT_EQ(result.correct, 10) << "the examples of class 0";
  EXPECT_NEAR(result.loss, std::log(3.0), 1e-6);
}

TEST(DenseLearner, EvaluatesMoreExamplesThanABatchAsTheReferenceDoes) {
  Blobs blobs(300, 6, 4);
  Node node(ScenarioOf({8}, "tanh", 0.5), blobs.data);
  const ReferenceModel reference(node.learner->layout().model, node.row(), true);
  const double loss = reference.Loss(GatherReference(blobs.data, blobs.examples));
  EXPECT_NEAR(node.Evaluate(blobs.view()).loss, loss, 1e-6) << "without dropout";
}

TEST(DenseLearner, LearnsXor) {
  Blobs blobs(4, 2, 2);
  blobs.floats = {0, 0, 0, 1, 1, 0, 1, 1};
  blobs.labels = {0, 1, 1, 0};
  blobs.data.floats = blobs.floats;
  blobs.data.labels = blobs.labels;
  for (const char* activation : {"relu", "tanh"}) {
    Node node(ScenarioOf({16}, activation, 0, "adam"), blobs.data);
    const TrainResult result =
        node.Train(blobs.view(), {.epochs = 500, .batch_size = 4, .learning_rate = 0.02});
    EXPECT_LT(result.loss, 0.05) << activation;
    EXPECT_EQ(node.Evaluate(blobs.view()).correct, 4) << activation;
  }
}

TEST(DenseLearner, LearnsBlobsWithDropoutMomentumAndWithoutAHiddenLayer) {
  Blobs blobs(600, 8, 4, 0.5);
  Scenario logreg = ScenarioOf({99}, "nonsense", 7);  // keys of `mlp` alone
  logreg.model.name = "logreg";
  logreg.training.momentum = 0.9;
  Scenario mlp = ScenarioOf({32}, "relu", 0.2);
  mlp.training.momentum = 0.9;
  for (const Scenario& scenario : {logreg, mlp}) {
    Node node(scenario, blobs.data);
    node.Train(blobs.view(),
               {.epochs = 20, .batch_size = 32, .learning_rate = 0.02, .momentum = 0.9});
    EXPECT_GT(node.Evaluate(blobs.view()).correct, 570) << scenario.model.name;
  }
}

TEST(DenseLearner, LeavesNoDenormalMomentsBehind) {
  if (!FlushDenormals::kSupported) GTEST_SKIP() << "this processor is left as it is";
  Blobs blobs(8, 3, 2);
  for (std::size_t i = 0; i < blobs.floats.size(); i += 3) blobs.floats[i] = 0;
  Node node(ScenarioOf({}, "relu", 0, "adam"), blobs.data);
  // The first feature has no gradient, so a step takes 0.9 of its first moment: too small to be
  // normal.
  const RowLayout& layout = node.learner->layout().state;
  ASSERT_EQ(layout.tensors[0].name, "fc1.weight.exp_avg");
  float& moment = node.state_row()[layout.tensors[0].offset];
  moment = std::numeric_limits<float>::min();
  const float weight = node.row()[0];
  ASSERT_EQ(node.Train(blobs.view(), {.local_steps = 1}).failure, JobFailure::kNone);
  EXPECT_EQ(moment, 0);
  EXPECT_EQ(node.row()[0], weight);
}

TEST(DenseLearner, ReportsAFeatureThatIsNotANumberInTrainingAndInEvaluation) {
  Blobs blobs(8, 3, 2);
  blobs.floats[4] = std::numeric_limits<float>::quiet_NaN();
  for (const char* activation : {"relu", "tanh"}) {
    Node node(ScenarioOf({4}, activation), blobs.data);
    EXPECT_EQ(node.Evaluate(blobs.view()).failure, JobFailure::kNotFinite);
    const TrainResult trained = node.Train(blobs.view(), {});
    EXPECT_EQ(trained.failure, JobFailure::kNotFinite);
    EXPECT_THAT(trained.error, HasSubstr("not finite after epoch 1"));
    // The scratch of the failed job must not reach the next one.
    blobs.floats[4] = 0;
    EXPECT_TRUE(node.learner->Initialise(node.row(), node.state_row(), {}));
    EXPECT_EQ(node.Train(blobs.view(), {}).error, "");
    blobs.floats[4] = std::numeric_limits<float>::quiet_NaN();
  }
}

TEST(DenseLearner, SurvivesScoresFarApart) {
  Blobs blobs(6, 2, 2);
  Node node(ScenarioOf({}), blobs.data);
  for (float& w : node.row().first(4)) w *= 1e6f;
  const EvaluateResult result = node.Evaluate(blobs.view());
  EXPECT_EQ(result.error, "");
  EXPECT_TRUE(std::isfinite(result.loss));
}

}  // namespace
}  // namespace delstep
