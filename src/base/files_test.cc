#include "base/files.h"

#include <gtest/gtest.h>

namespace delstep {
namespace {

std::string PathOf(const std::string& name) { return testing::TempDir() + "files_test_" + name; }

TEST(ReadFile, GivesAllBytesAsTheyAre) {
  const std::string path = PathOf("all");
  for (const std::string& text :
       {std::string(), std::string("a\r\n\0b\xff", 6), std::string(200'000, 'x')}) {
    ASSERT_TRUE(ReplaceFile(path, text).ok());
    const auto read = ReadFile(path);
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(*read, text);
  }
}

TEST(ReadFile, SaysWhichFileItCannotReadAndWhy) {
  const auto missing = ReadFile("no/such.txt");
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, ErrorCode::kFile);
  EXPECT_EQ(missing.error().message, "cannot read 'no/such.txt': No such file or directory");

  const auto folder = ReadFile(testing::TempDir());
  ASSERT_FALSE(folder.ok());
  EXPECT_EQ(folder.error().code, ErrorCode::kFile);
  EXPECT_EQ(folder.error().message, "cannot read '" + testing::TempDir() + "': it is a folder");
}

TEST(ReadFile, RefusesMoreThanTheCallerWants) {
  const std::string path = PathOf("large");
  ASSERT_TRUE(ReplaceFile(path, std::string(2049, 'x')).ok());
  EXPECT_TRUE(ReadFile(path, 2049).ok());
  const auto read = ReadFile(path, 2048);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, ErrorCode::kFile);
  EXPECT_EQ(read.error().message,
            "'" + path + "' is larger than 2.0 KiB, the most that is read of such a file");
}

}  // namespace
}  // namespace delstep
