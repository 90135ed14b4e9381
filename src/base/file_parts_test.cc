#include "base/file_parts.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

#include "base/files.h"

namespace delstep {
namespace {

std::string PathOfParts(const std::string& name) { return testing::TempDir() + "parts_" + name; }

std::string NewFile(const std::string& name, const std::string& text) {
  const std::string path = PathOfParts(name);
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

FilePart PartOf(std::uint64_t at, const std::string& text) {
  return {.at = at, .bytes = std::as_bytes(std::span(text))};
}

TEST(FileParts, GoToTheirPlacesAndNothingElseChanges) {
  const std::string path = NewFile("places", "0123456789");
  const std::string a = "ab", b = "c", empty, far = "z";
  const std::vector<FilePart> parts = {PartOf(2, a), PartOf(4, b), PartOf(5, empty),
                                       PartOf(11, far), PartOf(7, b)};
  ASSERT_TRUE(WriteParts(path, parts));
  EXPECT_EQ(*ReadFile(path), std::string("01abc56c89\0z", 12));
}

TEST(FileParts, AreMoreThanTheSystemTakesInOneCall) {
  const std::string path = NewFile("many", "");
  std::vector<std::string> texts;
  std::string whole;
  for (int i = 0; i < 3000; ++i) whole += texts.emplace_back(std::to_string(i));
  std::vector<FilePart> parts;
  std::uint64_t at = 0;
  for (const std::string& text : texts) {
    parts.push_back(PartOf(at, text));
    at += text.size();
  }
  ASSERT_TRUE(WriteParts(path, parts));
  EXPECT_EQ(*ReadFile(path), whole);
}

TEST(FileParts, OfSeveralWritersMakeOneFile) {
  const std::string path = NewFile("writers", "");
  constexpr std::size_t kSize = 10'000;
  ASSERT_TRUE(MakeRoom(path, 4 * kSize));
  const auto text_of = [](int writer) {
    return std::string(kSize, static_cast<char>('a' + writer));
  };
  {
    std::vector<std::jthread> writers;
    for (int writer = 0; writer < 4; ++writer)
      writers.emplace_back([&, writer] {
        const std::string text = text_of(writer);
        const FilePart part = PartOf(static_cast<std::uint64_t>(writer) * kSize, text);
        EXPECT_TRUE(WriteParts(path, {&part, 1}));
      });
  }
  EXPECT_EQ(*ReadFile(path), text_of(0) + text_of(1) + text_of(2) + text_of(3));
}

TEST(FileParts, RoomIsMadeAndNothingLost) {
  const std::string path = NewFile("room", "abc");
  EXPECT_FALSE(SeesFile(path, 4));
  ASSERT_TRUE(MakeRoom(path, 5));
  EXPECT_TRUE(SeesFile(path, 5));
  EXPECT_FALSE(SeesFile(path, 6));
  EXPECT_EQ(*ReadFile(path), std::string("abc\0\0", 5));
  ASSERT_TRUE(MakeRoom(path, 2));
  EXPECT_EQ(*ReadFile(path), std::string("abc\0\0", 5)) << "it never becomes shorter";
}

TEST(FileParts, AreReadFromTheirPlaces) {
  const std::string path = NewFile("read", "0123456789");
  std::string a(3, ' '), b(1, ' ');
  const auto room = [](std::uint64_t at, std::string& text) {
    return FileRoom{.at = at, .bytes = std::as_writable_bytes(std::span(text))};
  };
  const std::vector<FileRoom> parts = {room(7, a), room(0, b)};
  ASSERT_TRUE(ReadParts(path, parts));
  EXPECT_EQ(a + b, "7890");
  const std::vector<FileRoom> past = {room(8, a)};
  EXPECT_EQ(ReadParts(path, past).error().message, "cannot read '" + path + "': it is cut");
}

TEST(FileParts, AMarkTellsAFileFromOthersOfItsName) {
  const std::string path = NewFile("mark", "rows and end");
  const auto mark = MarkOf(path, 9);
  ASSERT_TRUE(mark);
  EXPECT_EQ(mark->size, 12U);
  EXPECT_TRUE(HasMark(path, *mark));
  NewFile("mark", "ROWS and end");
  EXPECT_TRUE(HasMark(path, *mark)) << "only the end is looked at";
  for (const char* other : {"rows and End", "rows and end.", "rows and en", "ro"}) {
    NewFile("mark", other);
    EXPECT_FALSE(HasMark(path, *mark)) << other;
  }
  EXPECT_EQ(MarkOf(path, 3).error().message, "cannot read '" + path + "': it is cut");
  EXPECT_FALSE(HasMark(PathOfParts("nowhere"), *mark));
}

TEST(FileParts, AFileThatIsNotThereIsNotMade) {
  const std::string path = PathOfParts("nowhere");
  const std::string text = "x";
  const FilePart part = PartOf(0, text);
  EXPECT_FALSE(SeesFile(path, 0));
  for (const Result<void>& done : {MakeRoom(path, 1), WriteParts(path, {&part, 1})}) {
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::kFile);
    EXPECT_EQ(done.error().message, "cannot write '" + path + "': No such file or directory");
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(ReplaceFileTogether, HasTheNameOnlyWhenAllIsWritten) {
  const std::string path = NewFile("together", "old");
  ASSERT_TRUE(ReplaceFileTogether(path, [&](std::ostream& out, const std::string& name) {
    out << "new";
    const std::string text = "est";
    const FilePart part = PartOf(3, text);
    EXPECT_NE(name, path);
    EXPECT_EQ(*ReadFile(path), "old");
    return WriteParts(name, {&part, 1});
  }));
  EXPECT_EQ(*ReadFile(path), "newest");
}

TEST(ReplaceFileTogether, AnErrorLeavesTheOldFileAndNamesIt) {
  const std::string path = NewFile("failed", "old");
  std::string made;
  const auto written =
      ReplaceFileTogether(path, [&](std::ostream& out, const std::string& name) -> Result<void> {
        out << "new";
        made = name;
        return BadFile("process 1: cannot write '" + name + "': Input/output error");
      });
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().message, "process 1: cannot write '" + path + "': Input/output error");
  EXPECT_EQ(*ReadFile(path), "old");
  EXPECT_FALSE(std::filesystem::exists(made));
}

// A process that was killed while it wrote has left its file, of full size.
TEST(ReplaceFileTogether, RemovesWhatWasLeftAndNothingElse) {
  const std::string path = NewFile("left", "old");
  const std::string left = NewFile("left.part-aB3dE6", "half");
  const std::string in_use = NewFile("left.part-aaaaaa", "of another process");
  const std::vector<std::string> others = {NewFile("left.backup", "mine"),
                                           NewFile("left.part-backup1", "mine"),
                                           NewFile("left2.part-aaaaaa", "of another file")};
  const int lock = open(in_use.c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(flock(lock, LOCK_EX), 0);
  std::string own;
  ASSERT_TRUE(
      ReplaceFileTogether(path, [&](std::ostream& out, const std::string& name) -> Result<void> {
        EXPECT_FALSE(std::filesystem::exists(left)) << "its room may be needed";
        // Whoever comes meanwhile leaves this one alone.
        EXPECT_TRUE(ReplaceFileTogether(
            path, [](std::ostream&, const std::string&) { return Result<void>(); }));
        EXPECT_TRUE(std::filesystem::exists(name));
        out << "new";
        own = name;
        return {};
      }));
  EXPECT_EQ(*ReadFile(path), "new");
  EXPECT_FALSE(std::filesystem::exists(own));
  EXPECT_TRUE(std::filesystem::exists(in_use));
  for (const std::string& other : others) EXPECT_TRUE(std::filesystem::exists(other)) << other;
  close(lock);
}

}  // namespace
}  // namespace delstep
