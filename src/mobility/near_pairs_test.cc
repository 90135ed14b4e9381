#include "mobility/near_pairs.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>

namespace delstep {
namespace {

using Pairs = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

Pairs Sorted(Pairs pairs) {
  std::ranges::sort(pairs);
  return pairs;
}

/// Whole numbers, so that many boxes touch, are empty or equal; now and then a huge one.
std::vector<Box> SomeBoxes() {
  const auto place = rc::gen::inRange(-20, 20);
  const auto side =
      rc::gen::weightedOneOf<int>({{15, rc::gen::inRange(-1, 6)}, {1, rc::gen::inRange(0, 5000)}});
  const auto box = rc::gen::map(rc::gen::tuple(place, place, side, side), [](const auto& n) {
    const auto& [x, y, width, height] = n;
    return Box{double(x), double(y), double(x + width), double(y + height)};
  });
  return *rc::gen::container<std::vector<Box>>(box);
}

TEST(NearPairs, AreThoseThatOverlapEachOnce) {
  EXPECT_TRUE(rc::check([] {
    const std::vector<Box> boxes = SomeBoxes();
    const auto hit = [](double low, double high, double other_low, double other_high) {
      return low <= high && other_low <= other_high && low <= other_high && other_low <= high;
    };
    Pairs expected;
    for (std::uint32_t a = 0; a < boxes.size(); ++a)
      for (std::uint32_t b = a + 1; b < boxes.size(); ++b) {
        const Box &one = boxes[a], &other = boxes[b];
        if (hit(one.x_low, one.x_high, other.x_low, other.x_high) &&
            hit(one.y_low, one.y_high, other.y_low, other.y_high))
          expected.emplace_back(a, b);
      }
    RC_ASSERT(Sorted(NearPairs(boxes)) == expected);
  }));
}

TEST(NearPairs, AreFoundBesideABoxThatIsVeryFarAway) {
  std::vector<Box> boxes;
  for (int i = 0; i < 100; ++i) {
    const double x = i * 10.0;
    boxes.push_back({x, 0, x + 1, 1});
  }
  boxes.push_back({5, 0.5, 12, 0.6});  // meets the second alone
  boxes.push_back({1e15, -1e15, 1e15, -1e15});
  EXPECT_EQ(NearPairs(boxes), (Pairs{{1, 100}}));
  EXPECT_TRUE(NearPairs({}).empty());
}

}  // namespace
}  // namespace delstep
