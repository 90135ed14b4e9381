#include "core/row.h"

#include <gtest/gtest.h>

#include <algorithm>

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

}  // namespace
}  // namespace delstep
