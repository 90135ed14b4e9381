#include "base/bytes.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace delstep {
namespace {

TEST(Bytes, WhatWasWrittenIsReadInTheSameOrder) {
  ByteWriter writer;
  writer.Add(std::uint64_t{0x0102030405060708});
  writer.Add(std::int64_t{-5});
  writer.Add(true);
  writer.Add(-0.0);
  writer.Add("a\0b");  // a C string ends at its first zero
  writer.Add(std::string_view("a\0b", 3));
  const std::string bytes = writer.Take();
  EXPECT_EQ(bytes.size(), 4 * 8 + (8 + 1) + (8 + 3));
  EXPECT_EQ(bytes.substr(0, 8), "\x08\x07\x06\x05\x04\x03\x02\x01") << "little-endian";

  ByteReader reader(bytes);
  EXPECT_EQ(reader.Number(), 0x0102030405060708u);
  EXPECT_EQ(reader.Signed(), -5);
  EXPECT_TRUE(reader.Flag());
  EXPECT_TRUE(std::signbit(reader.Real()));
  EXPECT_EQ(reader.Text(), "a");
  EXPECT_FALSE(reader.AtEnd()) << "a text is left";
  EXPECT_EQ(reader.Text(), std::string_view("a\0b", 3));
  EXPECT_TRUE(reader.AtEnd());
}

TEST(Bytes, CutAnywhereTheyAreBad) {
  ByteWriter writer;
  writer.Add(std::uint64_t{1});
  writer.Add("text");
  const std::string bytes = writer.Take();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    ByteReader reader(std::string_view(bytes).substr(0, size));
    reader.Number();
    reader.Text();
    EXPECT_FALSE(reader.ok()) << size << " of " << bytes.size() << " bytes";
  }
}

TEST(Bytes, ABadReaderStaysBadAndGivesNothing) {
  ByteWriter writer;
  writer.Add(std::uint64_t{2});
  writer.Add(std::uint64_t{7});
  const std::string bytes = writer.Take();
  ByteReader reader(bytes);
  EXPECT_FALSE(reader.Flag()) << "2 is no flag";
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(reader.Number(), 0u) << "the 7 is not believed either";
}

TEST(Bytes, ALengthBeyondTheBytesIsBadBeforeMemoryIsTaken) {
  ByteWriter writer;
  writer.Add(std::numeric_limits<std::uint64_t>::max());
  const std::string bytes = writer.Take();
  ByteReader list(bytes), text(bytes);
  EXPECT_EQ(list.Count(1), 0u);
  EXPECT_FALSE(list.ok());
  EXPECT_EQ(text.Text(), "");
  EXPECT_FALSE(text.ok());
}

}  // namespace
}  // namespace delstep
