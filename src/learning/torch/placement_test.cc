#include "learning/torch/placement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace delstep {
namespace {

using testing::HasSubstr;

Result<Placement> Choose(const std::string& name, const Devices& devices, bool portable = false) {
  Scenario scenario;
  scenario.training.device = name;
  scenario.portable = portable;
  return ChoosePlacement(scenario, devices);
}

TEST(Placement, IsTheCpuInPlaceUnlessSomebodyAsks) {
  const auto placement = Choose("cpu", {});
  ASSERT_TRUE(placement.ok());
  EXPECT_TRUE(placement->device.is_cpu());
  EXPECT_FALSE(placement->copies);
}

TEST(Placement, SaysWhyThereIsNoDevice) {
  const Devices none{.count = 0, .version = {}, .absence = Unavailable("no driver", "get one")};
  for (const char* name : {"cuda", "cuda:0"}) {
    const auto placement = Choose(name, none);
    ASSERT_FALSE(placement.ok());
    EXPECT_EQ(placement.error().code, ErrorCode::kUnavailable);
    EXPECT_EQ(placement.error().message, std::string("training.device = ") + name + ": no driver");
    EXPECT_THAT(placement.error().hint, HasSubstr("get one"));
  }
}

TEST(Placement, TakesTheDeviceOfTheNumberOrNamesThoseThatAreThere) {
  const Devices two{.count = 2, .version = "11.8", .absence = {}};
  EXPECT_EQ(Choose("cuda", two)->device, c10::Device("cuda:0"));
  EXPECT_EQ(Choose("cuda:1", two)->device, c10::Device("cuda:1"));
  EXPECT_TRUE(Choose("cuda:1", two)->copies);
  const auto third = Choose("cuda:2", two);
  ASSERT_FALSE(third.ok());
  EXPECT_EQ(third.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(third.error().hint, HasSubstr("cpu and cuda:0, cuda:1"));
}

TEST(Placement, RefusesWhatIsNoDeviceAndPortableBits) {
  const Devices two{.count = 2, .version = "11.8", .absence = {}};
  for (const char* name : {"", "gpu", "cuda:", "cuda:x", "mps", "cpu:0"})
    EXPECT_EQ(Choose(name, two).error().code, ErrorCode::kUsage) << name;
  EXPECT_THAT(Choose("cuda", two, true).error().message, HasSubstr("portable = true"));
}

}  // namespace
}  // namespace delstep
