#include "archive/byte_buffer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace delstep {
namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20;

bool BeginsWithAHugePage(const ByteBuffer& buffer) {
  return reinterpret_cast<std::uintptr_t>(buffer.bytes().data()) % (2 * kMiB) == 0;
}

TEST(ByteBuffer, KeepsWhatItHoldsWhileItGrows) {
  ByteBuffer buffer;
  std::size_t size = 0;
  std::uint8_t value = 0;
  // Below 2 MiB, across, and on, also beyond the room that was left behind.
  for (const std::size_t count : {std::size_t{3}, kMiB, kMiB, 3 * kMiB, 9 * kMiB}) {
    const std::span<std::uint8_t> added = buffer.Extend(count);
    ASSERT_EQ(added.size(), count);
    size += count;
    ASSERT_EQ(buffer.size(), size);
    EXPECT_EQ(added.data() + count, buffer.bytes().data() + size) << "not at the end";
    std::ranges::fill(added, ++value);
  }
  const auto of = [&](std::uint8_t wanted) { return std::ranges::count(buffer.bytes(), wanted); };
  EXPECT_EQ(of(1), 3);
  EXPECT_EQ(of(2) + of(3), 2 * kMiB);
  EXPECT_EQ(of(4), 3 * kMiB);
  EXPECT_EQ(of(5), 9 * kMiB);
  EXPECT_TRUE(std::ranges::is_sorted(buffer.bytes()));
}

TEST(ByteBuffer, LargeOnesBeginWithAHugePageAndStayWhereAQuarterIsAdded) {
  ByteBuffer buffer;
  buffer.Extend(40 * kMiB);
  EXPECT_TRUE(BeginsWithAHugePage(buffer));
  const std::uint8_t* const before = buffer.bytes().data();
  buffer.Extend(10 * kMiB);
  EXPECT_EQ(buffer.bytes().data(), before);
  buffer.Extend(40 * kMiB);
  EXPECT_TRUE(BeginsWithAHugePage(buffer));
}

TEST(ByteBuffer, RefusesWhatNoMemoryHoldsAndStays) {
  ByteBuffer buffer;
  buffer.Extend(5)[4] = 7;
  EXPECT_TRUE(buffer.Extend(0).empty());
  EXPECT_TRUE(buffer.Extend(SIZE_MAX).empty());
  EXPECT_TRUE(buffer.Extend(SIZE_MAX / 2).empty());
  EXPECT_EQ(buffer.size(), 5u);
  EXPECT_EQ(buffer.bytes()[4], 7);
}

}  // namespace
}  // namespace delstep
