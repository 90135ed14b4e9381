#include "archive/npy.h"

#include <gmock/gmock.h>

#include <cstring>
#include <limits>

namespace delstep {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::span<const std::uint8_t> Content(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// An npy file of version 1.0 with this dictionary.
std::string Npy(const std::string& dictionary, const std::string& values = {}) {
  std::string text("\x93NUMPY\x01\0", 8);
  text += static_cast<char>(dictionary.size() & 255);
  text += static_cast<char>(dictionary.size() >> 8);
  return text + dictionary + values;
}
std::string Npy(const char* dtype, const char* shape, const std::string& values,
                const char* fortran = "False") {
  return Npy("{'descr': '" + std::string(dtype) + "', 'fortran_order': " + fortran +
                 ", 'shape': " + shape + ", }\n",
             values);
}
template <class T>
std::string Raw(std::initializer_list<T> values) {
  std::string bytes(values.size() * sizeof(T), '\0');
  std::memcpy(bytes.data(), std::data(values), bytes.size());
  return bytes;
}

template <class T>
Result<std::vector<T>> Read(const std::string& content) {
  MemorySource source("x.npy", Content(content));
  DELSTEP_ASSIGN(const NpyHeader header, ReadNpyHeader(source));
  return ReadNpyAs<T>(source, header);
}
std::string FailsToRead(const std::string& content) {
  const auto values = Read<float>(content);
  EXPECT_FALSE(values.ok());
  if (values.ok()) return {};
  EXPECT_EQ(values.error().code, ErrorCode::kFile);
  EXPECT_FALSE(values.error().hint.empty());
  return values.error().message;
}

TEST(Npy, ReadsEveryKindOfNumber) {
  const auto as_doubles = [](const char* dtype, const std::string& values) {
    const auto read = Read<double>(Npy(dtype, "(2,)", values));
    EXPECT_TRUE(read.ok()) << dtype;
    return read ? *read : std::vector<double>();
  };
  EXPECT_THAT(as_doubles("|u1", Raw<std::uint8_t>({1, 255})), ElementsAre(1, 255));
  EXPECT_THAT(as_doubles("|i1", Raw<std::int8_t>({-1, 127})), ElementsAre(-1, 127));
  EXPECT_THAT(as_doubles("<u2", Raw<std::uint16_t>({1, 65535})), ElementsAre(1, 65535));
  EXPECT_THAT(as_doubles("<i2", Raw<std::int16_t>({-2, 3})), ElementsAre(-2, 3));
  EXPECT_THAT(as_doubles("<u4", Raw<std::uint32_t>({1, 4000000000})), ElementsAre(1, 4e9));
  EXPECT_THAT(as_doubles("<i4", Raw<std::int32_t>({-2, 3})), ElementsAre(-2, 3));
  EXPECT_THAT(as_doubles("<u8", Raw<std::uint64_t>({1, 2})), ElementsAre(1, 2));
  EXPECT_THAT(as_doubles("<i8", Raw<std::int64_t>({-2, 3})), ElementsAre(-2, 3));
  EXPECT_THAT(as_doubles("<f4", Raw<float>({-0.5f, 3})), ElementsAre(-0.5, 3));
  EXPECT_THAT(as_doubles("<f8", Raw<double>({0.1, 3})), ElementsAre(0.1, 3));
  // 1.5 and the smallest half, 2^-24.
  EXPECT_THAT(as_doubles("<f2", Raw<std::uint16_t>({0x3e00, 0x0001})),
              ElementsAre(1.5, 1.0 / (1 << 24)));
  EXPECT_THAT(as_doubles(">i2", std::string("\x01\x02\xff\xff", 4)), ElementsAre(0x102, -1));
  EXPECT_THAT(as_doubles(">f4", std::string("\x3f\x80\0\0\xc0\0\0\0", 8)), ElementsAre(1, -2));
}

TEST(Npy, PutsTheLastDimensionFastest) {
  // Fortran order of [[[0, 1], [2, 3], [4, 5]]]: shape (1, 3, 2).
  const std::string values = Raw<std::int16_t>({0, 2, 4, 1, 3, 5});
  EXPECT_THAT(*Read<float>(Npy("<i2", "(1, 3, 2)", values, "True")), ElementsAre(0, 1, 2, 3, 4, 5));
  EXPECT_THAT(*Read<float>(Npy("<i2", "(6,)", values, "True")), ElementsAre(0, 2, 4, 1, 3, 5));
}

TEST(Npy, ReadsHeadersAsOthersWriteThem) {
  const std::string value = Raw<float>({7});
  EXPECT_THAT(*Read<float>(Npy("<f4", "()", value)), ElementsAre(7));
  EXPECT_THAT(*Read<float>(Npy("<f4", "(1L, 1L)", value)), ElementsAre(7));
  EXPECT_THAT(*Read<float>(Npy("{\"shape\":(1,),\"descr\":\"=f4\",\"fortran_order\":True}", value)),
              ElementsAre(7));
  EXPECT_THAT(*Read<float>(Npy("<f4", "(0, 9223372036854775807)", "")), ElementsAre());
  std::string second = Npy("<f4", "(1,)", value);
  second[6] = 2;
  second.insert(10, 2, '\0');
  EXPECT_THAT(*Read<float>(second), ElementsAre(7));
}

TEST(Npy, ReadsBackTheHeaderThatItWrites) {
  for (const auto& shape : {std::vector<std::uint64_t>{}, {3}, {60000, 28, 28}}) {
    const std::string text = NpyHeaderText("<i8", shape);
    EXPECT_EQ(text.size() % 64, 0u);
    EXPECT_EQ(text.back(), '\n');
    MemorySource source("x.npy", Content(text));
    const auto header = ReadNpyHeader(source);
    ASSERT_TRUE(header.ok()) << header.error().message;
    EXPECT_EQ(header->shape, shape);
    EXPECT_EQ(header->dtype(), "<i8");
    EXPECT_EQ(source.remaining(), 0u);
  }
}

TEST(Npy, SaysWhatAnArrayOfNoUseHolds) {
  const auto wrong = [](const char* dtype) { return FailsToRead(Npy(dtype, "(1,)", "")); };
  EXPECT_THAT(wrong("|b1"), HasSubstr("dtype |b1 means truth values, expected whole numbers"));
  EXPECT_THAT(wrong("|O"), HasSubstr("Python objects"));
  EXPECT_THAT(wrong("<U5"), HasSubstr("text"));
  EXPECT_THAT(wrong("<c8"), HasSubstr("complex numbers"));
  EXPECT_THAT(wrong("<M8[ns]"), HasSubstr("dates"));
  EXPECT_THAT(wrong("<f16"), HasSubstr("found the dtype '<f16'"));
  EXPECT_THAT(wrong("<u3"), HasSubstr("found the dtype '<u3'"));
  EXPECT_THAT(wrong(""), HasSubstr("found the dtype ''"));
  EXPECT_THAT(FailsToRead(Npy("{'descr': [('a', '<f4')], 'fortran_order': False}")),
              HasSubstr("structures"));
}

TEST(Npy, SaysWhereAHeaderIsWrong) {
  EXPECT_THAT(FailsToRead("\x93NUMPX1000"), HasSubstr("'x.npy', byte 0: found no npy array"));
  std::string version = Npy("<f4", "(1,)", "");
  version[6] = 4;
  EXPECT_THAT(FailsToRead(version), HasSubstr("byte 6: found version 4.0"));
  EXPECT_THAT(FailsToRead(Npy("[]")), HasSubstr("byte 10: found '[]', expected '{'"));
  EXPECT_THAT(FailsToRead(Npy("{}")), HasSubstr("a dictionary with 'descr'"));
  EXPECT_THAT(FailsToRead(Npy("{'x': 1}")), HasSubstr("expected 'descr', 'fortran_order' or"));
  EXPECT_THAT(FailsToRead(Npy("<f4", "(-1,)", "")), HasSubstr("found '-1,), }"));
  EXPECT_THAT(FailsToRead(Npy("<f4", "(99999999999999999999,)", "")), HasSubstr("at most 2^64"));
  EXPECT_THAT(FailsToRead(Npy("<f4", "(1,)", "", "Maybe")), HasSubstr("True or False"));
  EXPECT_THAT(FailsToRead(Npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} exit()")),
              HasSubstr("the end of the header"));
}

TEST(Npy, BelievesNoHeaderThatPromisesTooMuch) {
  EXPECT_THAT(FailsToRead(Npy("<f8", "(4294967296, 4294967296)", "")), HasSubstr("2^63 bytes"));
  EXPECT_THAT(FailsToRead(Npy("<f8", "(1152921504606846975,)", "12345678")),
              HasSubstr("holds fewer bytes than"));
  EXPECT_THAT(FailsToRead(Npy("<f4", "(1,)", "12345")), HasSubstr("holds more bytes than the 4 B"));
  std::string longest = Npy("<f4", "(1,)", "1234");
  longest[6] = 2;
  longest.insert(10, "\xff\x7f");
  EXPECT_THAT(FailsToRead(longest), HasSubstr("expected at most 65536"));
}

TEST(Npy, RefusesEveryPrefix) {
  const std::string content = Npy("<f4", "(2,)", Raw<float>({1, 2}));
  ASSERT_TRUE(Read<float>(content).ok());
  for (std::size_t size = 0; size < content.size(); ++size) FailsToRead(content.substr(0, size));
}

TEST(Npy, RefusesNumbersThatDoNotFit) {
  const auto exact = Raw<std::int32_t>({1 << 24, -(1 << 24)});
  EXPECT_THAT(*Read<float>(Npy("<i4", "(2,)", exact)), ElementsAre(16777216, -16777216));
  EXPECT_THAT(FailsToRead(Npy("<i4", "(2,)", Raw<std::int32_t>({0, (1 << 24) + 1}))),
              HasSubstr("value number 1 is 16777217, expected what a 32-bit float can hold"));
  EXPECT_THAT(FailsToRead(Npy("<f8", "(1,)", Raw<double>({1e39}))), HasSubstr("value number 0 is"));
  const auto whole = [](double value) {
    return Read<std::int64_t>(Npy("<f8", "(1,)", Raw<double>({value})));
  };
  EXPECT_THAT(*whole(-3), ElementsAre(-3));
  EXPECT_EQ(whole(0.5).error().message,
            "'x.npy': value number 0 is 0.5, expected a whole number of at most 63 bits");
  EXPECT_FALSE(whole(1e19).ok());
  EXPECT_FALSE(whole(std::numeric_limits<double>::quiet_NaN()).ok());
  EXPECT_FALSE(Read<std::int64_t>(Npy("<u8", "(1,)", std::string(8, '\xff'))).ok());
}

}  // namespace
}  // namespace delstep
