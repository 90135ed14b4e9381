#include "data/scale.h"

#include <gmock/gmock.h>

namespace delstep {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;

using Bytes = std::vector<std::uint8_t>;

Bytes Scaled(const Bytes& plane, std::size_t width, std::size_t height, std::size_t size) {
  return Scale(plane, width, height, size);
}

TEST(Scale, LeavesAPictureOfTheSameSizeAsItIs) {
  EXPECT_THAT(Scaled({0, 50, 255, 3}, 2, 2, 2), ElementsAre(0, 50, 255, 3));
}

TEST(Scale, LeavesOneColourAsItIs) {
  for (const std::size_t size : {1u, 2u, 3u, 7u, 30u})
    for (const std::size_t width : {1u, 2u, 9u, 64u})
      EXPECT_THAT(Scaled(Bytes(width * 5, 255), width, 5, size), Each(255)) << width << ' ' << size;
}

TEST(Scale, MixesByATriangleOfTwoOldPixelsWhereItGrows) {
  // New centres lie at 0.25, 0.75, 1.25, 1.75 between the old ones at 0.5 and 1.5: 0 (nothing lies
  // left of the first), 0.25 * 100, 0.75 * 100, 100.
  const Bytes grown = Scaled({0, 100}, 2, 1, 4);
  EXPECT_THAT(Bytes(grown.begin(), grown.begin() + 4), ElementsAre(0, 25, 75, 100));
}

TEST(Scale, MixesByATriangleOfTwoNewPixelsWhereItShrinks) {
  // From 8 to 4 the weights of a pixel inside are 1/8, 3/8, 3/8, 1/8. In rows 2 and 3 of each
  // column the step from 0 to 240 lies behind three of four, and one of four: 30 and 210.
  const Bytes plane = {0, 0, 0, 0, 240, 240, 240, 240};
  EXPECT_THAT(Scaled(plane, 1, 8, 4),
              ElementsAre(0, 0, 0, 0, 30, 30, 30, 30, 210, 210, 210, 210, 240, 240, 240, 240));
}

TEST(Scale, AveragesEverythingIntoOnePixelByItsDistanceToTheMiddle) {
  // Weights 1 - 1/2 for both of two pixels: equal.
  EXPECT_THAT(Scaled({10, 20}, 2, 1, 1), ElementsAre(15));
}

}  // namespace
}  // namespace delstep
