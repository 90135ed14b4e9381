#include "scenario/units.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <limits>

namespace delstep {
namespace {

using std::chrono::nanoseconds;
using ::testing::HasSubstr;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::int64_t Nanoseconds(std::string_view text) {
  const auto duration = ParseDuration(text);
  return duration ? duration->count() : -1;
}

TEST(Units, ADurationIsANumberTimesItsUnit) {
  EXPECT_EQ(Nanoseconds("0ns"), 0);
  EXPECT_EQ(Nanoseconds("0"), 0);
  EXPECT_EQ(Nanoseconds("100us"), 100'000);
  EXPECT_EQ(Nanoseconds("20ms"), 20'000'000);
  EXPECT_EQ(Nanoseconds("1.5s"), 1'500'000'000);
  EXPECT_EQ(Nanoseconds("1.50s"), 1'500'000'000);
  EXPECT_EQ(Nanoseconds("2min"), 120'000'000'000);
  EXPECT_EQ(Nanoseconds("0.25h"), 900'000'000'000);
  EXPECT_EQ(Nanoseconds("0.000000001s"), 1);
  EXPECT_EQ(Nanoseconds("0.00000000005min"), 3);  // 60e9 ns * 5e-11
  EXPECT_EQ(Nanoseconds("1000000s"), 1'000'000'000'000'000);
}

TEST(Units, WhatIsNoDurationIsRefusedWithTheReasonAndAnExample) {
  for (const auto& [text, why] : std::vector<std::pair<std::string, std::string>>{
           {"20", "no unit"},
           {"ms", "no number"},
           {"", "no number"},
           {"20 ms", "without a blank"},
           {"20sec", "no unit 'sec'"},
           {"-1ms", "no sign"},
           {"1000000.1s", "from 0ns to 1000000s"},
           {"99999999999999999999s", "from 0ns to 1000000s"},
           {"0.1ns", "whole nanoseconds"},
           {"0.00000000001min", "whole nanoseconds"},
           {"1.s", "'1.' is not read"},
           {".5s", "a digit on both sides of a point"},
           {"1.2.3s", "'1.2.3' is not read"},
           // 1e3s and +5s are whole nanoseconds; it was not said what is wrong with them.
           {"1e3s", "no exponent"},
           {"+5s", "no sign"},
           {"1_000s", "'1_000' is not read"}}) {
    const auto duration = ParseDuration(text);
    ASSERT_FALSE(duration) << text;
    EXPECT_EQ(duration.error().code, ErrorCode::kUsage);
    EXPECT_THAT(duration.error().message, HasSubstr("'" + text + "'"));
    EXPECT_THAT(duration.error().message, HasSubstr(why));
    EXPECT_THAT(duration.error().hint, HasSubstr("20ms"));
  }
}

TEST(Units, ADurationIsWrittenInTheLargestUnitThatItReaches) {
  EXPECT_EQ(DurationText(nanoseconds(0)), "0ns");
  EXPECT_EQ(DurationText(nanoseconds(999)), "999ns");
  EXPECT_EQ(DurationText(nanoseconds(1'500)), "1.5us");
  EXPECT_EQ(DurationText(nanoseconds(20'000'000)), "20ms");
  EXPECT_EQ(DurationText(nanoseconds(1'000'000'001)), "1.000000001s");
  EXPECT_EQ(DurationText(nanoseconds(90'000'000'000)), "90s");
}

TEST(Units, EveryDurationReadsBackFromItsText) {
  EXPECT_TRUE(rc::check([] {
    const auto count = *rc::gen::inRange<std::int64_t>(0, 1'000'000'000'000'001);
    const auto scale = *rc::gen::element<std::int64_t>(1, 1'000, 1'000'000, 1'000'000'000);
    const Duration duration(count / scale);
    RC_ASSERT(*ParseDuration(DurationText(duration)) == duration);
  }));
}

TEST(Units, PeopleGetOneDecimal) {
  EXPECT_EQ(FormatDuration(nanoseconds(0)), "0ns");
  EXPECT_EQ(FormatDuration(nanoseconds(3'000)), "3us");
  EXPECT_EQ(FormatDuration(nanoseconds(101'760'000)), "101.8ms");
  EXPECT_EQ(FormatDuration(nanoseconds(12'449'999'999)), "12.4s");
  EXPECT_EQ(FormatDuration(nanoseconds(12'450'000'000)), "12.5s");
  EXPECT_EQ(FormatDuration(nanoseconds(999'960'000)), "1s");
  EXPECT_EQ(FormatDuration(nanoseconds(3'600'000'000'000)), "3600s");
  EXPECT_EQ(FormatDuration(Duration::max()), "9223372036.9s");
}

TEST(Units, ALatencyIsAConstantOrADistribution) {
  using Kind = Latency::Kind;
  constexpr nanoseconds kMs(1'000'000);
  EXPECT_EQ(*ParseLatency("20ms"), (Latency{Kind::kConstant, 20 * kMs, {}}));
  EXPECT_EQ(*ParseLatency("uniform(10ms,50ms)"), (Latency{Kind::kUniform, 10 * kMs, 50 * kMs}));
  EXPECT_EQ(*ParseLatency("normal( 20ms , 5ms )"), (Latency{Kind::kNormal, 20 * kMs, 5 * kMs}));
  EXPECT_EQ(*ParseLatency("exponential(20ms)"), (Latency{Kind::kExponential, 20 * kMs, {}}));
  for (const char* text :
       {"0ns", "1.5s", "uniform(10ms,50ms)", "normal(20ms,5ms)", "exponential(20ms)"})
    EXPECT_EQ(LatencyText(*ParseLatency(text)), text);
}

TEST(Units, WhatIsNoLatencyIsRefusedWithTheReason) {
  for (const auto& [text, why] : std::vector<std::pair<std::string, std::string>>{
           {"fast", "no number"},
           {"uniform(10ms)", "takes 2 durations"},
           {"exponential(1ms,2ms)", "takes 1 duration"},
           {"uniform(50ms,10ms)", "lower end is above"},
           {"gamma(1ms,2ms)", "no distribution 'gamma'"},
           {"uniform(10ms,50ms", "closing bracket"},
           {"uniform(", "closing bracket"},
           {"uniform()", "takes 2 durations"},
           {"normal(20,5)", "no unit"},
           {"", "no number"}}) {
    const auto latency = ParseLatency(text);
    ASSERT_FALSE(latency) << text;
    EXPECT_EQ(latency.error().code, ErrorCode::kUsage);
    EXPECT_THAT(latency.error().message, HasSubstr("'" + text + "' is not a latency"));
    EXPECT_THAT(latency.error().message, HasSubstr(why));
    EXPECT_THAT(latency.error().hint, HasSubstr("uniform(10ms,50ms)"));
  }
}

TEST(Units, ABandwidthIsInPowersOf1000) {
  EXPECT_EQ(*ParseBandwidth("10Mbps"), 1e7);
  EXPECT_EQ(*ParseBandwidth("1.1Mbps"), 1.1e6);
  EXPECT_EQ(*ParseBandwidth("56kbps"), 56e3);
  EXPECT_EQ(*ParseBandwidth("1bps"), 1);
  EXPECT_EQ(*ParseBandwidth("2.5Gbps"), 2.5e9);
  EXPECT_EQ(*ParseBandwidth("inf"), kInfinity);
  for (const char* text : {"10Mbps", "1.1Mbps", "56kbps", "1bps", "2.5Gbps", "inf"})
    EXPECT_EQ(BandwidthText(*ParseBandwidth(text)), text);
}

TEST(Units, WhatIsNoBandwidthIsRefusedWithTheReason) {
  for (const auto& [text, why] :
       std::vector<std::pair<std::string, std::string>>{{"10", "no unit"},
                                                        {"10MBps", "bytes"},
                                                        {"0bps", "from 1bps"},
                                                        {"0.9bps", "from 1bps"},
                                                        {"-1Mbps", "number"},
                                                        {"1000001Gbps", "to 1000000Gbps"},
                                                        {"1e400Gbps", "to 1000000Gbps"},
                                                        {"fast", "no number"}}) {
    const auto bandwidth = ParseBandwidth(text);
    ASSERT_FALSE(bandwidth) << text;
    EXPECT_THAT(bandwidth.error().message, HasSubstr("'" + text + "' is not a bandwidth"));
    EXPECT_THAT(bandwidth.error().message, HasSubstr(why));
    EXPECT_THAT(bandwidth.error().hint, HasSubstr("10Mbps"));
  }
}

TEST(Units, ASizeIsInPowersOf1024WhereItsUnitSaysSo) {
  EXPECT_EQ(*ParseSize("512MiB"), 512u * 1024 * 1024);
  EXPECT_EQ(*ParseSize("3KiB"), 3072u);
  EXPECT_EQ(*ParseSize("2GB"), 2'000'000'000u);
  EXPECT_EQ(*ParseSize("7kB"), 7000u);
  EXPECT_EQ(*ParseSize("0"), 0u);
  for (const char* text : {"512MiB", "3KiB", "1000000GiB", "3GB", "7kB", "1B", "0B", "1025B"})
    EXPECT_EQ(SizeText(*ParseSize(text)), text);
  // 1.5 GiB, whole in MiB.
  EXPECT_EQ(SizeText(Bytes{3} << 29), "1536MiB");
  EXPECT_EQ(SizeText(2'000'000'000), "2GB");
}

TEST(Units, WhatIsNoSizeIsRefusedWithTheReason) {
  for (const auto& [text, why] : std::vector<std::pair<const char*, const char*>>{
           {"much", "no number"},
           {"512", "no unit"},
           {"1.5GiB", "whole number"},
           {"1000001GiB", "at most"},
           {"99999999999999999999GiB", "at most"},
           {"5TiB", "'TiB'"},
           {"", "no number"},
       }) {
    const auto size = ParseSize(text);
    ASSERT_FALSE(size) << text;
    EXPECT_THAT(size.error().message, HasSubstr(why));
  }
}

TEST(Units, EveryBandwidthReadsBackFromItsText) {
  EXPECT_TRUE(rc::check([] {
    const auto mantissa = *rc::gen::inRange<std::int64_t>(1, std::int64_t{1} << 53);
    const int shift = *rc::gen::inRange(0, 50);
    const double bandwidth = std::clamp(
        static_cast<double>(mantissa) / static_cast<double>(std::int64_t{1} << shift), 1.0, 1e15);
    RC_ASSERT(*ParseBandwidth(BandwidthText(bandwidth)) == bandwidth);
  }));
}

TEST(Units, AProbabilityLiesFrom0To1) {
  EXPECT_EQ(*ParseProbability("0"), 0);
  EXPECT_EQ(*ParseProbability("0.05"), 0.05);
  EXPECT_EQ(*ParseProbability("1"), 1);
  for (const char* text : {"", "-0.1", "1.1", "5%", "nan", "inf", "half"}) {
    const auto probability = ParseProbability(text);
    ASSERT_FALSE(probability) << text;
    EXPECT_THAT(probability.error().message, HasSubstr(text));
    EXPECT_THAT(probability.error().hint, HasSubstr("from 0 to 1"));
  }
}

}  // namespace
}  // namespace delstep
