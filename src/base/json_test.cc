#include "base/json.h"

#include <gtest/gtest.h>

#include <limits>

namespace delstep {
namespace {

TEST(JsonString, EscapesWhatJsonAsksForAndMendsWhatIsNoUtf8) {
  EXPECT_EQ(JsonString("say \"hi\"\\"), R"("say \"hi\"\\")");
  EXPECT_EQ(JsonString("a\tb\nc\x01"), R"("a\tb\nc\u0001")");
  EXPECT_EQ(JsonString("\xff"), "\"\uFFFD\"");
  EXPECT_EQ(JsonString("Zürich"), "\"Zürich\"");
}

TEST(JsonNumber, IsNullWhereJsonHasNoNumber) {
  EXPECT_EQ(JsonNumber(0.1), "0.1");
  EXPECT_EQ(JsonNumber(std::numeric_limits<double>::infinity()), "null");
}

TEST(JsonNaN, IsToldByTheLetterAtWhichAParserStops) {
  for (const char* token : {"\"weight\":N", "[1, I", "-I"})
    EXPECT_TRUE(StumbledOverNaN(token)) << token;
  for (const char* token : {"", "nul", "n", "{\"a\": i"})
    EXPECT_FALSE(StumbledOverNaN(token)) << token;
}

}  // namespace
}  // namespace delstep
