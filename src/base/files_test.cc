#include "base/files.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <utility>

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

TEST(ReadFile, SaysWhereALinkLeadsThatIsBroken) {
  const std::string link = PathOf("link");
  std::filesystem::remove(link);
  std::filesystem::create_symlink("../.git/annex/objects/x", link);
  EXPECT_EQ(ReadFile(link).error().message,
            "cannot read '" + link +
                "': it is a link to '../.git/annex/objects/x', which is not there (git annex get "
                "fetches it)");
}

TEST(ReadText, GivesPlainTextHoweverItsLinesEnd) {
  const std::string path = PathOf("text");
  for (const auto& [written, read] :
       {std::pair("\xef\xbb\xbf"
                  "a\nb",
                  "a\nb"),
        std::pair("a\rb\r", "a\nb\n"), std::pair("a\r\nb\r\n", "a\r\nb\r\n"),
        std::pair("K\xe4se", "K\xe4se"), std::pair("", "")}) {
    ASSERT_TRUE(ReplaceFile(path, std::string_view(written)).ok());
    const auto text = ReadText(path);
    ASSERT_TRUE(text.ok()) << text.error().message;
    EXPECT_EQ(*text, read);
  }
  for (const std::string_view other :
       {std::string_view("\xff\xfe"
                         "a\0",
                         4),
        std::string_view("\x1f\x8b\x08"), std::string_view("<!DOCTYPE html>"),
        std::string_view("ab\0", 3)}) {
    ASSERT_TRUE(ReplaceFile(path, other).ok());
    EXPECT_FALSE(ReadText(path).ok());
  }
}

TEST(ExpandHome, GoesByTheHomeFolder) {
  const char* const old = std::getenv("HOME");
  const std::string kept = old == nullptr ? "" : old;
  setenv("HOME", "/home/me", 1);
  EXPECT_EQ(ExpandHome("~"), "/home/me");
  EXPECT_EQ(ExpandHome("~/a b/c"), "/home/me/a b/c");
  EXPECT_EQ(ExpandHome("~root/x").substr(0, 1), "/");
  for (const char* path : {"", "a~", "./~", "a/~/b", "~no such user/x", "/x"})
    EXPECT_EQ(ExpandHome(path), path);
  if (old != nullptr) setenv("HOME", kept.c_str(), 1);
}

TEST(ReplaceFile, LeavesNothingBehindWhenTheFileCannotGrow) {
  const std::string folder = PathOf("limited");
  std::filesystem::create_directories(folder);
  const auto ignored = std::signal(SIGXFSZ, SIG_IGN);
  rlimit old{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &old), 0);
  rlimit small = old;
  small.rlim_cur = 1000;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const auto written = ReplaceFile(folder + "/m.npz", std::string(5000, 'x'));
  setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, ignored);
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.error().message, "cannot write '" + folder + "/m.npz': File too large");
  EXPECT_TRUE(std::filesystem::is_empty(folder));
}

TEST(ReplaceFile, FollowsLinksAlsoToWhatIsNotThereYet) {
  const std::filesystem::path folder = PathOf("links");
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder / "below");
  std::filesystem::create_symlink("below/second", folder / "first");
  std::filesystem::create_symlink("file", folder / "below/second");
  for (const std::string_view text : {"new", "replaced"}) {
    ASSERT_TRUE(ReplaceFile((folder / "first").string(), text).ok());
    EXPECT_TRUE(std::filesystem::is_symlink(folder / "first"));
    EXPECT_TRUE(std::filesystem::is_symlink(folder / "below/second"));
    EXPECT_EQ(*ReadFile(folder / "below/file"), text);
  }
}

TEST(ReplaceFile, RefusesDevicesPipesAndUnknownUsers) {
  const std::string pipe = PathOf("pipe");
  std::filesystem::remove(pipe);
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  for (const std::string& path : {pipe, std::string("/dev/null")}) {
    const auto written = ReplaceFile(path, std::string_view("x"));
    ASSERT_FALSE(written.ok());
    EXPECT_EQ(written.error().message,
              "cannot write '" + path + "': it is a device or pipe, no regular file");
  }
  std::filesystem::remove(pipe);
  const auto written = ReplaceFile("~no such user/x", std::string_view("x"));
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.error().message, "'~no such user/x': there is no user 'no such user'");
}

TEST(ReplaceFile, SaysThatTheFolderIsMissing) {
  const auto written = ReplaceFile("no such folder/r.csv", std::string_view("x"));
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.error().message,
            "cannot write 'no such folder/r.csv': No such file or directory");
  EXPECT_EQ(written.error().hint, "the folder 'no such folder' is not there: make it first");
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
