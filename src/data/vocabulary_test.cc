#include "data/vocabulary.h"

#include <gmock/gmock.h>

namespace delstep {
namespace {

using ::testing::ElementsAre;

TEST(Vocabulary, GivesTheMostFrequentTokensTheFirstIdsAndTiesInOrderOfText) {
  TokenCounts counts;
  for (const char* token : {"to", "be", "or", "not", "to", "be", "or", "to"}) counts.Add(token);
  // to 3, be 2, or 2, not 1.
  const Vocabulary all = MostFrequent(counts, 10);
  EXPECT_THAT(all.names, ElementsAre("<unk>", "to", "be", "or", "not"));
  EXPECT_THAT(all.id_of, ElementsAre(1, 2, 3, 4));  // in the order in which they were met
  const Vocabulary two = MostFrequent(counts, 2);
  EXPECT_THAT(two.names, ElementsAre("<unk>", "to", "be"));
  EXPECT_THAT(two.id_of, ElementsAre(1, 2, 0, 0));
}

TEST(Vocabulary, NumbersTokensInTheOrderInWhichTheyAreMet) {
  TokenCounts counts;
  EXPECT_EQ(counts.Add("a"), 0u);
  EXPECT_EQ(counts.Add("\xC3\xA4"), 1u);
  EXPECT_EQ(counts.Add("a"), 0u);
  EXPECT_EQ(counts.Add("b"), 2u);
  EXPECT_EQ(counts.Add("\xC3\xA4"), 1u);
  EXPECT_EQ(counts.size(), 3u);
  EXPECT_EQ(counts.count(1), 2u);
}

TEST(Vocabulary, NamesWhatCannotBeSeen) {
  TokenCounts counts;
  for (const char* token : {" ", "\n", "\t", "\x1B", "x"}) counts.Add(token);
  // One of each, so in the order of their bytes: 09, 0a, 1b, 20, 78.
  EXPECT_THAT(MostFrequent(counts, 10).names,
              ElementsAre("<unk>", "\\t", "\\n", "\\x1b", "space", "x"));
}

}  // namespace
}  // namespace delstep
