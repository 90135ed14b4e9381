#include "weights/weights_test_files.h"

namespace delstep {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// A file with this header and so many bytes of numbers.
std::string File(const std::string& header, std::size_t bytes = 0) {
  std::string text;
  for (int i = 0; i < 8; ++i) text += static_cast<char>(header.size() >> 8 * i);
  return text + header + std::string(bytes, '\0');
}
std::string FailsToRead(const std::string& header, std::size_t bytes = 0) {
  return ErrorOf(ParseSafetensors(File(header, bytes)));
}

TEST(Safetensors, ReadsWhatTheReferenceLibraryWrote) {
  const auto read = ByName(ParseSafetensors(Sample("plain.safetensors")));
  ASSERT_EQ(read.size(), 2u);  // __metadata__ is no tensor
  EXPECT_THAT(read.at("w").shape, ElementsAre(2, 3));
  EXPECT_THAT(read.at("w").values, ElementsAre(0, 0.5, 1, 1.5, 2, 2.5));
  EXPECT_EQ(read.at("w").dtype, "F32");
  EXPECT_THAT(read.at("b").values, ElementsAre(-1, 3));
}

TEST(Safetensors, ConvertsOtherNumbers) {
  const auto read = ByName(ParseSafetensors(Sample("types.safetensors")));
  ASSERT_EQ(read.size(), 6u);
  for (const char* name : {"f16", "bf16", "f64"})
    EXPECT_THAT(read.at(name).values, ElementsAre(0, 0.5, 1, 1.5, 2, 2.5)) << name;
  EXPECT_THAT(read.at("i64").values, ElementsAre(-5));
  EXPECT_THAT(read.at("i64").shape, IsEmpty());
  EXPECT_THAT(read.at("bool").values, ElementsAre(1, 0));
  EXPECT_THAT(read.at("empty").values, IsEmpty());
  EXPECT_THAT(read.at("empty").shape, ElementsAre(0, 3));
}

TEST(Safetensors, RefusesNumbersThatNoFloatHolds) {
  std::string file = File(R"({"n":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}})", 8);
  file[file.size() - 5] = 1;  // 2^24
  EXPECT_TRUE(ParseSafetensors(file).ok());
  file[file.size() - 8] = 1;  // 2^24 + 1
  EXPECT_THAT(ErrorOf(ParseSafetensors(file)), HasSubstr("value number 0 is 16777217"));
  EXPECT_THAT(FailsToRead(R"({"n":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}})", 1),
              HasSubstr("tensor 'n' is of dtype \"F8_E4M3\""));
}

TEST(Safetensors, RefusesOverlapsGapsAndBounds) {
  const auto two = [](const char* a, const char* b) {
    return std::string(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":)") + a +
           R"(},"b":{"dtype":"F32","shape":[1],"data_offsets":)" + b + "}}";
  };
  EXPECT_TRUE(ParseSafetensors(File(two("[0,8]", "[8,12]"), 12)).ok());
  EXPECT_TRUE(ParseSafetensors(File(two("[4,12]", "[0,4]"), 12)).ok());
  EXPECT_THAT(FailsToRead(two("[0,8]", "[4,8]"), 8),
              HasSubstr("tensor 'b' begins at byte 4, expected 8"));
  EXPECT_THAT(FailsToRead(two("[0,8]", "[12,16]"), 16), HasSubstr("byte 12, expected 8"));
  EXPECT_THAT(FailsToRead(two("[0,8]", "[8,12]"), 11),
              HasSubstr("it holds 11 bytes of numbers, its header tells of 12"));
  EXPECT_THAT(FailsToRead(two("[0,8]", "[8,12]"), 13), HasSubstr("it holds 13 bytes"));
  EXPECT_THAT(FailsToRead(two("[0,4]", "[4,8]"), 8), HasSubstr("span 4 bytes"));
  EXPECT_THAT(FailsToRead(two("[8,0]", "[8,12]"), 12), HasSubstr("are no range"));
  EXPECT_THAT(FailsToRead(two("[0,1e30]", "[8,12]"), 12), HasSubstr("are no range"));
}

TEST(Safetensors, RefusesBadHeaders) {
  EXPECT_THAT(ErrorOf(ParseSafetensors("short")), HasSubstr("too short"));
  EXPECT_THAT(ErrorOf(ParseSafetensors(std::string(8, '\xff'))), HasSubstr("at most 16.0 MiB"));
  EXPECT_THAT(FailsToRead("[]"), HasSubstr("no JSON object"));
  EXPECT_THAT(FailsToRead("{"), HasSubstr("no JSON object"));
  EXPECT_THAT(FailsToRead(R"({"a":{"dtype":"F32","shape":[]}})"), HasSubstr("expected dtype"));
  EXPECT_THAT(FailsToRead(R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", 4),
              HasSubstr("no list of sizes"));
  EXPECT_THAT(
      FailsToRead(R"({"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}})"),
      HasSubstr("no list of sizes"));
  EXPECT_THAT(FailsToRead(R"({"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},)"
                          R"("a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}})",
                          4),
              HasSubstr("two tensors 'a'"));
}

TEST(Safetensors, PrintsNoControlCharactersOfNames) {
  EXPECT_THAT(FailsToRead("{\"\\u001b[31m\":1}"), HasSubstr("tensor '\\x1b[31m'"));
}

TEST(Safetensors, FailsOnEveryTruncation) {
  const std::string whole = Sample("types.safetensors");
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_NE(ErrorOf(ParseSafetensors(whole.substr(0, size))), "") << size;
}

}  // namespace
}  // namespace delstep
