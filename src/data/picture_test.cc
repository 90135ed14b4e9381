#include "data/picture.h"

#include <gmock/gmock.h>

#include <zlib.h>

#include <functional>

#define STB_IMAGE_WRITE_STATIC
#define STB_IMAGE_WRITE_IMPLEMENTATION
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#include <stb/stb_image_write.h>
#pragma GCC diagnostic pop

namespace delstep {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

using Bytes = std::vector<std::uint8_t>;

Bytes FromText(std::string_view text) { return Bytes(text.begin(), text.end()); }

void Collect(void* into, void* data, int size) {
  const auto* const bytes = static_cast<const std::uint8_t*>(data);
  static_cast<Bytes*>(into)->insert(static_cast<Bytes*>(into)->end(), bytes, bytes + size);
}
Bytes Png(int width, int height, int channels, const Bytes& pixels) {
  Bytes content;
  EXPECT_TRUE(stbi_write_png_to_func(Collect, &content, width, height, channels, pixels.data(), 0));
  return content;
}
Bytes Bmp(int width, int height, int channels, const Bytes& pixels) {
  Bytes content;
  EXPECT_TRUE(stbi_write_bmp_to_func(Collect, &content, width, height, channels, pixels.data()));
  return content;
}
Bytes Jpeg(int width, int height, int channels, const Bytes& pixels) {
  constexpr int kBest = 100;
  Bytes content;
  EXPECT_TRUE(
      stbi_write_jpg_to_func(Collect, &content, width, height, channels, pixels.data(), kBest));
  return content;
}
Bytes Ppm(int width, int height, int channels, const Bytes& pixels) {
  Bytes content = FromText((channels == 1 ? "P5 " : "P6 ") + std::to_string(width) + " " +
                           std::to_string(height) + " 255\n");
  content.insert(content.end(), pixels.begin(), pixels.end());
  return content;
}
using Write = std::function<Bytes(int, int, int, const Bytes&)>;

Picture Decoded(const Bytes& content, std::size_t size) {
  auto picture = DecodePicture(content, "a.png", size);
  EXPECT_TRUE(picture.ok()) << picture.error().message;
  return picture.ok() ? *std::move(picture) : Picture();
}
std::string DecodeError(const Bytes& content) {
  const auto picture = DecodePicture(content, "a.png", 2);
  EXPECT_FALSE(picture.ok());
  if (picture.ok()) return {};
  EXPECT_EQ(picture.error().code, ErrorCode::kFile);
  return picture.error().message;
}

/// 16 x 16 pixels of some colour everywhere.
Bytes Colours() {
  Bytes pixels;
  for (int i = 0; i < 16 * 16; ++i)
    for (const int value : {i, 255 - i, i * 7}) pixels.push_back(static_cast<std::uint8_t>(value));
  return pixels;
}

TEST(Picture, ComesChannelByChannel) {
  const Bytes pixels = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  for (const Write& write : {Write(Png), Write(Bmp), Write(Ppm)}) {
    const Picture picture = Decoded(write(2, 2, 3, pixels), 2);
    EXPECT_EQ(picture.channels, 3u);
    EXPECT_THAT(picture.values, ElementsAre(1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 12));
  }
}

TEST(Picture, IsNearlyTheSameAsAJpeg) {
  const Bytes smooth(3 * 64, 100);
  for (const int value : Decoded(Jpeg(8, 8, 3, smooth), 8).values) EXPECT_NEAR(value, 100, 1);
}

TEST(Picture, IsGreyIfAllColoursAgreeInEveryPixel) {
  const Bytes grey = {9, 8, 7, 6};
  for (const Write& write : {Write(Png), Write(Ppm)}) {
    EXPECT_EQ(Decoded(write(2, 2, 1, grey), 2).channels, 1u);
    EXPECT_THAT(Decoded(write(2, 2, 1, grey), 2).values, ElementsAre(9, 8, 7, 6));
  }
  EXPECT_EQ(Decoded(Png(2, 1, 3, {5, 5, 5, 6, 6, 6}), 1).channels, 1u);
  EXPECT_EQ(Decoded(Png(2, 1, 3, {5, 5, 5, 6, 6, 7}), 1).channels, 3u);
}

TEST(Picture, LosesItsTransparency) {
  EXPECT_THAT(Decoded(Png(1, 1, 4, {1, 2, 3, 0}), 1).values, ElementsAre(1, 2, 3));
}

TEST(Picture, IsScaledWhateverItsProportions) {
  const Picture picture = Decoded(Ppm(9, 4, 1, Bytes(36, 77)), 3);
  EXPECT_EQ(picture.values, Bytes(9, 77));
}

TEST(Picture, IsRefusedWhereverItIsCutOff) {
  for (const Write& write : {Write(Png), Write(Bmp), Write(Ppm), Write(Jpeg)}) {
    const Bytes content = write(16, 16, 3, Colours());
    Decoded(content, 2);
    for (std::size_t size = 0; size < content.size(); ++size)
      DecodeError(Bytes(content.begin(), content.begin() + static_cast<std::ptrdiff_t>(size)));
  }
  EXPECT_EQ(DecodeError(FromText("P5 2 2 255\nabc")), "'a.png' ends early");
}

TEST(Picture, NamesWhatIsNoPicture) {
  EXPECT_EQ(DecodeError(FromText("GIF89a")), "'a.png' is a GIF, which is not read");
  EXPECT_EQ(DecodeError(FromText("RIFF1234WEBPVP8 ")),
            "'a.png' is a WebP picture, which is not read");
  EXPECT_EQ(DecodeError(FromText(std::string("\0\0\0\x18"
                                             "ftypheic",
                                             12))),
            "'a.png' is a HEIC picture, which is not read");
  EXPECT_EQ(DecodeError(FromText("plain text")), "'a.png' cannot be read as a picture");
  EXPECT_EQ(DecodeError(FromText("\xff\xd8\xff\xe0")), "'a.png' ends early");
  EXPECT_EQ(DecodeError(FromText("\x89PNG\r\n\x1a\n")), "'a.png' ends early");
  EXPECT_EQ(DecodeError({}), "'a.png' cannot be read as a picture");
  Bytes damaged = Png(4, 4, 1, Bytes(16, 1));
  for (std::size_t i = 41; i < 50; ++i) damaged[i] = 0xFF;  // after the header of the data
  EXPECT_THAT(DecodeError(damaged), HasSubstr("'a.png' is damaged: "));
}

TEST(Picture, OfPngHasCheckSums) {
  const Bytes good = Png(4, 4, 1, Bytes(16, 1));
  // One bit of the pixels, of a check sum and of the size: nothing of it may go unseen.
  for (std::size_t at = 8; at < good.size(); ++at) {
    Bytes damaged = good;
    damaged[at] ^= 1;
    DecodeError(damaged);
  }
}

/// A PNG of 2 x 1 pixels, 8 bits each, with two colours in its palette.
Bytes WithPalette(std::uint8_t first, std::uint8_t second) {
  Bytes png = FromText("\x89PNG\r\n\x1a\n");
  const auto put = [&](std::string_view kind, const Bytes& content) {
    const auto number = [&](std::uint32_t value) {
      for (int shift = 24; shift >= 0; shift -= 8)
        png.push_back(static_cast<std::uint8_t>(value >> shift));
    };
    number(static_cast<std::uint32_t>(content.size()));
    const std::size_t begin = png.size();
    png.insert(png.end(), kind.begin(), kind.end());
    png.insert(png.end(), content.begin(), content.end());
    number(static_cast<std::uint32_t>(crc32_z(0, png.data() + begin, png.size() - begin)));
  };
  put("IHDR", {0, 0, 0, 2, 0, 0, 0, 1, 8, 3, 0, 0, 0});
  put("PLTE", {1, 2, 3, 7, 8, 9});
  const Bytes row = {0, first, second};
  Bytes packed(64);
  uLongf size = packed.size();
  EXPECT_EQ(compress(packed.data(), &size, row.data(), row.size()), Z_OK);
  packed.resize(size);
  put("IDAT", packed);
  put("IEND", {});
  return png;
}

TEST(Picture, OfPngHasNoColourBeyondItsPalette) {
  const auto good = DecodePicture(WithPalette(0, 1), "a.png", 1);
  ASSERT_TRUE(good.ok()) << good.error().message;
  EXPECT_THAT(good->values, ElementsAre(4, 5, 6));
  EXPECT_EQ(DecodeError(WithPalette(0, 2)),
            "'a.png' is damaged: a pixel has colour 2, but the palette holds 2 colours (from 0)");
}

TEST(Picture, HasLimits) {
  for (const char* header : {"P5 8193 8192 255\n", "P5 32769 1 255\n", "P5 0 1 255\n", "P5 1 1 0\n",
                             "P5 1 1 65536\n", "P5 -1 1 255\n", "P5 1 1 255"})
    EXPECT_THAT(DecodeError(FromText(header)), HasSubstr("'a.png': a bad header, expected"))
        << header;
}

TEST(Picture, OfPlainPnmIsReadToo) {
  EXPECT_THAT(Decoded(FromText("P2\n# made by hand\n2 2\n4\n0 1\n2 # half\n4\n"), 2).values,
              ElementsAre(0, 64, 128, 255));  // 255 / 4 = 63.75
  EXPECT_THAT(Decoded(FromText("P3 1 1 255 9 8 7"), 1).values, ElementsAre(9, 8, 7));
  // 1 is black; digits may stand together.
  EXPECT_THAT(Decoded(FromText("P1 2 2\n10 01"), 2).values, ElementsAre(0, 255, 255, 0));
  EXPECT_THAT(Decoded(FromText("P1 2 2\n1 0\n0 1\n"), 2).values, ElementsAre(0, 255, 255, 0));
  // Each row of the binary form begins with a byte of its own.
  EXPECT_THAT(Decoded(FromText("P4 2 2\n\x80\x40"), 2).values, ElementsAre(0, 255, 255, 0));
  EXPECT_EQ(DecodeError(FromText("P2 2 2 255 1 2 3")), "'a.png' ends early");
  EXPECT_EQ(DecodeError(FromText("P2 1 1 255 x")),
            "'a.png' is damaged: value 1 of its pixels is no "
            "number");
  EXPECT_EQ(DecodeError(FromText("P2 1 1 9 10")),
            "'a.png' is damaged: value 10 is above the maximum 9 of its header");
  EXPECT_EQ(DecodeError(FromText("P1 1 1 2")), "'a.png' is damaged: pixel 1 is neither 0 nor 1");
  EXPECT_EQ(DecodeError(FromText("P4 9 1\nx")), "'a.png' ends early");
  EXPECT_EQ(DecodeError(FromText("P7\nWIDTH 1\n")),
            "'a.png' is a PAM picture (P7), which is not read");
}

TEST(Picture, OfPgmIsScaledFromItsMaximumTo255) {
  // 255 * 1 / 2 = 127.5, rounded up.
  EXPECT_THAT(Decoded(FromText(std::string("P5 # two grey levels\n2 2 2 \0\1\2\2", 31)), 2).values,
              ElementsAre(0, 128, 255, 255));
  // Two bytes a value: 0x0100 of 0x0200.
  EXPECT_THAT(Decoded(FromText(std::string("P5 1 1 512\n\1\0", 13)), 1).values, ElementsAre(128));
  EXPECT_EQ(DecodeError(FromText("P5 1 1 9\nx")),
            "'a.png' is damaged: value 120 is above the maximum 9 of its header");
}

}  // namespace
}  // namespace delstep
