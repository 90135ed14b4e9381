#include <gtest/gtest.h>

#include <string>
#include <tuple>
#include <vector>

#include "learning/dense/fixture.h"
#include "learning/dense/reference.h"

namespace delstep {
namespace {

struct GradientCase {
  const char* name;
  std::vector<std::size_t> hidden;
  const char* activation;
};
class DenseGradient : public testing::TestWithParam<GradientCase> {};

TEST_P(DenseGradient, AgreesWithDifferencesOfTheLossPlusWeightDecay) {
  constexpr double kDecay = 0.05, kStep = 1e-6;
  const Blobs blobs(37, 7, 5);
  for (const bool portable : {false, true}) {
    Scenario scenario = ScenarioOf(GetParam().hidden, GetParam().activation);
    scenario.portable = portable;
    Node node(scenario, blobs.data);
    const RowLayout& layout = node.learner->layout().model;
    ReferenceModel reference(layout, node.row(), scenario.model.activation == "tanh");
    const ReferenceBatch batch = GatherReference(blobs.data, blobs.examples);
    const ReferenceMatrix chain = reference.Gradient(batch);
    const std::vector<float> before = node.Copy();
    // One step of plain SGD with rate 1 over the whole data: what is gone is the gradient.
    const TrainResult result =
        node.Train(blobs.view(), {.batch_size = 37, .learning_rate = 1, .weight_decay = kDecay});
    ASSERT_EQ(result.error, "");
    EXPECT_EQ(result.steps, 1);
    EXPECT_NEAR(result.loss, reference.Loss(batch), 1e-6);
    for (std::size_t t = 0; t < layout.tensors.size(); ++t)
      for (std::size_t i = 0; i < layout.tensors[t].floats; ++i) {
        const std::size_t at = layout.tensors[t].offset + i;
        double& w = reference.tensors[t][i];
        const double value = w;
        w = value + kStep;
        const double above = reference.Loss(batch);
        w = value - kStep;
        const double slope = (above - reference.Loss(batch)) / (2 * kStep);
        w = value;
        EXPECT_NEAR(before[at] - node.row()[at], slope + kDecay * value, 1e-6)
            << layout.tensors[t].name << " " << i;
        EXPECT_NEAR(chain[t][i], slope, 1e-7);
      }
  }
}

INSTANTIATE_TEST_SUITE_P(, DenseGradient,
                         testing::Values(GradientCase{"relu", {9}, "relu"},
                                         GradientCase{"tanh", {9}, "tanh"},
                                         GradientCase{"deep_relu", {18, 6, 5}, "relu"},
                                         GradientCase{"deep_tanh", {6, 18}, "tanh"},
                                         GradientCase{"no_hidden_layer", {}, "relu"}),
                         [](const auto& tested) { return std::string(tested.param.name); });

void ExpectNear(Node& node, const ReferenceModel& reference) {
  const RowLayout& layout = node.learner->layout().model;
  for (std::size_t t = 0; t < layout.tensors.size(); ++t)
    for (std::size_t i = 0; i < layout.tensors[t].floats; ++i)
      EXPECT_NEAR(node.row()[layout.tensors[t].offset + i], reference.tensors[t][i], 2e-5)
          << layout.tensors[t].name << " " << i;
}

class DenseAgainstReference : public testing::TestWithParam<std::tuple<std::string, std::string>> {
};

TEST_P(DenseAgainstReference, GivesTheSameModelAfterTwoEpochsWithDropout) {
  const auto& [activation, optimizer] = GetParam();
  const Blobs blobs(50, 11, 3);
  Scenario scenario = ScenarioOf({20, 6}, activation, 0.3, optimizer);
  scenario.training.momentum = 0.9;
  const TrainOptions options{.epochs = 2,
                             .batch_size = 16,  // the last batch of an epoch has 2
                             .learning_rate = 0.01,
                             .momentum = 0.9,
                             .weight_decay = 0.01};
  for (const bool portable : {false, true}) {
    scenario.portable = portable;
    Node node(scenario, blobs.data);
    const RowLayout& layout = node.learner->layout().model;
    ReferenceModel reference(layout, node.row(), activation == "tanh");
    ReferenceOptimizer update{.name = optimizer};
    for (std::uint64_t round = 0; round < 2; ++round) {
      const RandomKey key{5, round};
      const TrainResult result = node.Train(blobs.view(), options, key);
      EXPECT_EQ(result.error, "");
      EXPECT_EQ(result.steps, 2 * 4);
      const double loss = TrainReference(reference, update, 0.3, blobs.view(), key, options);
      EXPECT_NEAR(result.loss, loss, 2e-5);
    }
    ExpectNear(node, reference);
  }
}

INSTANTIATE_TEST_SUITE_P(, DenseAgainstReference,
                         testing::Combine(testing::Values("relu", "tanh"),
                                          testing::Values("adam", "sgd", "rmsprop")),
                         [](const auto& tested) {
                           return std::get<0>(tested.param) + "_" + std::get<1>(tested.param);
                         });

struct OptionsCase {
  const char* name;
  const char* optimizer;
  TrainOptions options;
};
void PrintTo(const OptionsCase& tested, std::ostream* out) { *out << tested.name; }
class DenseOptions : public testing::TestWithParam<OptionsCase> {};

TEST_P(DenseOptions, GiveTheModelAndTheLossOfTheReference) {
  const Blobs blobs(50, 11, 3);
  Scenario scenario = ScenarioOf({20, 6}, "relu", 0.3, GetParam().optimizer);
  scenario.training.momentum = GetParam().options.momentum;
  const std::vector<std::uint32_t> some = {3, 9, 30};
  for (const Kernels* kernels : {&PortableKernels(), &BestKernels()}) {
    scenario.portable = kernels == &PortableKernels();
    Node node(scenario, blobs.data), global(scenario, blobs.data);
    ASSERT_EQ(global.Train({&blobs.data, some}, {.learning_rate = 0.1}).error, "");
    const RowLayout& layout = node.learner->layout().model;
    ReferenceModel reference(layout, node.row(), false);
    const ReferenceModel anchor(layout, global.row(), false);
    ReferenceOptimizer update{.name = GetParam().optimizer};
    const TrainJob job{.model = node.row(),
                       .state = node.state_row(),
                       .data = blobs.view(),
                       .anchor = global.row(),
                       .key = {5, 1},
                       .options = GetParam().options};
    const TrainResult result = node.learner->Train(std::span(&job, 1))[0];
    const double loss =
        TrainReference(reference, update, 0.3, blobs.view(), job.key, job.options, anchor.tensors);
    EXPECT_EQ(result.error, "");
    EXPECT_NEAR(result.loss, loss, 2e-5);
    ExpectNear(node, reference);
  }
}

// 50 examples are 4 batches an epoch, the last one of 2.
INSTANTIATE_TEST_SUITE_P(
    , DenseOptions,
    testing::Values(
        OptionsCase{
            "five_steps_end_in_the_second_epoch", "adam", {.local_steps = 5, .batch_size = 16}},
        OptionsCase{"three_steps_end_in_the_first_epoch",
                    "sgd",
                    {.epochs = 7, .local_steps = 3, .batch_size = 16, .learning_rate = 0.1}},
        OptionsCase{"proximal",
                    "sgd",
                    {.epochs = 2, .batch_size = 16, .learning_rate = 0.05, .proximal_mu = 3}},
        OptionsCase{"clipped",
                    "sgd",
                    {.epochs = 2, .batch_size = 16, .learning_rate = 0.05, .clip_norm = 0.1}},
        OptionsCase{
            "now_and_then_clipped", "rmsprop", {.epochs = 2, .batch_size = 16, .clip_norm = 1}},
        OptionsCase{"all_together",
                    "rmsprop",
                    {.local_steps = 9,
                     .batch_size = 16,
                     .learning_rate = 0.01,
                     .momentum = 0.5,
                     .weight_decay = 0.1,
                     .proximal_mu = 0.3,
                     .clip_norm = 0.5}}),
    [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace delstep
