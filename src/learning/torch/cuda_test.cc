/// With a GPU of NVIDIA, where there is one. The suite of learners runs on it too.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "learning/torch/device_fixture.h"
#include "learning/torch/tensor_kernels.h"

namespace delstep {
namespace {

using testing::HasSubstr;

/// "" where there is a device; else why the test is skipped.
std::string WhyNoDevice() {
  const Devices devices = FindDevices();
  if (devices.count > 0) return {};
  return "NOT TRIED ON A DEVICE, because there is none: " + devices.absence.message;
}

Placement OnCuda() {
  return {.device = c10::Device("cuda:0"),
          .copies = true,
          .kernels = &TensorKernels(c10::DeviceType::CUDA)};
}

TEST(TorchOnCuda, AgreesWithTheCpuToRounding) {
  if (const std::string why = WhyNoDevice(); !why.empty()) GTEST_SKIP() << why;
  const Pictures pictures({1, 16, 16});
  for (const Scenario& scenario : {PerceptronBy("adam"), PerceptronBy("sgd", 0.9), Model("cnn")}) {
    Nodes cpu(On({}), scenario, pictures), cuda(On(OnCuda()), scenario, pictures);
    EXPECT_EQ(cpu.AllBits(), cuda.AllBits()) << "initial values are drawn by the CPU";
    const auto expected = cpu.Train(Everything(scenario));
    const auto results = cuda.Train(Everything(scenario));
    for (std::size_t i = 0; i < kNodes; ++i) {
      EXPECT_EQ(results[i].error, "");
      EXPECT_NEAR(results[i].loss, expected[i].loss, 1e-3);
    }
    EXPECT_LT(cpu.DistanceTo(cuda), 2e-3) << scenario.model.name;
  }
}

TEST(TorchOnCuda, RepeatsItsBits) {
  if (const std::string why = WhyNoDevice(); !why.empty()) GTEST_SKIP() << why;
  const Pictures pictures({3, 16, 16});
  for (const Scenario& scenario : {PerceptronBy("rmsprop"), Model("lenet"), Model("resnet20")}) {
    Nodes once(On(OnCuda()), scenario, pictures), again(On(OnCuda()), scenario, pictures);
    ExpectEqual(once.Train(Everything(scenario)), again.Train(Everything(scenario)));
    ExpectEqual(once.Test(), again.Test());
    EXPECT_EQ(once.AllBits(), again.AllBits()) << scenario.model.name;
  }
}

TEST(TorchOnCuda, HasModelsOfUsersAndAnExceptionFailsThatJobAlone) {
  if (const std::string why = WhyNoDevice(); !why.empty()) GTEST_SKIP() << why;
  const Pictures twelve({12}, 4);
  const Scenario script =
      YourOwn("torchscript", DELSTEP_SOURCE_DIR "/tests/conformance/torch/script_net.pt");
  Nodes nodes(On(OnCuda()), script, twelve);
  for (const TrainResult& result : nodes.Train(Everything(script))) EXPECT_EQ(result.error, "");
  for (const EvaluateResult& result : nodes.Test()) EXPECT_EQ(result.error, "");

  const Pictures four({4}, 2);
  Nodes refusing(RefusingOn(22, OnCuda()), Model("module"), four);
  const auto results = refusing.Train({.batch_size = 100});
  EXPECT_EQ(results[0].error, "");
  EXPECT_THAT(results[1].error, HasSubstr("no batch of this size"));
  EXPECT_EQ(results[2].error, "");
}

}  // namespace
}  // namespace delstep
