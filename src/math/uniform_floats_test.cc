#include "math/uniform_floats.h"

#include <gtest/gtest.h>

#include <vector>

namespace delstep {
namespace {

TEST(UniformFloats, AreThoseOfOneDrawAfterTheOther) {
  for (const bool portable : {false, true})
    for (const std::size_t size : {0u, 1u, 3u, 512u, 513u, 2000u}) {
      const RandomKey key = MakeKey(5, Purpose::kInitialise, size);
      Random one(key), other(key);
      other.Next32();  // from an odd place too
      one.Next32();
      std::vector<float> values(size);
      FillUniform(one, -0.25, 0.75, values, portable);
      for (const float value : values)
        ASSERT_EQ(value, static_cast<float>(other.Uniform(-0.25, 0.75))) << size;
      EXPECT_EQ(one.Next32(), other.Next32()) << "the stream goes on behind them";
    }
}

}  // namespace
}  // namespace delstep
