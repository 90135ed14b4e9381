#include "network/builtin/max_min.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "tests/fakes/naive_max_min.h"

namespace delstep {
namespace {

constexpr double kNoLimit = std::numeric_limits<double>::infinity();

std::vector<double> RatesOf(const std::vector<Demand>& demands,
                            const std::vector<double>& capacities) {
  std::vector<double> values;
  for (const Rate& rate : MaxMinRates(demands, capacities)) values.push_back(rate.value());
  return values;
}

TEST(MaxMin, EqualsShareAResourceEqually) {
  // Resource 0 is the uplink of all, 1 to 3 are downlinks.
  EXPECT_EQ(RatesOf({{0, 1, kNoLimit}, {0, 2, kNoLimit}, {0, 3, kNoLimit}}, {6, 9, 9, 9}),
            (std::vector<double>{2, 2, 2}));
}

TEST(MaxMin, WhatOneCannotUseTheOthersShare) {
  // Of 9 the first gets 1 (its downlink), the second 3 (its own limit), the third what is left.
  EXPECT_EQ(RatesOf({{0, 1, kNoLimit}, {0, 2, 3}, {0, 3, kNoLimit}}, {9, 1, 9, 9}),
            (std::vector<double>{1, 3, 5}));
}

TEST(MaxMin, ABottleneckElsewhereFreesCapacityHere) {
  // The textbook's chain: A and B share resource 0 (10), B and C resource 1 (4). B gets 2 there, so
  // A gets 8.
  EXPECT_EQ(RatesOf({{0, 2, kNoLimit}, {0, 1, kNoLimit}, {3, 1, kNoLimit}}, {10, 4, 99, 99}),
            (std::vector<double>{8, 2, 2}));
}

TEST(MaxMin, NothingLimitsWhoUsesUnlimitedResources) {
  EXPECT_EQ(RatesOf({{0, 1, kNoLimit}, {0, 1, 5}}, {kNoLimit, kNoLimit}),
            (std::vector<double>{kNoLimit, 5}));
  EXPECT_TRUE(MaxMinRates({}, {}).empty());
}

TEST(MaxMin, AThirdIsKeptAsAQuotient) {
  const auto rates = MaxMinRates(std::vector<Demand>(3, {0, 1, kNoLimit}), std::vector{1e6, 2e6});
  EXPECT_EQ(rates[0].capacity, 1e6);
  EXPECT_EQ(rates[0].sharers, 3);
}

TEST(MaxMin, AgreesWithRaisingAllRatesTogether) {
  using Row = std::tuple<std::uint8_t, std::uint8_t, std::uint8_t>;
  EXPECT_TRUE(rc::check([](const std::vector<Row>& rows, const std::vector<std::uint8_t>& sizes) {
    std::vector<double> capacities(12, 7);
    for (std::size_t r = 0; r < std::min<std::size_t>(sizes.size(), 12); ++r)
      capacities[r] = sizes[r] % 8 == 0 ? kNoLimit : 1 + sizes[r] % 50;
    std::vector<Demand> demands;
    for (const auto& [up, down, limit] : rows)
      demands.push_back({.up = up % 6u,
                         .down = 6u + down % 6u,
                         .limit = limit % 3 == 0 ? kNoLimit : 1.0 + limit % 20});
    const std::vector<double> rates = RatesOf(demands, capacities);
    const std::vector<double> expected = fakes::NaiveMaxMinRates(demands, capacities);
    for (std::size_t d = 0; d < demands.size(); ++d) {
      if (std::isinf(expected[d])) {
        RC_ASSERT(std::isinf(rates[d]));
      } else {
        RC_ASSERT(std::abs(rates[d] - expected[d]) <= 1e-9 * expected[d]);
      }
    }
  }));
}

TEST(MaxMin, GroupsThatShareNothingDoNotChangeEachOthersBits) {
  const std::vector<double> capacities = {1e6 / 3, 1e6 / 7, 1e6, 1e6 / 11, 5e5, 3e5, 1e6, 2e5};
  const std::vector<Demand> first = {{0, 1, kNoLimit}, {0, 2, 1e5}, {3, 2, kNoLimit}};
  const std::vector<Demand> second = {{4, 5, kNoLimit}, {4, 6, 7e4}, {7, 6, kNoLimit}};
  std::vector<Demand> both = {second[0], first[0], second[1], first[1], first[2], second[2]};
  const auto alone = RatesOf(first, capacities), together = RatesOf(both, capacities);
  EXPECT_EQ(alone, (std::vector{together[1], together[3], together[4]}));
}

}  // namespace
}  // namespace delstep
