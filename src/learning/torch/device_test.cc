/// The way to a device and back, with the CPU as the device.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "learning/torch/device_fixture.h"
#include "learning/torch/tensor_kernels.h"

namespace delstep {
namespace {

using testing::HasSubstr;

/// With blocks so small that the jobs of one call take three.
Placement Copied() { return {.copies = true, .block_bytes = 1}; }
Placement CopiedWithTensorKernels() {
  return {.copies = true, .kernels = &TensorKernels(c10::DeviceType::CPU)};
}

void ExpectTheSameWithCopies(const Scenario& scenario, const Pictures& pictures) {
  SCOPED_TRACE(scenario.model.name + " " + scenario.training.optimizer);
  Nodes here(On({}), scenario, pictures), there(On(Copied()), scenario, pictures);
  EXPECT_EQ(here.learner().layout().model, there.learner().layout().model);
  EXPECT_EQ(here.learner().layout().state, there.learner().layout().state);
  const Bits start = here.AllBits();
  EXPECT_EQ(start, there.AllBits());
  for (std::uint64_t use = 0; use < 2; ++use) {  // the second time with moments other than 0
    ExpectEqual(here.Train(Everything(scenario), use), there.Train(Everything(scenario), use));
    ExpectEqual(here.Test(), there.Test());
  }
  EXPECT_NE(start, there.AllBits());
  EXPECT_EQ(here.AllBits(), there.AllBits());
}

TEST(TorchOnDevice, CopiesChangeNoBitOfAPerceptron) {
  const Pictures pictures({1, 7, 7});
  for (const char* optimizer : {"adam", "adamw", "sgd", "rmsprop"})
    for (const double momentum : {0.0, 0.9})
      ExpectTheSameWithCopies(PerceptronBy(optimizer, momentum), pictures);
}

TEST(TorchOnDevice, CopiesChangeNoBitOfPictures) {
  const Pictures digits({1, 16, 16}), colours({3, 16, 16});
  ExpectTheSameWithCopies(Model("cnn"), digits);
  ExpectTheSameWithCopies(Model("lenet"), colours);
  ExpectTheSameWithCopies(Model("resnet20", "sgd"), colours);
}

TEST(TorchOnDevice, CopiesChangeNoBitOfSequences) {
  Pictures sequences({6}, 5);
  for (std::uint8_t& byte : sequences.bytes) byte %= 5;
  sequences.data.tokens = 5;
  sequences.data.scale = 1;
  Scenario scenario = Model("lstm");
  scenario.model.units = 16;
  ExpectTheSameWithCopies(scenario, sequences);
}

TEST(TorchOnDevice, CopiesChangeNoBitOfYourOwnModels) {
  const Pictures twelve({12}, 4);
  ExpectTheSameWithCopies(
      YourOwn("torchscript", DELSTEP_SOURCE_DIR "/tests/conformance/torch/script_net.pt"), twelve);
  ExpectTheSameWithCopies(YourOwn("module", DELSTEP_CONFORMANCE_MODULE), twelve);
}

TEST(TorchOnDevice, TensorsUpdateAsTheKernelsDo) {
  const Pictures pictures({1, 7, 7});
  for (const char* optimizer : {"adam", "adamw", "sgd", "rmsprop"})
    for (const double momentum : {0.0, 0.9}) {
      const Scenario scenario = PerceptronBy(optimizer, momentum);
      Nodes here(On({}), scenario, pictures);
      Nodes there(On(CopiedWithTensorKernels()), scenario, pictures);
      Nodes start(On({}), scenario, pictures);
      here.Train(Everything(scenario));
      const auto results = there.Train(Everything(scenario));
      EXPECT_EQ(results[0].error, "");
      EXPECT_EQ(results[0].steps, 6) << "20 examples are 3 batches of at most 7, twice";
      EXPECT_GT(here.DistanceTo(start), 1e-3);
      EXPECT_LT(here.DistanceTo(there), 2e-5) << optimizer << " " << momentum;
    }
}

TEST(TorchOnDevice, ATrainingGoesOnWhereverTheRowsHaveBeen) {
  // What undo, a checkpoint, and another training.device in a run rely on.
  const Pictures pictures({1, 7, 7});
  const Scenario scenario = PerceptronBy("adam");
  Nodes here(On({}), scenario, pictures), there(On(Copied()), scenario, pictures);
  here.Train(Everything(scenario), 0);
  there.CopyRowsFrom(here);
  here.Train(Everything(scenario), 1);
  there.Train(Everything(scenario), 1);
  EXPECT_EQ(here.AllBits(), there.AllBits());
}

TEST(TorchOnDevice, AnExceptionOfTheModelFailsThatJobAlone) {
  const Pictures four({4}, 2);
  // All three jobs are in one block; the second one has 22 examples, and a batch of all.
  Nodes nodes(RefusingOn(22, {.copies = true}), Model("module"), four);
  const Bits start = nodes.AllBits();
  const auto results = nodes.Train({.batch_size = 100});
  EXPECT_EQ(results[0].error, "");
  EXPECT_THAT(results[1].error, HasSubstr("no batch of this size"));
  EXPECT_EQ(results[1].failure, JobFailure::kLearner);
  EXPECT_EQ(results[2].error, "");
  EXPECT_NE(nodes.AllBits(), start);
  EXPECT_THAT(nodes.Test()[1].error, HasSubstr("no batch of this size"));
  EXPECT_EQ(nodes.Test()[2].error, "");
}

TEST(TorchOnDevice, LabelsOfANodeCountThoughTheFeaturesAreThereAlready) {
  const Pictures pictures({1, 7, 7});
  Pictures other = pictures;
  for (std::int32_t& label : other.labels) label = (label + 1) % 10;
  Dataset relabelled = pictures.data;  // the same features
  relabelled.labels = other.labels;
  Scenario scenario = PerceptronBy("adam");
  scenario.model.dropout = 0;
  Node node(On(Copied()), scenario, pictures.data);
  const auto test = [&](const Dataset& data) {
    const EvaluateJob job{.model = node.row(), .data = {&data, pictures.examples}};
    return node.learner->Evaluate(std::span(&job, 1))[0].correct;
  };
  node.Train(pictures.view(), {.epochs = 200, .batch_size = 24, .learning_rate = 0.01});
  EXPECT_EQ(test(pictures.data), 24) << "learnt by heart";
  EXPECT_EQ(test(relabelled), 0);
}

}  // namespace
}  // namespace delstep
