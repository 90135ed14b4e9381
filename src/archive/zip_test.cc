#include "archive/zip.h"

#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "base/crc32.h"
#include "base/file_parts.h"
#include "base/files.h"

namespace delstep {
namespace {

using ::testing::HasSubstr;

std::span<const std::byte> Bytes(std::string_view text) { return std::as_bytes(std::span(text)); }
std::span<const std::uint8_t> Content(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// "a.txt", stored, and "b.txt", deflated.
std::string TwoEntries() {
  std::ostringstream out;
  ZipWriter writer(out);
  writer.Add("a.txt", Bytes("hello"), {.deflate = false, .alignment = 64});
  writer.Add("b.txt", Bytes(std::string(1000, 'b')), {.deflate = true});
  writer.Finish();
  return out.str();
}

/// What the entry holds, or what is wrong with it.
std::string ReadEntry(const ZipReader& zip, std::string_view name) {
  const ZipEntry* const entry = zip.Find(name);
  if (entry == nullptr) return "no such entry";
  const auto source = zip.Read(*entry);
  if (!source) return source.error().message;
  ByteBuffer into;
  const auto got = Append(**source, entry->size, into);
  if (!got) return got.error().message;
  return {reinterpret_cast<const char*>(into.bytes().data()), into.size()};
}

std::string FailsToParse(const std::string& content) {
  const auto zip = ZipReader::Parse(Content(content), "z.zip");
  EXPECT_FALSE(zip.ok());
  if (zip.ok()) return {};
  EXPECT_EQ(zip.error().code, ErrorCode::kFile);
  return zip.error().message;
}

void Replace(std::string& content, std::string_view what, std::size_t offset, std::string bytes) {
  content.replace(content.find(what) + offset, bytes.size(), bytes);
}
const std::string kCentral("PK\x01\x02", 4), kEnd("PK\x05\x06", 4), kLocal("PK\x03\x04", 4);

TEST(Zip, ReadsBackWhatItWrites) {
  const std::string content = TwoEntries();
  EXPECT_EQ(content, TwoEntries());
  EXPECT_EQ(content.find("hello") % 64, 0u);
  EXPECT_LT(content.size(), 500u);
  const auto zip = ZipReader::Parse(Content(content), "z.zip");
  ASSERT_TRUE(zip.ok()) << zip.error().message;
  ASSERT_EQ(zip->entries().size(), 2u);
  EXPECT_EQ(zip->entries()[1].name, "b.txt");
  EXPECT_EQ(ReadEntry(*zip, "a.txt"), "hello");
  EXPECT_EQ(ReadEntry(*zip, "b.txt"), std::string(1000, 'b'));
  EXPECT_EQ(zip->Find("c.txt"), nullptr);
}

TEST(Zip, ReadsBackPartsOfWhichOneIsEmpty) {
  const std::string hello = "hello";
  const std::span<const std::byte> parts[] = {std::as_bytes(std::span(hello)), {}};
  std::ostringstream out;
  ZipWriter writer(out);
  writer.Add("a.txt", parts);
  writer.Finish();
  const std::string content = out.str();
  EXPECT_EQ(ReadEntry(*ZipReader::Parse(Content(content), "z.zip"), "a.txt"), "hello");
}

TEST(Zip, AnEntryThatOthersWriteHasTheBytesOfOneThatIsAdded) {
  const std::string path = testing::TempDir() + "reserved.zip", content = "what others write";
  {
    std::ofstream out(path, std::ios::binary);
    ZipWriter writer(out);
    writer.Add("first", Bytes("1"));
    const FilePart part{.at = writer.Reserve("others'", content.size()), .bytes = Bytes(content)};
    out.flush();
    ASSERT_TRUE(WriteParts(path, {&part, 1}));
    writer.SetCheckSum(Crc32(part.bytes));
    writer.Add("last", Bytes("2"));
    writer.Finish();
  }
  std::ostringstream out;
  ZipWriter writer(out);
  writer.Add("first", Bytes("1"));
  writer.Add("others'", Bytes(content));
  writer.Add("last", Bytes("2"));
  writer.Finish();
  EXPECT_EQ(*ReadFile(path), out.str());
}

TEST(Zip, WritesAnArchiveOfNothing) {
  std::ostringstream out;
  ZipWriter(out).Finish();
  const std::string content = out.str();
  EXPECT_TRUE(ZipReader::Parse(Content(content), "z.zip")->entries().empty());
}

TEST(Zip, HoldsMoreThan65535Entries) {
  std::ostringstream out;
  ZipWriter writer(out);
  for (int i = 0; i < 70'000; ++i) writer.Add(std::to_string(i), Bytes("x"));
  writer.Finish();
  const std::string content = out.str();
  const auto zip = ZipReader::Parse(Content(content), "z.zip");
  ASSERT_TRUE(zip.ok()) << zip.error().message;
  EXPECT_EQ(zip->entries().size(), 70'000u);
  EXPECT_EQ(zip->entries().back().name, "69999");
}

TEST(Zip, PassesOverACommentAtTheEnd) {
  std::string content = TwoEntries();
  Replace(content, kEnd, 20, std::string("\x05\0", 2));
  content += "PK\5\6!";
  EXPECT_TRUE(ZipReader::Parse(Content(content), "z.zip").ok());
}

TEST(Zip, RefusesEveryPrefix) {
  const std::string content = TwoEntries();
  for (std::size_t size = 0; size < content.size(); ++size)
    EXPECT_THAT(FailsToParse(content.substr(0, size)), HasSubstr("'z.zip', byte "));
}

TEST(Zip, NamesTheFileThatIsNoZipFile) {
  EXPECT_EQ(FailsToParse("hello"),
            "'z.zip', byte 5: found no end of a zip file, expected one here");
  EXPECT_THAT(ZipReader::Open("no/such.zip").error().message, HasSubstr("cannot open 'no/such"));
  EXPECT_THAT(ZipReader::Open(testing::TempDir()).error().message, HasSubstr("is a folder"));
}

TEST(Zip, FindsDamagedContent) {
  std::string stored = TwoEntries(), deflated = stored, method = stored, encrypted = stored;
  Replace(stored, "hello", 0, "jello");
  const auto zip = ZipReader::Parse(Content(stored), "z.zip");
  EXPECT_THAT(ReadEntry(*zip, "a.txt"), HasSubstr("'z.zip: a.txt': found the check sum"));
  EXPECT_EQ(ReadEntry(*zip, "b.txt"), std::string(1000, 'b'));
  Replace(deflated, "b.txt", 5, "\xff");
  EXPECT_THAT(ReadEntry(*ZipReader::Parse(Content(deflated), "z.zip"), "b.txt"),
              HasSubstr("expected valid compressed data"));
  Replace(method, kCentral, 10, "\x0c");
  EXPECT_THAT(ReadEntry(*ZipReader::Parse(Content(method), "z.zip"), "a.txt"),
              HasSubstr("packed by method 12"));
  Replace(encrypted, kCentral, 8, "\x01");
  EXPECT_THAT(ReadEntry(*ZipReader::Parse(Content(encrypted), "z.zip"), "a.txt"),
              HasSubstr("is encrypted"));
}

TEST(Zip, BelievesNoDirectoryThatPromisesTooMuch) {
  // The sizes of "a.txt" in the directory: 4 GiB less two bytes.
  std::string stored = TwoEntries(), longer = stored, count = stored, moved = stored;
  Replace(stored, kCentral, 20, "\xfe\xff\xff\xff\xfe\xff\xff\xff");
  EXPECT_THAT(ReadEntry(*ZipReader::Parse(Content(stored), "z.zip"), "a.txt"),
              HasSubstr("the file ends in the entry 'a.txt'"));
  // Only the unpacked one of "b.txt": the entry ends before.
  const std::size_t second = longer.rfind(kCentral);
  longer.replace(second + 24, 4, "\xfe\xff\xff\xff");
  EXPECT_THAT(ReadEntry(*ZipReader::Parse(Content(longer), "z.zip"), "b.txt"),
              HasSubstr("the entry ends early"));
  longer.replace(second + 24, 4, std::string("\x10\0\0\0", 4));
  EXPECT_THAT(ReadEntry(*ZipReader::Parse(Content(longer), "z.zip"), "b.txt"),
              HasSubstr("longer than the directory says"));
  Replace(count, kEnd, 10, "\xff\x7f");
  EXPECT_THAT(FailsToParse(count), HasSubstr("for 32767 entries"));
  Replace(moved, kCentral, 42, "\x40");
  EXPECT_THAT(ReadEntry(*ZipReader::Parse(Content(moved), "z.zip"), "a.txt"),
              HasSubstr("found no entry 'a.txt'"));
}

TEST(Zip, RefusesTwoEntriesOfOneName) {
  std::string content = TwoEntries();
  content[content.rfind("b.txt")] = 'a';
  EXPECT_THAT(FailsToParse(content), HasSubstr("two entries 'a.txt'"));
}

}  // namespace
}  // namespace delstep
