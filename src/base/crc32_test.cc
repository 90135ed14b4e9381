#include "base/crc32.h"

#include <gtest/gtest.h>

#include <string_view>

namespace delstep {
namespace {

std::uint32_t Of(std::string_view text, std::uint32_t before = 0) {
  return Crc32(std::as_bytes(std::span(text)), before);
}

TEST(Crc32, IsThatOfZipFiles) {
  // The check value by which implementations are compared.
  EXPECT_EQ(Of("123456789"), 0xcbf43926u);
  EXPECT_EQ(Of(""), 0u);
}

TEST(Crc32, OfAWholeFollowsFromThoseOfItsParts) {
  const std::string_view whole = "123456789";
  for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
    const auto first = whole.substr(0, cut), second = whole.substr(cut);
    EXPECT_EQ(Of(second, Of(first)), Of(whole)) << cut;
    EXPECT_EQ(JoinCrc32(Of(first), Of(second), second.size()), Of(whole)) << cut;
  }
}

}  // namespace
}  // namespace delstep
