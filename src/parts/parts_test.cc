#include "delstep/registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace delstep {
namespace {

TEST(Parts, ThatAreAbsentSayWhy) {
  const Registry registry = MakeRegistry({});
  const auto ns3 = registry.networks.Find("ns3");
  ASSERT_FALSE(ns3);
  EXPECT_EQ(ns3.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(ns3.error().message, testing::HasSubstr("not written yet"));
}

}  // namespace
}  // namespace delstep
