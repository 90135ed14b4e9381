#include "recording/tensorboard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <numeric>

namespace delstep {
namespace {

using namespace std::string_view_literals;

std::string Bytes(std::initializer_list<std::string_view> pieces) {
  std::string bytes;
  for (const std::string_view piece : pieces) bytes += piece;
  return bytes;
}

MetricRow Row(std::string node, std::string group, std::string metric, double value = 0) {
  MetricRow row;
  row.node = std::move(node);
  row.group = std::move(group);
  row.metric = std::move(metric);
  row.value = value;
  return row;
}

// The vectors of RFC 3720, appendix B.4, whose bytes are the checksum's with the lowest first; and the
// check value of the catalogue of CRCs.
TEST(Crc32c, GivesThePublishedVectors) {
  EXPECT_EQ(Crc32c(std::string(32, '\0')), 0x8a9136aau);
  EXPECT_EQ(Crc32c(std::string(32, '\xff')), 0x62a8ab43u);
  std::string counting(32, '\0');
  std::iota(counting.begin(), counting.end(), '\0');
  EXPECT_EQ(Crc32c(counting), 0x46dd794eu);
  EXPECT_EQ(Crc32c(std::string(counting.rbegin(), counting.rend())), 0x113fdb5cu);
  EXPECT_EQ(Crc32c("123456789"), 0xe3069283u);
  EXPECT_EQ(Crc32c(""), 0u);
}

TEST(Crc32c, IsMaskedByARotationAndASum) {
  // 0xe3069283: its lowest 15 bits are 0x1283, the others 0x1c60d (0xe3069283 >> 15).
  // Rotated: 0x1283 << 17 | 0x1c60d = 0x2507c60d; plus 0xa282ead8 = 0xc78ab0e5.
  EXPECT_EQ(MaskedCrc32c("123456789"), 0xc78ab0e5u);
}

TEST(TensorboardRecord, HasTheLengthTheDataAndAChecksumOfEach) {
  constexpr std::string_view length = "\x03\0\0\0\0\0\0\0"sv;
  const std::string record = TensorboardRecord("abc");
  ASSERT_EQ(record.size(), 8u + 4 + 3 + 4);
  EXPECT_EQ(record.substr(0, 8), length);
  EXPECT_EQ(record.substr(12, 3), "abc");
  const auto number = [&](std::size_t at) {
    std::uint32_t sum = 0;
    for (int i = 3; i >= 0; --i) sum = sum << 8 | static_cast<unsigned char>(record[at + i]);
    return sum;
  };
  EXPECT_EQ(number(8), MaskedCrc32c(length));
  EXPECT_EQ(number(15), MaskedCrc32c("abc"));
}

TEST(TensorboardHeader, TellsTheVersionAtTimeNought) {
  // Field 1 as eight bytes: 1 << 3 | 1; field 3 as a text: 3 << 3 | 2 = 26, of 13 bytes.
  EXPECT_EQ(TensorboardHeader(),
            TensorboardRecord(Bytes({"\x09\0\0\0\0\0\0\0\0\x1a\x0d"sv, "brain.Event:2"})));
}

TEST(TensorboardScalars, AreOneEventWithAValuePerRow) {
  MetricRow row = Row("", "all", "drops", 3);
  row.step = 300;
  row.sim_time = 1.5;
  // Value: field 1, the tag of 5 bytes; field 2 as four bytes (2 << 3 | 5 = 21), the float
  // 3 = 0x40400000: 2 + 5 + 1 + 4 = 12 bytes. Summary: that as field 1, 14 bytes. Event: the time
  // 1.5 = 0x3ff8000000000000; field 2, 300 = 0b10'0101100 in two groups of seven bits; field 5.
  const std::string value = Bytes({"\x0a\x0c\x0a\x05"sv, "drops", "\x15\0\0\x40\x40"sv});
  constexpr std::string_view head = "\x09\0\0\0\0\0\0\xf8\x3f\x10\xac\x02\x2a"sv;
  EXPECT_EQ(TensorboardScalars({row}), TensorboardRecord(Bytes({head, "\x0e", value})));
  // Two of them: a summary of 28 = 0x1c bytes.
  EXPECT_EQ(TensorboardScalars({row, row}), TensorboardRecord(Bytes({head, "\x1c", value, value})));
}

TEST(TensorboardScalars, AreNothingForNoRows) { EXPECT_EQ(TensorboardScalars({}), ""); }

TEST(TensorboardTag, BeginsWithTheMetricAndEndsWithTheFigure) {
  EXPECT_EQ(TensorboardTag(Row("10.0.0.3", "", "test_acc:local")), "test_acc/local/10.0.0.3");
  EXPECT_EQ(TensorboardTag(Row("", "all", "test_acc:local/mean")), "test_acc/local/mean");
  EXPECT_EQ(TensorboardTag(Row("", "east", "test_acc:local/p90")), "test_acc/local/east/p90");
  EXPECT_EQ(TensorboardTag(Row("", "all", "test_loss/std")), "test_loss/general/std");
  EXPECT_EQ(TensorboardTag(Row("10.0.0.3", "", "test_loss")), "test_loss/general/10.0.0.3");
  EXPECT_EQ(TensorboardTag(Row("10.0.0.3", "", "train_loss")), "train_loss/10.0.0.3");
  EXPECT_EQ(TensorboardTag(Row("", "all", "test_acc:group g1/min")), "test_acc/group g1/min");
  EXPECT_EQ(TensorboardTag(Row("", "all", "consensus_distance")), "consensus_distance");
}

}  // namespace
}  // namespace delstep
