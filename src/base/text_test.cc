#include "base/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace delstep {
namespace {

using testing::ElementsAre;

TEST(Text, TrimTakesBlanksFromBothEndsOnly) {
  EXPECT_EQ(Trim(" \t a b \r\n"), "a b");
  EXPECT_EQ(Trim("   "), "");
}

TEST(Text, SplitKeepsEmptyParts) {
  EXPECT_THAT(Split("a,,b", ','), ElementsAre("a", "", "b"));
  EXPECT_THAT(Split("", ','), ElementsAre(""));
}

TEST(Text, NumbersAreTheWholeTextOrNothing) {
  EXPECT_EQ(ParseUnsigned("42"), 42u);
  EXPECT_FALSE(ParseUnsigned("-1"));
  EXPECT_FALSE(ParseUnsigned("1 "));
  EXPECT_FALSE(ParseUnsigned("99999999999999999999"));
  EXPECT_EQ(ParseReal("1e-3"), 0.001);
  EXPECT_FALSE(ParseReal("nan"));
  EXPECT_FALSE(ParseReal("inf"));
  EXPECT_FALSE(ParseReal(""));
  EXPECT_FALSE(ParseReal("0x10"));
}

// A link with a loss of -0 had another hash than one with 0.
TEST(Text, ThereIsNoNegativeZero) {
  for (const char* zero : {"-0", "-0.0", "-0e5", "-1e-400", "+0", "0"}) {
    const auto number = ParseReal(zero);
    ASSERT_TRUE(number) << zero;
    EXPECT_EQ(*number, 0) << zero;
    EXPECT_FALSE(std::signbit(*number)) << zero;
  }
  EXPECT_EQ(ParseReal("-1"), -1);
}

TEST(Text, EditDistanceCountsASwapOnce) {
  EXPECT_EQ(EditDistance("train", "train"), 0u);
  EXPECT_EQ(EditDistance("trian", "train"), 1u);
  EXPECT_EQ(EditDistance("kitten", "sitting"), 3u);
  EXPECT_EQ(EditDistance("", "abc"), 3u);
}

TEST(Text, SuggestsOnlyWhatIsNear) {
  const std::vector<std::string> known = {"train", "test", "step"};
  EXPECT_EQ(DidYouMean("trian", known), "did you mean 'train'?");
  EXPECT_EQ(DidYouMean("TRAIN", known), "did you mean 'train'?");
  EXPECT_EQ(DidYouMean("neighborhood", known), "");
}

TEST(Text, SuggestsNothingFarFromAShortWord) {
  const std::vector<std::string> known = {"all", "mean", "max", "test", "LR"};
  for (const char* word : {"ann", "ll", "avg", "set", "l"}) EXPECT_EQ(DidYouMean(word, known), "");
  EXPECT_EQ(DidYouMean("al", known), "did you mean 'all'?");
  EXPECT_EQ(DidYouMean("alll", known), "did you mean 'all'?");
  EXPECT_EQ(DidYouMean("tets", known), "did you mean 'test'?");
  // What differs only in its case comes first, however short.
  EXPECT_EQ(DidYouMean("lr", known), "did you mean 'LR'?");
}

TEST(Text, ShortestRealReadsBackAsTheSame) {
  for (const double value : {0.1, 1.0 / 3, 1e-5, 123456789.0})
    EXPECT_EQ(ParseReal(ShortestReal(value)), value);
}

TEST(Text, CountsAndSizesReadAsPeopleWriteThem) {
  EXPECT_EQ(Count(1, "node"), "1 node");
  EXPECT_EQ(Count(12, "node"), "12 nodes");
  EXPECT_EQ(HumanBytes(12), "12 B");
  EXPECT_EQ(HumanBytes(1536), "1.5 KiB");
}

}  // namespace
}  // namespace delstep
