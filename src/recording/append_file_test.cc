#include "recording/append_file.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace delstep {
namespace {

class AppendFileTest : public testing::Test {
 protected:
  AppendFileTest() {
    folder_ = std::filesystem::path(testing::TempDir()) /
              testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~AppendFileTest() override { std::filesystem::remove_all(folder_); }

  std::string Content(const char* name) const {
    std::ifstream file(folder_ / name);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::filesystem::path folder_;
};

TEST_F(AppendFileTest, HasWrittenEverythingWhenAppendReturns) {
  auto file = AppendFile::Create(folder_ / "a");
  ASSERT_TRUE(file);
  ASSERT_TRUE(file->Append("one\n"));
  EXPECT_EQ(Content("a"), "one\n");
  ASSERT_TRUE(file->Append("two\n"));
  EXPECT_EQ(Content("a"), "one\ntwo\n");
}

TEST_F(AppendFileTest, NeverTouchesAFileThatIsThere) {
  std::ofstream(folder_ / "a") << "precious";
  const auto file = AppendFile::Create(folder_ / "a");
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, ErrorCode::kRefused);
  EXPECT_EQ(Content("a"), "precious");
}

TEST_F(AppendFileTest, NamesTheFileThatCannotBeMade) {
  const auto file = AppendFile::Create(folder_ / "no-such-folder" / "a");
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, ErrorCode::kFile);
  EXPECT_NE(file.error().message.find("no-such-folder"), std::string::npos);
}

}  // namespace
}  // namespace delstep
