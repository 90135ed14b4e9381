#include "data/idx.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <algorithm>

#include "data/idx_test_files.h"

namespace delstep {
namespace {

using ::testing::ElementsAre;

using ::testing::HasSubstr;

/// Two images of 2 x 3.
const Content kTwoImages = MakeIdx({2, 2, 3}, {1, 2, 3, 4, 5, 6, 255, 0, 7, 8, 9, 10});
const Content kThreeLabels = MakeIdx({3}, {7, 0, 9});

Result<IdxShape> Parse(const Content& content, IdxKind kind) {
  ByteBuffer values;
  return ParseIdx(content, "digits", kind, values);
}

Error FailsToParse(const Content& content, IdxKind kind = IdxKind::kImages) {
  const auto shape = Parse(content, kind);
  EXPECT_FALSE(shape.ok());
  return shape.ok() ? Error{} : shape.error();
}

Content Cut(Content content, std::size_t size) {
  content.resize(size);
  return content;
}

TEST(Idx, ReadsImagesInTheOrderOfTheFile) {
  ByteBuffer values;
  const auto shape = ParseIdx(kTwoImages, "digits", IdxKind::kImages, values);
  ASSERT_TRUE(shape.ok()) << shape.error().message;
  EXPECT_EQ(*shape, (IdxShape{2, 2, 3}));
  EXPECT_THAT(values.bytes(), ElementsAre(1, 2, 3, 4, 5, 6, 255, 0, 7, 8, 9, 10));
}

TEST(Idx, AppendsToWhatIsThereAlready) {
  ByteBuffer values;
  ASSERT_TRUE(ParseIdx(kThreeLabels, "a", IdxKind::kLabels, values).ok());
  ASSERT_TRUE(ParseIdx(kThreeLabels, "b", IdxKind::kLabels, values).ok());
  EXPECT_THAT(values.bytes(), ElementsAre(7, 0, 9, 7, 0, 9));
}

TEST(Idx, GzipGivesTheSameAsPlain) {
  Content pixels(300 * 28 * 28);
  for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<std::uint8_t>(i * i / 97);
  const Content packed = Gzip(MakeIdx({300, 28, 28}, pixels));
  ByteBuffer values;
  const auto shape = ParseIdx(packed, "digits", IdxKind::kImages, values);
  ASSERT_TRUE(shape.ok()) << shape.error().message;
  EXPECT_EQ(*shape, (IdxShape{300, 28, 28}));
  EXPECT_TRUE(std::ranges::equal(values.bytes(), pixels));
}

TEST(Idx, ReadsGzipOfSeveralMembers) {
  Content packed = Gzip(Cut(kTwoImages, 13));
  const Content rest = Gzip(Content(kTwoImages.begin() + 13, kTwoImages.end()));
  packed.insert(packed.end(), rest.begin(), rest.end());
  EXPECT_TRUE(Parse(packed, IdxKind::kImages).ok());
}

TEST(Idx, NamesTheMagicNumberFoundAndExpected) {
  const Error error = FailsToParse(kThreeLabels);
  EXPECT_EQ(error.code, ErrorCode::kFile);
  EXPECT_EQ(
      error.message,
      "'digits', byte 0: found the magic number 0x00000801 (idx of type 0x08 with 1 dimension), "
      "expected 0x00000803 (idx of type 0x08 with 3 dimensions) for images");
  EXPECT_THAT(error.hint, HasSubstr("delstep setup"));

  Content floats = kThreeLabels;
  floats[2] = 0x0d;
  EXPECT_THAT(FailsToParse(floats, IdxKind::kLabels).message, HasSubstr("type 0x0d"));
  EXPECT_THAT(FailsToParse({'<', 'h', 't', 'm', 'l', '>'}).message,
              HasSubstr("0x3c68746d (no idx file)"));
}

TEST(Idx, SaysWhereAShortFileEnds) {
  EXPECT_EQ(FailsToParse({}).message,
            "'digits', byte 0: the content ends after 0 bytes, expected a header of 16 bytes");
  EXPECT_EQ(FailsToParse(Cut(kTwoImages, 15)).message,
            "'digits', byte 15: the content ends after 15 bytes, expected a header of 16 bytes");
  EXPECT_EQ(FailsToParse(Cut(kTwoImages, 27)).message,
            "'digits', byte 27: the content ends after 27 bytes, expected 28, a header of 16 and "
            "12 bytes after the header "
            "(2 images of 2 x 3)");
  EXPECT_THAT(FailsToParse(Cut(kThreeLabels, 10), IdxKind::kLabels).message,
              HasSubstr("byte 10: the content ends after 10 bytes, expected 11, a header of 8 and "
                        "3 bytes after the header "
                        "(3 labels)"));
}

TEST(Idx, RefusesEveryPrefix) {
  for (std::size_t size = 0; size < kTwoImages.size(); ++size) FailsToParse(Cut(kTwoImages, size));
  const Content packed = Gzip(kTwoImages);
  for (std::size_t size = 0; size < packed.size(); ++size) FailsToParse(Cut(packed, size));
}

TEST(Idx, RefusesBytesAfterTheEnd) {
  Content longer = kTwoImages;
  longer.insert(longer.end(), {1, 2});
  EXPECT_EQ(
      FailsToParse(longer).message,
      "'digits', byte 28: found 2 more bytes, expected the end after 12 bytes after the header "
      "(2 images of 2 x 3)");
  EXPECT_THAT(FailsToParse(Gzip(longer)).message,
              HasSubstr("byte 28 of the unpacked content: found more bytes"));
}

TEST(Idx, RefusesEmptyDimensions) {
  EXPECT_THAT(FailsToParse(MakeIdx({0}, {}), IdxKind::kLabels).message,
              HasSubstr("byte 4: found size 0 of dimension 1, expected at least 1"));
  EXPECT_THAT(FailsToParse(MakeIdx({3, 28, 0}, {})).message,
              HasSubstr("byte 12: found size 0 of dimension 3"));
}

TEST(Idx, AbsurdDimensionsCostNoMemory) {
  const std::uint32_t most = 0xffffffff;
  EXPECT_THAT(FailsToParse(MakeIdx({most, most, most}, {1})).message, HasSubstr("less than 2^64"));
  EXPECT_THAT(FailsToParse(MakeIdx({1u << 31, 1u << 31, 4}, {})).message,
              HasSubstr("less than 2^64"));
  // 4 GiB of labels and 2^62 bytes of pixels are promised; nothing near them may be allocated.
  EXPECT_THAT(FailsToParse(MakeIdx({most}, {1}), IdxKind::kLabels).message,
              HasSubstr("byte 9: the content ends after 9 bytes"));
  ByteBuffer values;
  const Content packed = Gzip(MakeIdx({1u << 30, 1u << 16, 1u << 16}, Content(100000, 5)));
  EXPECT_FALSE(ParseIdx(packed, "digits", IdxKind::kImages, values).ok());
  EXPECT_LE(values.size(), 2u * 100000);
}

TEST(Idx, AGzipBombIsUnpackedNoFurtherThanItsHeaderSays) {
  ByteBuffer values;
  Content content = MakeIdx({3}, Content(10'000'000, 0));
  EXPECT_FALSE(ParseIdx(Gzip(content), "bomb", IdxKind::kLabels, values).ok());
  EXPECT_EQ(values.size(), 3u);
}

TEST(Idx, TellsDamagedGzipFromTruncatedGzip) {
  const Content packed = Gzip(kTwoImages);
  const Error truncated = FailsToParse(Cut(packed, packed.size() - 1));
  EXPECT_EQ(truncated.code, ErrorCode::kFile);
  EXPECT_THAT(truncated.message,
              HasSubstr("of the compressed file: the data end early, expected more of them"));
  Content wrong_sum = packed;
  wrong_sum[packed.size() - 8] ^= 1;
  EXPECT_THAT(FailsToParse(wrong_sum).message, HasSubstr("found incorrect data check"));
  Content wrong_block = packed;
  wrong_block[10] |= 6;  // deflate block type 3 does not exist
  EXPECT_THAT(FailsToParse(wrong_block).message, HasSubstr("found invalid block type"));
  Content followed = packed;
  followed.push_back('x');
  FailsToParse(followed);
}

TEST(Idx, ReadsFilesByContentNotByName) {
  const TestFolder folder;
  ByteBuffer values;
  EXPECT_TRUE(ReadIdxFile(folder.Write("a.gz", kThreeLabels), IdxKind::kLabels, values).ok());
  EXPECT_TRUE(ReadIdxFile(folder.Write("b", Gzip(kThreeLabels)), IdxKind::kLabels, values).ok());
  EXPECT_THAT(values.bytes(), ElementsAre(7, 0, 9, 7, 0, 9));
}

TEST(Idx, NamesTheFileThatCannotBeRead) {
  const TestFolder folder;
  ByteBuffer values;
  const auto read = [&](const std::filesystem::path& path) {
    const auto shape = ReadIdxFile(path, IdxKind::kLabels, values);
    EXPECT_FALSE(shape.ok());
    return shape.ok() ? Error{} : shape.error();
  };
  const auto missing = folder.path() / "missing";
  EXPECT_EQ(read(missing).code, ErrorCode::kFile);
  EXPECT_EQ(read(missing).message,
            "cannot open '" + missing.string() + "': No such file or directory");
  EXPECT_EQ(read(folder.path()).message,
            "'" + folder.path().string() + "' is a folder, expected a regular file");
  const auto pipe = folder.path() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_THAT(read(pipe).message, HasSubstr("is a device or pipe"));
}

TEST(Idx, NamesTheFileThatMayNotBeRead) {
  if (::geteuid() == 0) GTEST_SKIP() << "the superuser may read everything";
  const TestFolder folder;
  const auto file = folder.Write("labels", kThreeLabels);
  std::filesystem::permissions(file, std::filesystem::perms::none);
  ByteBuffer values;
  const auto shape = ReadIdxFile(file, IdxKind::kLabels, values);
  ASSERT_FALSE(shape.ok());
  EXPECT_THAT(shape.error().message, HasSubstr("labels': Permission denied"));
}

}  // namespace
}  // namespace delstep
