#include "core/world/row.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace delstep {
namespace {

Row Zeros(RowPool& pool) {
  Row row = pool.New();
  std::ranges::fill(row.Write(), 0.0f);
  return row;
}

TEST(Row, StartsAtA64ByteBoundary) {
  RowPool pool(48);
  const Row row = Zeros(pool);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(row.view().data()) % 64, 0u);
  EXPECT_EQ(row.view().size(), 48u);
}

TEST(Row, ACopiedHandleSharesTheFloats) {
  RowPool pool(16);
  Row row = Zeros(pool);
  row.Write()[3] = 7;
  const Row shared = row;
  EXPECT_EQ(shared.view().data(), row.view().data());
  EXPECT_FALSE(row.unique());
  EXPECT_EQ(pool.live(), 1u);
}

TEST(Row, CopyOfTheFloatsIsIndependent) {
  RowPool pool(16);
  Row row = Zeros(pool);
  Row copy = pool.Copy(row);
  copy.Write()[0] = 1;
  EXPECT_EQ(row.view()[0], 0);
  EXPECT_EQ(pool.live(), 2u);
}

TEST(RowPool, GivesTheMemoryOfADroppedRowToTheNext) {
  RowPool pool(16);
  const float* first = nullptr;
  {
    const Row row = pool.New();
    first = row.view().data();
  }
  EXPECT_EQ(pool.live(), 0u);
  EXPECT_EQ(pool.New().view().data(), first);
}

TEST(RowPool, MayGoBeforeItsRows) {
  Row row;
  {
    RowPool pool(16);
    row = Zeros(pool);
  }
  EXPECT_EQ(row.view()[15], 0);
}

TEST(Row, AVersionNamesContentsAlsoWhereMemoryServesAgain) {
  RowPool pool(16);
  Row row = Zeros(pool);
  const std::uint64_t zeros = row.version();
  Row shared = row;
  EXPECT_EQ(shared.version(), zeros) << "the same contents";
  EXPECT_NE(pool.Copy(row).version(), zeros) << "a copy may be written to";
  const void* memory = row.identity();
  row = {};
  shared = {};
  Row again = pool.New(), other = pool.New();
  EXPECT_TRUE(again.identity() == memory || other.identity() == memory);
  EXPECT_NE(again.version(), zeros);
  EXPECT_NE(other.version(), zeros);
  const std::uint64_t before = again.version();
  again.Write()[0] = 1;
  EXPECT_NE(again.version(), before) << "written in place";
}

TEST(RowPool, CountsTheMemoryThatWaits) {
  RowPool pool(16);
  { const Row row = Zeros(pool), another = Zeros(pool); }
  EXPECT_EQ(pool.live(), 0u);
  EXPECT_EQ(pool.spare(), 2u);
  const Row row = pool.New();
  EXPECT_EQ(pool.spare(), 1u);
}

TEST(RowPool, GivesEachRowMemoryOfItsOwn) {
  for (const std::size_t floats : {1u, 16u, 25'472u, 700'000u}) {
    RowPool pool(floats);
    std::vector<Row> rows;
    for (std::size_t i = 0; i < 12; ++i) {
      rows.push_back(pool.New());
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(rows[i].view().data()) % 64, 0u);
      std::ranges::fill(rows[i].Write(), static_cast<float>(i));
    }
    for (std::size_t i = 0; i < 12; ++i)
      EXPECT_EQ(std::ranges::count(rows[i].view(), static_cast<float>(i)),
                static_cast<std::ptrdiff_t>(floats));
  }
}

}  // namespace
}  // namespace delstep
