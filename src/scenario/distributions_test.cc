// Distributions and areas as people write them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenario/units.h"

namespace delstep {
namespace {

using testing::HasSubstr;
using Kind = Distribution::Kind;

TEST(Distributions, OfNumbersAreReadAsTheyAreWritten) {
  const std::pair<const char*, Distribution> cases[] = {
      {"20", {.a = 20}},
      {"0", {.a = 0}},
      {"0.25", {.a = 0.25}},
      {"uniform(1,2)", {.kind = Kind::kUniform, .a = 1, .b = 2}},
      {"uniform(2,2)", {.kind = Kind::kUniform, .a = 2, .b = 2}},
      {"exponential(3)", {.kind = Kind::kExponential, .a = 3}},
      {"weibull(0.6,30)", {.kind = Kind::kWeibull, .a = 0.6, .b = 30}},
      {"lognormal(20,0.6)", {.kind = Kind::kLogNormal, .a = 20, .b = 0.6}},
      {"classes(1,3,10)", {.kind = Kind::kClasses, .classes = {1, 3, 10}}},
      {"classes(7)", {.kind = Kind::kClasses, .classes = {7}}},
      {"1000000000", {.a = 1e9}},
  };
  for (const auto& [text, expected] : cases) {
    const auto parsed = ParseDistribution(text);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(*parsed, expected) << text;
    EXPECT_EQ(DistributionText(*parsed), text);
  }
  EXPECT_EQ(*ParseDistribution(" uniform ( 1 , 2 )"), (Distribution{Kind::kUniform, 1, 2, {}}));
}

TEST(Distributions, OfDurationsAreKeptInSecondsAndWrittenExactly) {
  // What comes in is written in the largest unit that the duration reaches.
  const std::tuple<const char*, Distribution, const char*> cases[] = {
      {"30min", {.a = 1800}, "1800s"},
      {"0", {.a = 0}, "0ns"},
      {"1500ms", {.a = 1.5}, "1.5s"},
      {"exponential(30min)", {.kind = Kind::kExponential, .a = 1800}, "exponential(1800s)"},
      {"weibull(0.6,30min)", {.kind = Kind::kWeibull, .a = 0.6, .b = 1800}, "weibull(0.6,1800s)"},
      {"lognormal(20s,0.6)", {.kind = Kind::kLogNormal, .a = 20, .b = 0.6}, "lognormal(20s,0.6)"},
      {"uniform(1us,2h)", {.kind = Kind::kUniform, .a = 1e-6, .b = 7200}, "uniform(1us,7200s)"},
      {"classes(1min,1h)", {.kind = Kind::kClasses, .classes = {60, 3600}}, "classes(60s,3600s)"},
  };
  for (const auto& [text, expected, written] : cases) {
    const auto parsed = ParseDurations(text);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(*parsed, expected) << text;
    EXPECT_EQ(DurationsText(*parsed), written);
    EXPECT_EQ(*ParseDurations(DurationsText(*parsed)), *parsed) << "the same bits";
  }
}

void ExpectNone(const Result<Distribution>& parsed, const char* text, const char* why) {
  ASSERT_FALSE(parsed) << text;
  EXPECT_EQ(parsed.error().code, ErrorCode::kUsage);
  EXPECT_THAT(parsed.error().message, HasSubstr(why)) << text;
  EXPECT_THAT(parsed.error().hint, HasSubstr("weibull(")) << text;
}

TEST(Distributions, ErrorsSayWhatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "neither a constant nor a name with brackets"},
      {"fast", "neither a constant nor a name with brackets"},
      {"-1", "neither a constant"},
      {"1e10", "neither a constant"},
      {"inf", "neither a constant"},
      {"nan", "neither a constant"},
      {"normal(1,2)", "there is no distribution 'normal'"},
      {"(1,2)", "there is no distribution ''"},
      {"uniform(1,2", "the closing bracket is missing"},
      {"uniform(1,2)x", "the closing bracket is missing"},
      {"uniform(1)", "uniform takes 2 values"},
      {"exponential(1,2)", "exponential takes 1 value"},
      {"uniform(2,1)", "its lower end is above its upper end"},
      {"uniform(1,x)", "'x' cannot be read"},
      {"uniform(,1)", "'' cannot be read"},
      {"classes()", "'' cannot be read"},
      {"classes(1,-2)", "'-2' cannot be read"},
      {"weibull(0,30)", "'0' must be a number above 0 and up to 100"},
      {"weibull(101,30)", "'101' must be a number above 0 and up to 100"},
      {"lognormal(20,-1)", "'-1' must be a number above 0 and up to 100"},
  };
  for (const auto& [text, why] : cases) ExpectNone(ParseDistribution(text), text, why);
  ExpectNone(ParseDurations("30"), "30", "neither a constant");
  ExpectNone(ParseDurations("exponential(30)"), "exponential(30)", "'30' cannot be read");
  ExpectNone(ParseDurations("weibull(1s,30s)"), "weibull(1s,30s)", "'1s' must be a number");
}

TEST(Areas, AreReadAndWritten) {
  EXPECT_EQ(*ParseArea("1000x500"), (Area{1000, 500}));
  EXPECT_EQ(*ParseArea("0.5 x 2"), (Area{0.5, 2}));
  EXPECT_EQ(AreaText({0.5, 2000}), "0.5x2000");
  for (const char* text : {"", "1000", "x", "0x5", "5x", "-1x5", "1x2x3", "infx1", "1e8x1"})
    EXPECT_FALSE(ParseArea(text)) << text;
}

}  // namespace
}  // namespace delstep
