#include "math/weighted_sums.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "learning/pool_workers.h"

namespace delstep {
namespace {

using Rows = std::vector<std::vector<float>>;

Rows RandomRows(std::size_t count, std::size_t columns) {
  Rows rows(count, std::vector<float>(columns));
  for (std::size_t r = 0; r < count; ++r) {
    Random random({5, r});
    for (float& x : rows[r]) x = static_cast<float>(random.Normal());
  }
  return rows;
}

/// Sum i takes row (7 i + k) mod rows with weight 1 / (i + k + 1), for k < i.
struct Lists {
  Lists(const Rows& rows, std::size_t sums) : terms(sums), out(sums) {
    for (std::size_t i = 0; i < sums; ++i) {
      for (std::size_t k = 0; k < i; ++k)
        terms[i].push_back(
            {rows[(7 * i + k) % rows.size()].data(), 1.0f / static_cast<float>(i + k + 1)});
      out[i].assign(rows[0].size() + 1, 9.0f);
    }
  }
  void Run(const Kernels& kernels, Workers& workers) {
    std::vector<WeightedSum> sums;
    for (std::size_t i = 0; i < terms.size(); ++i) sums.push_back({terms[i], out[i].data()});
    WeightedSums(kernels, sums, out[0].size() - 1, workers);
  }
  std::vector<std::vector<WeightedTerm>> terms;
  Rows out;
};

class WeightedSumsOf : public testing::TestWithParam<const Kernels*> {};
INSTANTIATE_TEST_SUITE_P(, WeightedSumsOf, testing::ValuesIn(RunnableKernels()),
                         [](const auto& tested) { return std::string(tested.param->name); });

TEST_P(WeightedSumsOf, AddTheTermsInListOrderInOneChain) {
  PoolWorkers workers(1);
  for (const std::size_t columns : {1u, 15u, 16u, 129u, 256u, 700u}) {
    const Rows rows = RandomRows(13, columns);
    Lists lists(rows, 9);
    lists.Run(*GetParam(), workers);
    for (std::size_t i = 0; i < lists.out.size(); ++i) {
      for (std::size_t c = 0; c < columns; ++c) {
        float sum = 0;
        for (const WeightedTerm& term : lists.terms[i])
          sum = GetParam()->fused ? std::fma(term.weight, term.row[c], sum)
                                  : sum + term.weight * term.row[c];
        EXPECT_EQ(lists.out[i][c], sum) << i << " " << c;
      }
      EXPECT_EQ(lists.out[i][columns], 9.0f) << "wrote behind the row";
    }
  }
}

TEST_P(WeightedSumsOf, GiveTheSameBitsWhetherOrNotOtherSumsShareTheirRows) {
  PoolWorkers workers(2);
  const Rows rows = RandomRows(40, 700);
  Lists lists(rows, 13);  // two tiles and a single one of the same rows, with other weights
  for (std::size_t i = 0; i < 13; ++i) {
    lists.terms[i].clear();
    for (std::size_t k = 0; k < rows.size(); ++k)
      lists.terms[i].push_back({rows[k].data(), 1.0f / static_cast<float>(i + k + 1)});
  }
  Lists alone = lists;
  lists.Run(*GetParam(), workers);
  for (std::size_t i = 0; i < 13; ++i) {
    const WeightedSum sum{alone.terms[i], alone.out[i].data()};
    WeightedSums(*GetParam(), std::span(&sum, 1), 700, workers);
  }
  EXPECT_EQ(lists.out, alone.out);
}

/// Sums over the same rows, but each without a tenth of them.
Lists LossyLists(const Rows& rows, std::size_t sums) {
  Lists lists(rows, sums);
  for (std::size_t i = 0; i < sums; ++i) {
    lists.terms[i].clear();
    for (std::size_t k = 0; k < rows.size(); ++k)
      if ((7 * i + 3 * k) % 10 != 0)
        lists.terms[i].push_back({rows[k].data(), 1.0f / static_cast<float>(i + k + 1)});
  }
  return lists;
}

void ExpectTheBitsOfEachAlone(const Kernels& kernels, Lists lists) {
  PoolWorkers workers(2);
  Lists alone = lists;
  const std::size_t columns = lists.out[0].size() - 1;
  lists.Run(kernels, workers);
  for (std::size_t i = 0; i < alone.terms.size(); ++i) {
    const WeightedSum sum{alone.terms[i], alone.out[i].data()};
    WeightedSums(kernels, std::span(&sum, 1), columns, workers);
    for (std::size_t c = 0; c < columns; ++c)
      EXPECT_EQ(std::bit_cast<std::uint32_t>(lists.out[i][c]),
                std::bit_cast<std::uint32_t>(alone.out[i][c]))
          << i << " " << c;
  }
}

TEST_P(WeightedSumsOf, GiveTheSameBitsWhereTheListsDifferByAFewRows) {
  const Rows rows = RandomRows(40, 150);
  ExpectTheBitsOfEachAlone(*GetParam(), LossyLists(rows, 14));
  Lists last = LossyLists(rows, 12);  // and where the last terms alone differ
  for (std::size_t i = 0; i < 12; ++i) last.terms[i].resize(30 + i % 4);
  ExpectTheBitsOfEachAlone(*GetParam(), last);
}

TEST_P(WeightedSumsOf, GiveTheSameBitsWhereARowComesTwiceOrInAnotherOrder) {
  const Rows rows = RandomRows(40, 150);
  Lists lists = LossyLists(rows, 12);
  for (std::size_t i = 0; i < 12; ++i) {
    std::swap(lists.terms[i][i], lists.terms[i][i + 2]);
    lists.terms[i].insert(lists.terms[i].begin() + 7, lists.terms[i][i + 9]);
  }
  ExpectTheBitsOfEachAlone(*GetParam(), lists);
}

TEST_P(WeightedSumsOf, KeepWhatIsNotFiniteOutOfSumsThatDoNotNameItsRow) {
  Rows rows = RandomRows(40, 150);
  for (const float bad : {std::numeric_limits<float>::infinity(), std::nanf("")}) {
    rows[20][3] = rows[20][149] = bad;
    Lists lists = LossyLists(rows, 12);
    PoolWorkers workers(1);
    lists.Run(*GetParam(), workers);
    for (std::size_t i = 0; i < 12; ++i) {
      const bool named = (7 * i + 3 * 20) % 10 != 0;
      for (std::size_t c = 0; c < 150; ++c)
        EXPECT_EQ(std::isfinite(lists.out[i][c]), !named || (c != 3 && c != 149)) << i << " " << c;
    }
  }
}

TEST_P(WeightedSumsOf, GiveTheSameBitsOnAnyNumberOfWorkers) {
  const Rows rows = RandomRows(20, 1500);
  PoolWorkers one(1);
  Lists expected(rows, 12);
  expected.Run(*GetParam(), one);
  for (const std::size_t threads : {2u, 3u, 5u}) {
    PoolWorkers workers(threads);
    Lists lists(rows, 12);
    lists.Run(*GetParam(), workers);
    EXPECT_EQ(lists.out, expected.out) << threads;
  }
}

TEST(WeightedSums, GiveZerosForNoTermsAndTheRowItselfForWeightOne) {
  PoolWorkers workers(1);
  const Rows rows = RandomRows(1, 40);
  std::vector<float> none(40, 1.0f), same(40, 1.0f);
  const WeightedTerm term{rows[0].data(), 1};
  const std::vector<WeightedSum> sums = {{{}, none.data()}, {{&term, 1}, same.data()}};
  WeightedSums(BestKernels(), sums, 40, workers);
  EXPECT_EQ(none, std::vector<float>(40, 0.0f));
  EXPECT_EQ(same, rows[0]);
  WeightedSums(BestKernels(), {}, 40, workers);
  WeightedSums(BestKernels(), sums, 0, workers);
}

}  // namespace
}  // namespace delstep
