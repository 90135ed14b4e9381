#include "learning/torch/device_scope.h"

#include <ATen/Context.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace delstep {
namespace {

using testing::HasSubstr;

TEST(DeviceWarnings, KeepsTheNamesOfOperationsThatDoNotRepeat) {
  DeviceWarnings warnings;
  const std::optional<c10::Stream> stream = StreamOf({.copies = true});
  ASSERT_TRUE(stream.has_value());
  at::globalContext().setDeterministicAlgorithms(true, /*warn_only=*/true);
  {
    const DeviceScope scope(stream, warnings);
    for (int i = 0; i < 2; ++i) at::Context::alertNotDeterministic("some_backward_cuda");
    TORCH_WARN("RNN module weights are not part of single contiguous chunk of memory.");
    testing::internal::CaptureStderr();
    TORCH_WARN("something else");
    EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("something else"));
  }
  at::globalContext().setDeterministicAlgorithms(false, false);
  EXPECT_THAT(warnings.unrepeatable(), testing::ElementsAre("some_backward_cuda"));
}

}  // namespace
}  // namespace delstep
