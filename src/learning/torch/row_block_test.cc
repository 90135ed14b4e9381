#include "learning/torch/row_block.h"

#include <gtest/gtest.h>

#include "math/aligned_floats.h"

namespace delstep {
namespace {

TEST(RowBlock, PlacesAsManyJobsAsItHasRoomForAndOneAtLeast) {
  const AlignedFloats memory(16 * 6);
  const auto row = [&](std::size_t i) {
    return std::span(const_cast<float*>(memory.data()) + 16 * i, 16);
  };
  std::vector<TrainJob> jobs(3);
  for (std::size_t i = 0; i < 3; ++i) {
    jobs[i].model = row(2 * i);
    jobs[i].state = row(2 * i + 1);
  }
  const auto count = [&](Placement placement) {
    return RowBlock(placement).CountOf(std::span<const TrainJob>(jobs));
  };
  // Two rows of 16 floats are 128 bytes.
  EXPECT_EQ(count({.copies = true, .block_bytes = 256}), 2u);
  EXPECT_EQ(count({.copies = true, .block_bytes = 255}), 1u);
  EXPECT_EQ(count({.copies = true, .block_bytes = 1}), 1u);
  EXPECT_EQ(count({.block_bytes = 1}), 3u) << "in place there is no block";
}

TEST(RowBlock, CopiesRowsThereAndBackAndASharedAnchorOnce) {
  AlignedFloats memory(16 * 5);
  for (std::size_t i = 0; i < memory.size(); ++i) memory.data()[i] = static_cast<float>(i);
  const auto row = [&](std::size_t i) { return std::span(memory.data() + 16 * i, 16); };
  std::vector<TrainJob> jobs(2);
  for (std::size_t i = 0; i < 2; ++i) {
    jobs[i].model = row(2 * i);
    jobs[i].state = row(2 * i + 1);
    jobs[i].anchor = row(4);
  }
  const Placement placement{.copies = true};
  RowBlock block(placement);
  block.Place(jobs);
  EXPECT_NE(block.at(0).model.data(), row(0).data());
  EXPECT_EQ(block.at(1).state[15], 16 * 3 + 15);
  EXPECT_EQ(block.at(1).anchor[0], 16 * 4);
  EXPECT_EQ(block.at(0).anchor.data(), block.at(1).anchor.data());
  block.at(1).model[2] = -1;
  EXPECT_EQ(row(2)[2], 16 * 2 + 2) << "not before the way home";
  block.BringHome(jobs);
  EXPECT_EQ(row(2)[2], -1);
  EXPECT_EQ(row(3)[15], 16 * 3 + 15);
}

}  // namespace
}  // namespace delstep
